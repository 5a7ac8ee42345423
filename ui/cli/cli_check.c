/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A monitoring plugin, as https://www.monitoring-plugins.org/doc/guidelines.html says: one line with performance data,
 * and an exit status of four. What is unknown is UNKNOWN, never 0.
 */
#include "ui/cli/cli_commands.h"

#include <math.h>

enum plugin_state { PLUGIN_OK, PLUGIN_WARNING, PLUGIN_CRITICAL, PLUGIN_UNKNOWN };

enum { NAMES_MOST = 5 };

static const char *const state_names[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
static bool has_concluded; /* the line is out: its exit status is the plugin's */

/* VMs or hosts, counted; the first are named. */
struct tally {
	size_t count;
	struct safe_text names; /* owned */
};

struct finding {
	int64_t value;
	size_t of; /* so many VMs or hosts were looked at */
	struct tally counted, unknown;
};

static void add(struct tally *tally, const char *name)
{
	if (tally->count++ < NAMES_MOST)
		text_append(&tally->names, ", ", "%s", name);
}

/* --- ranges --- */

static bool read_bound(const char *words, size_t len, double if_empty, double *ret)
{
	char *end;

	*ret = if_empty;
	if (!len)
		return true;
	*ret = strtod(words, &end);
	return strspn(words, "-.0123456789") == len && end == words + len;
}

bool check_range_parse(const char *words, struct check_range *ret, struct err *err)
{
	const bool inside = *words == '@';
	const char *from = words + inside, *colon = strchr(from, ':'), *to = colon ? colon + 1 : from;
	const bool is_open = colon == from + 1 && *from == '~';

	*ret = (struct check_range){ .inside = inside, .from = -INFINITY };
	if ((colon || *to) && (is_open || read_bound(from, colon ? (size_t)(colon - from) : 0, 0, &ret->from)) &&
	    read_bound(to, strlen(to), INFINITY, &ret->to) && ret->from <= ret->to)
		return true;
	return err_set(err, ERR_USAGE, _("check: \"%s\" is not a range; examples: 10, 5:, ~:5, 1:3, @1:3"), words);
}

bool check_range_alerts(const struct check_range *range, double value)
{
	return (value >= range->from && value <= range->to) == range->inside;
}

/* --- what is counted --- */

static void count_sessions(struct cli *cli UNUSED, const struct vm *vm, struct finding *finding)
{
	if (vm_state_is_off(vm->info.state))
		return;
	if (vm->users_state != USERS_KNOWN || !vm->sessions.proven)
		add(&finding->unknown, text_str(vm->info.name));
	else
		finding->value += (int64_t)session_list_total(&vm->sessions);
}

static void count_agents(struct cli *cli UNUSED, const struct vm *vm, struct finding *finding)
{
	const enum agent_state agent = vm_agent_state(vm);
	OWN(text) struct safe_text name = text_format("%s (%s)", text_str(vm->info.name), agent_state_name(agent));

	if (agent == AGENT_UNKNOWN)
		add(&finding->unknown, text_str(vm->info.name));
	else if (agent != AGENT_UP && agent != AGENT_OFF)
		add(&finding->counted, text_str(name));
}

static void count_logins(struct cli *cli, const struct vm *vm, struct finding *finding)
{
	if (vm->logins_disabled)
		add(&finding->counted, text_str(vm->info.name));
	else if (!app_knows_logins(cli->app))
		add(&finding->unknown, text_str(vm->info.name));
}

static const struct subject {
	const char *name, *label, *counted, *warning, *critical;
	void (*count)(struct cli *cli, const struct vm *vm, struct finding *finding); /* NULL: hosts */
	bool asks;
} subjects[] = {
	{ "sessions", "sessions", N_("sessions"), NULL, NULL, count_sessions, true },
	{ "agents", "agents_not_up", N_("running VMs whose agent is not up"), "0", NULL, count_agents, false },
	{ "logins", "logins_disabled", N_("VMs with logins disabled"), NULL, NULL, count_logins, false },
	{ "hosts", "hosts_unreachable", N_("hosts that cannot be reached"), NULL, "0", NULL, false },
};

static void count_hosts(struct cli *cli, size_t *ret_of, struct tally *unreachable)
{
	const struct inventory *inventory = app_inventory(cli->app);

	*ret_of = inventory_host_count(inventory);
	for (size_t i = 0; i < *ret_of; i++) {
		const struct host *host = inventory_host(inventory, (int)i);

		if (!host->listed || !host_is_usable(host))
			add(unreachable, host->name);
	}
}

static bool count_vms(struct cli *cli, const struct subject *subject, struct finding *finding)
{
	const bool asks = subject->asks || cli->options->ask;

	/* A host that does not answer may have any VM. */
	if (!cli->options->words.count)
		count_hosts(cli, &finding->of, &finding->unknown);
	if (!cli_select(cli) ||
	    !(asks ? cli_ask_guests(cli, &cli->vms, cli_guests_ms(cli), NULL) : cli_wait_for_channels(cli, &cli->vms)))
		return false;
	cli_wait_for_journal(cli);
	finding->of = cli->vms.count;
	for (size_t i = 0; i < cli->vms.count; i++) {
		const struct vm *vm = cli_vm(cli, &cli->vms.at[i]);

		if (vm)
			subject->count(cli, vm, finding);
	}
	return true;
}

/* --- the line --- */

static bool find_subject(const struct options *options, const struct subject **ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(subjects); i++) {
		*ret = &subjects[i];
		if (strcmp(options->subject ? options->subject : "", subjects[i].name) != 0)
			continue;
		if (!subjects[i].count && (options->words.count || options->filter))
			return err_set(err, ERR_USAGE, "%s", _("check hosts: VMs do not apply"));
		return true;
	}
	return err_set(err, ERR_USAGE, "%s", _("check: needs one of sessions, agents, logins or hosts"));
}

static void put_names(FILE *stream, const char *before, const struct tally *tally)
{
	/* Performance data begin at a bar. */
	for (const char *at = before; *at && tally->count; at++)
		putc(*at, stream);
	for (const char *at = text_str(tally->names); *at; at++)
		putc(*at == '|' ? '/' : *at, stream);
	if (tally->count > NAMES_MOST)
		fprintf(stream, _(" and %zu more"), tally->count - NAMES_MOST);
}

static void write_line(struct cli *cli, const struct subject *subject, const struct finding *finding,
		       const char *const ranges[2], enum plugin_state state)
{
	struct err err = { 0 };
	OWN(bytes) char *bytes = NULL;
	size_t len = 0;
	FILE *stream = mem_stream(&bytes, &len);

	for (const char *at = subject->name; *at; at++)
		putc(*at - 'a' + 'A', stream);
	fprintf(stream, " %s - ", state_names[state]);
	fprintf(stream, "%s: %lld, %s: %zu", _(subject->counted), (long long)finding->value,
		subject->count ? _("VMs") : _("hosts"), finding->of);
	put_names(stream, ": ", &finding->counted);
	put_names(stream, _("; unknown: "), &finding->unknown);
	fprintf(stream, " | %s=", subject->label);
	if (finding->unknown.count)
		putc('U', stream);
	else
		fprintf(stream, "%lld", (long long)finding->value);
	fprintf(stream, ";%s;%s;0;", ranges[0] ? ranges[0] : "", ranges[1] ? ranges[1] : "");
	if (subject->count != count_sessions)
		fprintf(stream, "%zu", finding->of);
	putc('\n', stream);
	fclose(stream);
	cli_progress_clear(cli);
	cli_note_written(cli, output_emit(&cli->sink, bytes, len, &err), &err);
	has_concluded = !cli->write_failed;
}

void cli_check(struct cli *cli)
{
	const struct options *options = cli->options;
	enum plugin_state state = PLUGIN_OK;
	struct finding finding = { 0 };
	struct check_range range;
	const struct subject *subject;
	const char *ranges[2];
	struct err err = { 0 };

	if (!find_subject(options, &subject, &err)) {
		cli_note_error(cli, &err);
		return;
	}
	ranges[0] = options->warning ? options->warning : subject->warning;
	ranges[1] = options->critical ? options->critical : subject->critical;
	for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
		if (ranges[i] && !check_range_parse(ranges[i], &range, &err)) {
			cli_note_error(cli, &err);
			return;
		}
	if (!cli_settle(cli))
		return;
	if (!subject->count)
		count_hosts(cli, &finding.of, &finding.counted);
	if (!subject->count || count_vms(cli, subject, &finding)) {
		if (subject->count != count_sessions)
			finding.value = (int64_t)finding.counted.count;
		for (size_t i = 0; i < ARRAY_SIZE(ranges); i++)
			if (ranges[i] && check_range_parse(ranges[i], &range, &err) &&
			    check_range_alerts(&range, (double)finding.value))
				state = PLUGIN_WARNING + (enum plugin_state)i;
		if (finding.unknown.count)
			state = PLUGIN_UNKNOWN;
		write_line(cli, subject, &finding, ranges, state);
		cli->status_of_child = (int)state;
	}
	text_free(&finding.counted.names);
	text_free(&finding.unknown.names);
}

enum exit_status cli_check_status(enum exit_status status)
{
	if (has_concluded)
		return status;
	/* On standard error stands why; what runs plugins reads standard output alone. */
	puts("CHECK UNKNOWN - the check could not be made, see standard error");
	return (enum exit_status)PLUGIN_UNKNOWN;
}
