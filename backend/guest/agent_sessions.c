/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_sessions.h"

#include "backend/guest/guest_os.h"

#include <strings.h>

enum { IDS_MAX = 4 * SESSION_LIST_MAX }; /* logind lists a manager beside each user */

enum stage {
	STAGE_INFO,
	STAGE_FROZEN,
	STAGE_OS,
	STAGE_HOST_NAME,
	STAGE_LOGIND,
	STAGE_SHOW,
	STAGE_WHO,
	STAGE_WTS,
	STAGE_WTS_USERS,
	STAGE_USERS
};

struct session_query {
	struct guest_profile *profile;
	struct session_list list;
	enum stage stage;
	struct session_program program;
	char ids[IDS_MAX][SESSION_ID_SIZE];
	size_t id_count, id_at, ids_more;
	struct err why; /* why logind, who or WTS could not be asked */
};

struct session_query *session_query_create(struct guest_profile *profile)
{
	struct session_query *query = mem_zalloc(sizeof(*query));

	query->profile = profile;
	return query;
}

void session_query_destroy(struct session_query *query)
{
	if (!query)
		return;
	session_program_free(&query->program);
	session_list_free(&query->list);
	free(query);
}

const struct session_list *session_query_result(const struct session_query *query)
{
	return &query->list;
}

/* logind's list of ids is whole where the list of sessions is cut. */
bool session_query_proves_gone(const struct session_query *query, const char *id)
{
	if (session_list_proves_absence(&query->list))
		return true;
	for (size_t i = 0; i < query->id_count; i++)
		if (strcmp(query->ids[i], id) == 0)
			return false;
	return query->list.proven && query->id_count > 0 && query->ids_more == 0;
}

/* --- helpers of the families --- */

bool sessions_next_line(const char **at, const char *end, const char **ret_line, size_t *ret_len)
{
	const char *newline;

	if (*at == end)
		return false;
	newline = memchr(*at, '\n', (size_t)(end - *at));
	*ret_line = *at;
	*ret_len = (size_t)((newline ? newline : end) - *at);
	*at = newline ? newline + 1 : end;
	if (*ret_len && (*ret_line)[*ret_len - 1] == '\r')
		--*ret_len;
	return true;
}

struct session *sessions_add(struct session_list *list)
{
	if (list->count == SESSION_LIST_MAX) {
		list->more++;
		return NULL;
	}
	return VEC_PUSH(list);
}

/* --- the query --- */

static enum query_outcome go_to(struct session_query *query, enum stage stage)
{
	session_program_free(&query->program);
	query->stage = stage;
	return QUERY_AGAIN;
}

static enum query_outcome done(struct session_query *query, enum guest_family family, bool proven)
{
	session_program_free(&query->program);
	query->profile->family = family;
	query->list.family = family;
	query->list.proven = proven;
	return QUERY_DONE;
}

static enum query_outcome use_users_alone(struct session_query *query)
{
	return go_to(query, STAGE_USERS);
}

static enum query_outcome begin_list(struct session_query *query)
{
	if (!query->profile->capabilities.exec) {
		guest_profile_explain_blocked(query->profile, &query->why);
		return use_users_alone(query);
	}
	switch (query->profile->family) {
	case FAMILY_WINDOWS:
		return go_to(query, STAGE_WTS);
	case FAMILY_UTMP:
		return go_to(query, STAGE_WHO);
	default:
		return go_to(query, STAGE_LOGIND);
	}
}

/* The agent answered, and the answer is no: this detail stays unknown, the query goes on. */
static bool is_refusal(const struct err *err)
{
	return err->kind == ERR_AGENT_REFUSED || err->kind == ERR_AGENT_BLOCKED || err->kind == ERR_AGENT_ABSENT;
}

static enum query_outcome ask_info(struct session_query *query, const struct agent_target *target, struct err *err)
{
	struct guest_profile *profile = query->profile;

	if (profile->known)
		return begin_list(query);
	agent_abilities_free(&profile->capabilities);
	if (!agent_info(target, &profile->capabilities, err))
		return QUERY_FAILED;
	return go_to(query,
		     !profile->capabilities.exec && profile->capabilities.fsfreeze_status ? STAGE_FROZEN : STAGE_OS);
}

/* While file systems are frozen the agent calls nearly everything disabled; that passes. */
static enum query_outcome ask_frozen(struct session_query *query, const struct agent_target *target, struct err *err)
{
	bool frozen = false;

	if (!agent_fsfreeze_is_frozen(target, &frozen, err) && !is_refusal(err))
		return QUERY_FAILED;
	if (frozen) {
		err_set(err, ERR_AGENT_FROZEN, "%s",
			_("the guest's file systems are frozen, a backup is running; try again when it is over"));
		return QUERY_FAILED;
	}
	return go_to(query, STAGE_OS);
}

static enum query_outcome ask_os(struct session_query *query, const struct agent_target *target, struct err *err)
{
	struct agent_os *os = &query->profile->os;

	agent_os_free(os);
	if (query->profile->capabilities.osinfo && !agent_os(target, os, err) && !is_refusal(err))
		return QUERY_FAILED;
	if (strcmp(text_str(os->id), "mswindows") == 0)
		query->profile->family = FAMILY_WINDOWS;
	return go_to(query, STAGE_HOST_NAME);
}

static enum query_outcome ask_host_name(struct session_query *query, const struct agent_target *target, struct err *err)
{
	struct guest_profile *profile = query->profile;

	text_free(&profile->host_name);
	if (profile->capabilities.host_name && !agent_host_name(target, &profile->host_name, err) && !is_refusal(err))
		return QUERY_FAILED;
	profile->known = true;
	return begin_list(query);
}

/* One step of the program that `make` describes. QUERY_DONE: it exited, and output is there to judge. */
static enum query_outcome step_program(struct session_query *query, const struct agent_target *target,
				       int64_t *ret_wait_ms, struct err *err)
{
	switch (session_program_step(&query->program, target, ret_wait_ms, err)) {
	case RUN_AGAIN:
		return QUERY_AGAIN;
	case RUN_EXITED:
		return QUERY_DONE;
	default:
		return QUERY_FAILED;
	}
}

static bool exited_well(const struct session_query *query)
{
	const struct agent_output *output = &query->program.run.output;

	return output->exit_code_known && output->exit_code == 0 && !output->signalled;
}

static enum query_outcome program_failed(const struct session_query *query, struct err *err)
{
	session_program_failed(&query->program, &query->program.run.output, err);
	return QUERY_FAILED;
}

/* Of cut output the last line may be half an id, and half an id is another session's. */
static size_t whole_lines(const struct agent_output *output)
{
	size_t len = output->out_len;

	while (output->truncated && len && output->out[len - 1] != '\n')
		len--;
	return len;
}

/* Nothing of this name can be started in the guest, as far as one can tell; whether it is missing, `why` says. */
static bool cannot_be_started(const struct session_query *query, const struct err *err)
{
	return !query->program.run.maybe_started && err->kind == ERR_AGENT_REFUSED && !agent_err_is_denied_program(err);
}

static enum query_outcome judge_failure(struct session_query *query, struct err *err)
{
	struct guest_profile *profile = query->profile;

	if (agent_err_is_denied_program(err)) {
		struct err why = *err;

		err_set(err, ERR_DENIED,
			_("the guest does not allow the agent to start %s; with SELinux, check: ausearch -m avc -c "
			  "qemu-ga (%s)"),
			query->program.program.path, text_str(err_text(&why)));
		return QUERY_FAILED;
	}
	if (query->program.run.maybe_started || (err->kind != ERR_AGENT_BLOCKED && err->kind != ERR_AGENT_ABSENT))
		return QUERY_FAILED;
	profile->capabilities.exec = false;
	profile->capabilities.exec_known_blocked = err->kind == ERR_AGENT_BLOCKED;
	guest_profile_explain_blocked(profile, &query->why);
	return use_users_alone(query);
}

static enum query_outcome no_program(struct session_query *query, const char *words)
{
	err_set(&query->why, ERR_UNSUPPORTED, "%s", words);
	return use_users_alone(query);
}

static enum query_outcome list_logind(struct session_query *query, const struct agent_target *target,
				      int64_t *ret_wait_ms, struct err *err)
{
	/* A guest of which logind is known never changes families: its ids are not who's. */
	const bool known = query->profile->family == FAMILY_LOGIND;
	const struct agent_output *output = &query->program.run.output;
	enum query_outcome outcome;

	if (!query->program.running)
		logind_list_program(&query->program);
	outcome = step_program(query, target, ret_wait_ms, err);
	if (outcome == QUERY_AGAIN)
		return QUERY_AGAIN;
	if (outcome == QUERY_FAILED) {
		if (known || !cannot_be_started(query, err))
			return judge_failure(query, err);
		query->profile->logind_is_missing = agent_err_is_missing_program(err);
		return go_to(query, STAGE_WHO);
	}
	if (!exited_well(query)) {
		query->profile->logind_is_missing = logind_is_absent(output);
		if (query->profile->logind_is_missing && !known)
			return go_to(query, STAGE_WHO);
		return program_failed(query, err);
	}
	sessions_parse_logind_ids(output->out, whole_lines(output), query->ids, IDS_MAX, &query->id_count,
				  &query->ids_more);
	query->ids_more += output->truncated;
	query->list.more = query->ids_more;
	query->id_at = 0;
	return query->id_count ? go_to(query, STAGE_SHOW) : done(query, FAMILY_LOGIND, true);
}

static enum query_outcome next_id(struct session_query *query)
{
	query->id_at++;
	if (query->id_at < query->id_count && query->list.count < SESSION_LIST_MAX)
		return go_to(query, STAGE_SHOW);
	query->list.more += query->id_count - query->id_at;
	return done(query, FAMILY_LOGIND, true);
}

static enum query_outcome show_logind(struct session_query *query, const struct agent_target *target,
				      int64_t *ret_wait_ms, struct err *err)
{
	const struct agent_output *output = &query->program.run.output;
	const char *id = query->ids[query->id_at];
	enum query_outcome outcome;
	struct session session;

	if (!query->program.running)
		logind_show_program(&query->program, id);
	outcome = step_program(query, target, ret_wait_ms, err);
	if (outcome != QUERY_DONE)
		return outcome == QUERY_FAILED ? judge_failure(query, err) : outcome;
	if (!exited_well(query))
		return logind_session_is_gone(output) ? next_id(query) : program_failed(query, err);
	switch (sessions_parse_logind_show(output->out, output->out_len, id, &session)) {
	case LOGIND_LOGON:
		*VEC_PUSH(&query->list) = session;
		return next_id(query);
	case LOGIND_NO_LOGON:
		return next_id(query);
	default:
		err_set(err, ERR_AGENT_BROKEN, _("invalid answer of loginctl about session %s"), id);
		return QUERY_FAILED;
	}
}

/* musl keeps no utmp at all: `who` is always empty there. */
static bool who_proves(const struct session_query *query)
{
	const char *id = text_str(query->profile->os.id);

	query->profile->names_people |= query->list.count > 0;
	return query->profile->names_people ||
	       (query->profile->logind_is_missing && strcmp(id, "alpine") != 0 && strcmp(id, "postmarketos") != 0);
}

static enum query_outcome list_who(struct session_query *query, const struct agent_target *target, int64_t *ret_wait_ms,
				   struct err *err)
{
	const struct agent_output *output = &query->program.run.output;
	enum query_outcome outcome;

	if (!query->program.running)
		who_program(&query->program);
	outcome = step_program(query, target, ret_wait_ms, err);
	if (outcome == QUERY_AGAIN)
		return QUERY_AGAIN;
	if (outcome == QUERY_FAILED) {
		if (!cannot_be_started(query, err))
			return judge_failure(query, err);
		if (text_is_empty(query->profile->os.id))
			return go_to(query, STAGE_WTS);
		return no_program(query, _("the guest has neither loginctl nor who, so its sessions cannot be listed "
					   "or ended"));
	}
	if (!exited_well(query))
		return program_failed(query, err);
	sessions_parse_who(output->out, whole_lines(output), &query->list);
	query->list.more += output->truncated;
	return done(query, FAMILY_UTMP, who_proves(query));
}

static enum query_outcome list_wts(struct session_query *query, const struct agent_target *target, int64_t *ret_wait_ms,
				   struct err *err)
{
	const struct agent_output *output = &query->program.run.output;
	enum query_outcome outcome;

	if (!query->program.running)
		wts_list_program(&query->program);
	outcome = step_program(query, target, ret_wait_ms, err);
	if (outcome == QUERY_AGAIN)
		return QUERY_AGAIN;
	if (outcome == QUERY_FAILED && cannot_be_started(query, err))
		return no_program(query, _("the guest has none of loginctl, who and PowerShell, so its sessions cannot "
					   "be listed or ended"));
	if (outcome == QUERY_FAILED)
		return judge_failure(query, err);
	if (!exited_well(query))
		return program_failed(query, err);
	if (!sessions_parse_wts(output->out, whole_lines(output), output->truncated, &query->list,
				&query->profile->no_wts, err))
		return QUERY_FAILED;
	if (query->profile->no_wts && query->profile->capabilities.get_users)
		return go_to(query, STAGE_WTS_USERS);
	return done(query, FAMILY_WINDOWS, !query->profile->no_wts);
}

/* Names are all that it tells: its sessions have no id. */
static void take_user(struct session_query *query, struct agent_user *user)
{
	struct session *session = sessions_add(&query->list);

	if (!session)
		return;
	text_move(&session->user, &user->name);
	text_move(&session->domain, &user->domain);
	session->class_name = text_format("user");
	session->login_time = user->login_time;
}

static bool is_listed(const struct session_list *list, const struct agent_user *user)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcasecmp(text_str(list->at[i].user), text_str(user->name)) == 0)
			return true;
	return false;
}

static bool is_named(const struct agent_users *users, const struct session *session)
{
	for (size_t i = 0; i < users->count; i++)
		if (strcasecmp(text_str(users->at[i].name), text_str(session->user)) == 0)
			return true;
	return false;
}

/*
 * The owners of explorer.exe are no list of who is on: it may have crashed, or ended before its session. But the agent
 * itself asks WTS for the names of all users (qga/commands-win32.c). Where that fails it says that there are none, so
 * its list counts only where it has named somebody before, and names everybody whom explorer.exe shows.
 */
static enum query_outcome confirm_by_users(struct session_query *query, const struct agent_target *target,
					   struct err *err)
{
	struct agent_users users;
	bool all_named = true;

	if (!agent_users(target, &users, err)) {
		if (!is_refusal(err))
			return QUERY_FAILED;
		*err = (struct err){ 0 };
		return done(query, FAMILY_WINDOWS, false);
	}
	query->profile->names_people |= users.count > 0;
	for (size_t i = 0; i < query->list.count; i++)
		all_named &= is_named(&users, &query->list.at[i]);
	for (size_t i = 0; i < users.count; i++)
		if (!is_listed(&query->list, &users.at[i]))
			take_user(query, &users.at[i]);
	query->list.more += users.more;
	agent_users_free(&users);
	return done(query, FAMILY_WINDOWS, query->profile->names_people && all_named);
}

static enum query_outcome ask_users(struct session_query *query, const struct agent_target *target, struct err *err)
{
	struct agent_users users;

	*err = query->why;
	if (!query->profile->capabilities.get_users)
		return QUERY_FAILED;
	if (!agent_users(target, &users, err)) {
		if (is_refusal(err))
			*err = query->why;
		return QUERY_FAILED;
	}
	for (size_t i = 0; i < users.count; i++)
		take_user(query, &users.at[i]);
	query->list.more += users.more;
	agent_users_free(&users);
	return done(query, query->profile->family, false);
}

enum query_outcome session_query_step(struct session_query *query, const struct agent_target *target,
				      int64_t *ret_wait_ms, struct err *err)
{
	*ret_wait_ms = 0;
	*err = (struct err){ 0 };
	switch (query->stage) {
	case STAGE_INFO:
		return ask_info(query, target, err);
	case STAGE_FROZEN:
		return ask_frozen(query, target, err);
	case STAGE_OS:
		return ask_os(query, target, err);
	case STAGE_HOST_NAME:
		return ask_host_name(query, target, err);
	case STAGE_LOGIND:
		return list_logind(query, target, ret_wait_ms, err);
	case STAGE_SHOW:
		return show_logind(query, target, ret_wait_ms, err);
	case STAGE_WHO:
		return list_who(query, target, ret_wait_ms, err);
	case STAGE_WTS:
		return list_wts(query, target, ret_wait_ms, err);
	case STAGE_WTS_USERS:
		return confirm_by_users(query, target, err);
	default:
		return ask_users(query, target, err);
	}
}
