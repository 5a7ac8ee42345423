/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_check.h"
#include "backend/guest/logoff_private.h"
#include "base/clock.h"

enum {
	TIMEOUT_S = 150, /* logind kills what resists after 90 s */
	TIMEOUT_WINDOWS_S = 120,
	LIST_TRIES = 3,
	BACK_OFF_FIRST_MS = 1000,
	BACK_OFF_MOST_MS = 8000,
	PERCENT_CHECKED = 5,
};

static char *copy_message(const struct logoff_options *options)
{
	const char *message = options->message && *options->message ? options->message : NULL;
	struct safe_text text;
	char *copy;

	if (!message && options->grace_s <= 0)
		return NULL;
	text = text_from_outside_str(message ? message : _("The administrator is about to log you off."),
				     TEXT_CAP_LINE);
	copy = mem_strdup(text_str(text));
	text_free(&text);
	return copy;
}

static const struct machine_ops machine_ops;

struct logoff *logoff_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			     const struct logoff_options *options, const struct machine_journal *journal)
{
	struct logoff *logoff = mem_zalloc(sizeof(*logoff));

	logoff->machine.ops = &machine_ops;
	logoff->backend = backend;
	logoff->uuid = *uuid;
	logoff->vm_name = text_copy(vm_name);
	session_choice_init(&logoff->choice, &options->whom);
	logoff->message = copy_message(options);
	logoff->grace_s = MAX(options->grace_s, 0);
	logoff->timeout_s = options->timeout_s;
	logoff->force = options->force;
	logoff->dry_run = options->dry_run;
	if (journal)
		logoff->journal = *journal;
	atomic_init(&logoff->cancel_asked, false);
	task_report_init(&logoff->report);
	return logoff;
}

const struct task_report *logoff_report(const struct logoff *logoff)
{
	return &logoff->report;
}

const struct session_list *logoff_sessions(const struct logoff *logoff)
{
	return logoff->listed ? &logoff->list : NULL;
}

const struct session_list *logoff_targets(const struct logoff *logoff)
{
	return &logoff->targets;
}

void logoff_request_cancel(struct logoff *logoff)
{
	atomic_store(&logoff->cancel_asked, true);
}

/* --- shared by the stages --- */

int64_t logoff_go_to(struct logoff *logoff, enum logoff_stage stage, enum task_phase phase, int64_t wait_ms)
{
	logoff->stage = stage;
	logoff->tries = 0;
	if (logoff->report.phase != phase) {
		logoff->report.phase = phase;
		if (logoff->journal.changed)
			logoff->journal.changed(logoff->journal.data, &logoff->report);
	}
	return wait_ms;
}

void logoff_end_program(struct logoff *logoff)
{
	if (!logoff->running)
		return;
	agent_run_free(&logoff->run);
	session_program_free(&logoff->program);
	logoff->running = false;
}

void logoff_take_list(struct logoff *logoff)
{
	session_list_free(&logoff->list);
	session_list_copy(&logoff->list, session_query_result(logoff->query));
	logoff->listed = true;
	logoff->tries = 0;
}

void logoff_end_query(struct logoff *logoff)
{
	session_query_destroy(logoff->query);
	logoff->query = NULL;
}

bool logoff_ask_journal(struct logoff *logoff, const char *what, struct err *err)
{
	return !logoff->journal.about_to_send || logoff->journal.about_to_send(logoff->journal.data, what, err);
}

/* Two refusals say more than that the agent refused. */
hresult logoff_code_of(const struct err *err)
{
	if (agent_err_is_denied_program(err))
		return E_ACCESS_DENIED;
	if (agent_err_is_missing_program(err))
		return VM_E_ADDITIONS_FEATURE_NOT_AVAIL;
	return result_from_err(err->kind);
}

int64_t logoff_back_off(struct logoff *logoff)
{
	const int doublings = MIN(logoff->tries, 3);

	logoff->tries++;
	return MIN((int64_t)BACK_OFF_FIRST_MS << doublings, BACK_OFF_MOST_MS);
}

bool logoff_is_over_time(const struct logoff *logoff)
{
	return clock_ms() >= logoff->deadline_at;
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
	if (logoff->timeout_s > 0)
		return logoff->timeout_s;
	return logoff->profile.family == FAMILY_WINDOWS ? TIMEOUT_WINDOWS_S : TIMEOUT_S;
}

/* The grace period is the users' time: the rest of the work keeps its own. */
static void set_deadline(struct logoff *logoff)
{
	const int64_t begin = logoff->started_at + (logoff->message ? (int64_t)logoff->grace_s * 1000 : 0);
	const int64_t timeout_ms = (int64_t)timeout_of(logoff) * 1000;

	logoff->deadline_at = begin + timeout_ms;
	logoff->kill_at = begin + timeout_ms / 2;
}

/* --- check --- */

static int64_t check_step(struct logoff *logoff, const struct agent_line *line)
{
	struct err err = { 0 };

	logoff_go_to(logoff, LOGOFF_CHECK, TASK_PHASE_CHECK, 0);
	if (!guest_check(line, logoff->vm_name, &err))
		return logoff_fail(logoff, logoff_code_of(&err), "%s", text_str(err_text(&err)));
	logoff->report.percent = PERCENT_CHECKED;
	return logoff_go_to(logoff, LOGOFF_LIST, TASK_PHASE_LIST, 0);
}

/* --- list --- */

/* Only guest-get-users could be asked: what it says is no ground to act on, and nobody is no proof. */
static int64_t judge_hearsay(struct logoff *logoff, const struct err *err)
{
	if (err->kind == ERR_UNSUPPORTED && session_list_total(&logoff->list) == 0)
		return logoff_fail(logoff, DISP_E_EXCEPTION,
				   _("whether anybody is logged on to %s cannot be determined: %s"),
				   text_str(logoff->vm_name), text_str(err_text(err)));
	return logoff_fail_err(logoff, _("its users cannot be logged off"), err);
}

static int64_t judge_nobody(struct logoff *logoff)
{
	if (!logoff->list.proven)
		return logoff_fail(logoff, DISP_E_EXCEPTION,
				   _("whether anybody is logged on to %s cannot be determined: the guest's list is empty, but it "
				     "proves nothing there"),
				   text_str(logoff->vm_name));
	return logoff_go_to(logoff, LOGOFF_OPINION, TASK_PHASE_VERIFY, 0);
}

static int64_t judge_first_list(struct logoff *logoff, const struct err *err)
{
	logoff->report.sessions_before = logoff->report.sessions_after = (int)session_list_total(&logoff->list);
	if (err->kind != ERR_NONE)
		return judge_hearsay(logoff, err);
	if (session_list_total(&logoff->list) == 0)
		return judge_nobody(logoff);
	logoff_choose(logoff, &logoff->list);
	logoff_count_progress(logoff);
	if (logoff->dry_run || !logoff->targets.count || logoff_count_left(logoff) == 0)
		return logoff_finish(logoff);
	return logoff->message ? logoff_go_to(logoff, LOGOFF_WARN, TASK_PHASE_WARN, 0) :
				 logoff_go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0);
}

/* The grace period is over: who left by himself is gone, who came meanwhile goes, too. */
static int64_t judge_list_after_grace(struct logoff *logoff, const struct err *err)
{
	if (err->kind != ERR_NONE)
		return judge_hearsay(logoff, err);
	logoff_follow(logoff, &logoff->list, true);
	logoff_count_progress(logoff);
	logoff->verified = true;
	return logoff_count_left(logoff) ? logoff_go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0) : logoff_finish(logoff);
}

/*
 * Listing changes nothing in the guest, so a question that found no answer is asked again, and so is one whose
 * answer made no sense, or whose program failed: sessions come and go while they are listed.
 */
static bool may_ask_again(struct logoff *logoff, const struct err *err)
{
	if (logoff_is_over_time(logoff) || logoff->tries + 1 >= LIST_TRIES)
		return false;
	return agent_err_is_passing(err) || agent_err_is_in_flight(err) || err->kind == ERR_UNEXPECTED;
}

static int64_t list_step(struct logoff *logoff, const struct agent_line *line)
{
	struct err err = { 0 };
	int64_t wait_ms;

	if (!logoff->query)
		logoff->query = session_query_create(&logoff->profile);
	switch (session_query_step(logoff->query, line, &wait_ms, &err)) {
	case QUERY_AGAIN:
		set_deadline(logoff);
		return logoff_is_over_time(logoff) ?
			       logoff_fail(logoff, VM_E_TIMED_OUT,
					   _("%s did not say in time who is logged on; nobody was told to log off"),
					   text_str(logoff->vm_name)) :
			       wait_ms;
	case QUERY_DONE:
		set_deadline(logoff);
		logoff_take_list(logoff);
		wait_ms = logoff->targets.count ? judge_list_after_grace(logoff, &err) : judge_first_list(logoff, &err);
		logoff_end_query(logoff);
		return wait_ms;
	default:
		logoff_end_query(logoff);
		return may_ask_again(logoff, &err) ?
			       logoff_back_off(logoff) :
			       logoff_fail_err(logoff, _("who is logged on cannot be seen"), &err);
	}
}

/* --- warn, grace --- */

static int64_t begin_grace(struct logoff *logoff)
{
	logoff_end_program(logoff);
	logoff->report.grace_until = clock_ms() + (int64_t)logoff->grace_s * 1000;
	return logoff_go_to(logoff, LOGOFF_GRACE, TASK_PHASE_WARN, 0);
}

static int64_t not_warned(struct logoff *logoff, const struct err *err)
{
	logoff_end_program(logoff);
	return logoff_fail_err(logoff, _("its users could not be warned, so nobody was logged off"), err);
}

static bool begin_warning(struct logoff *logoff, struct err *err)
{
	if (!logoff_ask_journal(logoff, "warn the users", err)) {
		logoff->refused_by_disk = true;
		return false;
	}
	logoff->running = session_warn_program(&logoff->program, &logoff->profile, logoff->message, logoff->grace_s,
					       err);
	agent_run_init(&logoff->run, logoff->program.timeout_ms);
	return logoff->running;
}

static int64_t warn_step(struct logoff *logoff, const struct agent_line *line)
{
	struct err err = { 0 };
	int64_t wait_ms;

	if (!logoff->running && !begin_warning(logoff, &err))
		return not_warned(logoff, &err);
	switch (agent_run_step(&logoff->run, line, &logoff->program.program, &wait_ms, &err)) {
	case RUN_AGAIN:
		return wait_ms;
	case RUN_EXITED:
		if (logoff->run.output.exit_code_known && logoff->run.output.exit_code == 0)
			return begin_grace(logoff);
		session_program_failed(&logoff->program, &logoff->run.output, &err);
		return not_warned(logoff, &err);
	default:
		break;
	}
	/* Not twice: that it was not answered does not mean that nobody read it. */
	if (logoff->run.maybe_started)
		return begin_grace(logoff);
	if (!logoff_is_redirected(logoff, &err) && (!agent_err_is_passing(&err) || logoff->tries + 1 >= LIST_TRIES))
		return not_warned(logoff, &err);
	logoff_end_program(logoff);
	return logoff_back_off(logoff);
}

static int64_t grace_step(struct logoff *logoff, const struct agent_line *line)
{
	const int64_t left_ms = logoff->report.grace_until - clock_ms();

	(void)line;
	if (left_ms > 0)
		return left_ms;
	logoff->report.grace_until = 0;
	if (logoff->grace_s == 0)
		return logoff_go_to(logoff, LOGOFF_END, TASK_PHASE_END, 0);
	return logoff_go_to(logoff, LOGOFF_LIST, TASK_PHASE_LIST, 0);
}

int64_t logoff_step(struct logoff *logoff, int slot)
{
	static int64_t (*const stages[LOGOFF_STAGE_COUNT])(struct logoff *, const struct agent_line *) = {
		[LOGOFF_CHECK] = check_step, [LOGOFF_LIST] = list_step, [LOGOFF_WARN] = warn_step,
		[LOGOFF_GRACE] = grace_step, [LOGOFF_END] = logoff_end_step, [LOGOFF_VERIFY] = logoff_verify_step,
		[LOGOFF_LOOK] = logoff_look_step, [LOGOFF_OPINION] = logoff_opinion_step,
	};
	const struct agent_line line = { .backend = logoff->backend, .slot = slot, .uuid = logoff->uuid };

	if (logoff->report.complete)
		return WORKER_DONE;
	if (!logoff->deadline_at) {
		logoff->started_at = clock_ms();
		set_deadline(logoff);
	}
	if (logoff->report.cancelable && atomic_load(&logoff->cancel_asked))
		return logoff_finish_cancelled(logoff);
	return stages[logoff->stage](logoff, &line);
}

/* --- as a machine --- */

static int64_t step_machine(struct machine *machine, int slot)
{
	return logoff_step((struct logoff *)machine, slot);
}

static const struct task_report *report_of_machine(const struct machine *machine)
{
	return logoff_report((const struct logoff *)machine);
}

static const struct session_list *sessions_of_machine(const struct machine *machine)
{
	return logoff_sessions((const struct logoff *)machine);
}

static const struct session_list *targets_of_machine(const struct machine *machine)
{
	return logoff_targets((const struct logoff *)machine);
}

static void cancel_machine(struct machine *machine)
{
	logoff_request_cancel((struct logoff *)machine);
}

static void destroy_machine(struct machine *machine)
{
	struct logoff *logoff = (struct logoff *)machine;

	logoff_end_program(logoff);
	logoff_end_query(logoff);
	for (size_t i = 0; i < logoff->marks.count; i++)
		text_free(&logoff->marks.at[i].complaint);
	VEC_FREE(&logoff->marks);
	session_list_free(&logoff->first);
	session_list_free(&logoff->targets);
	session_list_free(&logoff->list);
	guest_profile_free(&logoff->profile);
	task_report_free(&logoff->report);
	session_choice_free(&logoff->choice);
	text_free(&logoff->opinion);
	text_free(&logoff->vm_name);
	free(logoff->message);
	free(logoff);
}

static const struct machine_ops machine_ops = {
	.step = step_machine,
	.report = report_of_machine,
	.sessions = sessions_of_machine,
	.targets = targets_of_machine,
	.request_cancel = cancel_machine,
	.destroy = destroy_machine,
};

struct machine *logoff_machine(struct logoff *logoff)
{
	return &logoff->machine;
}
