/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_op.h"

#include "backend/guest/guest_os_posix.h"
#include "base/clock.h"

enum { TIMEOUT_S = 60, TRIM_TIMEOUT_S = 600, CONFIRM_MS = 10000, CONFIRM_EVERY_MS = 2000, NAMES_MOST = 8 };

struct guest_op;

/* How an operation is done; one row each. */
struct op_info {
	bool per_session;
	bool for_people; /* nothing to do where nobody is logged on */
	bool by_agent;   /* a command of the agent's own: no family, no sessions needed */
	bool (*program)(struct guest_op *self, const struct session *session, struct err *err);
	bool (*command)(struct guest_op *self, const struct agent_target *target, struct err *err);
};

enum stage {
	STAGE_CHECK,
	STAGE_LIST,
	STAGE_LOOK,
	STAGE_RUN,
	STAGE_PUBLISH, /* logins are disabled from here on */
	STAGE_VERIFY,
	STAGE_WITHDRAW,   /* that had no effect */
	STAGE_SERVICES,   /* which of them do not ask */
	STAGE_LIST_AGAIN, /* who came in meanwhile; which sessions are locked */
};

struct guest_op {
	struct op op; /* first */
	enum operation operation;
	const struct op_info *info;
	char *message;
	bool until_restart;
	struct session_choice choice;

	enum stage stage;
	struct guest_profile profile;
	struct session_query *query;
	struct session_list list;
	struct session_list targets; /* of them, those it is done to; for the record */
	size_t at, done, failed;
	size_t meant;          /* of the list, terminals that cannot lock among them */
	int64_t confirm_until; /* when the guest is asked the last time who is locked; 0: not yet */
	bool unknown;          /* something was sent whose answer was lost */
	bool logins_are_ours, logins_keep_nobody_out;
	struct session_program program;
	struct err complaint; /* the first */
};

/* ---- the rows ---- */

static const struct guest_os *driver(const struct guest_op *self)
{
	return guest_os_get(self->profile.family);
}

static bool message_program(struct guest_op *self, const struct session *session UNUSED, struct err *err)
{
	return session_warn_program(&self->program, &self->profile, self->message, 0, err);
}

static bool lock_program(struct guest_op *self, const struct session *session, struct err *err)
{
	if (!driver(self)->lock)
		return err_set(err, ERR_UNSUPPORTED, "%s", _(driver(self)->no_lock));
	driver(self)->lock(&self->program, session);
	return true;
}

static bool disconnect_program(struct guest_op *self, const struct session *session, struct err *err)
{
	if (!driver(self)->disconnect)
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("only Windows sessions can be disconnected; lock the session, or log it off"));
	driver(self)->disconnect(&self->program, &self->profile, session);
	return true;
}

static bool logins_program(struct guest_op *self, const struct session *session UNUSED, struct err *err UNUSED)
{
	const enum guest_logins_change change = self->operation == OP_ENABLE_LOGINS ? LOGINS_ENABLE
						: self->until_restart               ? LOGINS_DISABLE_UNTIL_RESTART
										    : LOGINS_DISABLE;

	driver(self)->change_logins(&self->program, &self->profile, change, self->message);
	return true;
}

static bool set_time_command(struct guest_op *self UNUSED, const struct agent_target *target, struct err *err)
{
	return agent_set_time(target, (int64_t)clock_wall() * 1000000000, err);
}

static bool trim_command(struct guest_op *self, const struct agent_target *target, struct err *err)
{
	int64_t bytes;

	if (!agent_fstrim(target, self->op.timeout_s * 1000, &bytes, err))
		return false;
	if (bytes >= 0)
		text_set(&self->op.report.note, text_format(_("%.1f MiB trimmed"), (double)bytes / (1024 * 1024)));
	return true;
}

static const struct op_info ops[OP_COUNT] = {
	[OP_MESSAGE] = { .program = message_program, .for_people = true },
	[OP_LOCK] = { .program = lock_program, .per_session = true },
	[OP_DISCONNECT] = { .program = disconnect_program, .per_session = true },
	[OP_DISABLE_LOGINS] = { .program = logins_program },
	[OP_ENABLE_LOGINS] = { .program = logins_program },
	[OP_SET_TIME] = { .command = set_time_command, .by_agent = true },
	[OP_TRIM] = { .command = trim_command, .by_agent = true },
};

static bool is_about_logins(const struct guest_op *self)
{
	return self->operation == OP_DISABLE_LOGINS || self->operation == OP_ENABLE_LOGINS;
}

/* ---- how it ends ---- */

static int64_t enter(struct guest_op *self, enum stage stage, enum task_phase phase)
{
	self->stage = stage;
	return op_set_phase(&self->op, phase, 0);
}

static void add_note(struct guest_op *self, struct safe_text sentence)
{
	if (!text_is_empty(sentence))
		text_append(&self->op.report.note, "; ", "%s", text_str(sentence));
	text_free(&sentence);
}

static int64_t finish_err(struct guest_op *self, const struct err *cause)
{
	struct err err = *cause;

	self->op.report.maybe_sent = self->unknown;
	if (is_about_logins(self) && !self->unknown && driver(self)->explain_logins)
		driver(self)->explain_logins(&self->profile, &err);
	return op_fail(&self->op, self->unknown ? VM_E_TIMED_OUT : agent_err_code(&err), "%s: %s%s",
		       text_str(self->op.vm_name), text_str(err_text(&err)),
		       self->unknown ? _("; the result is unknown, check the guest") : "");
}

static int64_t finish_nobody(struct guest_op *self)
{
	const char *name = text_str(self->op.vm_name);

	if (!session_list_proves_absence(&self->list))
		return op_fail(&self->op, DISP_E_EXCEPTION,
			       self->list.count ? _("cannot determine whether the selected users are logged on to %s: "
						    "the guest's list does not name everybody")
						: _("cannot determine whether anybody is logged on to %s: the guest's "
						    "list is empty, but not reliable there"),
			       name);
	text_set(&self->op.report.note, session_choice_tell_newcomers(&self->choice, &self->list));
	if (self->list.count && session_choice_is_narrowed(&self->choice))
		return op_fail(&self->op, E_NO_SUCH_LOGON_SESSION, _("none of the selected users is logged on to %s"),
			       name);
	return op_fail(&self->op, E_NO_SUCH_LOGON_SESSION, _("nobody is logged on to %s"), name);
}

static int64_t finish_message(struct guest_op *self)
{
	size_t missed;
	struct safe_text sentence = session_tell_unwarned(&self->profile, &self->targets, &missed);

	if (missed == session_list_total(&self->targets))
		op_fail(&self->op, VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
			_("%s: nobody saw the message, it is shown on terminals only: %s"), text_str(self->op.vm_name),
			text_str(sentence));
	else
		op_done(&self->op);
	add_note(self, sentence);
	return WORKER_DONE;
}

static int64_t finish_run(struct guest_op *self)
{
	const bool is_narrowed = session_choice_is_narrowed(&self->choice);
	const size_t beyond = is_narrowed ? 0 : self->list.more, total = self->done + self->failed + beyond;
	OWN(text) struct safe_text newcomers = { 0 };

	if (self->info->for_people && !self->failed)
		return finish_message(self);
	if (!self->info->per_session)
		return self->failed ? finish_err(self, &self->complaint) : op_done(&self->op);
	if (!self->done && !self->failed && self->meant)
		return op_fail(&self->op, VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
			       _("%s: only terminals (console, ssh) are logged on, and nothing can lock them"),
			       text_str(self->op.vm_name));
	if (!self->done && !self->failed)
		return finish_nobody(self);
	newcomers = session_choice_tell_newcomers(&self->choice, &self->list);
	if (self->operation == OP_LOCK && self->targets.count && !self->failed && !beyond) {
		text_set(&self->op.report.note, text_copy(newcomers));
		self->confirm_until = clock_ms() + CONFIRM_MS;
		return enter(self, STAGE_LIST_AGAIN, TASK_PHASE_VERIFY);
	}
	text_set(&self->op.report.note,
		 text_format(ngettext("%zu of %zu session%s%s", "%zu of %zu sessions%s%s", total), self->done, total,
			     text_is_empty(newcomers) ? "" : "; ", text_str(newcomers)));
	if (self->failed)
		return finish_err(self, &self->complaint);
	if (beyond)
		return op_fail(&self->op, DISP_E_EXCEPTION,
			       ngettext("%s has %zu session beyond the limit, which was skipped",
					"%s has %zu sessions beyond the limit, which were skipped", beyond),
			       text_str(self->op.vm_name), beyond);
	if (!is_narrowed && !self->list.proven)
		return op_fail(&self->op, DISP_E_EXCEPTION,
			       _("%s: done for those who were seen; others may be logged on: the guest's list does not "
				 "name everybody"),
			       text_str(self->op.vm_name));
	return op_done(&self->op);
}

/* ---- steps ---- */

static int64_t check_step(struct guest_op *self, const struct agent_target *target)
{
	struct err err = { 0 };

	enter(self, STAGE_CHECK, TASK_PHASE_CHECK);
	if (!guest_check(target, self->op.vm_name, &err))
		return op_fail(&self->op, agent_err_code(&err), "%s", text_str(err_text(&err)));
	return self->info->by_agent ? enter(self, STAGE_RUN, TASK_PHASE_ACT) : enter(self, STAGE_LIST, TASK_PHASE_LIST);
}

static bool is_so_already(const struct guest_op *self, const struct session *session)
{
	return self->operation == OP_LOCK ? session->locked : session->disconnected;
}

/* A terminal has nothing that could lock it. */
static bool is_meant(struct guest_op *self, const struct session *session)
{
	return session_choice_takes(&self->choice, session, self->profile.family) &&
	       (self->operation != OP_LOCK || strcmp(text_str(session->type), "tty") != 0);
}

static void note_targets(struct guest_op *self)
{
	for (size_t i = 0; i < self->list.count; i++) {
		const struct session *session = &self->list.at[i];

		if (self->info->per_session ? is_meant(self, session) && !is_so_already(self, session)
					    : self->info->for_people)
			session_list_add(&self->targets, session);
	}
	self->targets.more = self->info->for_people ? self->list.more : 0;
}

static int64_t list_step(struct guest_op *self, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms = 0;
	enum query_outcome outcome;
	size_t meant = 0;

	if (!self->query)
		self->query = session_query_create(&self->profile);
	outcome = session_query_step(self->query, target, &wait_ms, &err);
	if (outcome == QUERY_AGAIN)
		return wait_ms;
	if (outcome == QUERY_DONE) {
		session_list_free(&self->list);
		session_list_copy(&self->list, session_query_result(self->query));
		self->op.report.sessions_before = (int)session_list_total(&self->list);
	}
	session_query_destroy(self->query);
	self->query = NULL;
	if (outcome == QUERY_FAILED || err.kind != ERR_NONE)
		return finish_err(self, &err);
	if (self->info->for_people && !session_list_total(&self->list))
		return finish_nobody(self);
	for (size_t i = 0; self->info->per_session && i < self->list.count; i++)
		meant += session_choice_takes(&self->choice, &self->list.at[i], self->profile.family);
	self->meant = meant;
	/* Before the first is told: who is to be spared has to be there. */
	if (meant && !session_choice_check_exceptions(&self->choice, &self->list, self->op.vm_name, &err))
		return op_fail(&self->op, E_INVALIDARG, "%s", text_str(err_text(&err)));
	note_targets(self);
	return is_about_logins(self) ? enter(self, STAGE_LOOK, TASK_PHASE_CHECK)
				     : enter(self, STAGE_RUN, TASK_PHASE_ACT);
}

/*
 * A 32-bit agent sees the 64-bit programs of Windows under another name: worth a second try, in whatever language the
 * agent says that it found none.
 */
static bool is_redirected(struct guest_op *self, const struct err *err)
{
	if (!driver(self)->has_sysnative || self->profile.sysnative || self->program.run.maybe_started ||
	    err->kind != ERR_AGENT_REFUSED || agent_err_is_denied_program(err))
		return false;
	self->profile.sysnative = true;
	session_program_free(&self->program);
	return true;
}

static int64_t after_disabling(struct guest_op *self, bool ours)
{
	self->logins_are_ours = ours;
	if (!driver(self)->verify_logins)
		return op_done(&self->op);
	return enter(self, ours ? STAGE_PUBLISH : STAGE_VERIFY, TASK_PHASE_CHECK);
}

static int64_t look_step(struct guest_op *self, const struct agent_target *target)
{
	const bool disable = self->operation == OP_DISABLE_LOGINS;
	enum guest_logins logins = LOGINS_UNKNOWN;
	enum agent_run_outcome outcome;
	struct err err = { 0 };
	int64_t wait_ms = 0;

	if (!driver(self)->read_logins) {
		err_set(&err, ERR_UNSUPPORTED, "%s", _("logins cannot be disabled in this guest"));
		return finish_err(self, &err);
	}
	if (!self->program.running)
		driver(self)->read_logins(&self->program, &self->profile);
	outcome = session_program_step(&self->program, target, &wait_ms, &err);
	if (outcome == RUN_AGAIN)
		return wait_ms;
	if (outcome != RUN_EXITED)
		return is_redirected(self, &err) ? 0 : finish_err(self, &err);
	if (driver(self)->parse_logins)
		logins = driver(self)->parse_logins(&self->program.run.output);
	session_program_free(&self->program);
	/* Logins that somebody else disabled are his to enable, and disabled enough for us. */
	if (logins == LOGINS_DISABLED_BY_OTHERS && !disable)
		return op_fail(
			&self->op, E_ACCESS_DENIED,
			_("logins on %s were disabled by somebody else and stay disabled; remove %s in the guest "
			  "to enable them"),
			text_str(self->op.vm_name), guest_logins_file(&self->profile));
	if (logins == LOGINS_DISABLED_BY_OTHERS)
		text_set(&self->op.report.note,
			 text_format("%s", _("logins were already disabled by somebody else; not changed")));
	if (disable && (logins == LOGINS_DISABLED_BY_OTHERS || logins == LOGINS_DISABLED_BY_US))
		return after_disabling(self, logins == LOGINS_DISABLED_BY_US);
	if (logins == LOGINS_ENABLED && !disable)
		return op_done(&self->op);
	return enter(self, STAGE_RUN, TASK_PHASE_ACT);
}

/* ---- after disabling logins ---- */

/* False: it is still running. True: it is over; err says how it failed, if it did. */
static bool program_is_over(struct guest_op *self, const struct agent_target *target, int64_t *ret_wait_ms,
			    struct err *err)
{
	switch (session_program_step(&self->program, target, ret_wait_ms, err)) {
	case RUN_AGAIN:
		return false;
	case RUN_EXITED:
		session_program_succeeded(&self->program, err);
		break;
	default:
		break;
	}
	session_program_free(&self->program);
	return true;
}

static int64_t publish_step(struct guest_op *self, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms = 0;

	if (!self->program.running)
		driver(self)->publish_logins(&self->program, &self->profile);
	if (!program_is_over(self, target, &wait_ms, &err))
		return wait_ms;
	if (err.kind != ERR_NONE)
		add_note(self, text_copy(err_text(&err)));
	return enter(self, STAGE_VERIFY, TASK_PHASE_CHECK);
}

static int64_t verify_step(struct guest_op *self, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms = 0;

	if (!self->program.running)
		driver(self)->verify_logins(&self->program, &self->profile);
	switch (session_program_step(&self->program, target, &wait_ms, &err)) {
	case RUN_AGAIN:
		return wait_ms;
	case RUN_EXITED:
		self->logins_keep_nobody_out =
			!driver(self)->judge_logins(&self->program.run.output, &self->profile, &self->complaint);
		break;
	default:
		add_note(self, text_format(_("not verified that logins are disabled: %s"), text_str(err_text(&err))));
	}
	session_program_free(&self->program);
	if (!self->logins_keep_nobody_out)
		return enter(self, STAGE_SERVICES, TASK_PHASE_CHECK);
	return self->logins_are_ours ? enter(self, STAGE_WITHDRAW, TASK_PHASE_ACT) : finish_err(self, &self->complaint);
}

/* What keeps nobody out is removed: who comes next would take it for logins that are disabled. */
static int64_t withdraw_step(struct guest_op *self, const struct agent_target *target)
{
	struct err err = { 0 };
	int64_t wait_ms = 0;

	if (!self->program.running) {
		driver(self)->change_logins(&self->program, &self->profile, LOGINS_ENABLE, NULL);
		if (!op_journal_intent(&self->op, &err, "%s", operation_name(OP_ENABLE_LOGINS)))
			return finish_err(self, &err);
	}
	if (!program_is_over(self, target, &wait_ms, &err))
		return wait_ms;
	if (err.kind != ERR_NONE)
		add_note(self, text_format(_("%s could not be removed: %s"), guest_logins_file(&self->profile),
					   text_str(err_text(&err))));
	self->logins_are_ours = false;
	return finish_err(self, &self->complaint);
}

static int64_t services_step(struct guest_op *self, const struct agent_target *target)
{
	struct safe_text names = { NULL };
	struct err err = { 0 };
	int64_t wait_ms = 0;

	if (!self->program.running)
		driver(self)->list_login_services(&self->program);
	switch (session_program_step(&self->program, target, &wait_ms, &err)) {
	case RUN_AGAIN:
		return wait_ms;
	case RUN_EXITED: /* grep exits with 2 where one of the files is missing */
		if (!sessions_parse_open_logins(self->program.run.output.out, self->program.run.output.out_len, &names))
			err_set(&err, ERR_UNEXPECTED, "%s", _("the configuration of PAM was not found"));
		break;
	default:
		break;
	}
	if (err.kind != ERR_NONE)
		add_note(self,
			 text_format(_("not verified who asks for disabled logins: %s"), text_str(err_text(&err))));
	if (!text_is_empty(names))
		add_note(self, text_format(_("not verified for %s: they do not ask pam_nologin"), text_str(names)));
	text_free(&names);
	session_program_free(&self->program);
	return enter(self, STAGE_LIST_AGAIN, TASK_PHASE_LIST);
}

static bool was_on(const struct guest_op *self, const struct session *session)
{
	for (size_t i = 0; i < self->list.count; i++)
		if (strcmp(self->list.at[i].id, session->id) == 0 &&
		    session_stamp(&self->list.at[i]) == session_stamp(session))
			return true;
	return false;
}

/* Automatic log-ins, root, and services without pam_nologin pass by. */
static int64_t finish_disabled(struct guest_op *self, const struct session_list *now)
{
	OWN(vec) struct session_list found = { 0 }; /* its sessions are borrowed */
	OWN(text) struct safe_text names = { 0 };

	for (size_t i = 0; i < now->count; i++)
		if (!was_on(self, &now->at[i]))
			*VEC_PUSH(&found) = now->at[i];
	names = session_list_names(&found, NAMES_MOST);
	if (found.count)
		add_note(self, text_format(_("logged on while logins were being disabled: %s"), text_str(names)));
	return op_done(&self->op);
}

/* ---- after asking to lock ---- */

static int64_t finish_lock(struct guest_op *self, const struct session_list *now)
{
	OWN(vec) struct session_list silent = { 0 }; /* its sessions are borrowed */
	OWN(text) struct safe_text names = { 0 };

	for (size_t i = 0; i < self->targets.count; i++) {
		const struct session *asked = &self->targets.at[i];
		const struct session *session = session_list_find_same(now, asked->id, session_stamp(asked));

		if (!session || !session->locked)
			*VEC_PUSH(&silent) = *asked;
	}
	names = session_list_names(&silent, NAMES_MOST);
	if (silent.count && clock_ms() < self->confirm_until)
		return CONFIRM_EVERY_MS;
	add_note(self, text_format(ngettext("%zu session asked to lock; %zu confirmed",
					    "%zu sessions asked to lock; %zu confirmed", self->targets.count),
				   self->targets.count, self->targets.count - silent.count));
	if (silent.count)
		op_fail(&self->op, VM_E_TIMED_OUT,
			_("%s: asked to lock, but the guest does not confirm it; whether these sessions are locked is "
			  "unknown: %s"),
			text_str(self->op.vm_name), text_str(names));
	return self->op.report.complete ? WORKER_DONE : op_done(&self->op);
}

static int64_t list_again_step(struct guest_op *self, const struct agent_target *target)
{
	const struct session_list nobody = { 0 };
	struct err err = { 0 };
	int64_t wait_ms = 0;
	enum query_outcome outcome;

	if (!self->query)
		self->query = session_query_create(&self->profile);
	outcome = session_query_step(self->query, target, &wait_ms, &err);
	if (outcome == QUERY_AGAIN)
		return wait_ms;
	if (outcome == QUERY_DONE)
		wait_ms = self->operation == OP_LOCK ? finish_lock(self, session_query_result(self->query))
						     : finish_disabled(self, session_query_result(self->query));
	session_query_destroy(self->query);
	self->query = NULL;
	if (outcome == QUERY_DONE)
		return wait_ms;
	add_note(self, text_format(_("the sessions could not be listed again: %s"), text_str(err_text(&err))));
	if (self->operation != OP_LOCK)
		return op_done(&self->op);
	self->confirm_until = 0;
	return finish_lock(self, &nobody);
}

/* The next session that has to be told, or NULL. */
static const struct session *find_next(struct guest_op *self)
{
	for (; self->at < self->list.count; self->at++) {
		const struct session *session = &self->list.at[self->at];

		if (!is_meant(self, session))
			continue;
		if (!is_so_already(self, session))
			return session;
		self->done++;
	}
	return NULL;
}

static bool ask_journal(struct guest_op *self, const struct session *session, struct err *err)
{
	const char *operation = operation_name(self->operation);

	return session ? op_journal_intent(&self->op, err, "%s session %s of %s", operation, session->id,
					   text_str(session->user))
		       : op_journal_intent(&self->op, err, "%s", operation);
}

static int64_t next_session(struct guest_op *self, const struct err *err)
{
	session_program_free(&self->program);
	if (err->kind == ERR_NONE)
		self->done++;
	else if (!self->failed++)
		self->complaint = *err;
	self->at++;
	if (self->operation == OP_DISABLE_LOGINS && !self->failed)
		return after_disabling(self, true);
	if (!self->info->per_session)
		return finish_run(self);
	self->op.report.percent = (int)(99 * self->at / self->list.count);
	return 0;
}

static int64_t run_step(struct guest_op *self, const struct agent_target *target)
{
	const struct session *session = NULL;
	enum agent_run_outcome outcome;
	struct err err = { 0 };
	int64_t wait_ms = 0;

	if (self->info->command) {
		if (!op_commit(&self->op))
			return 0;
		if (!ask_journal(self, NULL, &err))
			return finish_err(self, &err);
		if (self->info->command(self, target, &err))
			return op_done(&self->op);
		self->unknown = !agent_err_is_surely_unsent(&err);
		return finish_err(self, &err);
	}
	if (self->info->per_session) {
		session = find_next(self);
		if (!session)
			return finish_run(self);
	}
	if (!self->program.running) {
		if (!op_commit(&self->op))
			return 0;
		if (!self->info->program(self, session, &err) || !ask_journal(self, session, &err))
			return finish_err(self, &err);
	}
	outcome = session_program_step(&self->program, target, &wait_ms, &err);
	if (outcome == RUN_AGAIN)
		return wait_ms;
	if (outcome == RUN_EXITED) {
		if (session_program_needs_another_way(&self->program, &self->profile))
			return 0;
		if (session && session_program_found_another(&self->program))
			err_set(&err, ERR_UNEXPECTED,
				_("session %s of %s had already ended, or was another user's by then, and was skipped"),
				session->id, text_str(session->user));
		else
			session_program_succeeded(&self->program, &err);
		return next_session(self, &err);
	}
	if (is_redirected(self, &err))
		return 0;
	self->unknown |= self->program.run.maybe_started;
	return next_session(self, &err);
}

/* ---- as an operation ---- */

static int64_t step(struct op *op, const struct agent_target *target)
{
	static int64_t (*const stages[])(struct guest_op *, const struct agent_target *) = {
		[STAGE_CHECK] = check_step,
		[STAGE_LIST] = list_step,
		[STAGE_LOOK] = look_step,
		[STAGE_RUN] = run_step,
		[STAGE_PUBLISH] = publish_step,
		[STAGE_VERIFY] = verify_step,
		[STAGE_WITHDRAW] = withdraw_step,
		[STAGE_SERVICES] = services_step,
		[STAGE_LIST_AGAIN] = list_again_step,
	};
	struct guest_op *self = (struct guest_op *)op;

	if (op->report.cancelable && atomic_load(&op->cancel_asked))
		return op_cancelled(op, _("cancelled before anything was sent"));
	if (!op_is_over_time(op))
		return stages[self->stage](self, target);
	if (self->stage == STAGE_LIST_AGAIN && self->operation == OP_DISABLE_LOGINS) {
		add_note(self, text_format("%s", _("the sessions could not be listed again in time")));
		return op_done(op);
	}
	op->report.maybe_sent =
		self->unknown || (self->stage == STAGE_RUN && self->program.running && self->program.run.maybe_started);
	return op_fail(op, VM_E_TIMED_OUT, _("%s: not done in %d s; check the guest"), text_str(op->vm_name),
		       op->timeout_s);
}

static const struct session_list *sessions_of(const struct op *op)
{
	return op->report.sessions_before < 0 ? NULL : &((const struct guest_op *)op)->list;
}

static const struct session_list *targets_of(const struct op *op)
{
	return &((const struct guest_op *)op)->targets;
}

static void free_own(struct op *op)
{
	struct guest_op *self = (struct guest_op *)op;

	session_program_free(&self->program);
	session_query_destroy(self->query);
	session_list_free(&self->list);
	session_list_free(&self->targets);
	guest_profile_free(&self->profile);
	session_choice_free(&self->choice);
	free(self->message);
}

static const struct op_driver op_driver = {
	.step = step,
	.sessions = sessions_of,
	.targets = targets_of,
	.free_own = free_own,
};

bool guest_op_disabled_logins(const struct op *op)
{
	return ((const struct guest_op *)op)->logins_are_ours;
}

bool guest_op_keeps_nobody_out(const struct op *op)
{
	return ((const struct guest_op *)op)->logins_keep_nobody_out;
}

int guest_op_timeout_s(enum operation operation, int wanted_s)
{
	return wanted_s > 0 ? wanted_s : operation == OP_TRIM ? TRIM_TIMEOUT_S : TIMEOUT_S;
}

struct op *guest_op_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			   enum operation operation, const struct guest_op_options *options,
			   const struct op_journal *journal)
{
	struct guest_op *self = mem_zalloc(sizeof(*self));

	op_init(&self->op, &op_driver, backend, uuid, vm_name, journal);
	self->op.timeout_s = guest_op_timeout_s(operation, options->timeout_s);
	self->operation = operation;
	self->info = &ops[operation];
	self->message = session_message_copy(options->message, _("This machine is being prepared for maintenance."));
	session_choice_init(&self->choice, &options->whom);
	self->until_restart = options->until_restart;
	return &self->op;
}
