/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_sessions.h"

enum { NAMES_MOST = 8 };

/* --- the families, in the order in which they are tried --- */

static const struct guest_os *const drivers[] = {
#define DRIVER(NAME, name) [FAMILY_##NAME] = &guest_os_##name,
	GUEST_FAMILIES(DRIVER)
#undef DRIVER
};

const struct guest_os *guest_os_get(enum guest_family family)
{
	return drivers[family];
}

bool session_id_is_valid(enum guest_family family, const char *id)
{
	return *id && strnlen(id, SESSION_ID_SIZE) < SESSION_ID_SIZE && drivers[family]->id_is_valid &&
	       drivers[family]->id_is_valid(id);
}

/* --- who is on --- */

struct session_query *session_query_create(struct guest_profile *profile)
{
	struct session_query *query = mem_zalloc(sizeof(*query));

	query->profile = profile;
	return query;
}

void session_query_in_background(struct session_query *query, const struct session_list *last)
{
	query->is_background = true;
	session_list_copy(&query->last, last);
}

void session_query_destroy(struct session_query *query)
{
	if (!query)
		return;
	session_program_free(&query->program);
	session_list_free(&query->list);
	session_list_free(&query->last);
	free(query);
}

bool session_query_is_full(const struct session_query *query)
{
	return !query->is_partial;
}

bool session_query_needs_program(const struct guest_profile *profile)
{
	return profile->capabilities.exec &&
	       !(drivers[profile->family]->agent_names_users && profile->capabilities.get_users);
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

static enum query_outcome go_to(struct session_query *query, enum query_stage stage)
{
	query->stage = stage;
	return session_query_go_on(query, 0);
}

static enum query_outcome begin_list(struct session_query *query)
{
	query->family = MAX(query->profile->family, FAMILY_UNKNOWN + 1);
	if (query->profile->capabilities.exec)
		return go_to(query, query->is_background && !session_query_needs_program(query->profile) ? QUERY_COMPARE
													 : QUERY_LIST);
	guest_profile_explain_blocked(query->profile, &query->why);
	return go_to(query, QUERY_USERS);
}

/* Of a guest that tells its system, none is tried whose systems tell theirs, too: it would have been known. */
static enum query_outcome try_next(struct session_query *query)
{
	const char *not_found = drivers[query->family]->not_found;
	const bool tells_os = !text_is_empty(query->profile->os.id);
	size_t next = query->family + 1;

	query->try_next = false;
	while (next < ARRAY_SIZE(drivers) && tells_os && drivers[next]->os_id)
		next++;
	if (next == ARRAY_SIZE(drivers)) {
		err_set(&query->why, ERR_UNSUPPORTED, "%s", _(not_found));
		return go_to(query, QUERY_USERS);
	}
	query->family = next;
	return go_to(query, QUERY_LIST);
}

static enum query_outcome ask_users(struct session_query *query, const struct agent_target *target, struct err *err)
{
	struct agent_users users;

	*err = query->why;
	if (!query->profile->capabilities.get_users)
		return QUERY_FAILED;
	if (!agent_users(target, &users, err)) {
		if (agent_err_is_refusal(err))
			*err = query->why;
		return QUERY_FAILED;
	}
	for (size_t i = 0; i < users.count; i++)
		sessions_add_user(&query->list, &users.at[i]);
	query->list.more += users.more;
	agent_users_free(&users);
	return session_query_done(query, query->profile->family, false);
}

static enum query_outcome go_to_usage(struct session_query *query)
{
	const struct guest_os *os = drivers[query->list.family];

	return query->wants_usage && os->tell_usage && query->list.count ? go_to(query, QUERY_USAGE) : QUERY_DONE;
}

/* Whatever comes of it, who is on is known. */
static enum query_outcome usage_step(struct session_query *query, const struct agent_target *target,
				     int64_t *ret_wait_ms)
{
	const struct guest_os *os = drivers[query->list.family];
	const struct agent_output *output = &query->program.run.output;
	struct err err;

	if (!query->program.running)
		os->tell_usage(&query->program);
	switch (session_program_step(&query->program, target, ret_wait_ms, &err)) {
	case RUN_AGAIN:
		return QUERY_AGAIN;
	case RUN_EXITED:
		if (session_program_succeeded(&query->program, &err))
			os->parse_usage(output->out, session_query_whole_lines(query), &query->list);
		break;
	default:
		break;
	}
	session_program_free(&query->program);
	return QUERY_DONE;
}

static bool names(const struct agent_users *users, const struct session *session, const struct guest_os *os)
{
	for (size_t i = 0; i < users->count; i++)
		if (os->compare_users(text_str(users->at[i].name), text_str(session->user)) == 0)
			return true;
	return false;
}

/* The agent names each user once, and no sessions. That it names nobody says something if it has named somebody. */
static enum query_outcome compare_users(struct session_query *query, const struct agent_target *target, struct err *err)
{
	const struct guest_os *os = drivers[query->profile->family];
	const struct session_list *last = &query->last;
	struct agent_users users;

	if (!agent_users(target, &users, err))
		return agent_err_is_refusal(err) ? go_to(query, QUERY_LIST) : QUERY_FAILED;
	query->profile->names_people |= users.count > 0;
	if (!query->profile->names_people && last->family == FAMILY_UNKNOWN)
		return go_to(query, QUERY_LIST);
	for (size_t i = 0; i < last->count; i++)
		if (names(&users, &last->at[i], os))
			session_list_add(&query->list, &last->at[i]);
	for (size_t i = 0; i < users.count; i++) {
		bool is_new = true;

		for (size_t k = 0; k < last->count; k++)
			is_new &= os->compare_users(text_str(users.at[i].name), text_str(last->at[k].user)) != 0;
		if (is_new)
			sessions_add_user(&query->list, &users.at[i]);
		query->list.lacks_ids |= is_new;
	}
	for (size_t i = 0; i < query->list.count; i++)
		query->list.lacks_ids |= last->lacks_ids && !*query->list.at[i].id;
	query->is_partial = true;
	query->list.more += users.more;
	agent_users_free(&users);
	return session_query_done(query, query->profile->family, query->profile->names_people || last->proven);
}

enum query_outcome session_query_step(struct session_query *query, const struct agent_target *target,
				      int64_t *ret_wait_ms, struct err *err)
{
	struct guest_profile *profile = query->profile;
	enum query_outcome outcome;
	bool frozen = false;

	*ret_wait_ms = 0;
	*err = (struct err){ 0 };
	switch (query->stage) {
	case QUERY_INFO:
		if (profile->known)
			return begin_list(query);
		agent_abilities_free(&profile->capabilities);
		if (!agent_info(target, &profile->capabilities, err))
			return QUERY_FAILED;
		if (!profile->capabilities.exec && profile->capabilities.fsfreeze_status)
			return go_to(query, QUERY_FROZEN);
		return go_to(query, QUERY_OS);
	case QUERY_FROZEN:
		/* While file systems are frozen the agent calls nearly everything disabled; that passes. */
		if (!agent_fsfreeze_is_frozen(target, &frozen, err) && !agent_err_is_refusal(err))
			return QUERY_FAILED;
		if (!frozen)
			return go_to(query, QUERY_OS);
		err_set(err, ERR_AGENT_FROZEN, "%s",
			_("the guest's file systems are frozen, a backup is running; try again when it is over"));
		return QUERY_FAILED;
	case QUERY_OS:
		agent_os_free(&profile->os);
		if (profile->capabilities.osinfo && !agent_os(target, &profile->os, err) && !agent_err_is_refusal(err))
			return QUERY_FAILED;
		for (size_t i = 0; i < ARRAY_SIZE(drivers); i++)
			if (drivers[i]->os_id && strcmp(text_str(profile->os.id), drivers[i]->os_id) == 0)
				profile->family = i;
		return go_to(query, QUERY_HOST_NAME);
	case QUERY_HOST_NAME:
		text_free(&profile->host_name);
		if (profile->capabilities.host_name && !agent_host_name(target, &profile->host_name, err) &&
		    !agent_err_is_refusal(err))
			return QUERY_FAILED;
		profile->known = true;
		return begin_list(query);
	case QUERY_COMPARE:
		return compare_users(query, target, err);
	case QUERY_LIST:
		outcome = drivers[query->family]->list(query, target, ret_wait_ms, err);
		if (query->try_next)
			return try_next(query);
		return outcome == QUERY_DONE ? go_to_usage(query) : outcome;
	case QUERY_USAGE:
		return usage_step(query, target, ret_wait_ms);
	default:
		return ask_users(query, target, err);
	}
}

/* --- a session told to end, a message to all --- */

char *session_message_copy(const char *message, const char *ours)
{
	struct safe_text text = text_sanitize_str(message && *message ? message : ours, TEXT_CAP_LINE);
	char *copy = mem_strdup(text_str(text));

	text_free(&text);
	return copy;
}

bool session_end_program(struct session_program *ret, const struct guest_profile *profile,
			 const struct session *session, bool force, struct err *err)
{
	if (!session_id_is_valid(profile->family, session->id))
		return err_set(err, ERR_UNSUPPORTED,
			       _("the session of %s on %s cannot be ended from outside the guest"),
			       text_str(session->user),
			       text_is_empty(session->tty) ? _("an unknown display") : text_str(session->tty));
	return drivers[profile->family]->end(ret, profile, session, force, err);
}

bool session_warn_program(struct session_program *ret, const struct guest_profile *profile, const char *message,
			  int seconds, struct err *err)
{
	char *text;

	if (!drivers[profile->family]->warn)
		return err_set(err, ERR_UNSUPPORTED, "%s", _("the users of this guest cannot be warned"));
	text = seconds <= 0
		       ? mem_strdup(message)
		       : mem_printf(ngettext("%s\nYou will be logged off in %d second.\n",
					     "%s\nYou will be logged off in %d seconds.\n", (unsigned long)seconds),
				    message, seconds);
	drivers[profile->family]->warn(ret, profile, text, MAX(seconds, 60));
	free(text);
	return true;
}

struct safe_text session_tell_unwarned(const struct guest_profile *profile, const struct session_list *list,
				       size_t *ret_missed)
{
	struct session_list missed = { 0 }; /* its sessions are borrowed */
	struct safe_text names, sentence = { NULL };

	for (size_t i = 0; drivers[profile->family]->warns_terminals && i < list->count; i++)
		if (!session_has_terminal(&list->at[i]))
			*VEC_PUSH(&missed) = list->at[i];
	names = session_list_names(&missed, NAMES_MOST);
	if (missed.count)
		sentence = text_format(_("%zu of %zu could not be shown it: %s"), missed.count,
				       session_list_total(list), text_str(names));
	*ret_missed = missed.count;
	text_free(&names);
	VEC_FREE(&missed);
	return sentence;
}
