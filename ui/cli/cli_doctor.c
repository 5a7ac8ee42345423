/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_sessions.h"
#include "engine/vm_lock.h"
#include "ui/cli/cli_commands.h"

#include <langinfo.h>
#include <string.h>
#include <strings.h>

enum doctor_column { DOCTOR_HOST, DOCTOR_VM, DOCTOR_CHECK, DOCTOR_OK, DOCTOR_FINDING, DOCTOR_REMEDY, DOCTOR_COLUMNS };

static const struct output_column columns[DOCTOR_COLUMNS] = {
	[DOCTOR_HOST] = { "host", "", false },       [DOCTOR_VM] = { "vm", "", false },
	[DOCTOR_CHECK] = { "check", "", false },     [DOCTOR_OK] = { "ok", "", false },
	[DOCTOR_FINDING] = { "finding", "", false }, [DOCTOR_REMEDY] = { "remedy", "", false },
};

const struct cli_fields cli_doctor_fields = { columns, ARRAY_SIZE(columns), NULL };

enum verdict { GOOD, NOT_CHECKED, BAD, VERDICTS };

/* What is checked now, and the findings so far. */
struct checkup {
	struct cli *cli;
	const struct host *host;
	const struct vm *vm;  /* NULL: the host itself */
	enum verdict verdict; /* the worst finding about it */
	size_t hosts[VERDICTS], vms[VERDICTS];
};

/* A sentence of the kind "What it is: what to do"; "what it is; what to do". */
static const char *remedy_of(const char *sentence)
{
	const char *end = strpbrk(sentence, ":;");

	return end && end[1] == ' ' ? end + 2 : sentence;
}

/* ok: 0, 1; -1: not checked. Returns true to go on with the next check. */
static bool finding(struct checkup *checkup, const char *check, int ok, const char *words, const char *remedy)
{
	struct output *output = &checkup->cli->output;
	const enum verdict verdict = ok == 0 ? BAD : ok < 0 ? NOT_CHECKED : GOOD;

	checkup->verdict = MAX(checkup->verdict, verdict);
	output_row(output);
	output_put_text(output, DOCTOR_HOST, TEXT_TRUSTED(checkup->host->name));
	if (checkup->vm)
		output_put_text(output, DOCTOR_VM, checkup->vm->info.name);
	output_put_text(output, DOCTOR_CHECK, TEXT_TRUSTED(check));
	output_put_bool(output, DOCTOR_OK, ok);
	output_put_text(output, DOCTOR_FINDING, TEXT_TRUSTED(words));
	if (ok != 1)
		output_put_text(output, DOCTOR_REMEDY, TEXT_TRUSTED(remedy));
	return ok == 1;
}

static void check_host(struct checkup *checkup)
{
	const struct host *host = checkup->host;
	const char *trouble = text_is_empty(host->trouble) ? NULL : text_str(host->trouble);
	struct safe_text remedy;
	struct err err = { 0 };
	int locks;

	if (!host->listed) {
		remedy = *host->uri ? text_format(_("check that this works: virsh -c '%s' list"), host->uri)
				    : text_format("%s", _("check that this works: virsh list"));
		finding(checkup, "connection", 0, trouble ? trouble : _("it does not answer"), text_str(remedy));
		text_free(&remedy);
		cli_note_exit(checkup->cli, EXIT_UNREACHABLE);
		return;
	}
	finding(checkup, "connection", 1, text_is_empty(host->version) ? _("connected") : text_str(host->version),
		NULL);
	if (app_mode(checkup->cli->app) == APP_LOCKED)
		finding(checkup, "rights", 0, _("read-only (--lock, or lock in the configuration)"),
			_("restart without it"));
	else if (host->access == ACCESS_FULL)
		finding(checkup, "rights", 1, _("read and write"), NULL);
	else if (host->access == ACCESS_READ_ONLY)
		finding(checkup, "rights", 0, _("read-only, as requested"), _("connect without -r"));
	else if (host->access == ACCESS_MONITOR)
		finding(checkup, "rights", 0, trouble ? trouble : _("the host allows only monitoring"),
			_("join the group libvirt on that host, or get org.libvirt.unix.manage from polkit"));
	else
		finding(checkup, "rights", -1, _("not known"), "");
	if (app_mode(checkup->cli->app) == APP_LOCKED || host->access != ACCESS_FULL)
		cli_note_exit(checkup->cli, EXIT_DENIED);
	if (backend_is_simulated(app_backend(checkup->cli->app, host->index)))
		return;
	locks = vm_lock_check_shared(&err);
	if (locks == 0)
		cli_note_exit(checkup->cli, cli_exit_of(err.kind));
	finding(checkup, "locks", locks, locks == 1 ? _("VMs can be locked for all users") : text_str(err_text(&err)),
		locks == 0 ? _("VMs cannot be locked, so every action is refused: correct the directory")
			   : _("another user's innkeeper may act on the same VM: let root make the directory for your "
			       "group, see FILES in innkeeper(1)"));
}

/* Behind its channel: the agent, and what a log-off needs of it. */
static bool check_agent(struct checkup *checkup)
{
	const struct vm *vm = checkup->vm;
	const enum agent_state state = vm_agent_state(vm);
	const char *note = text_is_empty(vm->sessions_note) ? NULL : text_str(vm->sessions_note);
	char *words;

	if (!host_allows_writes(checkup->host))
		return finding(checkup, "agent", -1, _("not possible over a read-only connection"),
			       _("connect without -r"));
	if (state == AGENT_SILENT || state == AGENT_FROZEN || !vm->profile || !vm->profile->known) {
		cli_note_exit(checkup->cli, EXIT_TIMED_OUT);
		if (state == AGENT_FROZEN)
			return finding(checkup, "agent", 0, _("the guest's file systems are frozen"),
				       _("wait until the backup is done; if none is running, thaw them: virsh "
					 "domfsthaw VM"));
		words = mem_strndup(note ? note : _("it does not answer"), note ? strcspn(note, ";") : SIZE_MAX);
		finding(checkup, "agent", 0, words, _("check the guest's load, or restart qemu-guest-agent in it"));
		free(words);
		return false;
	}
	finding(checkup, "agent", 1, text_is_empty(vm->agent_version) ? _("connected") : text_str(vm->agent_version),
		NULL);
	if (!vm->profile->capabilities.exec || vm->trouble == TROUBLE_BLOCKED) {
		cli_note_exit(checkup->cli, EXIT_NO_AGENT);
		return finding(checkup, "guest-exec", 0, _("refused by the agent"),
			       remedy_of(note ? note : _(agent_state_advice(AGENT_BLOCKED))));
	}
	finding(checkup, "guest-exec", 1, _("allowed"), NULL);
	if (vm->sessions.proven)
		return finding(checkup, "sessions", 1, guest_family_name(vm->sessions.family), NULL);
	cli_note_exit(checkup->cli, EXIT_NO_AGENT);
	return finding(checkup, "sessions", 0, note ? note : _("cannot list the guest's sessions"),
		       _("the guest needs loginctl, or who and pkill, or Windows with PowerShell"));
}

static bool check_vm(struct checkup *checkup)
{
	const enum vm_state state = checkup->vm->info.state;
	const bool named = checkup->cli->options->words.count > 0;
	const char *remedy = remedy_of(cli_advice(checkup->vm));

	if (!vm_state_is_active(state)) {
		/* A VM that is shut off is a finding only where it was named. */
		if (named)
			cli_note_exit(checkup->cli, EXIT_NOT_RUNNING);
		return finding(checkup, "state", named ? 0 : -1, vm_state_name(state),
			       vm_state_remedy(state) ? _(vm_state_remedy(state)) : NULL);
	}
	finding(checkup, "state", 1, vm_state_name(state), NULL);
	switch (checkup->vm->info.channel) {
	case CHANNEL_CONNECTED:
		finding(checkup, "channel", 1, _("an agent is connected"), NULL);
		return check_agent(checkup);
	case CHANNEL_ABSENT:
		cli_note_exit(checkup->cli, EXIT_NO_AGENT);
		return finding(checkup, "channel", 0, _("the VM has no channel org.qemu.guest_agent.0"), remedy);
	case CHANNEL_DISCONNECTED:
		cli_note_exit(checkup->cli, EXIT_NO_AGENT);
		return finding(checkup, "channel", 0, _("channel present, but no agent connected"), remedy);
	case CHANNEL_DENIED:
		cli_note_exit(checkup->cli, EXIT_DENIED);
		return finding(checkup, "channel", 0, _("no permission to read the VM's XML"), remedy);
	case CHANNEL_UNKNOWN:
		break;
	}
	return finding(checkup, "channel", -1, _("not reported by the host yet"), _("retry in a moment"));
}

/* A warning: log-offs work there. */
static void check_confinement(struct checkup *checkup)
{
	if (checkup->vm->profile && checkup->vm->profile->is_confined)
		finding(checkup, "selinux", 0,
			_("SELinux confines the agent (virt_qemu_ga_t): logins cannot be disabled, and wall reaches "
			  "nobody"),
			_("add the local SELinux module of doc/logoff.md in the guest"));
}

/* --- the report --- */

/* In groups, one for each host and VM; without --all only what is not in order. */
static void write_report(struct cli *cli, const struct checkup *checkup)
{
	/* clang-format off */
	static const char *const marks[][2] = {
		[GOOD] = { "✓  ok  ", "+  ok  " }, [NOT_CHECKED] = { "·  -   ", "-  -   " }, [BAD] = { "✗  FAIL", "x  FAIL" },
	};
	/* clang-format on */
	const bool plain = cli->options->ascii || strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0;
	const struct output *output = &cli->output;
	const struct output_value *last = NULL;
	struct err err = { 0 };
	size_t len;
	char *bytes;
	FILE *stream = mem_stream(&bytes, &len);

	for (size_t i = 0; i < output->count; i++) {
		const struct output_value *row = output->at[i];
		const enum output_type ok = row[DOCTOR_OK].type;
		const enum verdict verdict = ok == OUTPUT_UNKNOWN ? NOT_CHECKED : row[DOCTOR_OK].number ? GOOD : BAD;

		const bool is_off = verdict == NOT_CHECKED && strcmp(text_str(row[DOCTOR_CHECK].text), "state") == 0;

		if ((verdict == GOOD || is_off) && !cli->options->all)
			continue;
		if (!last || !text_equal(row[DOCTOR_HOST].text, last[DOCTOR_HOST].text) ||
		    !text_equal(row[DOCTOR_VM].text, last[DOCTOR_VM].text))
			fprintf(stream, "%s%s%s\n", text_str(row[DOCTOR_HOST].text),
				text_is_empty(row[DOCTOR_VM].text) ? "" : "/", text_str(row[DOCTOR_VM].text));
		last = row;
		fprintf(stream, "  %s  %-10s  %s\n", marks[verdict][plain], text_str(row[DOCTOR_CHECK].text),
			text_str(row[DOCTOR_FINDING].text));
		if (!text_is_empty(row[DOCTOR_REMEDY].text))
			fprintf(stream, "                       %s %s\n", _("remedy:"),
				text_str(row[DOCTOR_REMEDY].text));
	}
	if (last)
		fputc('\n', stream);
	fprintf(stream,
		_("VMs: %zu ready for a log-off, %zu with problems, %zu not checked. Hosts: %zu OK, %zu with "
		  "problems.%s\n"),
		checkup->vms[GOOD], checkup->vms[BAD], checkup->vms[NOT_CHECKED], checkup->hosts[GOOD],
		checkup->hosts[BAD], cli->options->all ? "" : _(" --all lists all checks."));
	fclose(stream);
	cli_note_written(cli, output_emit(&cli->sink, bytes, len, &err), &err);
	free(bytes);
}

void cli_doctor(struct cli *cli)
{
	const struct inventory *inventory = app_inventory(cli->app);
	const bool chooses = cli->options->words.count || cli->options->filter;
	struct checkup checkup = { .cli = cli };

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
		checkup.verdict = GOOD;
		check_host(&checkup);
		checkup.hosts[checkup.verdict == GOOD ? GOOD : BAD]++;
		for (; k < cli->vms.count; k++) {
			checkup.vm = cli_vm(cli, &cli->vms.at[k]);
			checkup.verdict = GOOD;
			if (!checkup.vm || checkup.vm->id.host != checkup.host->index)
				continue;
			if (check_vm(&checkup)) {
				check_confinement(&checkup);
				cli_note_exit(cli, EXIT_DONE);
			}
			checkup.vms[checkup.verdict]++;
		}
	}
	cli_progress_clear(cli);
	if (cli->options->output == OUTPUT_TEXT)
		write_report(cli, &checkup);
	else
		cli_write(cli);
}
