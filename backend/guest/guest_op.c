/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_op.h"

#include "backend/guest/guest_check.h"
#include "base/clock.h"

enum { TIMEOUT_S = 60, TRIM_TIMEOUT_S = 600 };

struct guest_op;

/* How an operation is done; one row each. */
struct op_info {
	bool per_session;
	bool for_people; /* nothing to do where nobody is logged on */
	bool by_agent; /* a command of the agent's own: no family, no sessions needed */
	bool (*program)(struct guest_op *op, const struct session *session, struct err *err);
	bool (*command)(struct guest_op *op, const struct agent_line *line, struct err *err);
};

enum stage { STAGE_CHECK, STAGE_LIST, STAGE_LOOK, STAGE_RUN };

struct guest_op {
	struct machine machine; /* first */
	int verb;
	const struct op_info *info;
	char *message;
	struct session_choice choice;

	enum stage stage;
	struct guest_profile profile;
	struct session_query *query;
	struct session_list list;
	size_t at, done, failed;
	bool unknown; /* something was sent whose answer was lost */
	struct session_program program;
	struct err complaint; /* the first */
};

/* ---- the rows ---- */

static bool message_program(struct guest_op *op, const struct session *session, struct err *err)
{
	(void)session;
	return session_warn_program(&op->program, &op->profile, op->message, 0, err);
}

static bool lock_program(struct guest_op *op, const struct session *session, struct err *err)
{
	return guest_lock_program(&op->program, &op->profile, session, err);
}

static bool disconnect_program(struct guest_op *op, const struct session *session, struct err *err)
{
	return guest_disconnect_program(&op->program, &op->profile, session, err);
}

static bool close_program(struct guest_op *op, const struct session *session, struct err *err)
{
	(void)session;
	return guest_door_program(&op->program, &op->profile, true, op->message, err);
}

static bool open_program(struct guest_op *op, const struct session *session, struct err *err)
{
	(void)session;
	return guest_door_program(&op->program, &op->profile, false, NULL, err);
}

static bool set_time_command(struct guest_op *op, const struct agent_line *line, struct err *err)
{
	(void)op;
	return agent_set_time(line, (int64_t)clock_wall() * 1000000000, err);
}

static bool trim_command(struct guest_op *op, const struct agent_line *line, struct err *err)
{
	int64_t bytes;

	if (!agent_fstrim(line, op->machine.timeout_s * 1000, &bytes, err))
		return false;
	if (bytes >= 0)
		text_set(&op->machine.report.note,
			 text_format(_("%.1f MiB given back"), (double)bytes / (1024 * 1024)));
	return true;
}

static const struct op_info ops[TASK_VERB_COUNT] = {
	[TASK_MESSAGE] = { .program = message_program, .for_people = true },
	[TASK_LOCK] = { .program = lock_program, .per_session = true },
	[TASK_DISCONNECT] = { .program = disconnect_program, .per_session = true },
	[TASK_CLOSE_DOOR] = { .program = close_program },
	[TASK_OPEN_DOOR] = { .program = open_program },
	[TASK_SET_TIME] = { .command = set_time_command, .by_agent = true },
	[TASK_TRIM] = { .command = trim_command, .by_agent = true },
};

static bool is_door(const struct guest_op *op)
{
	return op->verb == TASK_CLOSE_DOOR || op->verb == TASK_OPEN_DOOR;
}

/* ---- how it ends ---- */

static int64_t enter(struct guest_op *op, enum stage stage, enum task_phase phase)
{
	op->stage = stage;
	return machine_enter(&op->machine, phase, 0);
}

static int64_t finish_err(struct guest_op *op, const struct err *cause)
{
	struct err err = *cause;

	op->machine.report.maybe_sent = op->unknown;
	if (is_door(op) && !op->unknown)
		guest_door_explain(&op->profile, &err);
	return machine_fail(&op->machine, op->unknown ? VM_E_TIMED_OUT : agent_err_code(&err), "%s: %s%s",
			    text_str(op->machine.vm_name), text_str(err_text(&err)),
			    op->unknown ? _("; whether it was done is unknown, look into the guest") : "");
}

static int64_t finish_nobody(struct guest_op *op)
{
	const char *name = text_str(op->machine.vm_name);

	if (op->list.count && session_choice_is_narrowed(&op->choice))
		return machine_fail(&op->machine, E_NO_SUCH_LOGON_SESSION,
				    _("none of those meant is logged on to %s"), name);
	if (!op->list.proven)
		return machine_fail(&op->machine, DISP_E_EXCEPTION,
				    _("whether anybody is logged on to %s cannot be determined: the guest's list is empty, but it "
				      "proves nothing there"),
				    name);
	return machine_fail(&op->machine, E_NO_SUCH_LOGON_SESSION, _("nobody is logged on to %s"), name);
}

static int64_t finish_run(struct guest_op *op)
{
	const size_t beyond = session_choice_is_narrowed(&op->choice) ? 0 : op->list.more;

	if (!op->info->per_session)
		return op->failed ? finish_err(op, &op->complaint) : machine_done(&op->machine);
	if (!op->done && !op->failed)
		return finish_nobody(op);
	text_set(&op->machine.report.note,
		 text_format(_("%zu of %zu sessions"), op->done, op->done + op->failed + beyond));
	if (op->failed)
		return finish_err(op, &op->complaint);
	if (beyond)
		return machine_fail(&op->machine, DISP_E_EXCEPTION,
				    ngettext("%s has %zu more session than we look at, which was left alone",
					     "%s has %zu more sessions than we look at, which were left alone", beyond),
				    text_str(op->machine.vm_name), beyond);
	return machine_done(&op->machine);
}

/* ---- steps ---- */

static int64_t check_step(struct guest_op *op, const struct agent_line *line)
{
	struct err err = { 0 };

	enter(op, STAGE_CHECK, TASK_PHASE_CHECK);
	if (!guest_check(line, op->machine.vm_name, &err))
		return machine_fail(&op->machine, agent_err_code(&err), "%s", text_str(err_text(&err)));
	return op->info->by_agent ? enter(op, STAGE_RUN, TASK_PHASE_ACT) : enter(op, STAGE_LIST, TASK_PHASE_LIST);
}

static int64_t list_step(struct guest_op *op, const struct agent_line *line)
{
	struct err err = { 0 };
	int64_t wait_ms = 0;
	enum query_outcome outcome;

	if (!op->query)
		op->query = session_query_create(&op->profile);
	outcome = session_query_step(op->query, line, &wait_ms, &err);
	if (outcome == QUERY_AGAIN)
		return wait_ms;
	if (outcome == QUERY_DONE) {
		session_list_free(&op->list);
		session_list_copy(&op->list, session_query_result(op->query));
		op->machine.report.sessions_before = (int)session_list_total(&op->list);
	}
	session_query_destroy(op->query);
	op->query = NULL;
	if (outcome == QUERY_FAILED || err.kind != ERR_NONE)
		return finish_err(op, &err);
	if (op->info->for_people && !session_list_total(&op->list))
		return finish_nobody(op);
	return is_door(op) ? enter(op, STAGE_LOOK, TASK_PHASE_CHECK) : enter(op, STAGE_RUN, TASK_PHASE_ACT);
}

/* False: err is set, or (err none) the program still runs and *ret_wait_ms says how long to wait. */
static bool run_program(struct guest_op *op, const struct agent_line *line, int64_t *ret_wait_ms, struct err *err)
{
	switch (session_program_step(&op->program, line, ret_wait_ms, err)) {
	case RUN_EXITED:
		return true;
	case RUN_AGAIN:
		*err = (struct err){ 0 };
		return false;
	default:
		return false;
	}
}

/* A 32-bit agent sees the 64-bit programs of Windows under another name: worth a second try. */
static bool is_redirected(struct guest_op *op, const struct err *err)
{
	if (op->profile.family != FAMILY_WINDOWS || op->profile.sysnative || op->program.run.maybe_started ||
	    !agent_err_is_missing_program(err))
		return false;
	op->profile.sysnative = true;
	session_program_free(&op->program);
	return true;
}

/* A door that somebody else closed is his to open, and closed enough for us. */
static int64_t judge_door(struct guest_op *op, enum guest_door door)
{
	const bool close = op->verb == TASK_CLOSE_DOOR;

	session_program_free(&op->program);
	switch (door) {
	case DOOR_CLOSED_BY_OTHERS:
		if (!close)
			return machine_fail(&op->machine, E_ACCESS_DENIED,
					    _("somebody else closed the door of %s, so it was left alone; remove "
					      "%s in the guest to open it"),
					    text_str(op->machine.vm_name), guest_door_file(&op->profile));
		text_set(&op->machine.report.note,
			 text_format("%s", _("somebody else had closed the door; it was left alone")));
		return machine_done(&op->machine);
	case DOOR_OPEN:
		return close ? enter(op, STAGE_RUN, TASK_PHASE_ACT) : machine_done(&op->machine);
	case DOOR_CLOSED_BY_US:
		return close ? machine_done(&op->machine) : enter(op, STAGE_RUN, TASK_PHASE_ACT);
	default:
		return enter(op, STAGE_RUN, TASK_PHASE_ACT);
	}
}

static int64_t look_step(struct guest_op *op, const struct agent_line *line)
{
	struct err err = { 0 };
	int64_t wait_ms = 0;

	if (!op->program.running && !guest_door_look_program(&op->program, &op->profile, &err))
		return finish_err(op, &err);
	if (run_program(op, line, &wait_ms, &err))
		return judge_door(op, guest_door_judge(&op->profile, &op->program.run.output));
	if (err.kind == ERR_NONE)
		return wait_ms;
	return is_redirected(op, &err) ? 0 : finish_err(op, &err);
}

static bool is_so_already(const struct guest_op *op, const struct session *session)
{
	return op->verb == TASK_LOCK ? session->locked : session->disconnected;
}

/* The next session that has to be told, or NULL. */
static const struct session *find_next(struct guest_op *op)
{
	for (; op->at < op->list.count; op->at++) {
		const struct session *session = &op->list.at[op->at];

		if (!session_choice_takes(&op->choice, session, op->profile.family))
			continue;
		if (!is_so_already(op, session))
			return session;
		op->done++;
	}
	return NULL;
}

static bool ask_journal(struct guest_op *op, const struct session *session, struct err *err)
{
	const char *verb = task_verb_name(op->verb);

	return session ? machine_ask_journal(&op->machine, err, "%s session %s of %s", verb, session->id,
					     text_str(session->user)) :
			 machine_ask_journal(&op->machine, err, "%s", verb);
}

static int64_t command_step(struct guest_op *op, const struct agent_line *line)
{
	struct err err = { 0 };

	if (!ask_journal(op, NULL, &err))
		return finish_err(op, &err);
	op->machine.report.cancelable = false;
	if (op->info->command(op, line, &err))
		return machine_done(&op->machine);
	op->unknown = !agent_err_is_surely_unsent(&err);
	return finish_err(op, &err);
}

static int64_t next_session(struct guest_op *op, const struct err *err)
{
	session_program_free(&op->program);
	if (err->kind == ERR_NONE)
		op->done++;
	else if (!op->failed++)
		op->complaint = *err;
	op->at++;
	if (!op->info->per_session)
		return finish_run(op);
	op->machine.report.percent = (int)(99 * op->at / op->list.count);
	return 0;
}

static int64_t run_step(struct guest_op *op, const struct agent_line *line)
{
	const struct session *session = NULL;
	struct err err = { 0 };
	int64_t wait_ms = 0;

	if (op->info->command)
		return command_step(op, line);
	if (op->info->per_session) {
		session = find_next(op);
		if (!session)
			return finish_run(op);
	}
	if (!op->program.running) {
		if (!op->info->program(op, session, &err) || !ask_journal(op, session, &err))
			return finish_err(op, &err);
		op->machine.report.cancelable = false;
	}
	if (run_program(op, line, &wait_ms, &err)) {
		session_program_succeeded(&op->program, &err);
		return next_session(op, &err);
	}
	if (err.kind == ERR_NONE)
		return wait_ms;
	if (is_redirected(op, &err))
		return 0;
	op->unknown |= op->program.run.maybe_started;
	return next_session(op, &err);
}

static int64_t finish_late(struct guest_op *op)
{
	op->machine.report.maybe_sent = op->unknown ||
					(op->stage == STAGE_RUN && op->program.running &&
					 op->program.run.maybe_started);
	return machine_fail(&op->machine, VM_E_TIMED_OUT, _("%s: not done in %d s; look into the guest"),
			    text_str(op->machine.vm_name), op->machine.timeout_s);
}

/* ---- as a machine ---- */

static int64_t step(struct machine *machine, const struct agent_line *line)
{
	struct guest_op *op = (struct guest_op *)machine;

	if (machine->report.cancelable && atomic_load(&machine->cancel_asked))
		return machine_cancelled(machine, _("cancelled before anything was sent"));
	if (machine_is_over_time(machine))
		return finish_late(op);
	switch (op->stage) {
	case STAGE_LIST:
		return list_step(op, line);
	case STAGE_LOOK:
		return look_step(op, line);
	case STAGE_RUN:
		return run_step(op, line);
	default:
		return check_step(op, line);
	}
}

static const struct session_list *sessions_of(const struct machine *machine)
{
	return machine->report.sessions_before < 0 ? NULL : &((const struct guest_op *)machine)->list;
}

static void free_own(struct machine *machine)
{
	struct guest_op *op = (struct guest_op *)machine;

	session_program_free(&op->program);
	session_query_destroy(op->query);
	session_list_free(&op->list);
	guest_profile_free(&op->profile);
	session_choice_free(&op->choice);
	free(op->message);
}

static const struct machine_ops machine_ops = {
	.step = step,
	.sessions = sessions_of,
	.free_own = free_own,
};

int guest_op_timeout_s(int op_verb, int wanted_s)
{
	return wanted_s > 0 ? wanted_s : op_verb == TASK_TRIM ? TRIM_TIMEOUT_S : TIMEOUT_S;
}

struct machine *guest_op_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name, int op_verb,
				const struct guest_op_options *options, const struct machine_journal *journal)
{
	struct guest_op *op = mem_zalloc(sizeof(*op));

	machine_init(&op->machine, &machine_ops, backend, uuid, vm_name, journal);
	op->machine.timeout_s = guest_op_timeout_s(op_verb, options->timeout_s);
	op->verb = op_verb;
	op->info = &ops[op_verb];
	op->message = session_message_copy(options->message, _("This machine is being prepared for maintenance."));
	session_choice_init(&op->choice, &options->whom);
	return &op->machine;
}
