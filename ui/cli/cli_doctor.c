/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_checkup.h"
#include "engine/vm_lock.h"
#include "ui/cli/cli_commands.h"

#include <langinfo.h>
#include <string.h>
#include <strings.h>

enum doctor_column { DOCTOR_HOST, DOCTOR_VM, DOCTOR_CHECK, DOCTOR_OK, DOCTOR_FINDING, DOCTOR_REMEDY, DOCTOR_COLUMNS };

static const struct output_column columns[DOCTOR_COLUMNS] = {
	[DOCTOR_HOST] = { "host", "", OUTPUT_IS_TEXT },       [DOCTOR_VM] = { "vm", "", OUTPUT_IS_TEXT },
	[DOCTOR_CHECK] = { "check", "", OUTPUT_IS_TEXT },     [DOCTOR_OK] = { "ok", "", OUTPUT_IS_BOOL },
	[DOCTOR_FINDING] = { "finding", "", OUTPUT_IS_TEXT }, [DOCTOR_REMEDY] = { "remedy", "", OUTPUT_IS_TEXT },
};

const struct cli_fields cli_doctor_fields = { columns, ARRAY_SIZE(columns), NULL };

enum verdict { GOOD, UNKNOWN, NOT_CHECKED, BAD, VERDICTS, SKIPPED };

/* What is checked now, and the findings so far. */
struct checkup {
	struct cli *cli;
	const struct host *host;
	const struct vm *vm;             /* NULL: the host itself */
	struct safe_text detail, advice; /* of what applies, for its sentences */
	size_t hosts[VERDICTS], vms[VERDICTS];
	struct {
		VEC(const struct cause *);
	} causes; /* of each row of the output */
};

/*
 * One row a finding. Of the rows of one check, which stand together, the first that applies is its finding; its
 * sentences may use what applies() of an earlier one found. UNKNOWN is listed with --all only, SKIPPED never.
 */
struct cause {
	const char *check;
	enum verdict verdict;
	enum exit_status exit; /* EXIT_DONE: it is no reason for another one */
	bool ends;             /* the checks below need what is missing */
	bool (*applies)(struct checkup *checkup);
	const char *finding, *remedy; /* N_(), with a %s for checkup->detail and for ->advice */
};

static bool always(struct checkup *checkup UNUSED)
{
	return true;
}

static bool say(struct checkup *checkup, struct safe_text detail)
{
	text_set(&checkup->detail, detail);
	return true;
}

/* --- what applies to a host --- */

static bool host_is_lost(struct checkup *checkup)
{
	const struct host *host = checkup->host;

	if (*host->uri)
		text_set(&checkup->advice, text_format("-c '%s' ", host->uri));
	return !host->listed && say(checkup, text_format("%s", text_is_empty(host->trouble) ? _("it does not answer")
											    : text_str(host->trouble)));
}

static bool host_has_version(struct checkup *checkup)
{
	return say(checkup,
		   text_format("%s", text_is_empty(checkup->host->version) ? _("connected")
									   : text_str(checkup->host->version)));
}

static bool session_is_locked(struct checkup *checkup)
{
	return app_mode(checkup->cli->app) == APP_LOCKED;
}

static bool host_may_be_written(struct checkup *checkup)
{
	return checkup->host->access == ACCESS_FULL;
}

static bool host_is_read_only(struct checkup *checkup)
{
	return checkup->host->access == ACCESS_READ_ONLY;
}

static bool host_may_be_monitored(struct checkup *checkup)
{
	const struct host *host = checkup->host;

	return host->access == ACCESS_MONITOR &&
	       say(checkup, text_format("%s", text_is_empty(host->trouble) ? _("the host allows only monitoring")
									   : text_str(host->trouble)));
}

static bool host_is_simulated(struct checkup *checkup)
{
	return backend_is_simulated(app_backend(checkup->cli->app, checkup->host->index));
}

static bool locks_are(struct checkup *checkup, int wanted)
{
	struct err err = { 0 };
	const int locks = vm_lock_check_shared(&err);

	return locks == wanted && say(checkup, text_copy(err_text(&err)));
}

static bool locks_fail(struct checkup *checkup)
{
	return locks_are(checkup, 0);
}

static bool locks_are_ours_only(struct checkup *checkup)
{
	return locks_are(checkup, -1);
}

static const struct cause of_host[] = {
	{ "connection", BAD, EXIT_UNREACHABLE, true, host_is_lost, "%s", N_("check that this works: virsh %slist") },
	{ "connection", GOOD, EXIT_DONE, false, host_has_version, "%s", NULL },
	{ "rights", BAD, EXIT_DENIED, false, session_is_locked, N_("read-only (--lock, or lock in the configuration)"),
	  N_("restart without it") },
	{ "rights", GOOD, EXIT_DONE, false, host_may_be_written, N_("read and write: sessions and VMs may be changed"),
	  NULL },
	{ "rights", BAD, EXIT_DENIED, false, host_is_read_only,
	  N_("read-only, as requested: states and statistics only"), N_("connect without -r") },
	{ "rights", BAD, EXIT_DENIED, false, host_may_be_monitored, "%s",
	  N_("join the group libvirt on that host and log in again, or get org.libvirt.unix.manage from polkit") },
	{ "rights", NOT_CHECKED, EXIT_DENIED, false, always, N_("unknown"), NULL },
	{ "locks", SKIPPED, EXIT_DONE, false, host_is_simulated, NULL, NULL },
	{ "locks", BAD, EXIT_UNEXPECTED, false, locks_fail, "%s",
	  N_("VMs cannot be locked, so every action is refused: correct the directory") },
	{ "locks", NOT_CHECKED, EXIT_DONE, false, locks_are_ours_only, "%s",
	  N_("another user's innkeeper may act on the same VM: let root make the directory for your group, see FILES "
	     "in "
	     "innkeeper(1)") },
	{ "locks", GOOD, EXIT_DONE, false, always, N_("VMs can be locked for all users"), NULL },
};

/* --- what applies to a VM, as its host tells --- */

static bool vm_is_off(struct checkup *checkup)
{
	const enum vm_state state = checkup->vm->info.state;
	const char *remedy = vm_state_remedy(state);

	text_set(&checkup->advice, text_format("%s", remedy ? _(remedy) : ""));
	say(checkup, text_format("%s", vm_state_name(state)));
	return !vm_state_is_active(state);
}

/* A VM that is shut off is a finding only where it was named. */
static bool vm_is_off_and_named(struct checkup *checkup)
{
	return vm_is_off(checkup) && checkup->cli->options->words.count > 0;
}

static bool xml_is_denied(struct checkup *checkup)
{
	return checkup->vm->info.channel == CHANNEL_DENIED;
}

static bool channel_is_unknown(struct checkup *checkup)
{
	return checkup->vm->info.channel == CHANNEL_UNKNOWN;
}

static bool channel_is_absent(struct checkup *checkup)
{
	return checkup->vm->info.channel == CHANNEL_ABSENT;
}

static const struct guest_checkup *asked(const struct checkup *checkup)
{
	static const struct guest_checkup nothing;

	return checkup->vm->profile ? &checkup->vm->profile->checkup : &nothing;
}

static bool channel_is_not_live(struct checkup *checkup)
{
	return channel_is_absent(checkup) && asked(checkup)->host_known && asked(checkup)->host.channel_is_defined;
}

static bool agent_is_absent(struct checkup *checkup)
{
	text_set(&checkup->advice, guest_checkup_install_advice(checkup->vm->info.os_declared));
	return checkup->vm->info.channel == CHANNEL_DISCONNECTED;
}

static bool connection_is_read_only(struct checkup *checkup)
{
	return !host_allows_writes(checkup->host);
}

static bool agent_is_denied(struct checkup *checkup)
{
	return asked(checkup)->trouble == ERR_DENIED && !(checkup->vm->profile && checkup->vm->profile->known);
}

/* --- ... as its agent tells, or does not --- */

/* The last answer's first sentence; the second one is what to do. */
static struct safe_text note_or(const struct checkup *checkup, const char *otherwise)
{
	const char *note = text_str(checkup->vm->sessions_note);

	return *note ? text_format("%.*s", (int)strcspn(note, ";"), note) : text_format("%s", otherwise);
}

static bool agent_is_held(struct checkup *checkup)
{
	return asked(checkup)->trouble == ERR_BUSY;
}

static bool guest_is_frozen(struct checkup *checkup)
{
	return vm_agent_state(checkup->vm) == AGENT_FROZEN;
}

static bool guest_is_frozen_by_job(struct checkup *checkup)
{
	const struct backend_examination *host = &asked(checkup)->host;

	return guest_is_frozen(checkup) && asked(checkup)->host_known && host->job &&
	       say(checkup, text_format(_("%s job, for %lld s"), host->job, (long long)host->job_ms / 1000));
}

static bool guest_is_frozen_for_long(struct checkup *checkup)
{
	return guest_is_frozen_by_job(checkup) && asked(checkup)->host.job_ms > CHECKUP_FROZEN_MS;
}

static bool agent_is_silent(struct checkup *checkup)
{
	const struct vm *vm = checkup->vm;

	return (vm_agent_state(vm) == AGENT_SILENT || !vm->profile || !vm->profile->known) &&
	       say(checkup, note_or(checkup, _("it does not answer")));
}

static bool agent_is_too_old(struct checkup *checkup)
{
	const struct agent_capabilities *capabilities = &checkup->vm->profile->capabilities;

	return !capabilities->exec && !capabilities->exec_known_blocked &&
	       say(checkup, text_copy(capabilities->version));
}

static bool agent_has_version(struct checkup *checkup)
{
	const struct safe_text version = checkup->vm->agent_version;

	return say(checkup, text_format("%s", text_is_empty(version) ? _("connected") : text_str(version)));
}

/* "What it is: what to do". */
static bool exec_is_blocked(struct checkup *checkup)
{
	const struct vm *vm = checkup->vm;
	const char *note =
		text_is_empty(vm->sessions_note) ? _(agent_state_advice(AGENT_BLOCKED)) : text_str(vm->sessions_note);
	const char *end = strpbrk(note, ":;");

	text_set(&checkup->advice, text_format("%s", end && end[1] == ' ' ? end + 2 : note));
	return !vm->profile->capabilities.exec || vm->trouble == TROUBLE_BLOCKED;
}

static bool sessions_are_listed(struct checkup *checkup)
{
	return checkup->vm->sessions.proven &&
	       say(checkup, text_format("%s", guest_family_name(checkup->vm->sessions.family)));
}

static bool sessions_are_not_listed(struct checkup *checkup)
{
	return say(checkup, note_or(checkup, _("cannot list the guest's sessions")));
}

static bool units_fail(struct checkup *checkup)
{
	return say(checkup, text_copy(asked(checkup)->units)) && !text_is_empty(asked(checkup)->units);
}

static bool units_are_fine(struct checkup *checkup)
{
	return asked(checkup)->units_known;
}

static bool family_has_no_units(struct checkup *checkup)
{
	return !asked(checkup)->units_known && checkup->vm->profile->family != FAMILY_LOGIND;
}

/* Log-offs work there. */
static bool agent_is_confined(struct checkup *checkup)
{
	const struct guest_profile *profile = checkup->vm->profile;

	say(checkup, text_copy(profile->selinux_label));
	return profile->is_confined && profile->selinux != SELINUX_PERMISSIVE &&
	       say(checkup,
		   text_format("%s, %s", profile->selinux == SELINUX_ENFORCING ? "enforcing" : _("mode unknown"),
			       text_str(profile->selinux_label)));
}

static bool selinux_is_permissive(struct checkup *checkup)
{
	return checkup->vm->profile->selinux == SELINUX_PERMISSIVE;
}

static bool selinux_is_enforcing(struct checkup *checkup)
{
	return checkup->vm->profile->selinux == SELINUX_ENFORCING;
}

static bool selinux_mode_is_unknown(struct checkup *checkup)
{
	return checkup->vm->profile->selinux == SELINUX_MODE_UNKNOWN;
}

static bool selinux_is_absent(struct checkup *checkup)
{
	return checkup->vm->profile->selinux == SELINUX_NONE;
}

static bool is_not_linux(struct checkup *checkup)
{
	return checkup->vm->profile->family == FAMILY_WINDOWS || strstr(text_str(checkup->vm->os_id), "bsd");
}

static bool processes_are_unknown(struct checkup *checkup)
{
	return !asked(checkup)->processes_known;
}

static bool agent_has_zombies(struct checkup *checkup)
{
	return asked(checkup)->zombies > CHECKUP_ZOMBIES && say(checkup, text_format("%d", asked(checkup)->zombies));
}

static bool agent_uses_memory(struct checkup *checkup)
{
	return say(checkup, text_format("%lld MiB", (long long)asked(checkup)->agent_kib / 1024));
}

static bool agent_leaks(struct checkup *checkup)
{
	return agent_uses_memory(checkup) && asked(checkup)->agent_kib > CHECKUP_AGENT_KIB;
}

static bool clock_is_unknown(struct checkup *checkup)
{
	return !asked(checkup)->clock_known;
}

static bool clock_is_ahead(struct checkup *checkup)
{
	const int64_t ahead_s = asked(checkup)->clock_ahead_s;

	return ahead_s > CHECKUP_CLOCK_S && say(checkup, text_format("%lld", (long long)ahead_s));
}

static bool clock_is_behind(struct checkup *checkup)
{
	const int64_t ahead_s = asked(checkup)->clock_ahead_s;

	return ahead_s < -CHECKUP_CLOCK_S && say(checkup, text_format("%lld", (long long)-ahead_s));
}

#define SET_TIME N_("innkeeper set-time VM; then let chrony, systemd-timesyncd or w32time run in the guest")

static const struct cause of_vm[] = {
	{ "state", BAD, EXIT_NOT_RUNNING, true, vm_is_off_and_named, "%s", "%s" },
	{ "state", UNKNOWN, EXIT_DONE, true, vm_is_off, "%s", "%s" },
	{ "state", GOOD, EXIT_DONE, false, always, "%s", NULL },
	{ "rights", BAD, EXIT_DENIED, true, xml_is_denied, N_("no permission to read the VM's XML"),
	  N_("on the host, allow org.libvirt.api.domain.read and org.libvirt.api.domain.write for this VM in polkit, "
	     "or "
	     "connect as another user") },
	{ "rights", BAD, EXIT_DENIED, true, agent_is_denied, N_("no permission to use the VM's agent"),
	  N_("on the host, allow org.libvirt.api.domain.write for this VM in polkit, or connect as another user") },
	{ "channel", NOT_CHECKED, EXIT_DONE, true, channel_is_unknown, N_("unknown: not reported by the host yet"),
	  N_("retry in a moment") },
	{ "channel", BAD, EXIT_NO_AGENT, true, channel_is_not_live,
	  N_("the configuration has the channel, but not the running VM"),
	  N_("shut the VM down and start it: a reboot is not enough. Or try to add it now: innkeeper doctor --fix "
	     "VM") },
	{ "channel", BAD, EXIT_NO_AGENT, true, channel_is_absent, N_("the VM has no channel org.qemu.guest_agent.0"),
	  N_("innkeeper doctor --fix VM; or virsh edit VM, add to its <devices>: " AGENT_CHANNEL_XML
	     ", shut it down and "
	     "start it") },
	{ "channel", GOOD, EXIT_DONE, false, always, "org.qemu.guest_agent.0", NULL },
	{ "agent", BAD, EXIT_NO_AGENT, true, agent_is_absent,
	  N_("channel present, but no agent connected; unknown: not installed, not started, or no virtio_console "
	     "driver "
	     "(the host cannot tell which)"),
	  "%s" },
	{ "agent", NOT_CHECKED, EXIT_DONE, true, connection_is_read_only,
	  N_("unknown: not possible over a read-only connection"), N_("connect without -r") },
	{ "agent", BAD, EXIT_TIMED_OUT, true, agent_is_held, N_("another client holds the agent"),
	  N_("wait until its request ends; find it among the backup, monitoring and management programs of the host: "
	     "virsh "
	     "domjobinfo VM") },
	{ "agent", BAD, EXIT_TIMED_OUT, true, guest_is_frozen_for_long,
	  N_("the guest's file systems are frozen longer than a minute, by the host's %s"),
	  N_("check that job: virsh domjobinfo VM; if it hangs, thaw the file systems: virsh domfsthaw VM") },
	{ "agent", BAD, EXIT_TIMED_OUT, true, guest_is_frozen_by_job,
	  N_("the guest's file systems are frozen by the host's %s"), N_("wait until it is done") },
	{ "agent", BAD, EXIT_TIMED_OUT, true, guest_is_frozen,
	  N_("the guest's file systems are frozen; unknown: since when and by whom (the host runs no backup or "
	     "snapshot of "
	     "it)"),
	  N_("wait until the backup is done; if none is running, thaw them: virsh domfsthaw VM") },
	{ "agent", BAD, EXIT_TIMED_OUT, true, agent_is_silent, "%s",
	  N_("check the guest's load, or restart qemu-guest-agent in it") },
	{ "agent", BAD, EXIT_NO_AGENT, true, agent_is_too_old, N_("version %s is too old for guest-exec"),
	  N_("install qemu-guest-agent 2.5 or later in the guest") },
	{ "agent", GOOD, EXIT_DONE, false, agent_has_version, "%s", NULL },
	{ "guest-exec", BAD, EXIT_NO_AGENT, true, exec_is_blocked, N_("refused by the agent"), "%s" },
	{ "guest-exec", GOOD, EXIT_DONE, false, always, N_("allowed"), NULL },
	{ "services", BAD, EXIT_NO_AGENT, false, units_fail, N_("do not work in the guest: %s"),
	  N_("in the guest: systemctl unmask UNIT, systemctl start UNIT") },
	{ "services", GOOD, EXIT_DONE, false, units_are_fine,
	  N_("dbus and systemd-logind are neither masked nor failed"), NULL },
	{ "services", SKIPPED, EXIT_DONE, false, family_has_no_units, NULL, NULL },
	{ "services", UNKNOWN, EXIT_DONE, false, always, N_("unknown: systemctl did not answer in the guest"), NULL },
	{ "sessions", GOOD, EXIT_DONE, false, sessions_are_listed, "%s", NULL },
	{ "sessions", BAD, EXIT_NO_AGENT, false, sessions_are_not_listed, "%s",
	  N_("the guest needs loginctl, or who and pkill, or Windows with PowerShell") },
	{ "selinux", SKIPPED, EXIT_DONE, false, is_not_linux, NULL, NULL },
	{ "selinux", BAD, EXIT_NO_AGENT, false, agent_is_confined,
	  N_("SELinux confines the agent (%s): logins cannot be disabled, and wall reaches nobody"),
	  N_("add the local SELinux module of doc/logoff.md in the guest") },
	{ "selinux", GOOD, EXIT_DONE, false, selinux_is_permissive, N_("permissive; the agent's label: %s"), NULL },
	{ "selinux", GOOD, EXIT_DONE, false, selinux_is_enforcing, N_("enforcing; the agent's label: %s"), NULL },
	{ "selinux", UNKNOWN, EXIT_DONE, false, selinux_mode_is_unknown, N_("mode unknown; the agent's label: %s"),
	  NULL },
	{ "selinux", GOOD, EXIT_DONE, false, selinux_is_absent, N_("off, or none"), NULL },
	{ "selinux", UNKNOWN, EXIT_DONE, false, always, N_("unknown: the guest did not answer"), NULL },
	{ "processes", UNKNOWN, EXIT_DONE, false, processes_are_unknown,
	  N_("unknown: the guest's ps cannot be asked, or does not show the agent"), NULL },
	{ "processes", BAD, EXIT_NO_AGENT, false, agent_has_zombies, N_("the agent has %s zombie children"),
	  N_("restart qemu-guest-agent in the guest, and update it") },
	{ "processes", BAD, EXIT_NO_AGENT, false, agent_leaks, N_("the agent uses %s of memory"),
	  N_("restart qemu-guest-agent in the guest, and update it") },
	{ "processes", GOOD, EXIT_DONE, false, agent_uses_memory, N_("the agent uses %s of memory, no zombie children"),
	  NULL },
	{ "clock", UNKNOWN, EXIT_DONE, false, clock_is_unknown, N_("unknown: the agent did not tell the time"), NULL },
	{ "clock", BAD, EXIT_NO_AGENT, false, clock_is_ahead, N_("the guest's clock is %s s ahead of this computer's"),
	  SET_TIME },
	{ "clock", BAD, EXIT_NO_AGENT, false, clock_is_behind, N_("the guest's clock is %s s behind this computer's"),
	  SET_TIME },
	{ "clock", GOOD, EXIT_DONE, false, always, N_("as this computer's"), NULL },
};

/* --- the walk through them --- */

/* N_() or none. */
static struct safe_text sentence(const char *words, struct safe_text gap)
{
	return words ? text_fill(_(words), gap) : (struct safe_text){ NULL };
}

static void put_finding(struct checkup *checkup, const struct cause *cause)
{
	struct output *output = &checkup->cli->output;
	struct safe_text finding = sentence(cause->finding, checkup->detail);
	struct safe_text remedy = sentence(cause->remedy, checkup->advice);

	*VEC_PUSH(&checkup->causes) = cause;
	output_row(output);
	output_put_text(output, DOCTOR_HOST, TEXT_TRUSTED(checkup->host->name));
	if (checkup->vm)
		output_put_text(output, DOCTOR_VM, checkup->vm->info.name);
	output_put_text(output, DOCTOR_CHECK, TEXT_TRUSTED(cause->check));
	output_put_bool(output, DOCTOR_OK, cause->verdict == GOOD ? 1 : cause->verdict == BAD ? 0 : -1);
	output_put_text(output, DOCTOR_FINDING, finding);
	output_put_text(output, DOCTOR_REMEDY, remedy);
	text_free(&finding);
	text_free(&remedy);
}

/* Of the host, or of the VM: the worst finding. *ret_exit: of the first that has one. */
static enum verdict walk(struct checkup *checkup, const struct cause *causes, size_t count, enum exit_status *ret_exit)
{
	enum verdict worst = GOOD;
	const char *done = "";

	*ret_exit = EXIT_DONE;
	for (const struct cause *cause = causes; cause < causes + count; cause++) {
		if (strcmp(cause->check, done) == 0 || !cause->applies(checkup))
			continue;
		done = cause->check;
		if (cause->verdict == SKIPPED)
			continue;
		put_finding(checkup, cause);
		worst = MAX(worst, cause->ends && cause->verdict == UNKNOWN ? NOT_CHECKED : cause->verdict);
		if (*ret_exit == EXIT_DONE)
			*ret_exit = cause->exit;
		if (cause->ends)
			break;
	}
	return worst;
}

/* --- the report: one entry a finding, with whomever it is about --- */

enum { LEFT = 21, CELLS_ELSEWHERE = 80, NAMED_MOST = 40 };

static bool is_same(const struct checkup *checkup, size_t a, size_t b)
{
	const struct output *output = &checkup->cli->output;

	return checkup->causes.at[a] == checkup->causes.at[b] &&
	       text_equal(output->at[a][DOCTOR_FINDING].text, output->at[b][DOCTOR_FINDING].text) &&
	       text_equal(output->at[a][DOCTOR_REMEDY].text, output->at[b][DOCTOR_REMEDY].text);
}

/* "ada/web01, ada/web02" from row i on; nothing where an earlier row has said it. */
static struct safe_text names_of(const struct checkup *checkup, size_t i)
{
	const struct output *output = &checkup->cli->output;
	struct safe_text names = { NULL };
	size_t count = 0;

	for (size_t k = 0; k < output->count; k++) {
		const struct output_value *row = output->at[k];
		const bool has_vm = !text_is_empty(row[DOCTOR_VM].text);

		if (!is_same(checkup, i, k))
			continue;
		if (k < i)
			return names;
		if (count++ < NAMED_MOST)
			text_set(&names, text_format("%s%s%s%s%s", text_str(names), count > 1 ? ", " : "",
						     text_str(row[DOCTOR_HOST].text), has_vm ? "/" : "",
						     text_str(row[DOCTOR_VM].text)));
	}
	if (count > NAMED_MOST)
		text_set(&names, text_format(_("%s, +%zu more (all: --json)"), text_str(names), count - NAMED_MOST));
	return names;
}

static void write_line(FILE *stream, const char *title, struct safe_text words, int cells)
{
	struct safe_text line = text_format("%s %s", title, text_str(words));

	fprintf(stream, "%*s", LEFT, "");
	options_print_sentence(stream, text_str(line), LEFT, cells);
	text_free(&line);
}

/* Row i, for all rows that are the same. */
static void write_entry(FILE *stream, const struct checkup *checkup, size_t i)
{
	/* clang-format off */
	static const char *const marks[][2] = {
		[GOOD] = { "✓  ok  ", "+  ok  " }, [UNKNOWN] = { "·  -   ", "-  -   " }, [NOT_CHECKED] = { "·  -   ", "-  -   " },
		[BAD] = { "✗  FAIL", "x  FAIL" },
	};
	/* clang-format on */
	const struct cli *cli = checkup->cli;
	const bool plain = cli->options->ascii || strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0;
	const int cells = cli->sink.cells > LEFT * 2 ? cli->sink.cells : CELLS_ELSEWHERE;
	const struct output_value *row = cli->output.at[i];
	struct safe_text names = names_of(checkup, i);

	if (!text_is_empty(names)) {
		fprintf(stream, "%s  %-10s  ", marks[checkup->causes.at[i]->verdict][plain],
			text_str(row[DOCTOR_CHECK].text));
		options_print_sentence(stream, text_str(row[DOCTOR_FINDING].text), LEFT, cells);
		write_line(stream, _("on:"), names, cells);
		if (!text_is_empty(row[DOCTOR_REMEDY].text))
			write_line(stream, _("remedy:"), row[DOCTOR_REMEDY].text, cells);
	}
	text_free(&names);
}

static void write_entries(FILE *stream, const struct checkup *checkup, const struct cause *causes, size_t count)
{
	for (const struct cause *cause = causes; cause < causes + count; cause++)
		for (size_t i = 0; i < checkup->causes.count; i++)
			if (checkup->causes.at[i] == cause &&
			    (cause->verdict >= NOT_CHECKED || checkup->cli->options->all))
				write_entry(stream, checkup, i);
}

static void write_report(struct cli *cli, const struct checkup *checkup)
{
	struct err err = { 0 };
	size_t len;
	char *bytes;
	FILE *stream = mem_stream(&bytes, &len);

	write_entries(stream, checkup, of_host, ARRAY_SIZE(of_host));
	write_entries(stream, checkup, of_vm, ARRAY_SIZE(of_vm));
	fprintf(stream,
		_("%sVMs: %zu ready for a log-off, %zu with problems, %zu not checked. Hosts: %zu OK, %zu with "
		  "problems.%s\n"),
		ftell(stream) > 0 ? "\n" : "", checkup->vms[GOOD] + checkup->vms[UNKNOWN], checkup->vms[BAD],
		checkup->vms[NOT_CHECKED], checkup->hosts[GOOD], checkup->hosts[BAD],
		cli->options->all ? "" : _(" --all lists all checks."));
	fclose(stream);
	cli_note_written(cli, output_emit(&cli->sink, bytes, len, &err), &err);
	free(bytes);
}

/* The VMs without a channel become those of the command, and what is written are its tasks. */
static void fix(struct cli *cli)
{
	size_t count = 0;

	for (size_t i = 0; i < cli->vms.count; i++) {
		const struct vm *vm = cli_vm(cli, &cli->vms.at[i]);

		if (vm && vm->info.channel == CHANNEL_ABSENT)
			cli->vms.at[count++] = cli->vms.at[i];
	}
	cli->vms.count = count;
	if (!count) {
		cli_say("%s", _("no VM lacks the agent's channel: there is nothing to fix"));
		return;
	}
	output_finish(&cli->output);
	output_init(&cli->output, cli_task_fields.columns, cli_task_fields.count);
	cli->exits.count = 0; /* it is about what was done now */
	cli_act(cli, OP_ADD_CHANNEL);
}

void cli_doctor(struct cli *cli)
{
	const struct inventory *inventory = app_inventory(cli->app);
	const bool chooses = cli->options->words.count || cli->options->filter;
	struct checkup checkup = { .cli = cli };
	enum exit_status exit;
	enum verdict verdict;

	if (!cli_settle(cli) || !cli_select(cli) || !cli_ask_guests(cli, &cli->vms, -1, NULL))
		return;
	for (size_t i = 0; i < inventory_host_count(inventory); i++) {
		size_t k = 0;

		checkup.host = inventory_host(inventory, (int)i);
		checkup.vm = NULL;
		while (k < cli->vms.count && cli->vms.at[k].host != checkup.host->index)
			k++;
		/* If VMs were chosen: their hosts, and unreachable hosts, which may have them. */
		if (chooses && checkup.host->listed && k == cli->vms.count)
			continue;
		verdict = walk(&checkup, of_host, ARRAY_SIZE(of_host), &exit);
		checkup.hosts[verdict == GOOD ? GOOD : BAD]++;
		if (exit != EXIT_DONE)
			cli_note_exit(cli, exit);
		for (; k < cli->vms.count; k++) {
			checkup.vm = cli_vm(cli, &cli->vms.at[k]);
			if (!checkup.vm || checkup.vm->id.host != checkup.host->index)
				continue;
			verdict = walk(&checkup, of_vm, ARRAY_SIZE(of_vm), &exit);
			checkup.vms[verdict]++;
			if (exit != EXIT_DONE || verdict <= UNKNOWN)
				cli_note_exit(cli, exit);
		}
	}
	text_free(&checkup.detail);
	text_free(&checkup.advice);
	cli_progress_clear(cli);
	if (cli->options->output == OUTPUT_TEXT)
		write_report(cli, &checkup);
	else if (!cli->options->fix)
		cli_write(cli);
	VEC_FREE(&checkup.causes);
	if (cli->options->fix)
		fix(cli);
}
