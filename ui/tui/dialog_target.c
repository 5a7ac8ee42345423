/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/dialog_target.h"

#include "base/clock.h"
#include "ui/tui/view_words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	ASK_OLDER_MS = 3000, /* who is logged on is asked again where the answer is older */
	ASK_MAX = 64,        /* guests asked by one dialog at the same time */
	NAMES_MAX = 6,
	UUID_END = 24, /* where the last group of a UUID begins */
};

void dialog_target_take(struct dialog_target *target, struct ui *ui, enum action_id action)
{
	struct view *pane = ui_pane(ui);
	bool has_subject = pane->ops->subject != NULL;

	*target = (struct dialog_target){ .action = action };
	ui_target(ui, &target->ids);
	if (pane->ops->picks)
		session_picks_copy(&target->picks, pane->ops->picks(pane));
	if (!has_subject) {
		target->from_marks = listing_marked(ui->listing) > 0;
		target->hidden = listing_marked_hidden(ui->listing);
	}
	if (action_is_operation(action) && app_is_about_sessions((enum operation)action))
		target->shown = mem_zalloc((target->ids.count + 1) * sizeof(*target->shown));
}

void dialog_target_free(struct dialog_target *target)
{
	for (size_t i = 0; target->shown && i < target->ids.count; i++)
		session_list_free(&target->shown[i].list);
	free(target->shown);
	VEC_FREE(&target->ids);
	VEC_FREE(&target->picks);
}

struct action_target dialog_target_get(const struct dialog_target *target)
{
	return (struct action_target){ .vms = target->ids.at, .count = target->ids.count };
}

struct safe_text dialog_target_name(const struct dialog_target *target, const struct ui *ui)
{
	if (target->ids.count == 1)
		return ui_vm_name(ui, &target->ids.at[0]);
	return text_format(ngettext("%zu VM", "%zu VMs", target->ids.count), target->ids.count);
}

static struct vm *vm_at(const struct dialog_target *target, const struct ui *ui, size_t index)
{
	return inventory_find(app_inventory(ui->app), &target->ids.at[index]);
}

/* again: the guests that were asked before; false: those that never were. */
static void ask(const struct dialog_target *target, struct ui *ui, bool again)
{
	size_t asked = 0;

	for (size_t i = 0; i < target->ids.count && asked < ASK_MAX; i++) {
		const struct vm *vm = vm_at(target, ui, i);

		asked += vm && vm->sessions_asked;
	}
	for (size_t i = 0; i < target->ids.count && asked < ASK_MAX; i++) {
		struct vm *vm = vm_at(target, ui, i);

		if (vm && !vm->sessions_asked && vm_was_asked(vm) == again &&
		    (vm->users_state != USERS_KNOWN || clock_ms() - vm->sessions_at > ASK_OLDER_MS))
			asked += app_ask_guest(ui->app, vm, target->ids.count == 1, NULL);
	}
}

void dialog_target_ask(const struct dialog_target *target, struct ui *ui)
{
	ask(target, ui, false);
	ask(target, ui, true);
}

static void follow(struct shown_sessions *shown, const struct vm *vm)
{
	const bool was_known = shown->is_known;

	shown->is_known = vm && vm->users_state == USERS_KNOWN && !vm->sessions.more;
	if (!shown->is_known || (was_known && shown->at == vm->sessions_at))
		return;
	shown->at = vm->sessions_at;
	session_list_free(&shown->list);
	session_list_copy(&shown->list, &vm->sessions);
}

void dialog_target_prepare(struct dialog_target *target, struct ui *ui)
{
	if (target->ids.count > 1)
		ask(target, ui, false);
	for (size_t i = 0; target->shown && i < target->ids.count; i++)
		follow(&target->shown[i], vm_at(target, ui, i));
}

/* Draining and shutting down are for the whole VM, whichever sessions were chosen. */
bool dialog_target_has_picks(const struct dialog_target *target)
{
	return target->picks.count > 0 && action_is_operation(target->action) &&
	       (operation_get((enum operation)target->action)->flags & CHOOSES_SESSIONS);
}

/* --- one VM --- */

static void show_users(const struct vm *vm, struct lines *lines)
{
	struct safe_text names;

	if (vm->users_state == USERS_KNOWN) {
		names = session_list_names(&vm->sessions, NAMES_MAX);
		if (text_is_empty(names))
			lines_pair(lines, _("Logged on"), ROLE_NEUTRAL, "%s", _("nobody"));
		else
			lines_pair(lines, _("Logged on"), ROLE_TITLE, "%s", text_str(names));
		lines_pair(lines, "", ROLE_DIM, _("updated %" PRId64 " s ago%s"), (clock_ms() - vm->sessions_at) / 1000,
			   vm->sessions_asked ? _(", refreshing…") : "");
		text_free(&names);
	} else if (vm->sessions_asked) {
		lines_pair(lines, _("Logged on"), ROLE_NEUTRAL, "%s", _("asking the guest…"));
	} else {
		lines_pair(lines, _("Logged on"), ROLE_WARN, "%s", _("unknown"));
		if (!text_is_empty(vm->sessions_note))
			lines_pair(lines, "", ROLE_DIM, "%s", text_str(vm->sessions_note));
	}
}

static void show_one(const struct dialog_target *target, const struct ui *ui, struct lines *lines)
{
	const struct vm *vm = vm_at(target, ui, 0);
	const struct host *host = inventory_host(app_inventory(ui->app), target->ids.at[0].host);
	struct action_target one = dialog_target_get(target);
	char uuid[UUID_TEXT_SIZE];
	struct err err = { 0 };

	uuid_format(&target->ids.at[0].uuid, uuid);
	if (!vm) {
		lines_say(lines, ROLE_BAD, "%s", _("This VM no longer exists."));
		return;
	}
	lines_pair(lines, _("VM"), ROLE_TITLE, "%s", text_str(vm->info.name));
	lines_pair(lines, _("Host"), ROLE_NORMAL, "%s%s", host->name, host->production ? _("  (production)") : "");
	lines_pair(lines, _("UUID"), ROLE_DIM, "…%s", uuid + UUID_END);
	if (vm_state_is_active(vm->info.state))
		show_users(vm, lines);
	else
		lines_pair(lines, _("State"), role_of_state(vm->info.state), "%s", vm_state_name(vm->info.state));
	if (!app_action_may(ui->app, target->action, &one, &err))
		lines_say(lines, ROLE_WARN, "%s", err.buf);
}

/* --- many --- */

struct counts {
	size_t users, occupied_vms, empty, off, unknown;
	int64_t oldest; /* clock_ms() of the oldest answer */
};

static struct counts count_users(const struct dialog_target *target, const struct ui *ui)
{
	struct counts counts = { .oldest = clock_ms() };

	for (size_t i = 0; i < target->ids.count; i++) {
		const struct vm *vm = vm_at(target, ui, i);
		size_t users;

		if (vm && !vm_state_is_active(vm->info.state)) {
			counts.off++;
			continue;
		}
		if (!vm || vm->users_state != USERS_KNOWN) {
			counts.unknown++;
			continue;
		}
		users = session_list_people(&vm->sessions);
		counts.users += users;
		counts.occupied_vms += users > 0;
		counts.empty += users == 0;
		counts.oldest = MIN(counts.oldest, vm->sessions_at);
	}
	return counts;
}

static void show_names(const struct dialog_target *target, const struct ui *ui, struct lines *lines)
{
	struct safe_text all = { NULL };

	for (size_t i = 0; i < target->ids.count && i < NAMES_MAX; i++) {
		struct safe_text name = ui_vm_name(ui, &target->ids.at[i]);

		text_set(&all, text_format("%s%s%s", text_str(all), i > 0 ? ", " : "", text_str(name)));
		text_free(&name);
	}
	if (target->ids.count > NAMES_MAX)
		text_set(&all, text_format(_("%s and %zu more"), text_str(all), target->ids.count - NAMES_MAX));
	lines_pair(lines, _("VMs"), ROLE_TITLE, "%s", text_str(all));
	text_free(&all);
}

/* "ams1, ams2 (production) and 3 more" */
static void show_hosts(const struct dialog_target *target, const struct ui *ui, struct lines *lines)
{
	const size_t host_count = inventory_host_count(app_inventory(ui->app));
	bool *is_hit = mem_zalloc((host_count + 1) * sizeof(*is_hit));
	struct safe_text all = { NULL };
	size_t count = 0;

	for (size_t i = 0; i < target->ids.count; i++)
		is_hit[target->ids.at[i].host] = true;
	for (size_t i = 0; i < host_count; i++) {
		const struct host *host = inventory_host(app_inventory(ui->app), (int)i);

		if (!is_hit[i] || count++ >= NAMES_MAX)
			continue;
		text_set(&all, text_format("%s%s%s%s", text_str(all), count > 1 ? ", " : "", host->name,
					   host->production ? _(" (production)") : ""));
	}
	if (count > NAMES_MAX)
		text_set(&all, text_format(_("%s and %zu more"), text_str(all), count - NAMES_MAX));
	lines_pair(lines, count > 1 ? _("Hosts") : _("Host"), ROLE_NORMAL, "%s", text_str(all));
	text_free(&all);
	free(is_hit);
}

static void show_counts(const struct counts *counts, struct lines *lines)
{
	const size_t known = counts->occupied_vms + counts->empty;

	if (known > 0)
		lines_pair(lines, _("Logged on"), ROLE_TITLE,
			   ngettext("%zu user on %zu of them (data up to %" PRId64 " s old)",
				    "%zu users on %zu of them (data up to %" PRId64 " s old)", counts->users),
			   counts->users, counts->occupied_vms, (clock_ms() - counts->oldest) / 1000);
	if (counts->empty > 0)
		lines_pair(lines, "", ROLE_NEUTRAL, _("%zu without users"), counts->empty);
	if (counts->unknown > 0)
		lines_pair(lines, known ? "" : _("Logged on"), ROLE_WARN, _("%zu unknown"), counts->unknown);
	if (counts->off > 0)
		lines_pair(lines, known + counts->unknown ? "" : _("Logged on"), ROLE_DIM, _("%zu not running"),
			   counts->off);
}

/* "bob on web01, bob on web02 and 3 more" */
static void show_picks(const struct dialog_target *target, const struct ui *ui, struct lines *lines)
{
	struct safe_text all = { NULL };

	for (size_t i = 0; i < target->picks.count && i < NAMES_MAX; i++) {
		const struct session_pick *pick = &target->picks.at[i];
		const struct vm *vm = inventory_find(app_inventory(ui->app), &pick->vm);
		const struct session *session =
			vm ? session_list_find_same(&vm->sessions, pick->id, pick->stamp) : NULL;
		struct safe_text name = ui_vm_name(ui, &pick->vm);

		text_set(&all, text_format(_("%s%s%s on %s%s"), text_str(all), i > 0 ? ", " : "",
					   session ? text_str(session->user) : pick->id, text_str(name),
					   session && session->locked ? _(" (locked)") : ""));
		text_free(&name);
	}
	if (target->picks.count > NAMES_MAX)
		text_set(&all, text_format(_("%s and %zu more"), text_str(all), target->picks.count - NAMES_MAX));
	lines_pair(lines, _("Sessions"), ROLE_TITLE, "%s", text_str(all));
	text_free(&all);
}

static void show_many(const struct dialog_target *target, const struct ui *ui, struct lines *lines)
{
	struct action_target all = dialog_target_get(target);
	struct counts counts = count_users(target, ui);
	struct err reason = { 0 };
	size_t able = app_action_count_able(ui->app, target->action, &all, &reason);

	show_names(target, ui, lines);
	if (target->hidden > 0)
		lines_pair(lines, "", ROLE_WARN,
			   ngettext("%zu of them is hidden by the filter", "%zu of them are hidden by the filter",
				    target->hidden),
			   target->hidden);
	show_hosts(target, ui, lines);
	if (dialog_target_has_picks(target))
		show_picks(target, ui, lines);
	else
		show_counts(&counts, lines);
	if (able < target->ids.count)
		lines_say(lines, ROLE_WARN, _("%zu of them will be refused; the first: %s"), target->ids.count - able,
			  reason.buf);
}

void dialog_target_show(const struct dialog_target *target, const struct ui *ui, struct lines *lines)
{
	if (target->ids.count == 1)
		show_one(target, ui, lines);
	else
		show_many(target, ui, lines);
}

/* --- the challenge --- */

/* The one production host among them; NULL: none, or several. */
static const struct host *production_host(const struct dialog_target *target, const struct ui *ui, bool *ret_any)
{
	const struct host *found = NULL;
	bool several = false;

	*ret_any = false;
	for (size_t i = 0; i < target->ids.count; i++) {
		const struct host *host = inventory_host(app_inventory(ui->app), target->ids.at[i].host);

		if (!host->production)
			continue;
		*ret_any = true;
		several = several || (found && found != host);
		found = host;
	}
	return several ? NULL : found;
}

void dialog_target_challenge(const struct dialog_target *target, const struct ui *ui, struct dialog *dialog)
{
	int limit = app_config(ui->app)->confirm_above;
	bool in_production;
	const struct host *host = production_host(target, ui, &in_production);

	if (host)
		dialog_add_challenge(dialog, text_format("%s", host->name));
	else if (in_production || (limit > 0 && target->ids.count > (size_t)limit))
		dialog_add_challenge(dialog, text_format("%zu", target->ids.count));
}

/* --- afterwards --- */

/* Each VM has its own sessions: those picked in it, or those shown of it. */
void dialog_target_act(const struct dialog_target *target, struct ui *ui, const struct op_params *params)
{
	const bool by_picks = dialog_target_has_picks(target) && target->ids.count > 1;
	struct act_outcome outcome = { 0 };
	struct session_pick_list chosen;
	struct op_params narrowed = *params;

	if (by_picks) {
		narrowed.logoff.whom.sessions = chosen.ids;
		narrowed.logoff.whom.stamps = chosen.stamps;
	}
	for (size_t i = 0; i < target->ids.count; i++) {
		const struct action_target one = { .vms = &target->ids.at[i], .count = 1 };

		if (by_picks)
			session_picks_of(&target->picks, &target->ids.at[i], &chosen);
		if (target->shown)
			narrowed.logoff.whom.shown = target->shown[i].is_known ? &target->shown[i].list : NULL;
		app_act(ui->app, &one, &narrowed, &outcome);
	}
	if (target->from_marks)
		listing_unmark_all(ui->listing);
	if (outcome.refused > 0 && outcome.started > 0)
		ui_say(ui, ROLE_WARN, _("%zu started, %zu refused: %s"), outcome.started, outcome.refused,
		       outcome.reason.buf);
	else if (outcome.refused > 0)
		ui_say_err(ui, &outcome.reason);
	else if (outcome.started > 1)
		ui_say(ui, ROLE_NORMAL, _("%zu tasks started"), outcome.started);
}

int64_t dialog_target_next_change(const struct dialog_target *target, const struct ui *ui, int64_t now)
{
	int64_t wait = -1;

	for (size_t i = 0; i < target->ids.count; i++) {
		const struct vm *vm = vm_at(target, ui, i);
		int64_t next = vm && vm->users_state == USERS_KNOWN ? next_second(vm->sessions_at, now) : -1;

		if (next > 0 && (wait < 0 || next < wait))
			wait = next;
	}
	return wait;
}
