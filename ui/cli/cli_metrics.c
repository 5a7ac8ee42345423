/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics: OpenMetrics 1.0, written so that it is Prometheus' text format 0.0.4 as well; doc/monitoring.md lists them.
 * What is unknown has no sample. Only --listen has counters: those of a run that ends at once would say nothing.
 */
#include "base/clock.h"
#include "config.h"
#include "engine/scrape_listener.h"
#include "ui/cli/cli_commands.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LISTEN_DELAY_S = 10 };

struct page {
	struct cli *cli;
	FILE *stream;
	const struct family *family;
	bool is_begun;       /* the family's HELP and TYPE are written */
	bool is_openmetrics; /* a counter's family is called without _total */
	const struct host *host;
	const struct vm *vm; /* of the samples that come; NULL: the host's, or nobody's */
};

typedef void put_fn(struct page *page);

struct family {
	const char *name; /* without innkeeper_, and without a counter's _total */
	const char *type, *help;
	put_fn *put_vm, *put_host, *put_run; /* one of them */
};

/* --- samples --- */

static void put_label(struct page *page, const char *before, const char *name, const char *value)
{
	fprintf(page->stream, "%s%s=\"", before, name);
	for (; *value; value++)
		if (*value == '"' || *value == '\\')
			fprintf(page->stream, "\\%c", *value);
		else
			fputs(*value == '\n' ? "\\n" : (const char[]){ *value, '\0' }, page->stream);
	putc('"', page->stream);
}

struct label {
	const char *name, *value;
};

/* The labels of its host and VM stand before these. suffix: behind the family's name. */
static void put_labelled(struct page *page, const char *suffix, const struct label *labels, size_t count, double value)
{
	const struct family *family = page->family;
	const bool is_counter = strcmp(family->type, "counter") == 0;
	const char *before = "{";

	if (!page->is_begun) {
		const char *end = is_counter && !page->is_openmetrics ? "_total" : "";

		fprintf(page->stream, "# HELP innkeeper_%s%s %s\n# TYPE innkeeper_%s%s %s\n", family->name, end,
			family->help, family->name, end, family->type);
		page->is_begun = true;
	}
	fprintf(page->stream, "innkeeper_%s%s", family->name, is_counter ? "_total" : suffix);
	if (page->host) {
		put_label(page, before, "host", page->host->name);
		before = ",";
	}
	if (page->vm)
		put_label(page, before, "domain", text_str(page->vm->info.name));
	for (size_t i = 0; i < count; i++) {
		put_label(page, before, labels[i].name, labels[i].value);
		before = ",";
	}
	fprintf(page->stream, "%s %.15g\n", page->host || count ? "}" : "", value);
}

static void put(struct page *page, double value)
{
	put_labelled(page, "", NULL, 0, value);
}

/* at: clock_ms(); 0: never. */
static void put_moment(struct page *page, int64_t at)
{
	if (at)
		put(page, (double)(clock_wall() - (clock_ms() - at) / 1000));
}

/* --- hosts --- */

static void put_host_up(struct page *page)
{
	put(page, page->host->listed && host_is_usable(page->host));
}

static void put_host_contact(struct page *page)
{
	put_moment(page, page->host->answered_at);
}

/* --- VMs --- */

static void put_vm_info(struct page *page)
{
	char uuid[UUID_TEXT_SIZE];
	const struct label labels[] = {
		{ "uuid", uuid },
		{ "os", text_str(page->vm->os_name) },
		{ "agent_version", text_str(page->vm->agent_version) },
	};

	uuid_format(&page->vm->id.uuid, uuid);
	put_labelled(page, "", labels, ARRAY_SIZE(labels), 1);
}

static void put_state(struct page *page, const char *state, double value)
{
	put_labelled(page, "", &(struct label){ "state", state }, 1, value);
}

static void put_vm_state(struct page *page)
{
	const enum vm_state state = page->vm->info.state;

	for (int i = VM_STATE_UNKNOWN + 1; i < VM_STATE_COUNT && state != VM_STATE_UNKNOWN; i++)
		put_state(page, vm_state_name((enum vm_state)i), (int)state == i);
}

static void put_agent_state(struct page *page)
{
	const enum agent_state state = vm_agent_state(page->vm);

	for (int i = AGENT_UNKNOWN + 1; i < AGENT_STATE_COUNT && state != AGENT_UNKNOWN; i++)
		put_state(page, agent_state_name((enum agent_state)i), (int)state == i);
}

static void put_heartbeat(struct page *page)
{
	const int percent = vm_heartbeat_percent(page->vm, clock_ms());

	if (percent >= 0)
		put(page, percent / 100.0);
}

/* Somebody may be missing from a list that is not proven. */
static bool sessions_are_known(const struct vm *vm)
{
	return vm->users_state == USERS_KNOWN && vm->sessions.proven;
}

static void put_sessions(struct page *page)
{
	static const char *const states[] = { "active", "online", "connected", "disconnected", "closing", "unknown" };
	const struct session_list *list = &page->vm->sessions;
	size_t counts[ARRAY_SIZE(states)] = { [ARRAY_SIZE(states) - 1] = list->more };

	if (!sessions_are_known(page->vm))
		return;
	for (size_t i = 0; i < list->count; i++) {
		const char *state = list->at[i].disconnected ? "disconnected" : text_str(list->at[i].state);
		size_t at = 0;

		while (at < ARRAY_SIZE(states) - 1 && strcmp(states[at], state) != 0)
			at++;
		counts[at]++;
	}
	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		put_state(page, states[i], (double)counts[i]);
}

static void put_sessions_known(struct page *page)
{
	if (!vm_state_is_off(page->vm->info.state))
		put(page, sessions_are_known(page->vm));
}

static void put_sessions_asked(struct page *page)
{
	put_moment(page, page->vm->sessions_at);
}

static void put_oldest_login(struct page *page)
{
	const struct session_list *list = &page->vm->sessions;
	int64_t oldest = -1;

	for (size_t i = 0; i < list->count && sessions_are_known(page->vm); i++)
		if (list->at[i].login_time >= 0 && (oldest < 0 || list->at[i].login_time < oldest))
			oldest = list->at[i].login_time;
	if (oldest >= 0)
		put(page, (double)oldest);
}

static void put_least_idle(struct page *page)
{
	const int64_t idle_s = session_list_idle(&page->vm->sessions);

	if (sessions_are_known(page->vm) && idle_s >= 0)
		put(page, (double)idle_s);
}

static void put_user_sessions(struct page *page)
{
	const struct session_list *list = &page->vm->sessions;
	const bool wanted = page->cli->options->with_users && page->vm->users_state == USERS_KNOWN;

	for (size_t i = 0; i < list->count && wanted; i++) {
		const struct session *session = &list->at[i];
		OWN(text) struct safe_text name = { 0 };
		size_t first = 0, count = 0;

#define SAME(k) (text_equal(list->at[k].user, session->user) && text_equal(list->at[k].domain, session->domain))
		while (!SAME(first))
			first++;
		for (size_t k = i; k < list->count && first == i; k++)
			count += SAME(k);
#undef SAME
		if (!text_is_empty(session->domain))
			text_append(&name, "", "%s\\", text_str(session->domain));
		text_append(&name, "", "%s", text_str(session->user));
		if (count)
			put_labelled(page, "", &(struct label){ "user", text_str(name) }, 1, (double)count);
	}
}

static void put_logins_disabled(struct page *page)
{
	if (vm_state_is_active(page->vm->info.state) && (page->vm->logins_disabled || app_knows_logins(page->cli->app)))
		put(page, page->vm->logins_disabled);
}

static void put_logins_disabled_since(struct page *page)
{
	const char *when = app_logins_disabled_since(page->cli->app, page->vm);
	time_t at;

	if (when && clock_parse_utc(when, &at))
		put(page, (double)at);
}

/* --- what innkeeper did --- */

static void put_calls(struct page *page, bool as_histogram)
{
	static const char *const results[] = { BACKEND_CALL_RESULTS };
	struct backend_calls calls;

	if (!page->cli->options->listen)
		return;
	backend_count_calls(app_backend(page->cli->app, page->host->index), &calls);
	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		struct label labels[] = { { "result", results[i] }, { "le", NULL } };
		uint64_t count = 0;

		for (size_t k = 0; k < BACKEND_CALL_BUCKETS; k++) {
			OWN(bytes) char *most = mem_printf("%.2f", backend_call_ms[k] / 1000.0);

			count += calls.counts[i][k];
			labels[1].value = k + 1 < BACKEND_CALL_BUCKETS ? most : "+Inf";
			if (as_histogram)
				put_labelled(page, "_bucket", labels, 2, (double)count);
		}
		if (as_histogram)
			put_labelled(page, "_sum", labels, 1, (double)calls.sum_ms[i] / 1000);
		put_labelled(page, "_count", labels, 1, (double)count);
	}
}

static void put_call_count(struct page *page)
{
	put_calls(page, false);
}

static void put_call_durations(struct page *page)
{
	put_calls(page, true);
}

static void put_build(struct page *page)
{
	put_labelled(page, "", &(struct label){ "version", PACKAGE_VERSION }, 1, 1);
}

static void put_run(struct page *page)
{
	put(page, (double)clock_wall());
}

/* --- the page --- */

/* clang-format off */
static const struct family families[] = {
	{ "build_info", "gauge", "The version of innkeeper; the value is always 1.", .put_run = put_build },
	{ "run_timestamp_seconds", "gauge", "When these metrics were written.", .put_run = put_run },
	{ "host_up", "gauge", "Whether the host can be reached.", .put_host = put_host_up },
	{ "host_contact_timestamp_seconds", "gauge", "When the host last answered.", .put_host = put_host_contact },
	{ "vm_info", "gauge", "A VM and its guest; the value is always 1.", .put_vm = put_vm_info },
	{ "vm_state", "gauge", "The state of the VM: 1 for the one that it is in, 0 for the others.", .put_vm = put_vm_state },
	{ "agent_state", "gauge", "The state of the guest agent: 1 for the one that it is in, 0 for the others.",
	  .put_vm = put_agent_state },
	{ "agent_heartbeat_ratio", "gauge", "Answered pings of the last minute, of those sent.", .put_vm = put_heartbeat },
	{ "sessions", "gauge", "Sessions of users in the guest, by state; absent where unknown.", .put_vm = put_sessions },
	{ "sessions_known", "gauge", "Whether the guest has told all its sessions; absent for a VM that is off.",
	  .put_vm = put_sessions_known },
	{ "sessions_asked_timestamp_seconds", "gauge", "When the guest last told its sessions.", .put_vm = put_sessions_asked },
	{ "session_oldest_login_timestamp_seconds", "gauge", "When the user logged on who is logged on longest.",
	  .put_vm = put_oldest_login },
	{ "session_idle_seconds_min", "gauge", "How long the session without input for the shortest time has had none.",
	  .put_vm = put_least_idle },
	{ "user_sessions", "gauge", "Sessions of a user in the guest.", .put_vm = put_user_sessions },
	{ "logins_disabled", "gauge", "Whether innkeeper disabled logins in the guest.", .put_vm = put_logins_disabled },
	{ "logins_disabled_timestamp_seconds", "gauge", "When innkeeper disabled logins in the guest.",
	  .put_vm = put_logins_disabled_since },
	{ "agent_calls", "counter", "Calls of guest agents since this innkeeper started.", .put_host = put_call_count },
	{ "agent_call_duration_seconds", "histogram", "How long calls of guest agents took.", .put_host = put_call_durations },
};
/* clang-format on */

static char *make_page(void *data, bool is_openmetrics, size_t *ret_len)
{
	struct page page = { .cli = data, .is_openmetrics = is_openmetrics };
	struct inventory *inventory = app_inventory(page.cli->app);
	struct cli_vms *vms = &page.cli->vms;
	char *bytes;

	page.stream = mem_stream(&bytes, ret_len);
	vms->count = 0;
	cli_select(page.cli);
	for (size_t i = 0; i < ARRAY_SIZE(families); i++) {
		const struct family *family = page.family = &families[i];

		page.is_begun = false;
		page.host = NULL;
		page.vm = NULL;
		if (family->put_run)
			family->put_run(&page);
		for (size_t k = 0; k < inventory_host_count(inventory) && family->put_host; k++) {
			page.host = inventory_host(inventory, (int)k);
			family->put_host(&page);
		}
		for (size_t k = 0; k < vms->count && family->put_vm; k++) {
			page.host = cli_host(page.cli, &vms->at[k]);
			page.vm = cli_vm(page.cli, &vms->at[k]);
			if (page.vm)
				family->put_vm(&page);
		}
	}
	fputs("# EOF\n", page.stream);
	fclose(page.stream);
	/* Whoever scrapes is somebody who is there: the guests are asked as often as those on a screen. */
	if (page.cli->options->listen && page.cli->options->ask) {
		app_note_input(page.cli->app);
		app_want_users(page.cli->app, vms->at, vms->count);
	}
	return bytes;
}

/* --- where it goes --- */

/* Beside it and renamed: what reads it has it whole, or as it was. Readable by all, as node_exporter is somebody else.
 */
static bool replace_file(const char *path, const char *bytes, size_t len, struct err *err)
{
	OWN(text) struct safe_text words = text_sanitize_str(path, TEXT_CAP_LINE);
	OWN(bytes) char *beside = mem_printf("%s.XXXXXX", path);
	struct output_sink sink = { .fd = mkostemp(beside, O_CLOEXEC) };
	bool ok = sink.fd >= 0 && output_emit(&sink, bytes, len, err) && fchmod(sink.fd, 0644) == 0 &&
		  rename(beside, path) == 0;

	if (!ok)
		err_set_errno(err, errno, _("cannot write %s"), text_str(words));
	if (!ok && sink.fd >= 0)
		unlink(beside);
	if (sink.fd >= 0)
		close(sink.fd);
	return ok;
}

static void write_once(struct cli *cli)
{
	const char *path = cli->options->textfile;
	struct err err = { 0 };
	OWN(bytes) char *page = NULL;
	size_t len;

	if (!cli_settle(cli) || !cli_select(cli) ||
	    !(cli->options->ask ? cli_ask_guests(cli, &cli->vms, cli_guests_ms(cli), NULL)
				: cli_wait_for_channels(cli, &cli->vms)))
		return;
	cli_wait_for_journal(cli);
	page = make_page(cli, true, &len);
	cli_progress_clear(cli);
	cli_note_written(cli, path ? replace_file(path, page, len, &err) : output_emit(&cli->sink, page, len, &err),
			 &err);
}

static bool never(struct cli *cli UNUSED, void *data UNUSED)
{
	return false;
}

static void serve(struct cli *cli)
{
	struct err err = { 0 };
	struct scrape_listener *listener =
		scrape_listen(app_loop(cli->app), cli->options->listen, make_page, cli, &err);

	if (!listener) {
		cli_note_error(cli, &err);
		return;
	}
	if (!cli->options->quiet)
		cli_say(_("listening on %s"), scrape_address(listener));
	if (cli_settle(cli)) {
		free(make_page(cli, true, &(size_t){ 0 })); /* asks the guests */
		app_set_delay(cli->app, LISTEN_DELAY_S);
		cli_wait(cli, never, NULL, -1);
	}
	cli->exits.count = 0; /* a host that is lost may have come back, and an interrupt is the normal end */
	scrape_close(listener);
}

void cli_metrics(struct cli *cli)
{
	const char *path = cli->options->textfile, *end = path ? strrchr(path, '.') : NULL;
	struct err err = { 0 };

	if (path && (!end || strcmp(end, ".prom") != 0)) {
		err_set(&err, ERR_USAGE, "%s",
			_("--textfile: the name must end in .prom, else node_exporter does not read it"));
		cli_note_error(cli, &err);
	} else if (cli->options->listen) {
		serve(cli);
	} else {
		write_once(cli);
	}
}
