/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/cli/cli_commands.h"

#include <search.h>

#define ROWS(ROW) \
	ROW(WATCH_TIME, "time", "", OUTPUT_IS_TIME) \
	ROW(WATCH_EVENT, "event", "", OUTPUT_IS_TEXT) \
	ROW(WATCH_HOST, "host", "", OUTPUT_IS_TEXT) \
	ROW(WATCH_VM, "vm", "", OUTPUT_IS_TEXT) \
	ROW(WATCH_UUID, "uuid", NULL, OUTPUT_IS_TEXT) \
	ROW(WATCH_BEFORE, "before", "", OUTPUT_IS_TEXT) \
	ROW(WATCH_AFTER, "after", "", OUTPUT_IS_TEXT) \
	ROW(WATCH_DETAIL, "detail", "", OUTPUT_IS_TEXT) \
	ROW(WATCH_USER, "user", NULL, OUTPUT_IS_TEXT) \
	ROW(WATCH_SESSION, "session", NULL, OUTPUT_IS_TEXT)
OUTPUT_COLUMNS(ROWS, WATCH_COLUMNS);

const struct cli_fields cli_watch_fields = { columns, ARRAY_SIZE(columns), NULL };

/* The last reported state of a VM, to report only changes. */
struct seen {
	const struct vm *vm; /* the key */
	enum vm_state state;
	enum agent_state agent;
	uint64_t people; /* timeline entries reported so far */
};

struct watch {
	struct cli *cli;
	void *seen; /* tsearch(3) tree of struct seen */
	enum host_state *host_states;
	bool told;  /* the first line is out */
	bool quiet; /* during the first lists: existing VMs are no events */
	bool over;
	bool choosy; /* VMs were named: reports only these, and their sessions */
};

static int compare_seen(const void *a, const void *b)
{
	const struct vm *left = ((const struct seen *)a)->vm, *right = ((const struct seen *)b)->vm;

	return (left > right) - (left < right);
}

static struct seen *find_seen(struct watch *watch, const struct vm *vm)
{
	const struct seen key = { .vm = vm };
	struct seen *const *found = tfind(&key, &watch->seen, compare_seen);

	return found ? *found : NULL;
}

/* "10:31:02 ams1/web01: shutoff (was running)". Takes `words`. */
static void write_sentence(struct watch *watch, const struct host *host, const struct vm *vm, struct safe_text words)
{
	struct cli *cli = watch->cli;
	struct err err = { 0 };
	OWN(text) struct safe_text line = { 0 };
	char when[32] = "";

	clock_format_local(clock_wall(), when, sizeof(when));
	line = text_format("%s %s%s%s: %s", when + strlen("2026-11-22 "), host->name, vm ? "/" : "",
			   vm ? text_str(vm->info.name) : "", text_str(words));
	if (cli->sink.ascii)
		text_set(&line, text_to_ascii(line));
	cli_note_written(cli,
			 output_emit(&cli->sink, text_str(line), strlen(text_str(line)), &err) &&
				 output_emit(&cli->sink, "\n", 1, &err),
			 &err);
	text_free(&words);
}

static void put_event(struct watch *watch, const char *event, const struct host *host, const struct vm *vm)
{
	struct output *output = &watch->cli->output;
	char uuid[UUID_TEXT_SIZE];

	output_row(output);
	output_put_time(output, WATCH_TIME, clock_wall());
	output_put_text(output, WATCH_EVENT, TEXT_TRUSTED(event));
	output_put_text(output, WATCH_HOST, TEXT_TRUSTED(host->name));
	if (vm) {
		uuid_format(&vm->id.uuid, uuid);
		output_put_text(output, WATCH_VM, vm->info.name);
		output_put_text(output, WATCH_UUID, TEXT_TRUSTED(uuid));
	}
}

/* The event that was put, or the same in words, which are taken. */
static void write_event(struct watch *watch, const struct host *host, const struct vm *vm, struct safe_text words)
{
	struct cli *cli = watch->cli;
	struct err err = { 0 };

	cli_progress_clear(cli);
	if (cli->options->output == OUTPUT_TEXT) {
		output_finish(&cli->output);
		write_sentence(watch, host, vm, words);
		return;
	}
	cli_note_written(cli, output_write_lines(&cli->output, cli->options->output, !watch->told, &cli->sink, &err),
			 &err);
	watch->told = true;
	text_free(&words);
}

/* words: taken. */
static void report(struct watch *watch, const char *event, const struct host *host, const struct vm *vm,
		   const char *before, const char *after, struct safe_text detail, struct safe_text words)
{
	put_event(watch, event, host, vm);
	output_put_text(&watch->cli->output, WATCH_BEFORE, TEXT_TRUSTED(before));
	output_put_text(&watch->cli->output, WATCH_AFTER, TEXT_TRUSTED(after));
	output_put_text(&watch->cli->output, WATCH_DETAIL, detail);
	write_event(watch, host, vm, words);
}

static struct safe_text host_words(const struct host *host)
{
	static const char *const words[] = {
		[HOST_CONNECTING] = N_("connecting"),
		[HOST_LIVE] = N_("connected"),
		[HOST_STALE] = N_("does not answer"),
		[HOST_LOST] = N_("connection lost"),
	};

	return text_format("%s%s%s", _(words[host->state]), text_is_empty(host->trouble) ? "" : ": ",
			   text_str(host->trouble));
}

static bool is_watched(const struct watch *watch, const struct vm *vm)
{
	const struct cli_vms *vms = &watch->cli->vms;

	for (size_t i = 0; watch->choosy && i < vms->count; i++)
		if (vms->at[i].host == vm->id.host && uuid_equal(&vms->at[i].uuid, &vm->id.uuid))
			return true;
	return !watch->choosy;
}

static const struct safe_text nothing;

static void report_vm(struct watch *watch, const struct host *host, const struct vm *vm)
{
	const enum agent_state agent = vm_agent_state(vm);
	struct seen *seen = find_seen(watch, vm);
	uint64_t fresh;

	if (!seen || !is_watched(watch, vm))
		return;
	/* Oldest first. If a timeline overflowed between two reads, its oldest entries are lost. */
	fresh = vm->timeline ? vm->timeline->total - seen->people : 0;
	for (size_t i = (size_t)MIN(fresh, (uint64_t)TIMELINE_MAX); i-- > 0;) {
		const struct timeline_entry *entry = timeline_at(vm->timeline, i);
		const char *user = text_str(entry->user), *what = _(timeline_kind_name(entry->kind));
		/* alice (session 4): logged off by innkeeper */
		struct safe_text detail = text_is_empty(entry->session) ? text_format("%s: %s", user, what)
									: text_format(_("%s (session %s): %s"), user,
										      text_str(entry->session), what);

		put_event(watch, entry->kind == TIMELINE_LOGON ? "logon" : "logoff", host, vm);
		output_put_text(&watch->cli->output, WATCH_DETAIL, detail);
		output_put_text(&watch->cli->output, WATCH_USER, entry->user);
		output_put_text(&watch->cli->output, WATCH_SESSION, entry->session);
		write_event(watch, host, vm, detail);
	}
	seen->people += fresh;
	if (seen->state != vm->info.state) {
		const char *before = vm_state_name(seen->state), *after = vm_state_name(vm->info.state);

		report(watch, "state", host, vm, before, after, nothing, text_format(_("%s (was %s)"), after, before));
	}
	if (seen->agent != agent && !(watch->quiet && seen->agent == AGENT_UNKNOWN)) {
		const char *before = agent_state_name(seen->agent), *after = agent_state_name(agent);

		report(watch, "agent", host, vm, before, after, nothing,
		       text_format(_("agent %s (was %s)"), after, before));
	}
	seen->state = vm->info.state;
	seen->agent = agent;
}

static void on_change(void *data, enum inventory_change change, struct host *host, struct vm *vm)
{
	struct watch *watch = data;
	const struct safe_text note = inventory_note(app_inventory(watch->cli->app));
	enum host_state *known;
	struct seen *seen;

	if (watch->over)
		return;
	switch (change) {
	case INVENTORY_HOST:
		known = &watch->host_states[host->index];
		if (*known != host->state)
			report(watch, "host", host, NULL, host_state_name(*known), host_state_name(host->state),
			       host->trouble, host_words(host));
		*known = host->state;
		break;
	case INVENTORY_ADDED:
		seen = mem_zalloc(sizeof(*seen));
		*seen = (struct seen){ .vm = vm, .state = vm->info.state, .agent = vm_agent_state(vm) };
		tsearch(seen, &watch->seen, compare_seen);
		if (!watch->quiet && is_watched(watch, vm))
			report(watch, "added", host, vm, NULL, vm_state_name(vm->info.state), nothing,
			       text_format(_("new VM (%s)"), vm_state_name(vm->info.state)));
		break;
	case INVENTORY_CHANGED:
		report_vm(watch, host, vm);
		break;
	case INVENTORY_GONE:
		if (is_watched(watch, vm))
			report(watch, "gone", host, vm, vm_state_name(vm->info.state), NULL, nothing,
			       text_format(_("no longer there (was %s)"), vm_state_name(vm->info.state)));
		seen = find_seen(watch, vm);
		tdelete(seen, &watch->seen, compare_seen);
		free(seen);
		break;
	case INVENTORY_REBOOTED:
		if (is_watched(watch, vm))
			report(watch, "reboot", host, vm, NULL, NULL, nothing, text_format("%s", _("rebooted")));
		break;
	case INVENTORY_NOTED:
		if (!vm || is_watched(watch, vm))
			report(watch, "note", host, vm, NULL, NULL, note, text_copy(note));
		break;
	case INVENTORY_FIGURES:
		break;
	}
}

/* A closed pipe or a full disk ends it like an interrupt. */
static bool nobody_listens(struct cli *cli, void *data UNUSED)
{
	return cli->sink.reader_gone || cli->write_failed;
}

void cli_watch(struct cli *cli)
{
	static struct watch watch; /* static: the inventory calls its listeners until it is destroyed, later */
	const size_t hosts = inventory_host_count(app_inventory(cli->app));
	const bool chooses = cli->options->words.count || cli->options->filter;

	watch = (struct watch){ .cli = cli, .quiet = true };
	watch.host_states = mem_zalloc(hosts * sizeof(*watch.host_states));
	inventory_listen(app_inventory(cli->app), on_change, &watch);
	if (cli_settle(cli) && (!chooses || cli_select(cli))) {
		watch.choosy = chooses;
		/* Only named VMs are polled: for all of a thousand that would be too much. */
		if (chooses)
			app_watch(cli->app, cli->vms.at, cli->vms.count);
		watch.quiet = false;
		cli_wait(cli, nobody_listens, NULL, -1);
		cli->exits.count = 0; /* a host that is lost may have come back */
	}
	if (cli->interrupts > 0)
		cli->exits.count = 0; /* an interrupt is the normal end */
	watch.over = true;
	tdestroy(watch.seen, free);
	free(watch.host_states);
}
