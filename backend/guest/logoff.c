/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/logoff_private.h"
#include "base/clock.h"

enum {
	LIST_TRIES = 3,
	BACK_OFF_FIRST_MS = 1000,
	BACK_OFF_MOST_MS = 8000,
	PERCENT_CHECKED = 5,
};

/* --- shared by the stages --- */

int64_t logoff_go_to(struct logoff *logoff, enum logoff_stage stage, enum task_phase phase, int64_t wait_ms)
{
	logoff->stage = stage;
	logoff->tries = 0;
	return op_set_phase(&logoff->op, phase, wait_ms);
}

void logoff_take_list(struct logoff *logoff)
{
	session_list_free(&logoff->list);
	session_list_copy(&logoff->list, session_query_result(logoff->query));
	logoff->listed = true;
	logoff->listed_at = clock_ms();
	logoff->tries = 0;
}

void logoff_end_query(struct logoff *logoff)
{
	session_query_destroy(logoff->query);
	logoff->query = NULL;
}

int64_t logoff_back_off(struct logoff *logoff)
{
	const int doublings = MIN(logoff->tries, 3);

	logoff->tries++;
	return MIN((int64_t)BACK_OFF_FIRST_MS << doublings, BACK_OFF_MOST_MS);
}

bool logoff_is_redirected(struct logoff *logoff, const struct err *err)
{
	if (!logoff->profile.no_wts || logoff->profile.sysnative || err->kind != ERR_AGENT_REFUSED)
		return false;
	logoff->profile.sysnative = true;
	return true;
}

static int timeout_of(const struct logoff *logoff)
{
	if (logoff->wanted_timeout_s > 0)
		return logoff->wanted_timeout_s;
	return guest_os_get(logoff->profile.family)->logoff_timeout_s;
}

/* The grace period is the users' time: the rest of the work keeps its own. */
static void set_deadline(struct logoff *logoff)
{
	const int64_t begin = logoff->started_at + (logoff->message ? (int64_t)logoff->grace_s * 1000 : 0);
	const int64_t timeout_ms = (int64_t)timeout_of(logoff) * 1000;

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
	return logoff_go_to(logoff, LOGOFF_LIST, TASK_PHASE_LIST, 0);
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

static int64_t judge_nobody(struct logoff *logoff)
{
	if (!session_list_proves_absence(&logoff->list))
		return op_fail(&logoff->op, DISP_E_EXCEPTION,
			       _("cannot determine whether anybody is logged on to %s: the guest's list is empty, but "
				 "not reliable there"),
			       text_str(logoff->op.vm_name));
	return logoff_go_to(logoff, LOGOFF_CROSS_CHECK, TASK_PHASE_VERIFY, 0);
}

static int64_t judge_first_list(struct logoff *logoff, const struct err *err)
{
	const int found = (int)session_list_total(&logoff->list);
	struct err unmatched = { 0 };

	logoff->op.report.sessions_before = logoff->op.report.sessions_after = found;
	if (err->kind != ERR_NONE)
		return on_unproven_list(logoff, err);
	if (found == 0)
		return judge_nobody(logoff);
	logoff_choose(logoff, &logoff->list);
	logoff_count_progress(logoff);
	if (logoff->targets.count &&
	    !session_choice_check_exceptions(&logoff->choice, &logoff->list, logoff->op.vm_name, &unmatched))
		return op_fail(&logoff->op, E_INVALIDARG, "%s", text_str(err_text(&unmatched)));
	if (logoff->all_or_nobody && logoff_has_newcomers(logoff))
		return logoff_finish_stopped(logoff);
	if (logoff->dry_run || !logoff->targets.count || logoff_count_left(logoff) == 0)
		return logoff_finish(logoff);
	return logoff->message ? logoff_go_to(logoff, LOGOFF_WARN, TASK_PHASE_WARN, 0)
			       : logoff_go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0);
}

/* Nobody is seen, and nobody is proven gone. A later list may know better; by the old one's ids nobody is told. */
static int64_t judge_doubt(struct logoff *logoff)
{
	if (++logoff->doubts < LIST_TRIES && !op_is_over_time(&logoff->op))
		return logoff_back_off(logoff);
	return op_fail(&logoff->op, DISP_E_EXCEPTION,
		       _("cannot determine whether anybody is still logged on to %s: %s; nobody was logged off"),
		       text_str(logoff->op.vm_name), logoff_doubt(logoff));
}

/* Who left by himself is gone; who came during the grace period goes, too, unless others were asked about. */
static int64_t judge_next_list(struct logoff *logoff, const struct err *err)
{
	size_t left;

	if (err->kind != ERR_NONE)
		return on_unproven_list(logoff, err);
	logoff_follow(logoff, &logoff->list, !logoff->list_was_old);
	logoff_count_progress(logoff);
	left = logoff_count_left(logoff);
	if (left && left == logoff_count_doubtful(logoff))
		return judge_doubt(logoff);
	logoff->list_was_old = false;
	logoff->verified = true;
	if (logoff->all_or_nobody && logoff_has_newcomers(logoff) && !logoff_anybody_signalled(logoff))
		return logoff_finish_stopped(logoff);
	return left ? logoff_go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0) : logoff_finish(logoff);
}

/*
 * Listing changes nothing in the guest, so a question that found no answer is asked again, and so is one whose
 * answer made no sense, or whose program failed: sessions come and go while they are listed.
 */
static bool may_ask_again(struct logoff *logoff, const struct err *err)
{
	if (op_is_over_time(&logoff->op) || (!logoff->list_was_old && logoff->tries + 1 >= LIST_TRIES))
		return false;
	return agent_err_is_passing(err) || agent_err_is_in_flight(err) || err->kind == ERR_UNEXPECTED;
}

/* Over time: what kept us from telling anybody says more than the list that was read again for it. */
static int64_t finish_unlisted(struct logoff *logoff)
{
	if (logoff->refused.kind != ERR_NONE)
		return logoff_fail_err(logoff, _("nobody was logged off"), &logoff->refused);
	return op_fail(&logoff->op, VM_E_TIMED_OUT, _("%s did not list its sessions in time; nobody was logged off"),
		       text_str(logoff->op.vm_name));
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
		return op_is_over_time(&logoff->op) ? finish_unlisted(logoff) : wait_ms;
	case QUERY_DONE:
		set_deadline(logoff);
		logoff_take_list(logoff);
		wait_ms = logoff->targets.count ? judge_next_list(logoff, &err) : judge_first_list(logoff, &err);
		logoff_end_query(logoff);
		return wait_ms;
	default:
		logoff_end_query(logoff);
		return may_ask_again(logoff, &err) ? logoff_back_off(logoff)
						   : logoff_fail_err(logoff, _("cannot list sessions"), &err);
	}
}

/* --- warn, grace --- */

static int64_t begin_grace(struct logoff *logoff)
{
	session_program_free(&logoff->program);
	logoff->op.report.grace_until = clock_ms() + (int64_t)logoff->grace_s * 1000;
	return logoff_go_to(logoff, LOGOFF_GRACE, TASK_PHASE_WARN, 0);
}

static int64_t not_warned(struct logoff *logoff, const struct err *err)
{
	session_program_free(&logoff->program);
	return logoff_fail_err(logoff, _("its users could not be warned, so nobody was logged off"), err);
}

static bool begin_warning(struct logoff *logoff, struct err *err)
{
	return op_journal_intent(&logoff->op, err, "warn the users") &&
	       session_warn_program(&logoff->program, &logoff->profile, logoff->message, logoff->grace_s, err);
}

static int64_t warn_step(struct logoff *logoff, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms;

	if (!logoff->program.running && !begin_warning(logoff, &err))
		return not_warned(logoff, &err);
	switch (session_program_step(&logoff->program, target, &wait_ms, &err)) {
	case RUN_AGAIN:
		return wait_ms;
	case RUN_EXITED:
		if (session_program_needs_another_way(&logoff->program, &logoff->profile))
			return 0;
		return session_program_succeeded(&logoff->program, &err) ? begin_grace(logoff)
									 : not_warned(logoff, &err);
	default:
		break;
	}
	/* Not twice: that it was not answered does not mean that nobody read it. */
	if (logoff->program.run.maybe_started)
		return begin_grace(logoff);
	if (!logoff_is_redirected(logoff, &err) && (!agent_err_is_passing(&err) || logoff->tries + 1 >= LIST_TRIES))
		return not_warned(logoff, &err);
	session_program_free(&logoff->program);
	return logoff_back_off(logoff);
}

static int64_t grace_step(struct logoff *logoff, const struct agent_target *target)
{
	const int64_t left_ms = logoff->op.report.grace_until - clock_ms();

	(void)target;
	if (left_ms > 0)
		return left_ms;
	logoff->op.report.grace_until = 0;
	if (logoff->grace_s == 0)
		return logoff_go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0);
	return logoff_go_to(logoff, LOGOFF_LIST, TASK_PHASE_LIST, 0);
}

/* --- as an operation --- */

static int64_t step(struct op *op, const struct agent_target *target)
{
	static int64_t (*const stages[LOGOFF_STAGE_COUNT])(struct logoff *, const struct agent_target *) = {
		[LOGOFF_CHECK] = check_step,      [LOGOFF_LIST] = list_step,
		[LOGOFF_WARN] = warn_step,        [LOGOFF_GRACE] = grace_step,
		[LOGOFF_END] = logoff_end_step,   [LOGOFF_VERIFY] = logoff_verify_step,
		[LOGOFF_LOOK] = logoff_look_step, [LOGOFF_CROSS_CHECK] = logoff_cross_check_step,
	};
	struct logoff *logoff = (struct logoff *)op;

	if (op->report.cancelable && atomic_load(&op->cancel_asked))
		return op_cancelled(op, _("cancelled before anybody was logged off"));
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
	logoff_end_query(logoff);
	for (size_t i = 0; i < logoff->marks.count; i++)
		text_free(&logoff->marks.at[i].complaint);
	VEC_FREE(&logoff->marks);
	session_list_free(&logoff->first);
	session_list_free(&logoff->targets);
	session_list_free(&logoff->list);
	guest_profile_free(&logoff->profile);
	session_choice_free(&logoff->choice);
	text_free(&logoff->opinion);
	free(logoff->message);
}

static const struct op_driver op_driver = {
	.step = step,
	.sessions = sessions_of,
	.targets = targets_of,
	.free_own = free_own,
};

static bool tells_before(const struct logoff_options *options)
{
	return (options->message && *options->message) || options->grace_s > 0;
}

struct op *logoff_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			 const struct logoff_options *options, const struct op_journal *journal)
{
	struct logoff *logoff = mem_zalloc(sizeof(*logoff));

	op_init(&logoff->op, &op_driver, backend, uuid, vm_name, journal);
	session_choice_init(&logoff->choice, &options->whom);
	if (tells_before(options))
		logoff->message =
			session_message_copy(options->message, _("The administrator is about to log you off."));
	logoff->grace_s = MAX(options->grace_s, 0);
	logoff->wanted_timeout_s = options->timeout_s;
	logoff->force = options->force;
	logoff->dry_run = options->dry_run;
	logoff->all_or_nobody = options->all_or_nobody;
	return &logoff->op;
}
