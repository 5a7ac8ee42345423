/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/cli/cli_commands.h"

#include <search.h>

enum watch_column {
	WATCH_TIME,
	WATCH_EVENT,
	WATCH_HOST,
	WATCH_VM,
	WATCH_UUID,
	WATCH_BEFORE,
	WATCH_AFTER,
	WATCH_DETAIL,
	WATCH_USER,
	WATCH_SESSION,
	WATCH_COLUMNS
};

static const struct output_column columns[WATCH_COLUMNS] = {
	[WATCH_TIME] = { "time", "", false },   [WATCH_EVENT] = { "event", "", false },
	[WATCH_HOST] = { "host", "", false },   [WATCH_VM] = { "vm", "", false },
	[WATCH_UUID] = { "uuid", NULL, false }, [WATCH_BEFORE] = { "before", "", false },
	[WATCH_AFTER] = { "after", "", false }, [WATCH_DETAIL] = { "detail", "", false },
	[WATCH_USER] = { "user", NULL, false }, [WATCH_SESSION] = { "session", NULL, false },
};

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

static void write_line(struct watch *watch)
{
	struct cli *cli = watch->cli;
	struct err err = { 0 };

	cli_progress_clear(cli);
	cli_note_written(cli, output_write_lines(&cli->output, cli->options->output, !watch->told, &cli->sink, &err),
			 &err);
	watch->told = true;
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

static void report(struct watch *watch, const char *event, const struct host *host, const struct vm *vm,
		   const char *before, const char *after, struct safe_text detail)
{
	put_event(watch, event, host, vm);
	output_put_text(&watch->cli->output, WATCH_BEFORE, TEXT_TRUSTED(before));
	output_put_text(&watch->cli->output, WATCH_AFTER, TEXT_TRUSTED(after));
	output_put_text(&watch->cli->output, WATCH_DETAIL, detail);
	write_line(watch);
}

static bool is_watched(const struct watch *watch, const struct vm *vm)
{
	const struct cli_vms *vms = &watch->cli->vms;

	for (size_t i = 0; watch->choosy && i < vms->count; i++)
		if (vms->at[i].host == vm->id.host && uuid_equal(&vms->at[i].uuid, &vm->id.uuid))
			return true;
	return !watch->choosy;
}

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
		write_line(watch);
		text_free(&detail);
	}
	seen->people += fresh;
	if (seen->state != vm->info.state)
		report(watch, "state", host, vm, vm_state_name(seen->state), vm_state_name(vm->info.state),
		       (struct safe_text){ NULL });
	if (seen->agent != agent && !(watch->quiet && seen->agent == AGENT_UNKNOWN))
		report(watch, "agent", host, vm, agent_state_name(seen->agent), agent_state_name(agent),
		       (struct safe_text){ NULL });
	seen->state = vm->info.state;
	seen->agent = agent;
}

static void on_change(void *data, enum inventory_change change, struct host *host, struct vm *vm)
{
	static const struct safe_text nothing;
	struct watch *watch = data;
	enum host_state *known;
	struct seen *seen;

	if (watch->over)
		return;
	switch (change) {
	case INVENTORY_HOST:
		known = &watch->host_states[host->index];
		if (*known != host->state)
			report(watch, "host", host, NULL, host_state_name(*known), host_state_name(host->state),
			       host->trouble);
		*known = host->state;
		break;
	case INVENTORY_ADDED:
		seen = mem_zalloc(sizeof(*seen));
		*seen = (struct seen){ .vm = vm, .state = vm->info.state, .agent = vm_agent_state(vm) };
		tsearch(seen, &watch->seen, compare_seen);
		if (!watch->quiet && is_watched(watch, vm))
			report(watch, "added", host, vm, NULL, vm_state_name(vm->info.state), nothing);
		break;
	case INVENTORY_CHANGED:
		report_vm(watch, host, vm);
		break;
	case INVENTORY_GONE:
		if (is_watched(watch, vm))
			report(watch, "gone", host, vm, vm_state_name(vm->info.state), NULL, nothing);
		seen = find_seen(watch, vm);
		tdelete(seen, &watch->seen, compare_seen);
		free(seen);
		break;
	case INVENTORY_REBOOTED:
		if (is_watched(watch, vm))
			report(watch, "reboot", host, vm, NULL, NULL, nothing);
		break;
	case INVENTORY_NOTED:
		if (!vm || is_watched(watch, vm))
			report(watch, "note", host, vm, NULL, NULL, inventory_note(app_inventory(watch->cli->app)));
		break;
	case INVENTORY_FIGURES:
		break;
	}
}

/* A closed pipe or a full disk ends it like an interrupt. */
static bool nobody_listens(struct cli *cli, void *data)
{
	(void)data;
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
