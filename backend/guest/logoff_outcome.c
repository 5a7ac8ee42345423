/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/logoff_private.h"
#include "base/clock.h"

enum { NAMES_MOST = 8 };

int64_t logoff_fail_err(struct logoff *logoff, const char *doing, const struct err *err)
{
	return op_fail(&logoff->op, agent_err_code(err), "%s: %s: %s", text_str(logoff->op.vm_name), doing,
		       text_str(err_text(err)));
}

/* --- names --- */

typedef bool mark_test_fn(const struct logoff_mark *mark);

static bool is_left(const struct logoff_mark *mark)
{
	return !mark->gone && !mark->doubtful;
}

static bool is_doubtful(const struct logoff_mark *mark)
{
	return mark->doubtful;
}

static bool is_spared(const struct logoff_mark *mark)
{
	return !mark->gone && mark->skipped;
}

static bool is_beyond(const struct logoff_mark *mark)
{
	return !mark->gone && mark->unsupported;
}

static size_t count_of(const struct logoff *logoff, mark_test_fn *test)
{
	size_t count = 0;

	for (size_t i = 0; i < logoff->marks.count; i++)
		count += test(&logoff->marks.at[i]);
	return count;
}

static struct safe_text names_of(const struct logoff *logoff, mark_test_fn *test)
{
	OWN(vec) struct session_list picked = { 0 }; /* its sessions are borrowed */

	for (size_t i = 0; i < logoff->targets.count; i++)
		if (test(&logoff->marks.at[i]))
			*VEC_PUSH(&picked) = logoff->targets.at[i];
	picked.more = test == is_left ? logoff_count_hidden(logoff) : 0;
	return session_list_names(&picked, NAMES_MOST);
}

struct safe_text logoff_names_left(const struct logoff *logoff)
{
	return names_of(logoff, is_left);
}

/* --- the note: what a person wants to know besides the code --- */

static void add_sentence(struct safe_text *note, struct safe_text sentence)
{
	text_append(note, "; ", "%s", text_str(sentence));
	text_free(&sentence);
}

static void note_count(const struct logoff *logoff, struct safe_text *note)
{
	const size_t gone = logoff_count_gone(logoff), found = logoff->targets.count;
	const size_t left = count_of(logoff, is_left) + logoff_count_hidden(logoff);
	const size_t doubtful = logoff_count_doubtful(logoff);
	OWN(text) struct safe_text names = names_of(logoff, is_left), unseen = names_of(logoff, is_doubtful);

	if (left == 0 && doubtful == 0)
		add_sentence(note, text_format(ngettext("%zu session ended", "%zu sessions ended", found), found));
	else if (left)
		add_sentence(note, text_format(ngettext("%zu of %zu gone, %s is still there",
							"%zu of %zu gone, %s are still there", left),
					       gone, found, text_str(names)));
	if (doubtful)
		add_sentence(note, text_format(ngettext("whether %s is gone is unknown",
							"whether %s are gone is unknown", doubtful),
					       text_str(unseen)));
}

static void note_missing(const struct logoff *logoff, struct safe_text *note)
{
	OWN(text) struct safe_text users = session_names_missing(&logoff->choice.users);
	OWN(text) struct safe_text sessions = session_names_missing(&logoff->choice.sessions);
	const bool proof = session_list_proves_absence(&logoff->list);

	if (!text_is_empty(users))
		add_sentence(note, text_format(proof ? _("not logged on: %s")
						     : _("not listed, but the list is not reliable: %s"),
					       text_str(users)));
	if (!text_is_empty(sessions))
		add_sentence(note, text_format(proof ? _("no such session: %s")
						     : _("session not listed, but the list is not reliable: %s"),
					       text_str(sessions)));
}

static void note_missed(const struct logoff *logoff, struct safe_text *note)
{
	OWN(text) struct safe_text names = { NULL };
	int count = 0;

	for (size_t i = 0; i < logoff->targets.count; i++) {
		const struct session *session = &logoff->targets.at[i];

		if (logoff->marks.at[i].missed && count++ < NAMES_MOST)
			text_set(&names, text_format("%s%s%s (%s)", text_str(names), count > 1 ? ", " : "", session->id,
						     text_str(session->user)));
	}
	if (count)
		add_sentence(note, text_format(_("already ended, or another user's by then, skipped: session %s"),
					       text_str(names)));
}

/* Idle times are asked about, and not known of all. */
static struct safe_text names_unclear(struct logoff *logoff)
{
	struct session_list unclear = { 0 }; /* its sessions are borrowed */
	struct safe_text names;

	for (size_t i = 0; i < logoff->list.count; i++)
		if (session_choice_is_unclear(&logoff->choice, &logoff->list.at[i], logoff->list.family))
			*VEC_PUSH(&unclear) = logoff->list.at[i];
	names = session_list_names(&unclear, NAMES_MOST);
	VEC_FREE(&unclear);
	return names;
}

static void note_in_use(struct logoff *logoff, struct safe_text *note)
{
	OWN(text) struct safe_text used = session_list_names(&logoff->in_use, NAMES_MOST);
	OWN(text) struct safe_text unclear = names_unclear(logoff);

	if (!text_is_empty(used))
		add_sentence(note, text_format(_("in use again, not logged off: %s"), text_str(used)));
	if (!text_is_empty(unclear))
		add_sentence(note, text_format(_("how long they have been idle or disconnected is unknown, not logged "
						 "off: %s"),
					       text_str(unclear)));
}

static bool was_told(const struct logoff *logoff, const struct session *session)
{
	for (size_t i = 0; i < logoff->targets.count; i++)
		if (logoff->marks.at[i].signalled && text_equal(logoff->targets.at[i].user, session->user))
			return true;
	return false;
}

/* Whom we logged off and who is back is none of those who came: what brings him back would do so again. */
static void note_newcomers_to_question(struct logoff *logoff, struct safe_text *note)
{
	OWN(vec) struct session_list others = { .family = logoff->profile.family }; /* its sessions are borrowed */
	OWN(text) struct safe_text sentence = { 0 };

	for (size_t i = 0; i < logoff->list.count; i++)
		if (!was_told(logoff, &logoff->list.at[i]))
			*VEC_PUSH(&others) = logoff->list.at[i];
	sentence = session_choice_tell_newcomers(&logoff->choice, &others);
	if (!text_is_empty(sentence))
		add_sentence(note, text_copy(sentence));
}

/* back: people whom we logged off, logged on anew; else strangers. */
static struct safe_text newcomers(struct logoff *logoff, bool back)
{
	OWN(vec) struct session_list found = { 0 };

	for (size_t i = 0; i < logoff->list.count; i++) {
		const struct session *session = &logoff->list.at[i];
		bool known = was_told(logoff, session) != back;

		if (!back && session_choice_is_newcomer(&logoff->choice, session, logoff->profile.family))
			continue;

		for (size_t k = 0; k < logoff->first.count && !known; k++)
			known = logoff_is_same_session(&logoff->first.at[k], session);
		if (!known)
			*VEC_PUSH(&found) = *session;
	}
	return session_list_names(&found, NAMES_MOST);
}

static void write_note(struct logoff *logoff)
{
	struct safe_text note = { NULL };
	size_t i = 0;

	if (logoff->targets.count)
		note_count(logoff, &note);
	note_missing(logoff, &note);
	note_missed(logoff, &note);
	note_in_use(logoff, &note);
	while (i < logoff->marks.count && (logoff->marks.at[i].gone || text_is_empty(logoff->marks.at[i].complaint)))
		i++;
	if (i < logoff->marks.count)
		add_sentence(&note, text_copy(logoff->marks.at[i].complaint));
	if (!text_is_empty(logoff->unwarned))
		add_sentence(&note, text_copy(logoff->unwarned));
	note_newcomers_to_question(logoff, &note);
	if (logoff->verified) {
		OWN(text) struct safe_text back = newcomers(logoff, true), strangers = newcomers(logoff, false);

		if (!text_is_empty(back))
			add_sentence(&note, text_format(_("logged on again (automatic log-in?): %s"), text_str(back)));
		if (!text_is_empty(strangers))
			add_sentence(&note, text_format(_("logged on in the meantime: %s"), text_str(strangers)));
	}
	if (logoff->was_away)
		add_sentence(
			&note,
			text_format("%s", _("the agent was disconnected for a while: the guest may have rebooted")));
	if (logoff->verified && logoff->profile.no_wts && logoff->list.proven)
		add_sentence(&note, text_format("%s", _("listed by explorer.exe and by guest-get-users; the guest "
							"forbids more")));
	else if (logoff->verified && logoff->profile.no_wts)
		add_sentence(&note, text_format("%s", _("listed by explorer.exe only; the guest does not allow more")));
	if (!text_is_empty(logoff->lingering))
		add_sentence(&note, text_format(_("their services and jobs go on, because they linger: %s"),
						text_str(logoff->lingering)));
	if (!text_is_empty(logoff->opinion))
		add_sentence(&note, text_format(_("guest-get-users still lists %s; the guest's session list does not"),
						text_str(logoff->opinion)));
	if (atomic_load(&logoff->op.cancel_asked) && logoff_anybody_signalled(logoff))
		add_sentence(&note, text_format("%s", _("too late to cancel")));
	text_set(&logoff->op.report.note, note);
}

/* --- the code --- */

/* Nothing can end them from outside; or the record in utmp is an old one. */
static int64_t finish_outside(struct logoff *logoff)
{
	return op_fail(&logoff->op, VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
		       _("%s: logged on without a session of logind, by guest-get-users: %s; log them off in the guest "
			 "(or their record in utmp is stale: check with who -u)"),
		       text_str(logoff->op.vm_name), text_str(logoff->outside));
}

/* Users or ids were named, and no session is theirs. */
static int64_t finish_none_named(struct logoff *logoff)
{
	const size_t others = session_list_total(&logoff->list);
	OWN(text) struct safe_text users = session_names_missing(&logoff->choice.users);
	OWN(text) struct safe_text sessions = session_names_missing(&logoff->choice.sessions), stay = { 0 };

	stay = text_format(ngettext("%zu other stays", "%zu others stay", others), others);
	if (!text_is_empty(users))
		op_fail(&logoff->op, E_NO_SUCH_LOGON_SESSION, _("%s: no session of %s; %s"),
			text_str(logoff->op.vm_name), text_str(users), text_str(stay));
	else if (!text_is_empty(sessions))
		op_fail(&logoff->op, E_NO_SUCH_LOGON_SESSION, _("%s: no session %s; %s"), text_str(logoff->op.vm_name),
			text_str(sessions), text_str(stay));
	else
		op_fail(&logoff->op, E_NO_SUCH_LOGON_SESSION, _("%s: none of the selected users is logged on; %s"),
			text_str(logoff->op.vm_name), text_str(stay));
	text_free(&logoff->op.report.note); /* it names the same */
	return WORKER_DONE;
}

static int64_t finish_nobody(struct logoff *logoff)
{
	struct op *op = &logoff->op;
	const char *name = text_str(op->vm_name);

	if (logoff->unseen && session_choice_is_narrowed(&logoff->choice))
		return op_fail(op, DISP_E_EXCEPTION,
			       _("%s has more sessions than the limit of %d, and none of these is selected; log off "
				 "all users, or log off in the guest"),
			       name, SESSION_LIST_MAX);
	if (logoff->unseen)
		return op_fail(op, DISP_E_EXCEPTION, _("cannot read the session list of %s; nobody was logged off"),
			       name);
	if (!text_is_empty(logoff->outside))
		return finish_outside(logoff);
	if (!session_list_proves_absence(&logoff->list))
		return op_fail(op, DISP_E_EXCEPTION,
			       _("cannot determine whether the selected users are logged on to %s: none of them is "
				 "listed, but %s"),
			       name, logoff_doubt(logoff));
	if (logoff_has_newcomers(logoff))
		return op_fail(op, E_NO_SUCH_LOGON_SESSION,
			       _("none of those that you were asked about is logged on to %s"), name);
	if (logoff->choice.idle_s || logoff->choice.disconnected_s)
		return op_fail(op, E_NO_SUCH_LOGON_SESSION,
			       _("%s has no selected session that is known to be unused for so long"), name);
	if (session_choice_has_names(&logoff->choice))
		return finish_none_named(logoff);
	if (logoff->choice.only_disconnected)
		return op_fail(op, E_NO_SUCH_LOGON_SESSION, _("%s has no disconnected sessions"), name);
	if (session_choice_is_narrowed(&logoff->choice) && session_list_total(&logoff->list))
		return op_fail(op, E_NO_SUCH_LOGON_SESSION, _("nobody else is logged on to %s"), name);
	return op_fail(op, E_NO_SUCH_LOGON_SESSION, _("nobody is logged on to %s"), name);
}

static int64_t finish_dry_run(struct logoff *logoff)
{
	struct safe_text *note = &logoff->op.report.note;
	const size_t count = session_list_total(&logoff->targets);
	OWN(text) struct safe_text names = session_list_names(&logoff->targets, NAMES_MOST);
	OWN(text) struct safe_text locked = names_of(logoff, is_spared);

	add_sentence(note,
		     text_format(ngettext("would log off %s (%zu session)", "would log off %s (%zu sessions)", count),
				 text_str(names), count));
	if (count_of(logoff, is_spared))
		add_sentence(note, text_format(_("locked sessions need force: %s"), text_str(locked)));
	note_missing(logoff, note);
	note_in_use(logoff, note);
	return op_done(&logoff->op);
}

const char *logoff_doubt(const struct logoff *logoff)
{
	if (logoff->list.more)
		return _("the guest's list is longer than what is read of it");
	if (logoff->profile.no_wts)
		return _("the guest forbids PowerShell to call Windows' own functions, and a session may go on without "
			 "its explorer.exe");
	return _("the guest's list does not name everybody");
}

static int64_t finish_left_processes(struct logoff *logoff)
{
	return op_fail(&logoff->op, VM_E_TIMED_OUT,
		       logoff->force
			       ? _("%s: the sessions ended, but some of their processes are left, despite force: "
				   "%s; end them in the guest")
			       : _("%s: the sessions ended, but some of their processes are left: %s; end them in "
				   "the guest, or log off with force next time"),
		       text_str(logoff->op.vm_name), text_str(logoff->left_processes));
}

int64_t logoff_finish(struct logoff *logoff)
{
	const char *name = text_str(logoff->op.vm_name);
	OWN(text) struct safe_text names = { NULL };
	size_t left;

	if (logoff->dry_run && logoff->targets.count)
		return finish_dry_run(logoff);
	write_note(logoff);
	if (!logoff->targets.count)
		return finish_nobody(logoff);
	left = logoff_count_left(logoff);
	logoff->op.report.maybe_sent = left && (!logoff->verified || logoff_count_doubtful(logoff));
	if (logoff->refusal != S_OK)
		return logoff_fail_err(logoff,
				       logoff_anybody_signalled(logoff) ? _("not all users could be logged off")
									: _("nobody was logged off"),
				       &logoff->refused);
	if (left && logoff->verified && left == logoff_count_doubtful(logoff)) {
		/* The last list shows none of those left, and proves nothing of them. */
		names = names_of(logoff, is_doubtful);
		op_fail(&logoff->op, VM_E_TIMED_OUT,
			_("%s: log-off was sent, but its result cannot be verified: %s may still be logged on; %s; "
			  "check the guest"),
			name, text_str(names), logoff_doubt(logoff));
	} else if (left && !logoff->verified) {
		op_fail(&logoff->op, VM_E_TIMED_OUT,
			_("%s: log-off was sent, but its result cannot be verified: %s; check the sessions later"),
			name, text_str(err_text(&logoff->trouble)));
	} else if (left) {
		names = names_of(logoff, is_left);
		op_fail(&logoff->op, VM_E_TIMED_OUT,
			logoff->force ? _("%s: still logged on after %lld s, despite force: %s; check the guest")
				      : _("%s: still logged on after %lld s: %s; log off again with force, which kills "
					  "what remains"),
			name, (long long)(clock_ms() - logoff->started_at) / 1000, text_str(names));
	} else if (count_of(logoff, is_beyond)) {
		names = names_of(logoff, is_beyond);
		op_fail(&logoff->op, VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
			_("%s: sessions that cannot be ended from outside, log them off in the guest: %s"), name,
			text_str(names));
	} else if (count_of(logoff, is_spared)) {
		names = names_of(logoff, is_spared);
		op_fail(&logoff->op, E_MACHINE_LOCKED,
			ngettext("%s: %s is locked and was skipped; name it, or log off with force",
				 "%s: %s are locked and were skipped; name them, or log off with force",
				 count_of(logoff, is_spared)),
			name, text_str(names));
	} else if (!text_is_empty(logoff->left_processes)) {
		finish_left_processes(logoff);
	} else if (!text_is_empty(logoff->outside)) {
		finish_outside(logoff);
	} else {
		op_done(&logoff->op);
	}
	return WORKER_DONE;
}

int64_t logoff_finish_stopped(struct logoff *logoff)
{
	note_newcomers_to_question(logoff, &logoff->op.report.note);
	return op_fail(&logoff->op, DISP_E_EXCEPTION,
		       _("%s: other users are logged on than when you were asked; nobody was logged off; run it again"),
		       text_str(logoff->op.vm_name));
}

int64_t logoff_finish_vanished(struct logoff *logoff, enum vm_state state)
{
	struct op *op = &logoff->op;
	const char *name = text_str(op->vm_name);

	op->report.maybe_sent = state == VM_STATE_MIGRATED || state == VM_STATE_PAUSED || state == VM_STATE_PMSUSPENDED;
	if (state == VM_STATE_MIGRATED)
		return op_fail(op, VM_E_VM_NOT_RUNNING,
			       _("%s moved to another host (migration) during the log-off; check its sessions there"),
			       name);
	if (op->report.maybe_sent)
		return op_fail(op, VM_E_VM_PAUSED,
			       _("%s was paused (%s) during the log-off; resume it and check its sessions"), name,
			       vm_state_name(state));
	if (state == VM_STATE_SAVED)
		return op_fail(op, VM_E_VM_NOT_RUNNING,
			       _("%s was saved during the log-off; sessions that had not ended come back with it"),
			       name);
	op->report.sessions_after = 0;
	return op_fail(op, VM_E_VM_NOT_RUNNING, _("%s stopped (%s) during the log-off; its sessions ended with it"),
		       name, vm_state_name(state));
}
