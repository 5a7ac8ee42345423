/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/dialog_target.h"

#include "base/clock.h"
#include "ui/tui/view_words.h"

enum {
	ASK_OLDER_MS = 3000, /* who is logged on is asked again where the answer is older */
	ASK_MAX = 64,        /* guests asked by one dialog at the same time */
	NAMES_MAX = 6,
	UUID_END = 24, /* where the last group of a UUID begins */
};

void dialog_target_begin(struct dialog_target *target, enum action_id action)
{
	const struct operation_info *info = operation_get((enum operation)action);
	struct ui *ui = target->dialog.view.ui;
	struct view *pane = ui_pane(ui);
	OWN(text) struct safe_text name = { NULL };

	target->operation = (enum operation)action;
	ui_target(ui, action, &target->ids);
	if (pane->ops->picks)
		session_picks_copy(&target->picks, pane->ops->picks(pane));
	if (!pane->is_of_vm && !pane->ops->subject) {
		target->from_marks = listing_marked(ui->listing) > 0;
		target->hidden = listing_marked_hidden(ui->listing);
	}
	if (app_is_about_sessions(target->operation))
		target->shown = mem_zalloc((target->ids.count + 1) * sizeof(*target->shown));
	name = dialog_target_name(target);
	dialog_open(&target->dialog, operation_question(target->operation, name), _(info->button));
	target->dialog.is_dangerous = info->flags & LOSES_DATA;
}

void dialog_target_destroy(struct view *view)
{
	struct dialog_target *target = (struct dialog_target *)view;

	for (size_t i = 0; target->shown && i < target->ids.count; i++)
		session_list_free(&target->shown[i].list);
	free(target->shown);
	VEC_FREE(&target->ids);
	VEC_FREE(&target->picks);
	dialog_destroy(view);
}

struct safe_text dialog_target_name(const struct dialog_target *target)
{
	if (target->ids.count == 1)
		return ui_vm_name(target->dialog.view.ui, &target->ids.at[0]);
	return text_format(ngettext("%zu VM", "%zu VMs", target->ids.count), target->ids.count);
}

struct vm *dialog_target_vm(const struct dialog_target *target, size_t index)
{
	return inventory_find(app_inventory(target->dialog.view.ui->app), &target->ids.at[index]);
}

/* What is known of it cannot be acted on, and nothing says that asking is in vain. */
static bool is_unasked(const struct vm *vm)
{
	return !vm_was_asked(vm) || (vm->sessions.lacks_ids && text_is_empty(vm->sessions_note));
}

/* again: the guests that were asked before; false: those that never were. */
static void ask(const struct dialog_target *target, bool again)
{
	size_t asked = 0;

	for (size_t i = 0; i < target->ids.count && asked < ASK_MAX; i++) {
		const struct vm *vm = dialog_target_vm(target, i);

		asked += vm && vm->sessions_asked;
	}
	for (size_t i = 0; i < target->ids.count && asked < ASK_MAX; i++) {
		struct vm *vm = dialog_target_vm(target, i);

		if (vm && !vm->sessions_asked && is_unasked(vm) != again &&
		    (vm->users_state != USERS_KNOWN || !vm->sessions_full_at || vm->sessions.lacks_ids ||
		     clock_ms() - vm->sessions_full_at > ASK_OLDER_MS))
			asked += app_ask_guest(target->dialog.view.ui->app, vm, target->ids.count == 1, NULL);
	}
}

void dialog_target_open(struct dialog_target *target)
{
	ask(target, false);
	ask(target, true);
	view_push(&target->dialog.view);
}

void dialog_target_prepare(struct view *view, struct surface surface UNUSED)
{
	struct dialog_target *target = (struct dialog_target *)view;

	if (target->ids.count > 1)
		ask(target, false);
	for (size_t i = 0; target->shown && i < target->ids.count; i++) {
		const struct vm *vm = dialog_target_vm(target, i);
		struct shown_sessions *shown = &target->shown[i];
		const bool was_known = shown->is_known;

		shown->is_known = vm && vm->users_state == USERS_KNOWN && !vm->sessions.more && !vm->sessions.lacks_ids;
		if (!shown->is_known || (was_known && shown->at == vm->sessions_at))
			continue;
		shown->at = vm->sessions_at;
		session_list_free(&shown->list);
		session_list_copy(&shown->list, &vm->sessions);
	}
}

/* Draining and shutting down are for the whole VM, whichever sessions were chosen. */
bool dialog_target_has_picks(const struct dialog_target *target)
{
	return target->picks.count > 0 && operation_get(target->operation)->flags & CHOOSES_SESSIONS;
}

/* The agent's state where it stops what is asked for, else AGENT_UP. */
static enum agent_state hopeless_agent(const struct dialog_target *target, const struct vm *vm)
{
	const enum agent_state state = vm_agent_state(vm);

	if (!(action_get((enum action_id)target->operation)->needs & NEEDS_AGENT))
		return AGENT_UP;
	/* One agent command is enough; guest-exec is not needed. */
	if (state == AGENT_BLOCKED && operation_get(target->operation)->flags & FOR_SYSTEM)
		return AGENT_UP;
	return state == AGENT_NONE || state == AGENT_DOWN || state == AGENT_BLOCKED || state == AGENT_SILENT ||
			       state == AGENT_FROZEN
		       ? state
		       : AGENT_UP;
}

/* NULL: nothing stops it that is known; else why not, in a word, and in err with the next step. */
static const char *refusal_of(const struct dialog_target *target, size_t index, struct err *err)
{
	const struct app *app = target->dialog.view.ui->app;
	const struct action_target one = { .vms = &target->ids.at[index], .count = 1 };
	const struct vm *vm = dialog_target_vm(target, index);
	const enum agent_state agent = vm ? hopeless_agent(target, vm) : AGENT_UP;

	if (!app_action_count_able(app, (enum action_id)target->operation, &one, err))
		return !vm                                                                  ? _("gone")
		       : !host_is_usable(inventory_host(app_inventory(app), one.vms->host)) ? _("host not live")
		       : agent != AGENT_UP                                                  ? agent_state_name(agent)
					   : vm_state_name(vm->info.state);
	if (agent == AGENT_UP)
		return NULL;
	err_set(err, ERR_NO_AGENT, "%s", _(vm_agent_advice(vm)));
	return agent_state_name(agent);
}

/* --- one VM --- */

void dialog_target_tell_host(const struct host *host, struct lines *lines)
{
	lines_pair(lines, _("Host"), host->production ? ROLE_DANGER : ROLE_NORMAL, "%s%s", host->name,
		   host->production ? _(" (production)") : "");
}

static void tell_users(const struct vm *vm, struct lines *lines)
{
	if (vm->users_state == USERS_KNOWN) {
		OWN(text) struct safe_text names = session_list_names(&vm->sessions, NAMES_MAX);

		if (text_is_empty(names))
			lines_pair(lines, _("Logged on"), ROLE_NEUTRAL, "%s", _("nobody"));
		else
			lines_pair(lines, _("Logged on"), ROLE_TITLE, "%s", text_str(names));
		lines_pair(lines, "", ROLE_DIM,
			   vm->sessions_asked ? _("updated %d s ago, refreshing…") : _("updated %d s ago"),
			   clock_seconds_since(vm->sessions_at));
	} else if (vm->sessions_asked) {
		lines_pair(lines, _("Logged on"), ROLE_NEUTRAL, "%s", _("asking the guest…"));
	} else {
		lines_pair(lines, _("Logged on"), ROLE_WARN, "%s", _("unknown"));
		if (!text_is_empty(vm->sessions_note))
			lines_pair(lines, "", ROLE_DIM, "%s", text_str(vm->sessions_note));
	}
}

static void tell_one(const struct dialog_target *target, struct lines *lines)
{
	const struct app *app = target->dialog.view.ui->app;
	const struct action_target one = { .vms = target->ids.at, .count = 1 };
	const struct vm *vm = dialog_target_vm(target, 0);
	const struct host *host = inventory_host(app_inventory(app), one.vms->host);
	char uuid[UUID_TEXT_SIZE];
	struct err err = { 0 };

	uuid_format(&one.vms->uuid, uuid);
	if (!vm) {
		lines_say(lines, ROLE_BAD, "%s", _("This VM no longer exists."));
		return;
	}
	lines_pair(lines, _("VM"), ROLE_TITLE, "%s", text_str(vm->info.name));
	dialog_target_tell_host(host, lines);
	lines_pair(lines, _("UUID"), ROLE_DIM, "…%s", uuid + UUID_END);
	if (vm_state_is_active(vm->info.state))
		tell_users(vm, lines);
	else
		lines_pair(lines, _("State"), role_of_state(vm->info.state), "%s", vm_state_name(vm->info.state));
	if (refusal_of(target, 0, &err))
		lines_say(lines, ROLE_WARN, "%s", err.buf);
}

/* --- many --- */

/* "ams1, ams2 and 3 more" */
struct enumeration {
	struct safe_text words;
	size_t count;
};

static void enumerate(struct enumeration *all, struct safe_text owned)
{
	if (all->count++ < NAMES_MAX)
		text_set(&all->words,
			 text_format("%s%s%s", text_str(all->words), all->count > 1 ? ", " : "", text_str(owned)));
	text_free(&owned);
}

static void close_enumeration(struct enumeration *all)
{
	if (all->count > NAMES_MAX)
		text_set(&all->words, text_format(_("%s and %zu more"), text_str(all->words), all->count - NAMES_MAX));
}

/* And begins a new one. */
static void tell_all(struct enumeration *all, struct lines *lines, const char *label, enum role role)
{
	close_enumeration(all);
	lines_pair(lines, label, role, "%s", text_str(all->words));
	text_free(&all->words);
	all->count = 0;
}

static void tell_hosts(const struct dialog_target *target, struct lines *lines)
{
	const struct inventory *inventory = app_inventory(target->dialog.view.ui->app);
	const size_t host_count = inventory_host_count(inventory);
	bool *is_hit = mem_zalloc((host_count + 1) * sizeof(*is_hit));
	struct enumeration all = { 0 };
	enum role role = ROLE_NORMAL;

	for (size_t i = 0; i < target->ids.count; i++)
		is_hit[target->ids.at[i].host] = true;
	for (size_t i = 0; i < host_count; i++) {
		const struct host *host = inventory_host(inventory, (int)i);

		if (is_hit[i] && host->production)
			role = ROLE_DANGER;
		if (is_hit[i])
			enumerate(&all, text_format("%s%s", host->name, host->production ? _(" (production)") : ""));
	}
	tell_all(&all, lines, all.count > 1 ? _("Hosts") : _("Host"), role);
	free(is_hit);
}

static void tell_user_counts(const struct dialog_target *target, struct lines *lines)
{
	size_t users = 0, occupied_vms = 0, empty = 0, off = 0, unknown = 0;
	int64_t oldest = clock_ms(); /* of the answers */

	for (size_t i = 0; i < target->ids.count; i++) {
		const struct vm *vm = dialog_target_vm(target, i);
		size_t people;

		if (vm && !vm_state_is_active(vm->info.state)) {
			off++;
		} else if (!vm || vm->users_state != USERS_KNOWN) {
			unknown++;
		} else {
			people = session_list_people(&vm->sessions);
			users += people;
			occupied_vms += people > 0;
			empty += people == 0;
			oldest = MIN(oldest, vm->sessions_at);
		}
	}
	if (occupied_vms + empty > 0)
		lines_pair(lines, _("Logged on"), ROLE_TITLE,
			   ngettext("%zu user on %zu of them (data up to %d s old)",
				    "%zu users on %zu of them (data up to %d s old)", users),
			   users, occupied_vms, clock_seconds_since(oldest));
	if (empty > 0)
		lines_pair(lines, "", ROLE_NEUTRAL, _("%zu without users"), empty);
	if (unknown > 0)
		lines_pair(lines, occupied_vms + empty ? "" : _("Logged on"), ROLE_WARN,
			   ngettext("%zu unknown", "%zu unknown", unknown), unknown);
	if (off > 0)
		lines_pair(lines, occupied_vms + empty + unknown ? "" : _("Logged on"), ROLE_DIM, _("%zu not running"),
			   off);
}

/* "bob on web01, bob on web02 and 3 more" */
static void tell_picks(const struct dialog_target *target, struct lines *lines)
{
	const struct ui *ui = target->dialog.view.ui;
	struct enumeration all = { 0 };

	for (size_t i = 0; i < target->picks.count; i++) {
		const struct session_pick *pick = &target->picks.at[i];
		const struct vm *vm = inventory_find(app_inventory(ui->app), &pick->vm);
		const struct session *session =
			vm ? session_list_find_same(&vm->sessions, pick->id, pick->stamp) : NULL;
		OWN(text) struct safe_text name = ui_vm_name(ui, &pick->vm);

		enumerate(&all, text_format(_("%s on %s%s"), session ? text_str(session->user) : pick->id,
					    text_str(name), session && session->locked ? _(" (locked)") : ""));
	}
	tell_all(&all, lines, _("Sessions"), ROLE_TITLE);
}

/* "2 of 6 will be refused: db01 (blocked), erp01 (silent)" */
static void tell_refusals(const struct dialog_target *target, struct lines *lines)
{
	struct enumeration all = { 0 };
	size_t refused;

	for (size_t i = 0; i < target->ids.count; i++) {
		struct err err = { 0 };
		const char *word = refusal_of(target, i, &err);
		OWN(text) struct safe_text name = ui_vm_name(target->dialog.view.ui, &target->ids.at[i]);

		if (word)
			enumerate(&all, text_format("%s (%s)", text_str(name), word));
	}
	refused = all.count;
	close_enumeration(&all);
	if (refused)
		lines_say(lines, ROLE_WARN,
			  ngettext("%zu of %zu will be refused: %s", "%zu of %zu will be refused: %s", refused),
			  refused, target->ids.count, text_str(all.words));
	text_free(&all.words);
}

void dialog_target_tell(const struct dialog_target *target, struct lines *lines)
{
	const struct ui *ui = target->dialog.view.ui;
	struct enumeration all = { 0 };

	if (target->ids.count == 1) {
		tell_one(target, lines);
		return;
	}
	for (size_t i = 0; i < target->ids.count; i++)
		enumerate(&all, ui_vm_name(ui, &target->ids.at[i]));
	tell_all(&all, lines, _("VMs"), ROLE_TITLE);
	if (target->hidden > 0)
		lines_pair(lines, "", ROLE_WARN,
			   ngettext("%zu of them is hidden by the filter", "%zu of them are hidden by the filter",
				    target->hidden),
			   target->hidden);
	tell_hosts(target, lines);
	if (dialog_target_has_picks(target))
		tell_picks(target, lines);
	else
		tell_user_counts(target, lines);
	tell_refusals(target, lines);
}

void dialog_target_challenge(struct dialog_target *target)
{
	const struct ui *ui = target->dialog.view.ui;
	const int limit = app_config(ui->app)->confirm_above;
	const struct host *found = NULL;
	bool several = false;

	for (size_t i = 0; i < target->ids.count; i++) {
		const struct host *host = inventory_host(app_inventory(ui->app), target->ids.at[i].host);

		if (!host->production)
			continue;
		several = several || (found && found != host);
		found = host;
	}
	if (found && !several)
		dialog_add_challenge(&target->dialog, text_format("%s", found->name));
	else if (several || (limit > 0 && target->ids.count > (size_t)limit))
		dialog_add_challenge(&target->dialog, text_format("%zu", target->ids.count));
}

/* --- afterwards --- */

/* Each VM has its own sessions: those picked in it, or those shown of it. */
void dialog_target_act(const struct dialog_target *target, const struct op_params *params)
{
	struct ui *ui = target->dialog.view.ui;
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
		ui_say(ui, ROLE_WARN,
		       ngettext("%zu started, %zu refused: %s", "%zu started, %zu refused: %s", outcome.refused),
		       outcome.started, outcome.refused, outcome.reason.buf);
	else if (outcome.refused > 0)
		ui_say_err(ui, &outcome.reason);
	else if (outcome.started > 1)
		ui_say(ui, ROLE_NORMAL, ngettext("%zu task started", "%zu tasks started", outcome.started),
		       outcome.started);
}

int64_t dialog_target_next_change(const struct view *view, int64_t now)
{
	const struct dialog_target *target = (const struct dialog_target *)view;
	int64_t wait = -1;

	for (size_t i = 0; i < target->ids.count; i++) {
		const struct vm *vm = dialog_target_vm(target, i);
		int64_t next = vm && vm->users_state == USERS_KNOWN ? next_second(vm->sessions_at, now) : -1;

		if (next > 0 && (wait < 0 || next < wait))
			wait = next;
	}
	return wait;
}
