/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_commands.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SHOWN_MOST = 40, NAMES_MOST = 8 };

static bool is_yes(const char *words)
{
	return !strcasecmp(words, "y") || !strcasecmp(words, "yes") || !strcasecmp(words, _("yes"));
}

/* "Log off all users of web01?", "Log off all users of these 3 VMs?"; owned. */
static struct safe_text question_of(const struct cli *cli, const struct cli_vms *vms, enum operation operation)
{
	const struct options *options = cli->options;
	const bool chooses =
		options->users.count || options->sessions.count || options->except_users.count || options->disconnected;
	const struct vm *vm = vms->count == 1 ? cli_vm(cli, &vms->at[0]) : NULL;
	struct safe_text question, name;

	name = vm ? text_format("%s", text_str(vm->info.name))
		  : text_format(ngettext("%zu VM", "these %zu VMs", vms->count), vms->count);
	question = operation == OP_LOGOFF && chooses
			   ? text_format(_("Log off the selected users of %s?"), text_str(name))
			   : operation_question(operation, name);
	text_free(&name);
	return question;
}

static bool ask_yes(struct cli *cli, struct safe_text question)
{
	struct safe_text prompt = text_format("%s [y/N] ", text_str(question));
	char answer[ANSWER_MAX];
	bool yes = cli_answer(cli, text_str(prompt), answer) && is_yes(answer);

	text_free(&prompt);
	return yes;
}

/* For what a "y" is too little for: the number of VMs or a host's name. Takes `prompt`. */
static bool ask_word(struct cli *cli, struct safe_text prompt, const char *wanted)
{
	char answer[ANSWER_MAX];
	bool same = cli_answer(cli, text_str(prompt), answer) && !strcmp(answer, wanted);

	text_free(&prompt);
	return same;
}

static bool ask_number(struct cli *cli, size_t count)
{
	char wanted[24];

	snprintf(wanted, sizeof(wanted), "%zu", count);
	return ask_word(cli, text_format(_("Type the number of VMs (%zu) to continue: "), count), wanted);
}

static bool ask_host(struct cli *cli, const struct host *host)
{
	return ask_word(cli, text_format(_("%s is a production host. Type its name to continue: "), host->name),
			host->name);
}

static bool hits(const struct cli_vms *vms, int host)
{
	for (size_t i = 0; i < vms->count; i++)
		if (vms->at[i].host == host)
			return true;
	return false;
}

static bool is_typed_for(const struct cli_vms *vms, const struct host *host)
{
	return host->production && hits(vms, host->index);
}

static bool hits_production_host(const struct cli *cli, const struct cli_vms *vms)
{
	const struct inventory *inventory = app_inventory(cli->app);

	for (size_t i = 0; i < inventory_host_count(inventory); i++)
		if (is_typed_for(vms, inventory_host(inventory, (int)i)))
			return true;
	return false;
}

static bool ask_production_hosts(struct cli *cli, const struct cli_vms *vms)
{
	const struct inventory *inventory = app_inventory(cli->app);

	for (size_t i = 0; i < inventory_host_count(inventory); i++) {
		const struct host *host = inventory_host(inventory, (int)i);

		if (is_typed_for(vms, host) && !ask_host(cli, host))
			return false;
	}
	return true;
}

static struct safe_text who_is_on(const struct vm *vm, enum operation operation)
{
	if (vm->users_state != USERS_KNOWN)
		return text_format("%s", app_is_about_sessions(operation)
						 ? _("users unknown: everyone logged on is affected")
						 : _("users unknown"));
	if (!session_list_total(&vm->sessions))
		return text_format("%s", _("no users logged on"));
	return session_list_names(&vm->sessions, NAMES_MOST);
}

static struct safe_text state_words(const struct vm *vm)
{
	return text_format("%s", vm_state_name(vm->info.state));
}

/* With memory, the guest stands still: nothing has to be quiesced. */
static struct safe_text snapshot_words(const struct cli *cli, const struct vm *vm)
{
	const struct options *options = cli->options;
	const char *state = vm_state_name(vm->info.state);
	struct err err = { 0 };

	if (vm->info.domain_id < 0)
		return state_words(vm);
	if (!options->disk_only && !options->quiesce)
		return text_format(_("%s; pauses while its memory is saved"), state);
	if (options->no_quiesce)
		return text_format(_("%s; not quiesced: disks as after a power failure"), state);
	if (app_may_quiesce(cli->app, vm, &err))
		return text_format(_("%s; its file systems are frozen for a moment"), state);
	return text_format(options->quiesce ? _("%s; cannot be quiesced, will be refused: %s")
					    : _("%s; CANNOT BE QUIESCED, disks as after a power failure: %s"),
			   state, text_str(err_text(&err)));
}

static struct safe_text words_of(const struct cli *cli, const struct vm *vm, enum operation operation)
{
	switch (operation) {
	case OP_SNAPSHOT_CREATE:
		return snapshot_words(cli, vm);
	case OP_SNAPSHOT_DELETE:
		return state_words(vm);
	case OP_SNAPSHOT_REVERT:
		return vm->info.domain_id < 0 ? state_words(vm) : who_is_on(vm, operation);
	default:
		return operation >= OP_LOGOFF || vm->users_state == USERS_KNOWN ? who_is_on(vm, operation)
										: state_words(vm);
	}
}

static void show_snapshot(const struct cli *cli, const struct vm *vm, enum operation operation)
{
	const struct snapshot *snapshot;

	if (operation != OP_SNAPSHOT_REVERT && operation != OP_SNAPSHOT_DELETE)
		return;
	snapshot = cli_snapshot_named(cli, vm, NULL);
	cli_ask_line(operation == OP_SNAPSHOT_REVERT ? _("  revert to snapshot %s; the current state is lost\n")
						     : _("  snapshot %s is deleted permanently\n"),
		     snapshot ? text_str(snapshot->name) : "?");
}

static void show(struct cli *cli, const struct cli_vms *vms, enum operation operation)
{
	for (size_t i = 0; i < MIN(vms->count, SHOWN_MOST); i++) {
		const struct vm *vm = cli_vm(cli, &vms->at[i]);
		struct safe_text who;

		if (!vm)
			continue;
		who = words_of(cli, vm, operation);
		cli_ask_line("  %s/%s: %s\n", cli_host(cli, &vm->id)->name, text_str(vm->info.name), text_str(who));
		text_free(&who);
		show_snapshot(cli, vm, operation);
	}
	if (vms->count > SHOWN_MOST)
		cli_ask_line(_("  and %zu more\n"), vms->count - SHOWN_MOST);
}

bool cli_ask(struct cli *cli, const struct cli_vms *vms, enum operation operation)
{
	const bool many = vms->count > (size_t)app_config(cli->app)->confirm_above;
	struct safe_text question = question_of(cli, vms, operation);
	bool yes;

	show(cli, vms, operation);
	if (many || hits_production_host(cli, vms)) {
		cli_ask_line("%s\n", text_str(question));
		yes = ask_production_hosts(cli, vms) && (!many || ask_number(cli, vms->count));
	} else {
		yes = ask_yes(cli, question);
	}
	text_free(&question);
	return yes;
}
