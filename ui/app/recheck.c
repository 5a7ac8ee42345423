/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/app/recheck.h"

#include "base/clock.h"
#include "model/snapshot.h"
#include "model/task.h"

/*
 * Session ids start again with each boot, so the same id of a later log-on is somebody new. Both log-on times are
 * by the guest's clock; ours only serves where the journal knows none, as the two may be far apart.
 */
static bool is_still_on(const struct vm *vm, const struct journal_session *then, int64_t planned)
{
	for (size_t i = 0; i < vm->sessions.count; i++) {
		const struct session *now = &vm->sessions.at[i];

		if (strcmp(now->id, text_str(then->id)) != 0 || !text_equal(now->user, then->user))
			continue;
		if (now->login_time < 0)
			return true;
		if (then->login_time >= 0 ? now->login_time == then->login_time
					  : !planned || now->login_time <= planned)
			return true;
	}
	return false;
}

static struct recheck verdict(enum recheck_verdict verdict, struct safe_text words)
{
	return (struct recheck){ .verdict = verdict, .words = words };
}

/* A guest that only stands still keeps its sessions; one that is on its way down has not ended yet. */
static struct recheck recheck_halted(const struct vm_info *info)
{
	const enum vm_state state = info->state;
	const char *name = vm_state_name(state);

	/* A host that was restarted since forgets that it let the VM go to another one. */
	if (state == VM_STATE_SHUTOFF && info->off_unexplained)
		return verdict(RECHECK_CANNOT_TELL,
			       text_format(_("the VM is %s, and its host does not know why: it may have moved to "
					     "another host, so look for it there"),
					   name));
	if (vm_state_is_off(state))
		return verdict(RECHECK_DONE, text_format(_("the VM is %s: no users logged on"), name));
	if (state == VM_STATE_IN_SHUTDOWN)
		return verdict(RECHECK_CANNOT_TELL, text_format(_("the VM is %s: check again when it is off"), name));
	return verdict(RECHECK_CANNOT_TELL,
		       text_format(_("the VM is %s: its sessions continue when it resumes"), name));
}

/* "alice (4) is gone, bob (6) is still logged on": of each kind the first ones, and how many more. */
static struct safe_text words_of_sessions(const struct journal_entry *entry, const struct vm *vm, size_t *ret_left)
{
	enum { NAMES_MOST = 32 };
	time_t planned = 0; /* unknown: then every session counts as older */
	const bool proves = session_list_proves_absence(&vm->sessions);
	const char *const gone = proves ? _("is logged off") : _("is not in the guest's session list");
	struct safe_text words = { 0 };
	size_t counts[2] = { 0 };

	clock_parse_utc(text_str(entry->planned_at), &planned);
	for (size_t i = 0; i < entry->sessions.count; i++) {
		const struct journal_session *session = &entry->sessions.at[i];
		const bool on = is_still_on(vm, session, planned);

		if (++counts[on] <= NAMES_MOST)
			text_append(&words, ", ", "%s (%s) %s", text_str(session->user), text_str(session->id),
				    on ? _("is still logged on") : gone);
	}
	if (counts[true] > NAMES_MOST)
		text_set(&words, text_format(ngettext("%s, %zu more is still logged on",
						      "%s, %zu more are still logged on", counts[true] - NAMES_MOST),
					     text_str(words), counts[true] - NAMES_MOST));
	if (counts[false] > NAMES_MOST)
		text_set(&words,
			 text_format(proves ? ngettext("%s, %zu more is logged off", "%s, %zu more are logged off",
						       counts[false] - NAMES_MOST)
					    : ngettext("%s, %zu more is not in the guest's session list",
						       "%s, %zu more are not in the guest's session list",
						       counts[false] - NAMES_MOST),
				     text_str(words), counts[false] - NAMES_MOST));
	*ret_left = counts[true];
	return words;
}

static struct recheck recheck_logoff(const struct journal_entry *entry, const struct vm *vm)
{
	struct safe_text words;
	size_t left;

	if (vm->info.state != VM_STATE_UNKNOWN && !vm_state_is_active(vm->info.state))
		return recheck_halted(&vm->info);
	if (vm->users_state != USERS_KNOWN)
		return verdict(RECHECK_CANNOT_TELL,
			       text_format(_("cannot list sessions: %s"), text_is_empty(vm->sessions_note)
										  ? _(vm_agent_advice(vm))
										  : text_str(vm->sessions_note)));
	words = words_of_sessions(entry, vm, &left);
	if (text_is_empty(words))
		return verdict(RECHECK_CANNOT_TELL,
			       text_format("%s", _("the journal lists no sessions: nobody was logged off")));
	if (!left && !session_list_proves_absence(&vm->sessions)) {
		text_set(&words, text_format(_("%s; but this list is not reliable, check the guest"), text_str(words)));
		return verdict(RECHECK_CANNOT_TELL, words);
	}
	/* One of those who are on now may be one of them. */
	if (!left && entry->more && vm->sessions.count) {
		text_set(&words,
			 text_format(ngettext("%s; %zu more was to be logged off, whom the journal does not name: "
					      "check who is logged on",
					      "%s; %zu more were to be logged off, whom the journal does not name: "
					      "check who is logged on",
					      entry->more),
				     text_str(words), entry->more));
		return verdict(RECHECK_CANNOT_TELL, words);
	}
	return verdict(left ? RECHECK_NOT_DONE : RECHECK_DONE, words);
}

static struct recheck recheck_lifecycle(enum operation operation, const struct vm *vm)
{
	const char *state = vm_state_name(vm->info.state);
	const int autostart = vm->info.autostart;

	if (operation == OP_AUTOSTART || operation == OP_NO_AUTOSTART) {
		if (autostart < 0)
			return verdict(RECHECK_CANNOT_TELL, text_format("%s", _("its autostart setting is unknown")));
		return verdict((autostart == 1) == (operation == OP_AUTOSTART) ? RECHECK_DONE : RECHECK_NOT_DONE,
			       text_format("%s", autostart ? _("autostart is enabled") : _("autostart is disabled")));
	}
	/* A running VM may have it in its configuration. */
	if (operation == OP_ADD_CHANNEL)
		return vm->info.channel > CHANNEL_ABSENT
			       ? verdict(RECHECK_DONE, text_format("%s", _("the VM has the agent channel")))
			       : verdict(RECHECK_CANNOT_TELL,
					 text_format("%s", _("the agent channel was not seen in its XML; check its "
							     "configuration")));
	if (operation_get(operation)->wanted == VM_STATE_UNKNOWN || vm->info.state == VM_STATE_UNKNOWN)
		return verdict(RECHECK_CANNOT_TELL,
			       text_format(_("the VM is %s; check its uptime to see whether it rebooted"), state));
	return verdict(operation_is_reached(operation, vm->info.state) ? RECHECK_DONE : RECHECK_NOT_DONE,
		       text_format(_("the VM is %s"), state));
}

static struct safe_text logins_words(const struct vm *vm)
{
	if (vm_state_is_off(vm->info.state))
		return text_format(_("the VM is %s; logins are enabled again when it starts, except on Windows"),
				   vm_state_name(vm->info.state));
	return text_format(_("logins may still be disabled; enable them with `innkeeper enable-logins %s`"),
			   text_str(vm->info.name));
}

static struct recheck recheck_logins(const struct journal_entry *entry, const struct vm *vm)
{
	const bool is_off = vm_state_is_off(vm->info.state);

	if (recheck_is_finished(entry) && entry->has_found)
		return verdict(RECHECK_DONE,
			       text_format(_("the VM is %s and drained; undo it with `innkeeper uncordon %s`"),
					   vm_state_name(vm->info.state), text_str(vm->info.name)));
	if (recheck_is_finished(entry) && !is_off)
		return verdict(
			RECHECK_DONE,
			text_format(_("logins are still disabled; enable them with `innkeeper enable-logins %s`"),
				    text_str(vm->info.name)));
	return verdict(is_off ? RECHECK_NOT_DONE : RECHECK_CANNOT_TELL, logins_words(vm));
}

static struct recheck recheck_snapshot(const struct journal_entry *entry, const struct vm *vm, enum operation operation)
{
	const struct snapshot_knowledge *known = vm->snapshots;
	const char *name = strchr(text_str(entry->what), ' '); /* "VERB NAME" was sent, as it was seen then */
	const struct snapshot *found = NULL;
	bool done;

	if (!known || !known->at || known->trouble_kind != ERR_NONE || known->list.more)
		return verdict(RECHECK_CANNOT_TELL,
			       text_format(_("check its snapshots: `innkeeper snapshots %s`, or V in the dashboard"),
					   text_str(vm->info.name)));
	for (size_t i = 0; name && i < known->list.count && !found; i++)
		found = strcmp(name + 1, text_str(known->list.at[i].name)) == 0 ? &known->list.at[i] : NULL;
	done = operation == OP_SNAPSHOT_DELETE ? !found : found && (operation == OP_SNAPSHOT_CREATE || found->current);
	if (!found)
		return verdict(done ? RECHECK_DONE : RECHECK_NOT_DONE,
			       text_format("%s", _("the snapshot does not exist")));
	return verdict(done ? RECHECK_DONE : RECHECK_NOT_DONE,
		       text_format(found->current ? _("the snapshot %s exists and is the current one")
						  : _("the snapshot %s exists and is not the current one"),
				   text_str(found->name)));
}

static struct recheck judge(const struct journal_entry *entry, const struct vm *vm)
{
	enum operation operation = OP_LOGOFF;
	struct safe_text logins;
	struct recheck seen;

	if (entry->state == JOURNAL_UNREADABLE)
		return verdict(RECHECK_CANNOT_TELL, text_copy(entry->outcome));
	if (!vm)
		return verdict(RECHECK_CANNOT_TELL, text_format(_("this VM is not on any connected host; it was on %s"),
								text_str(entry->uri)));
	if (entry->state == JOURNAL_NOT_SENT)
		return verdict(RECHECK_NOT_DONE, text_format("%s", _("nothing was sent")));
	operation_find_recorded(text_str(entry->operation), &operation);
	if (vm->info.state == VM_STATE_MIGRATED && operation != OP_AUTOSTART && operation != OP_NO_AUTOSTART)
		return verdict(RECHECK_CANNOT_TELL,
			       text_format("%s", _("the VM moved to another host (migration) and runs there; connect "
						   "to that host as well (-c URI) and check again")));
	switch (operation_get(operation)->kind) {
	case OPERATION_OF_HOST:
		return recheck_lifecycle(operation, vm);
	case OPERATION_OF_SESSIONS:
		return recheck_logoff(entry, vm);
	case OPERATION_OF_PLAN:
		if (operation == OP_UNCORDON)
			return verdict(RECHECK_CANNOT_TELL,
				       text_format(_("run `innkeeper uncordon %s` again: it does only "
						     "what is left"),
						   text_str(vm->info.name)));
		if (entry->state == JOURNAL_DONE)
			return recheck_logins(entry, vm);
		seen = recheck_logoff(entry, vm);
		logins = logins_words(vm);
		text_set(&seen.words, text_format("%s; %s", text_str(seen.words), text_str(logins)));
		text_free(&logins);
		return seen;
	case OPERATION_OF_SNAPSHOT:
		return recheck_snapshot(entry, vm, operation);
	default:
		if (operation == OP_DISABLE_LOGINS || operation == OP_ENABLE_LOGINS)
			return recheck_logins(entry, vm);
		return verdict(RECHECK_CANNOT_TELL, text_format("%s", _("the result is unknown; check the guest")));
	}
}

struct vm *recheck_find(const struct inventory *inventory, const struct journal_entry *entry,
			const struct host **ret_elsewhere)
{
	struct vm *at_home = NULL, *away = NULL;
	struct uuid uuid;

	*ret_elsewhere = NULL;
	if (!uuid_parse(text_str(entry->uuid), &uuid))
		return NULL;
	for (size_t i = 0; i < inventory_vm_count(inventory); i++) {
		struct vm *vm = inventory_vm_at(inventory, i);

		if (!uuid_equal(&vm->id.uuid, &uuid))
			continue;
		if (strcmp(inventory_host(inventory, vm->id.host)->uri, text_str(entry->uri)) == 0)
			at_home = vm;
		else if (vm->info.state != VM_STATE_UNKNOWN && vm_state_has_process(vm->info.state))
			away = vm;
	}
	if (!away || (at_home && vm_state_has_process(at_home->info.state)))
		return at_home;
	*ret_elsewhere = inventory_host(inventory, away->id.host);
	return away;
}

struct recheck recheck_entry(const struct journal_entry *entry, const struct vm *vm, const struct host *elsewhere)
{
	struct recheck seen = judge(entry, vm);
	enum operation operation = OP_LOGOFF;

	if (elsewhere)
		text_set(&seen.words, text_format(_("on %s now: %s"), elsewhere->name, text_str(seen.words)));
	operation_find_recorded(text_str(entry->operation), &operation);
	seen.may_leave_logins_disabled = (operation == OP_DRAIN || operation == OP_DISABLE_LOGINS) &&
					 entry->state != JOURNAL_NOT_SENT && vm &&
					 (entry->has_found || !vm_state_is_off(vm->info.state));
	return seen;
}

bool recheck_is_finished(const struct journal_entry *entry)
{
	return entry->state == JOURNAL_DONE && strcmp(text_str(entry->outcome), result_find(S_OK)->name) == 0;
}

bool recheck_needs_snapshots(const struct journal_entry *entry)
{
	enum operation operation;

	return operation_find_recorded(text_str(entry->operation), &operation) &&
	       operation_get(operation)->kind == OPERATION_OF_SNAPSHOT;
}
