/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/logoff_private.h"
#include "base/clock.h"

enum {
	LIST_TRIES = 3,
	BACK_OFF_FIRST_MS = 1000,
	BACK_OFF_MOST_MS = 8000,
	FIRST_VERIFY_MS = 500,
	VERIFY_EVERY_MS = 2000,
	RETURN_MS = 2500,     /* lightdm(1), agetty(8) --autologin: the next session is there within two seconds */
	LEFTOVERS_MS = 10000, /* elogind kills nothing later */
	FEW_SESSIONS = 10,
	SESSION_MORE_S = 2, /* for each above: it is told by a program of its own, after the one before */
	PERCENT_CHECKED = 5,
	PERCENT_LISTED = 10,
};

/* --- shared by the stages --- */

static int64_t go_to(struct logoff *logoff, enum logoff_stage stage, enum task_phase phase, int64_t wait_ms)
{
	logoff->stage = stage;
	logoff->tries = 0;
	return op_set_phase(&logoff->op, phase, wait_ms);
}

static int64_t to_verify(struct logoff *logoff, int64_t wait_ms)
{
	session_program_free(&logoff->program);
	text_set(&logoff->op.report.waiting_for, logoff_names_left(logoff));
	return go_to(logoff, LOGOFF_VERIFY, TASK_PHASE_VERIFY, wait_ms);
}

static void take_list(struct logoff *logoff)
{
	session_list_free(&logoff->list);
	session_list_copy(&logoff->list, session_query_result(logoff->query));
	logoff->listed = true;
	logoff->listed_at = clock_ms();
	logoff->tries = 0;
}

static void end_query(struct logoff *logoff)
{
	session_query_destroy(logoff->query);
	logoff->query = NULL;
}

static int64_t back_off(struct logoff *logoff)
{
	const int doublings = MIN(logoff->tries, 3);

	logoff->tries++;
	return MIN((int64_t)BACK_OFF_FIRST_MS << doublings, BACK_OFF_MOST_MS);
}

static bool is_redirected(struct logoff *logoff, const struct err *err)
{
	if (!logoff->profile.no_wts || logoff->profile.sysnative || err->kind != ERR_AGENT_REFUSED)
		return false;
	logoff->profile.sysnative = true;
	return true;
}

static void count_progress(struct logoff *logoff)
{
	const size_t found = logoff->targets.count + logoff->unseen;
	const int percent = PERCENT_LISTED + (int)((99 - PERCENT_LISTED) * logoff_count_gone(logoff) / MAX(found, 1));
	struct task_report *report = &logoff->op.report;

	report->percent = MAX(report->percent, percent);
	/* A list that proves nothing may have left out anybody. */
	report->sessions_after = logoff->list.proven ? (int)session_list_total(&logoff->list) : -1;
	text_set(&report->waiting_for,
		 logoff_anybody_signalled(logoff) ? logoff_names_left(logoff) : (struct safe_text){ 0 });
}

/* The grace period is the users' time: the rest of the work keeps its own. */
static void set_deadline(struct logoff *logoff)
{
	const int64_t begin = logoff->started_at + (logoff->message ? (int64_t)logoff->grace_s * 1000 : 0);
	const int many = MAX((int)logoff->targets.count - FEW_SESSIONS, 0);
	const int timeout_s = logoff->wanted_timeout_s > 0
				      ? logoff->wanted_timeout_s
				      : guest_os_get(logoff->profile.family)->logoff_timeout_s + many * SESSION_MORE_S;
	const int64_t timeout_ms = (int64_t)timeout_s * 1000;

	logoff->op.deadline_at = begin + timeout_ms;
	logoff->kill_at = begin + timeout_ms / 2;
}

/* --- check --- */

static int64_t check_step(struct logoff *logoff, const struct agent_target *target)
{
	struct err err = { 0 };

	logoff->started_at = clock_ms();
	set_deadline(logoff);
	op_set_phase(&logoff->op, TASK_PHASE_CHECK, 0);
	if (!guest_check(target, logoff->op.vm_name, &err))
		return op_fail(&logoff->op, agent_err_code(&err), "%s", text_str(err_text(&err)));
	logoff->op.report.percent = PERCENT_CHECKED;
	return go_to(logoff, LOGOFF_LIST, TASK_PHASE_LIST, 0);
}

/* --- list --- */

/* Only guest-get-users could be asked: what it says is no ground to act on, and nobody is no proof. */
static int64_t on_unproven_list(struct logoff *logoff, const struct err *err)
{
	if (err->kind == ERR_UNSUPPORTED && session_list_total(&logoff->list) == 0)
		return op_fail(&logoff->op, DISP_E_EXCEPTION,
			       _("cannot determine whether anybody is logged on to %s: %s"),
			       text_str(logoff->op.vm_name), text_str(err_text(err)));
	return logoff_fail_err(logoff, _("its users cannot be logged off"), err);
}

static int64_t judge_first_list(struct logoff *logoff, const struct err *err)
{
	const int found = (int)session_list_total(&logoff->list);
	struct err unmatched = { 0 };

	logoff->op.report.sessions_before = logoff->op.report.sessions_after = found;
	if (err->kind != ERR_NONE)
		return on_unproven_list(logoff, err);
	if (found == 0 && !session_list_proves_absence(&logoff->list))
		return op_fail(&logoff->op, DISP_E_EXCEPTION,
			       _("cannot determine whether anybody is logged on to %s: the guest's list is empty, but "
				 "not reliable there"),
			       text_str(logoff->op.vm_name));
	if (found == 0)
		return go_to(logoff, LOGOFF_CROSS_CHECK, TASK_PHASE_VERIFY, 0);
	logoff_choose(logoff, &logoff->list);
	set_deadline(logoff);
	count_progress(logoff);
	if (logoff->targets.count &&
	    !session_choice_check_exceptions(&logoff->choice, &logoff->list, logoff->op.vm_name, &unmatched))
		return op_fail(&logoff->op, E_INVALIDARG, "%s", text_str(err_text(&unmatched)));
	if (logoff->all_or_nobody && logoff_has_newcomers(logoff))
		return logoff_finish_stopped(logoff);
	if (!logoff->targets.count && logoff->profile.family == FAMILY_LOGIND)
		return go_to(logoff, LOGOFF_CROSS_CHECK, TASK_PHASE_VERIFY, 0);
	if (logoff->dry_run || !logoff->targets.count || logoff_count_left(logoff) == 0)
		return logoff_finish(logoff);
	return logoff->message ? go_to(logoff, LOGOFF_WARN, TASK_PHASE_WARN, 0)
			       : go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0);
}

/* Who left by himself is gone; who came during the grace period goes, too, unless others were asked about. */
static int64_t judge_next_list(struct logoff *logoff, const struct err *err)
{
	size_t left;

	if (err->kind != ERR_NONE)
		return on_unproven_list(logoff, err);
	logoff_follow(logoff, &logoff->list, !logoff->list_was_old);
	count_progress(logoff);
	left = logoff_count_left(logoff);
	/* None is seen, and none is proven gone. A later list may know better; by the old one's ids nobody is told. */
	if (left && left == logoff_count_doubtful(logoff)) {
		if (++logoff->doubts < LIST_TRIES && !op_is_over_time(&logoff->op))
			return back_off(logoff);
		return op_fail(
			&logoff->op, DISP_E_EXCEPTION,
			_("cannot determine whether anybody is still logged on to %s: %s; nobody was logged off"),
			text_str(logoff->op.vm_name), logoff_doubt(logoff));
	}
	logoff->list_was_old = false;
	logoff->verified = true;
	if (logoff->all_or_nobody && logoff_has_newcomers(logoff) && !logoff_anybody_signalled(logoff))
		return logoff_finish_stopped(logoff);
	return left ? go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0) : logoff_finish(logoff);
}

static int64_t list_step(struct logoff *logoff, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms;

	if (!logoff->query)
		logoff->query = session_query_create(&logoff->profile);
	switch (session_query_step(logoff->query, target, &wait_ms, &err)) {
	case QUERY_AGAIN:
		set_deadline(logoff);
		if (!op_is_over_time(&logoff->op))
			return wait_ms;
		/* What kept us from telling anybody says more than the list that was read again for it. */
		if (logoff->refused.kind != ERR_NONE)
			return logoff_fail_err(logoff, _("nobody was logged off"), &logoff->refused);
		return op_fail(&logoff->op, VM_E_TIMED_OUT,
			       _("%s did not list its sessions in time; nobody was logged off"),
			       text_str(logoff->op.vm_name));
	case QUERY_DONE:
		set_deadline(logoff);
		take_list(logoff);
		wait_ms = logoff->targets.count ? judge_next_list(logoff, &err) : judge_first_list(logoff, &err);
		end_query(logoff);
		return wait_ms;
	default:
		end_query(logoff);
		break;
	}
	/*
	 * Listing changes nothing in the guest, so a question that found no answer is asked again, and so is one whose
	 * answer made no sense, or whose program failed: sessions come and go while they are listed.
	 */
	if (!op_is_over_time(&logoff->op) && (logoff->list_was_old || logoff->tries + 1 < LIST_TRIES) &&
	    (agent_err_is_passing(&err) || agent_err_is_in_flight(&err) || err.kind == ERR_UNEXPECTED))
		return back_off(logoff);
	return logoff_fail_err(logoff, _("cannot list sessions"), &err);
}

/* --- warn, grace --- */

static int64_t begin_grace(struct logoff *logoff, enum logoff_warned warned)
{
	logoff->warned = warned;
	session_program_free(&logoff->program);
	logoff->op.report.grace_until = clock_ms() + (int64_t)logoff->grace_s * 1000;
	return go_to(logoff, LOGOFF_GRACE, TASK_PHASE_WARN, 0);
}

static int64_t not_warned(struct logoff *logoff, const struct err *err)
{
	session_program_free(&logoff->program);
	return logoff_fail_err(logoff, _("its users could not be warned, so nobody was logged off"), err);
}

static int64_t warn_step(struct logoff *logoff, const struct agent_target *target)
{
	struct err err = { 0 };
	size_t missed;
	int64_t wait_ms;

	if (!logoff->program.running &&
	    !(op_journal_intent(&logoff->op, &err, "warn the users") &&
	      session_warn_program(&logoff->program, &logoff->profile, logoff->message, logoff->grace_s, &err)))
		return not_warned(logoff, &err);
	switch (session_program_step(&logoff->program, target, &wait_ms, &err)) {
	case RUN_AGAIN:
		return wait_ms;
	case RUN_EXITED:
		if (session_program_needs_another_way(&logoff->program, &logoff->profile))
			return 0;
		if (!session_program_succeeded(&logoff->program, &err))
			return not_warned(logoff, &err);
		text_set(&logoff->unwarned, session_tell_unwarned(&logoff->profile, &logoff->targets, &missed));
		return begin_grace(logoff, WARNED);
	default:
		break;
	}
	/* Not twice: that it was not answered does not mean that nobody read it. */
	if (logoff->program.run.maybe_started) {
		text_set(&logoff->unwarned, text_format("%s", _("whether the users saw the warning is unknown")));
		return begin_grace(logoff, MAYBE_WARNED);
	}
	if (!is_redirected(logoff, &err) && (!agent_err_is_passing(&err) || logoff->tries + 1 >= LIST_TRIES))
		return not_warned(logoff, &err);
	session_program_free(&logoff->program);
	return back_off(logoff);
}

static int64_t grace_step(struct logoff *logoff, const struct agent_target *target UNUSED)
{
	const int64_t left_ms = logoff->op.report.grace_until - clock_ms();

	if (left_ms > 0)
		return left_ms;
	logoff->op.report.grace_until = 0;
	if (logoff->grace_s == 0)
		return go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0);
	return go_to(logoff, LOGOFF_LIST, TASK_PHASE_LIST, 0);
}

/* --- cancelled --- */

static int64_t called_off(struct logoff *logoff, const struct err *err)
{
	struct safe_text *note = &logoff->op.report.note;

	if (logoff->warned == MAYBE_WARNED)
		text_set(note, text_format("%s", _("whether the warning reached the users is unknown, so no second "
						   "message was sent")));
	else if (logoff->warned == WARNED)
		text_set(note, err->kind == ERR_NONE
				       ? text_format("%s", _("the warned users were told that it is cancelled"))
				       : text_format(_("the warned users could not be told that it is cancelled: %s"),
						     text_str(err_text(err))));
	session_program_free(&logoff->program);
	return op_cancelled(&logoff->op, _("cancelled before anybody was logged off"));
}

/* Best effort: what does not get through is not sent again, unless it surely was not sent. */
static int64_t call_off_step(struct logoff *logoff, const struct agent_target *target)
{
	const char *message = _("The announced log-off is cancelled. You can go on working.");
	struct session_program *program = &logoff->program;
	struct err err = { 0 };
	int64_t wait_ms;

	if (logoff->warned != WARNED)
		return called_off(logoff, &err);
	if (!program->running && !(op_journal_intent(&logoff->op, &err, "tell the users that it is cancelled") &&
				   session_warn_program(program, &logoff->profile, message, 0, &err)))
		return called_off(logoff, &err);
	switch (session_program_step(program, target, &wait_ms, &err)) {
	case RUN_AGAIN:
		return wait_ms;
	case RUN_EXITED:
		if (session_program_needs_another_way(program, &logoff->profile))
			return 0;
		session_program_succeeded(program, &err);
		return called_off(logoff, &err);
	default:
		break;
	}
	if (program->run.maybe_started || !agent_err_is_passing(&err) || logoff->tries + 1 >= LIST_TRIES)
		return called_off(logoff, &err);
	session_program_free(program);
	return back_off(logoff);
}

/* --- end --- */

/* The next to be told, or killed; `count` where nobody is. */
static size_t next_due(const struct logoff *logoff)
{
	const bool kills = logoff->force && clock_ms() >= logoff->kill_at;

	for (size_t i = 0; i < logoff->marks.count && logoff->refusal == S_OK; i++) {
		const struct logoff_mark *mark = &logoff->marks.at[i];

		if (!mark->gone && !mark->doubtful && !mark->skipped && !mark->unsupported &&
		    (!mark->signalled || (!mark->killed && kills)))
			return i;
	}
	return logoff->marks.count;
}

static void note_complaint(struct logoff_mark *mark, const struct err *err)
{
	text_set(&mark->complaint, text_copy(err_text(err)));
}

/* Nothing more is sent. What was sent already is still followed to its end. */
static int64_t refuse(struct logoff *logoff, const struct err *err)
{
	logoff->refusal = agent_err_code(err);
	logoff->refused = *err;
	return logoff_anybody_signalled(logoff) ? to_verify(logoff, FIRST_VERIFY_MS) : logoff_finish(logoff);
}

/* False: it has no program and is passed over (err none), or the journal refuses it. */
static bool begin_program(struct logoff *logoff, struct err *err)
{
	const struct session *session = &logoff->targets.at[logoff->at];
	struct logoff_mark *mark = &logoff->marks.at[logoff->at];
	/* Once elogind has ended a session, what it left cannot be killed by its id any more. */
	const bool kill = mark->signalled != (logoff->force && session->leaves_processes);

	if (!session_end_program(&logoff->program, &logoff->profile, session, kill, err)) {
		if (mark->signalled)
			mark->killed = true;
		else
			mark->unsupported = true;
		note_complaint(mark, err);
		*err = (struct err){ 0 };
		return false;
	}
	return op_journal_intent(&logoff->op, err, "%s session %s of %s", kill ? "kill" : "end", session->id,
				 text_str(session->user));
}

static void mark_sent(struct logoff *logoff)
{
	struct logoff_mark *mark = &logoff->marks.at[logoff->at];

	mark->killed |= mark->signalled;
	mark->signalled = true;
}

static int64_t not_sent(struct logoff *logoff, const struct err *err)
{
	session_program_free(&logoff->program);
	logoff->op.report.cancelable = !logoff_anybody_signalled(logoff);
	if (is_redirected(logoff, err))
		return 0;
	if (agent_err_is_passing(err) && !op_is_over_time(&logoff->op)) {
		logoff->refused = *err;
		return back_off(logoff);
	}
	switch (err->kind) {
	case ERR_NO_AGENT:
	case ERR_AGENT_CLOSED:
	case ERR_UNREACHABLE:
	case ERR_NOT_RUNNING:
	case ERR_PAUSED:
		/* The guest went away in between; whether it comes back, verifying finds out. */
		if (logoff_anybody_signalled(logoff))
			return to_verify(logoff, FIRST_VERIFY_MS);
		break;
	default:
		break;
	}
	return refuse(logoff, err);
}

static int64_t program_exited(struct logoff *logoff)
{
	struct logoff_mark *mark = &logoff->marks.at[logoff->at];
	struct err err = { 0 };

	if (session_program_needs_another_way(&logoff->program, &logoff->profile))
		return 0;
	mark_sent(logoff);
	if (session_program_found_another(&logoff->program))
		mark->missed = !mark->killed;
	else if (!session_program_succeeded(&logoff->program, &err))
		note_complaint(mark, &err);
	session_program_free(&logoff->program);
	logoff->tries = 0;
	if (err.kind == ERR_DENIED) {
		mark->signalled = false;
		return refuse(logoff, &err);
	}
	return next_due(logoff) < logoff->marks.count ? 0 : to_verify(logoff, FIRST_VERIFY_MS);
}

static int64_t end_step(struct logoff *logoff, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms;

	if (!logoff->program.running) {
		logoff->at = next_due(logoff);
		if (logoff->at == logoff->marks.count)
			return logoff_count_left(logoff) ? to_verify(logoff, FIRST_VERIFY_MS) : logoff_finish(logoff);
		/* Of an old list the ids may be other people's: the guest may have restarted meanwhile. */
		if (clock_ms() - logoff->listed_at > guest_os_get(logoff->profile.family)->list_old_ms) {
			if (logoff_anybody_signalled(logoff))
				return to_verify(logoff, 0);
			logoff->list_was_old = true;
			return go_to(logoff, LOGOFF_LIST, TASK_PHASE_LIST, 0);
		}
		if (!op_commit(&logoff->op))
			return 0;
		if (!begin_program(logoff, &err))
			return err.kind == ERR_NONE ? 0 : refuse(logoff, &err);
	}
	switch (session_program_step(&logoff->program, target, &wait_ms, &err)) {
	case RUN_AGAIN:
		return wait_ms;
	case RUN_EXITED:
		return program_exited(logoff);
	default:
		break;
	}
	if (!logoff->program.run.maybe_started)
		return not_sent(logoff, &err);
	mark_sent(logoff);
	note_complaint(&logoff->marks.at[logoff->at], &err);
	logoff->op.report.maybe_sent = true;
	return to_verify(logoff, FIRST_VERIFY_MS);
}

/* --- verify --- */

/* Somebody at the machine itself may be logged on again by it: once, that is waited for. */
static bool may_return(const struct logoff *logoff)
{
	for (size_t i = 0; i < logoff->targets.count && !logoff->waited_for_return; i++)
		if (logoff->marks.at[i].signalled && text_is_empty(logoff->targets.at[i].remote))
			return !op_is_over_time(&logoff->op);
	return false;
}

static int64_t verify_step(struct logoff *logoff, const struct agent_target *target)
{
	enum query_outcome outcome;
	struct err err = { 0 };
	int64_t wait_ms;

	if (!logoff->query)
		logoff->query = session_query_create(&logoff->profile);
	outcome = session_query_step(logoff->query, target, &wait_ms, &err);
	if (outcome == QUERY_AGAIN)
		return wait_ms;
	if (outcome == QUERY_FAILED || err.kind != ERR_NONE) {
		end_query(logoff);
		logoff->trouble = err;
		logoff->verified = false;
		return go_to(logoff, LOGOFF_LOOK, TASK_PHASE_VERIFY, 0);
	}
	take_list(logoff);
	logoff_follow(logoff, &logoff->list, false);
	end_query(logoff);
	logoff->verified = true;
	logoff->trouble = (struct err){ 0 };
	count_progress(logoff);
	if (next_due(logoff) < logoff->marks.count && !op_is_over_time(&logoff->op))
		return go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0);
	if (logoff_count_left(logoff) == 0 && may_return(logoff)) {
		logoff->waited_for_return = true;
		return RETURN_MS;
	}
	if (logoff_count_left(logoff) == 0)
		return logoff_anybody_signalled(logoff) && guest_os_get(logoff->profile.family)->list_leftovers
			       ? go_to(logoff, LOGOFF_LEFTOVERS, TASK_PHASE_VERIFY, 0)
			       : go_to(logoff, LOGOFF_CROSS_CHECK, TASK_PHASE_VERIFY, 0);
	return op_is_over_time(&logoff->op) ? logoff_finish(logoff) : VERIFY_EVERY_MS;
}

/* The agent does not answer any more. Where the guest stopped, its sessions are over with it. */
static int64_t look_step(struct logoff *logoff, const struct agent_target *target)
{
	struct vm_info info = { 0 };
	enum vm_state state = VM_STATE_UNKNOWN;
	struct err err = { 0 };

	if (backend_get_info(target->backend, target->slot, &target->uuid, &info, &err)) {
		state = info.state;
		logoff->was_away |= info.channel == CHANNEL_DISCONNECTED;
		vm_info_free(&info);
	} else if (err.kind == ERR_NO_DOMAIN && op_stopped(&logoff->op) != VM_STATE_UNKNOWN) {
		state = op_stopped(&logoff->op);
	} else if (err.kind == ERR_NO_DOMAIN || err.kind == ERR_DENIED) {
		return logoff_fail_err(logoff, _("the result of the log-off is unknown"), &err);
	}
	switch (state) {
	case VM_STATE_MIGRATED:
	case VM_STATE_SHUTOFF:
	case VM_STATE_CRASHED:
	case VM_STATE_SAVED:
	case VM_STATE_PAUSED:
	case VM_STATE_PMSUSPENDED:
		return logoff_finish_vanished(logoff, state);
	default: /* what it is on its way to, the next look shows */
		return op_is_over_time(&logoff->op) ? logoff_finish(logoff) : to_verify(logoff, VERIFY_EVERY_MS);
	}
}

/* --- what goes on --- */

static bool is_first_of_user(const struct logoff *logoff, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (logoff->marks.at[i].signalled &&
		    text_equal(logoff->targets.at[i].user, logoff->targets.at[index].user))
			return false;
	return true;
}

static bool sessions_leave_processes(const struct logoff *logoff)
{
	for (size_t i = 0; i < logoff->targets.count; i++)
		if (logoff->targets.at[i].leaves_processes)
			return true;
	return false;
}

static bool has_line(const char *out, size_t len, const char *wanted)
{
	const char *at = out, *end = out + len, *line;
	size_t line_len;

	while (sessions_next_line(&at, end, &line, &line_len))
		if (line_len == strlen(wanted) && memcmp(line, wanted, line_len) == 0)
			return true;
	return false;
}

static void read_leftovers(struct logoff *logoff)
{
	const struct agent_output *output = &logoff->program.run.output;

	text_set(&logoff->left_processes, (struct safe_text){ NULL });
	for (size_t i = 0; i < logoff->targets.count; i++) {
		const struct session *session = &logoff->targets.at[i];
		const char *user = text_str(session->user);
		OWN(text) struct safe_text found = { NULL };

		if (!logoff->marks.at[i].signalled)
			continue;
		if (session->leaves_processes)
			found = sessions_parse_leftovers(output->out, output->out_len, session->id);
		else if (has_line(output->out, output->out_len, user) && is_first_of_user(logoff, i))
			text_append(&logoff->lingering, ", ", "%s", text_str(session->user));
		if (!text_is_empty(found))
			text_append(&logoff->left_processes, "; ", "%s: %s", user, text_str(found));
	}
}

static int64_t leftovers_step(struct logoff *logoff, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms;

	if (!logoff->leftovers_until)
		logoff->leftovers_until = clock_ms() + LEFTOVERS_MS;
	if (!logoff->program.running)
		guest_os_get(logoff->profile.family)
			->list_leftovers(&logoff->program, sessions_leave_processes(logoff));
	switch (session_program_step(&logoff->program, target, &wait_ms, &err)) {
	case RUN_AGAIN:
		return wait_ms;
	case RUN_EXITED:
		if (logoff->program.run.output.out)
			read_leftovers(logoff);
		break;
	default: /* unknown, and no reason to doubt that the sessions are gone */
		break;
	}
	session_program_free(&logoff->program);
	if (!text_is_empty(logoff->left_processes) && clock_ms() < logoff->leftovers_until)
		return VERIFY_EVERY_MS;
	return go_to(logoff, LOGOFF_CROSS_CHECK, TASK_PHASE_VERIFY, 0);
}

/* --- second opinion --- */

/* utmp keeps 32 bytes of a name (utmp(5)). */
static bool is_user(const struct session *session, const char *name)
{
	enum { UTMP_NAME_SIZE = 32 };
	const char *user = text_str(session->user);

	return strlen(name) < UTMP_NAME_SIZE ? strcmp(user, name) == 0 : strncmp(user, name, UTMP_NAME_SIZE) == 0;
}

static bool has_user(const struct session_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_user(&list->at[i], name))
			return true;
	return false;
}

/*
 * The agent reads utmp, which may still name those whom logind no longer knows, and those whom logind never knew: a
 * user called "1234" has no session. Or WTS. True: this list names somebody whom the other does not.
 */
static bool note_users(struct logoff *logoff, const struct agent_users *users)
{
	const bool nobody = session_list_total(&logoff->list) == 0;
	const bool by_logind = logoff->profile.family == FAMILY_LOGIND && session_list_proves_absence(&logoff->list);

	text_set(&logoff->opinion, (struct safe_text){ NULL });
	text_set(&logoff->outside, (struct safe_text){ NULL });
	for (size_t i = 0; i < users->count; i++) {
		const struct session one = { .user = users->at[i].name, .login_time = -1 };
		const char *name = text_str(one.user);

		if (by_logind && !has_user(&logoff->list, name) && !has_user(&logoff->first, name) &&
		    session_choice_takes(&logoff->choice, &one, FAMILY_LOGIND))
			text_append(&logoff->outside, ", ", "%s", text_str(one.user));
		else if (nobody)
			text_append(&logoff->opinion, ", ", "%s", text_str(one.user));
	}
	return !text_is_empty(logoff->opinion) || !text_is_empty(logoff->outside);
}

static int64_t cross_check_step(struct logoff *logoff, const struct agent_target *target)
{
	struct agent_users users;
	bool doubted = false;

	if (logoff->profile.capabilities.get_users &&
	    (session_list_total(&logoff->list) == 0 || logoff->profile.family == FAMILY_LOGIND) &&
	    agent_users(target, &users, NULL)) {
		doubted = note_users(logoff, &users) && !logoff->looked_twice;
		agent_users_free(&users);
	}
	if (!doubted)
		return logoff_finish(logoff);
	/*
	 * An empty list may have been another program's silence, after the agent restarted and its ids began anew; and
	 * somebody may have logged on since.
	 */
	logoff->looked_twice = true;
	return go_to(logoff, logoff->targets.count ? LOGOFF_VERIFY : LOGOFF_LIST, TASK_PHASE_VERIFY, 0);
}

/* --- as an operation --- */

static int64_t step(struct op *op, const struct agent_target *target)
{
	static int64_t (*const stages[LOGOFF_STAGE_COUNT])(struct logoff *, const struct agent_target *) = {
		[LOGOFF_CHECK] = check_step,
		[LOGOFF_LIST] = list_step,
		[LOGOFF_WARN] = warn_step,
		[LOGOFF_GRACE] = grace_step,
		[LOGOFF_END] = end_step,
		[LOGOFF_VERIFY] = verify_step,
		[LOGOFF_LOOK] = look_step,
		[LOGOFF_LEFTOVERS] = leftovers_step,
		[LOGOFF_CROSS_CHECK] = cross_check_step,
		[LOGOFF_CALL_OFF] = call_off_step,
	};
	struct logoff *logoff = (struct logoff *)op;
	const bool is_warning = logoff->stage == LOGOFF_WARN && logoff->program.running;

	/* A warning on its way is followed to its end first: whether users saw it decides about the second message. */
	if (op->report.cancelable && atomic_load(&op->cancel_asked) && !is_warning) {
		op->report.cancelable = false;
		op->report.grace_until = 0;
		session_program_free(&logoff->program);
		go_to(logoff, LOGOFF_CALL_OFF, logoff->warned ? TASK_PHASE_CANCEL : op->report.phase, 0);
	}
	return stages[logoff->stage](logoff, target);
}

static const struct session_list *sessions_of(const struct op *op)
{
	const struct logoff *logoff = (const struct logoff *)op;

	return logoff->listed ? &logoff->list : NULL;
}

static const struct session_list *targets_of(const struct op *op)
{
	return &((const struct logoff *)op)->targets;
}

static void free_own(struct op *op)
{
	struct logoff *logoff = (struct logoff *)op;

	session_program_free(&logoff->program);
	end_query(logoff);
	for (size_t i = 0; i < logoff->marks.count; i++)
		text_free(&logoff->marks.at[i].complaint);
	VEC_FREE(&logoff->marks);
	session_list_free(&logoff->first);
	session_list_free(&logoff->told);
	session_list_free(&logoff->targets);
	session_list_free(&logoff->list);
	guest_profile_free(&logoff->profile);
	session_choice_free(&logoff->choice);
	session_list_free(&logoff->in_use);
	text_free(&logoff->unwarned);
	text_free(&logoff->left_processes);
	text_free(&logoff->lingering);
	text_free(&logoff->outside);
	text_free(&logoff->opinion);
	free(logoff->message);
}

static const struct op_driver op_driver = {
	.step = step,
	.sessions = sessions_of,
	.targets = targets_of,
	.free_own = free_own,
};

struct op *logoff_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			 const struct logoff_options *options, const struct op_journal *journal)
{
	struct logoff *logoff = mem_zalloc(sizeof(*logoff));

	op_init(&logoff->op, &op_driver, backend, uuid, vm_name, journal);
	session_choice_init(&logoff->choice, &options->whom);
	if ((options->message && *options->message) || options->grace_s > 0)
		logoff->message =
			session_message_copy(options->message, _("The administrator is about to log you off."));
	logoff->grace_s = MAX(options->grace_s, 0);
	logoff->wanted_timeout_s = options->timeout_s;
	logoff->force = options->force;
	logoff->dry_run = options->dry_run;
	logoff->all_or_nobody = options->all_or_nobody;
	return &logoff->op;
}

void logoff_resume(struct op *op, const struct journal_entry *earlier)
{
	struct logoff *logoff = (struct logoff *)op;

	if (journal_entry_sent(earlier, "warn the users")) {
		free(logoff->message);
		logoff->message = NULL;
		logoff->grace_s = 0;
	}
	for (size_t i = 0; i < earlier->sessions.count; i++) {
		const struct journal_session *then = &earlier->sessions.at[i];
		OWN(bytes)
		char *what = mem_printf("end session %s of %s", text_str(then->id), text_str(then->user));
		struct session told = { .user = then->user, .login_time = then->login_time };

		snprintf(told.id, sizeof(told.id), "%s", text_str(then->id));
		if (!journal_entry_sent(earlier, what))
			continue;
		session_list_add(&logoff->told, &told);
		op->report.cancelable = false;
	}
}
