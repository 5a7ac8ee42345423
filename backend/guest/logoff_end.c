/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/logoff_private.h"
#include "base/clock.h"

enum {
	FIRST_VERIFY_MS = 500,
	VERIFY_EVERY_MS = 2000,
	PERCENT_LISTED = 10,
};

static int64_t to_verify(struct logoff *logoff, int64_t wait_ms)
{
	session_program_free(&logoff->program);
	return logoff_go_to(logoff, LOGOFF_VERIFY, TASK_PHASE_VERIFY, wait_ms);
}

/* --- end --- */

static bool is_time_to_kill(const struct logoff *logoff)
{
	return logoff->force && clock_ms() >= logoff->kill_at;
}

static bool is_due(const struct logoff *logoff, const struct logoff_mark *mark)
{
	if (mark->gone || mark->doubtful || mark->skipped || mark->unsupported)
		return false;
	return !mark->signalled || (!mark->killed && is_time_to_kill(logoff));
}

/* The next to be told, or killed; `count` where nobody is. */
static size_t next_due(const struct logoff *logoff)
{
	size_t i = 0;

	while (i < logoff->marks.count && (logoff->refusal != S_OK || !is_due(logoff, &logoff->marks.at[i])))
		i++;
	return i;
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
	const bool kill = mark->signalled;

	if (!session_end_program(&logoff->program, &logoff->profile, session, kill, err)) {
		if (kill)
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
	if (logoff_is_redirected(logoff, err))
		return 0;
	if (agent_err_is_passing(err) && !op_is_over_time(&logoff->op)) {
		logoff->refused = *err;
		return logoff_back_off(logoff);
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

static int64_t program_failed(struct logoff *logoff, const struct err *err)
{
	if (!logoff->program.run.maybe_started)
		return not_sent(logoff, err);
	mark_sent(logoff);
	note_complaint(&logoff->marks.at[logoff->at], err);
	logoff->op.report.maybe_sent = true;
	return to_verify(logoff, FIRST_VERIFY_MS);
}

/* While the host was busy or the agent silent, the guest may have restarted: its ids now are other people's. */
static int64_t read_list_again(struct logoff *logoff)
{
	if (logoff_anybody_signalled(logoff))
		return to_verify(logoff, 0);
	logoff->list_was_old = true;
	return logoff_go_to(logoff, LOGOFF_LIST, TASK_PHASE_LIST, 0);
}

static int64_t list_lasts_ms(const struct logoff *logoff)
{
	return guest_os_get(logoff->profile.family)->list_old_ms;
}

int64_t logoff_end_step(struct logoff *logoff, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms;

	if (!logoff->program.running) {
		logoff->at = next_due(logoff);
		if (logoff->at == logoff->marks.count)
			return logoff_count_left(logoff) ? to_verify(logoff, FIRST_VERIFY_MS) : logoff_finish(logoff);
		if (clock_ms() - logoff->listed_at > list_lasts_ms(logoff))
			return read_list_again(logoff);
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
		return program_failed(logoff, &err);
	}
}

/* --- verify --- */

void logoff_count_progress(struct logoff *logoff)
{
	const size_t found = logoff->targets.count + logoff->unseen;
	const int percent = PERCENT_LISTED + (int)((99 - PERCENT_LISTED) * logoff_count_gone(logoff) / MAX(found, 1));
	struct task_report *report = &logoff->op.report;

	report->percent = MAX(report->percent, percent);
	/* A list that proves nothing may have left out anybody. */
	report->sessions_after = logoff->list.proven ? (int)session_list_total(&logoff->list) : -1;
}

static int64_t verified(struct logoff *logoff)
{
	logoff_take_list(logoff);
	logoff_follow(logoff, &logoff->list, false);
	logoff_end_query(logoff);
	logoff->verified = true;
	logoff->trouble = (struct err){ 0 };
	logoff_count_progress(logoff);
	if (next_due(logoff) < logoff->marks.count && !op_is_over_time(&logoff->op))
		return logoff_go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0);
	if (logoff_count_left(logoff) == 0)
		return logoff_go_to(logoff, LOGOFF_CROSS_CHECK, TASK_PHASE_VERIFY, 0);
	return op_is_over_time(&logoff->op) ? logoff_finish(logoff) : VERIFY_EVERY_MS;
}

static int64_t not_verified(struct logoff *logoff, const struct err *err)
{
	logoff_end_query(logoff);
	logoff->trouble = *err;
	logoff->verified = false;
	return logoff_go_to(logoff, LOGOFF_LOOK, TASK_PHASE_VERIFY, 0);
}

int64_t logoff_verify_step(struct logoff *logoff, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms;

	if (!logoff->query)
		logoff->query = session_query_create(&logoff->profile);
	switch (session_query_step(logoff->query, target, &wait_ms, &err)) {
	case QUERY_AGAIN:
		return wait_ms;
	case QUERY_DONE:
		return err.kind == ERR_NONE ? verified(logoff) : not_verified(logoff, &err);
	default:
		return not_verified(logoff, &err);
	}
}

/* The agent does not answer any more. Where the guest stopped, its sessions are over with it. */
int64_t logoff_look_step(struct logoff *logoff, const struct agent_target *target)
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
		return logoff_finish_moved(logoff);
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

/* --- second opinion --- */

static void note_opinion(struct logoff *logoff, const struct agent_users *users)
{
	for (size_t i = 0; i < users->count; i++)
		text_set(&logoff->opinion,
			 text_format("%s%s%s", text_str(logoff->opinion), i ? ", " : "", text_str(users->at[i].name)));
}

/* An empty list may have been another program's silence, after the agent restarted and its process ids began anew. */
static int64_t look_again(struct logoff *logoff)
{
	logoff->looked_twice = true;
	return logoff_go_to(logoff, logoff->targets.count ? LOGOFF_VERIFY : LOGOFF_LIST, TASK_PHASE_VERIFY, 0);
}

/* The agent reads utmp, which may still name those whom logind no longer knows, or WTS; its list fails nothing. */
int64_t logoff_cross_check_step(struct logoff *logoff, const struct agent_target *target)
{
	struct agent_users users;
	bool doubted = false;

	if (logoff->profile.capabilities.get_users && session_list_total(&logoff->list) == 0 &&
	    agent_users(target, &users, NULL)) {
		doubted = users.count > 0 && !logoff->looked_twice;
		if (!doubted)
			note_opinion(logoff, &users);
		agent_users_free(&users);
	}
	return doubted ? look_again(logoff) : logoff_finish(logoff);
}
