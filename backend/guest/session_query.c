/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/session_query.h"

enum { BACKGROUND_POLL_MS = 1000 };

/* --- for drivers: a program that lists sessions --- */

enum query_outcome session_query_run(struct session_query *query, const struct agent_target *target,
				     int64_t *ret_wait_ms, struct err *err)
{
	struct guest_profile *profile = query->profile;
	const struct session_program *program = &query->program;
	const struct agent_output *output = &program->run.output;
	struct err why;

	/* Each question is a line in the guest's log, and nobody waits for the answer, unless it is the first. */
	if (query->is_background && query->last.family != FAMILY_UNKNOWN)
		query->program.first_poll_ms = BACKGROUND_POLL_MS;
	switch (session_program_step(&query->program, target, ret_wait_ms, err)) {
	case RUN_AGAIN:
		return QUERY_AGAIN;
	case RUN_EXITED:
		if (output->exit_code_known && output->exit_code == 0 && !output->signalled)
			return QUERY_DONE;
		session_program_failed(program, output, err);
		return QUERY_FAILED;
	default:
		break;
	}
	if (agent_err_is_denied_program(err)) {
		why = *err;
		err_set(err, ERR_DENIED,
			_("the guest does not allow the agent to start %s; with SELinux, check: ausearch -m avc -c "
			  "qemu-ga (%s)"),
			program->program.path, text_str(err_text(&why)));
		return QUERY_FAILED;
	}
	if (program->run.maybe_started || (err->kind != ERR_AGENT_BLOCKED && err->kind != ERR_AGENT_ABSENT))
		return QUERY_FAILED;
	profile->capabilities.exec = false;
	profile->capabilities.exec_known_blocked = err->kind == ERR_AGENT_BLOCKED;
	guest_profile_explain_blocked(profile, &query->why);
	query->stage = QUERY_USERS;
	return session_query_go_on(query, 0);
}

bool session_query_is_not_found(const struct session_query *query, const struct err *err)
{
	return !query->program.run.maybe_started && err->kind == ERR_AGENT_REFUSED && !agent_err_is_denied_program(err);
}

/* Of cut output the last line may be half an id, and half an id is another session's. */
size_t session_query_whole_lines(const struct session_query *query)
{
	const struct agent_output *output = &query->program.run.output;
	size_t len = output->out_len;

	while (output->truncated && len && output->out[len - 1] != '\n')
		len--;
	return len;
}

enum query_outcome session_query_go_on(struct session_query *query, int part)
{
	session_program_free(&query->program);
	query->part = part;
	return QUERY_AGAIN;
}

enum query_outcome session_query_try_next(struct session_query *query)
{
	query->try_next = true;
	return session_query_go_on(query, 0);
}

enum query_outcome session_query_done(struct session_query *query, enum guest_family family, bool proven)
{
	session_program_free(&query->program);
	query->profile->family = family;
	query->list.family = family;
	query->list.proven = proven;
	return QUERY_DONE;
}

struct session *sessions_add(struct session_list *list)
{
	struct session *session;

	if (list->count == SESSION_LIST_MAX) {
		list->more++;
		return NULL;
	}
	session = VEC_PUSH(list);
	session->login_time = session->idle_s = session->disconnected_s = -1;
	session->cpu_s = session->memory_kib = -1;
	return session;
}

void sessions_add_user(struct session_list *list, struct agent_user *user)
{
	struct session *session = sessions_add(list);

	if (!session)
		return;
	text_move(&session->user, &user->name);
	text_move(&session->domain, &user->domain);
	session->class_name = text_format("user");
	session->login_time = user->login_time;
}
