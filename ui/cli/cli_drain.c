/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a drain looks at before anything starts: what each VM is to become, in which order, and what prevents it. The
 * tags of a VM say: no-drain, drain-logoff, drain-shutdown, drain-leave, drain-first, drain-last.
 */
#include "backend/guest/session_program.h"
#include "model/tags.h"
#include "ui/cli/cli_commands.h"

enum { NAMES_MOST = 8 };

static bool has_tag(const struct vm *vm, const char *wanted, size_t wanted_len)
{
	const char *at = text_str(vm->info.tags), *tag;
	size_t len;

	while ((tag = tags_next(&at, &len)))
		if (len == wanted_len && strncmp(tag, wanted, len) == 0)
			return true;
	return false;
}

static bool is_tagged(const struct vm *vm, const char *tag)
{
	return has_tag(vm, tag, strlen(tag));
}

/* Of a host that was named, not of a VM. */
static bool is_of_named_host(const struct cli *cli, const struct vm *vm)
{
	for (size_t i = 0; i < cli->options->words.count; i++)
		if (strcmp(cli->options->words.at[i], cli_host(cli, &vm->id)->name) == 0)
			return true;
	return false;
}

bool cli_drain_shuts_down(const struct cli *cli, const struct vm *vm)
{
	if (is_tagged(vm, "drain-logoff"))
		return false;
	return is_tagged(vm, "drain-shutdown") || cli->options->shut_down ||
	       (!cli->options->no_shutdown && is_of_named_host(cli, vm));
}

/* --- order --- */

static const struct cli *ordering; /* for qsort() */

static int turn_of(const struct vm *vm)
{
	return is_tagged(vm, "drain-last") - is_tagged(vm, "drain-first");
}

/* By tag, then the fewest users first; of whom nobody knows how many come after those of whom it is known. */
static int compare_turns(const void *a, const void *b)
{
	const struct vm *left = cli_vm(ordering, a), *right = cli_vm(ordering, b);
	const uint64_t users[] = { (uint64_t)vm_users(left), (uint64_t)vm_users(right) };

	if (turn_of(left) != turn_of(right))
		return turn_of(left) - turn_of(right);
	if (users[0] != users[1])
		return users[0] < users[1] ? -1 : 1;
	return left->id.host != right->id.host ? left->id.host - right->id.host
					       : text_compare(left->info.name, right->info.name);
}

bool cli_drain_prepare(struct cli *cli)
{
	struct cli_vms *vms = &cli->vms;
	size_t kept = 0;

	if (!cli_ask_guests(cli, vms, -1, NULL))
		return false;
	for (size_t i = 0; i < vms->count; i++) {
		const struct vm *vm = cli_vm(cli, &vms->at[i]);

		if (vm && is_tagged(vm, "drain-leave") && !cli->options->quiet)
			cli_say(_("%s/%s: left as it is (tag drain-leave)"), cli_host(cli, &vm->id)->name,
				text_str(vm->info.name));
		if (vm && !is_tagged(vm, "drain-leave"))
			vms->at[kept++] = vms->at[i];
	}
	vms->count = kept;
	ordering = cli;
	if (kept)
		qsort(vms->at, kept, sizeof(*vms->at), compare_turns);
	return true;
}

/* --- what prevents it --- */

static void add(struct err *err, enum err_kind kind, struct safe_text words)
{
	const struct err before = *err;

	if (before.kind == ERR_NONE)
		err_set(err, kind, "%s", text_str(words));
	else
		err_set(err, before.kind, "%s; %s", text_str(err_text(&before)), text_str(words));
	text_free(&words);
}

static void check_guest(const struct cli *cli, const struct vm *vm, struct err *err)
{
	OWN(vec) struct session_list locked = { 0 }; /* its sessions are borrowed */
	OWN(text) struct safe_text names = { 0 };
	const struct guest_checkup *checkup = vm->profile ? &vm->profile->checkup : NULL;
	struct err why = { 0 };

	if (!cli_users_known(cli, &vm->id, &why))
		add(err, why.kind, text_copy(err_text(&why)));
	for (size_t i = 0; i < vm->sessions.count && !cli->options->force; i++)
		if (vm->sessions.at[i].locked)
			*VEC_PUSH(&locked) = vm->sessions.at[i];
	names = session_list_names(&locked, NAMES_MOST);
	if (locked.count)
		add(err, ERR_UNEXPECTED, text_format(_("locked session of %s: use --force"), text_str(names)));
	if (checkup && checkup->host_known && checkup->host.job)
		add(err, ERR_UNEXPECTED,
		    text_format(_("its host runs a %s of it: wait until it is over"), checkup->host.job));
}

static bool is_unavailable(const struct vm *vm)
{
	return !vm_state_is_active(vm->info.state) || vm->logins_disabled;
}

/* VMs with the tag that nobody can use: off, with logins disabled, or drained before this one's turn. */
static size_t count_unavailable(const struct cli *cli, const struct vm *until, const char *tag, size_t len)
{
	const struct inventory *inventory = app_inventory(cli->app);
	size_t count = 0;

	for (size_t i = 0; i < inventory_vm_count(inventory); i++) {
		const struct vm *vm = inventory_vm_at(inventory, i);

		count += vm != until && is_unavailable(vm) && has_tag(vm, tag, len);
	}
	for (size_t i = 0; i < cli->vms.count && !vm_id_equal(&cli->vms.at[i], &until->id); i++) {
		const struct vm *vm = cli_vm(cli, &cli->vms.at[i]);

		count += vm && !is_unavailable(vm) && has_tag(vm, tag, len);
	}
	return count;
}

static void check_budgets(const struct cli *cli, const struct vm *vm, struct err *err)
{
	for (size_t i = 0; i < cli->options->max_unavailable.count; i++) {
		const char *tag = cli->options->max_unavailable.at[i], *colon = strrchr(tag, ':');
		const size_t len = (size_t)(colon - tag), most = strtoul(colon + 1, NULL, 10);

		if (has_tag(vm, tag, len) && vm_state_is_active(vm->info.state) &&
		    count_unavailable(cli, vm, tag, len) >= most)
			add(err, ERR_UNEXPECTED,
			    text_format(_("more than %zu VMs tagged %.*s would be unavailable"), most, (int)len, tag));
	}
}

bool cli_drain_may(const struct cli *cli, const struct vm *vm, struct err *err)
{
	const bool is_only_off = cli_drain_shuts_down(cli, vm) && vm_state_is_off(vm->info.state);
	const enum operation needed = is_only_off ? OP_NO_AUTOSTART : OP_DRAIN; /* who is off needs no guest */
	struct err found = { 0 }, why = { 0 };

	if (is_tagged(vm, "no-drain"))
		add(&found, ERR_DENIED, text_format("%s", _("tag no-drain")));
	if (!(cli->options->dry_run ? app_may_pretend : app_may)(cli->app, vm, needed, &why))
		add(&found, why.kind, text_copy(err_text(&why)));
	else if (!is_only_off)
		check_guest(cli, vm, &found);
	check_budgets(cli, vm, &found);
	if (found.kind != ERR_NONE && err)
		*err = found;
	return found.kind == ERR_NONE;
}
