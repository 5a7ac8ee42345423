/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/session_choice.h"

#include "backend/guest/agent_sessions.h"

enum { NAMES_MOST = 8 };

static void copy_names(struct session_names *names, const char *const *from)
{
	for (; from && *from; from++)
		VEC_PUSH(names)->text = text_sanitize_str(*from, TEXT_CAP_USER);
}

static void free_names(struct session_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		text_free(&names->at[i].text);
	VEC_FREE(names);
}

void session_choice_init(struct session_choice *choice, const struct session_selector *wishes)
{
	*choice = (struct session_choice){ .only_disconnected = wishes->only_disconnected,
					   .disconnected_s = wishes->disconnected_s,
					   .idle_s = wishes->idle_s,
					   .allow_unmatched = wishes->allow_unmatched,
					   .is_bound = wishes->shown != NULL };
	if (wishes->shown)
		session_list_copy(&choice->shown, wishes->shown);
	copy_names(&choice->users, wishes->users);
	copy_names(&choice->sessions, wishes->sessions);
	copy_names(&choice->except_users, wishes->except_users);
	for (size_t i = 0; wishes->stamps && i < choice->sessions.count; i++)
		choice->sessions.at[i].stamp = wishes->stamps[i];
}

void session_choice_free(struct session_choice *choice)
{
	free_names(&choice->users);
	free_names(&choice->sessions);
	free_names(&choice->except_users);
	session_list_free(&choice->shown);
}

/* Windows: "bob" and "CORP\bob" name him, in any case of letters. */
static bool names_user(struct session_names *names, const struct session *session, enum guest_family family)
{
	int (*const compare)(const char *, const char *) = guest_os_get(family)->compare_users;
	OWN(text) struct safe_text full = text_format("%s\\%s", text_str(session->domain), text_str(session->user));
	bool found = false;

	for (size_t i = 0; i < names->count; i++) {
		const char *name = text_str(names->at[i].text);

		if (compare(text_str(session->user), name) == 0 ||
		    (!text_is_empty(session->domain) && compare(text_str(full), name) == 0))
			found = names->at[i].found = true;
	}
	return found;
}

bool session_choice_is_unused(const struct session_choice *choice, const struct session *session)
{
	return (!choice->only_disconnected || session->disconnected) &&
	       (!choice->disconnected_s || session->disconnected_s >= choice->disconnected_s) &&
	       (!choice->idle_s || session->idle_s >= choice->idle_s);
}

/* Whatever its state. */
static bool is_named(struct session_choice *choice, const struct session *session, enum guest_family family)
{
	const bool user = names_user(&choice->users, session, family);
	const bool spared = names_user(&choice->except_users, session, family);
	bool id = false;

	for (size_t i = 0; i < choice->sessions.count && *session->id; i++) {
		struct session_name *name = &choice->sessions.at[i];

		if (strcmp(session->id, text_str(name->text)) == 0 &&
		    (!name->stamp || name->stamp == session_stamp(session)))
			id = name->found = true;
	}
	return !spared && (user || id || !session_choice_has_names(choice));
}

static bool is_wished_for(struct session_choice *choice, const struct session *session, enum guest_family family)
{
	return is_named(choice, session, family) && session_choice_is_unused(choice, session);
}

static bool was_shown(const struct session_choice *choice, const struct session *session)
{
	for (size_t i = 0; i < choice->shown.count; i++)
		if (strcmp(choice->shown.at[i].id, session->id) == 0 &&
		    session_stamp(&choice->shown.at[i]) == session_stamp(session))
			return true;
	return !choice->is_bound;
}

bool session_choice_takes(struct session_choice *choice, const struct session *session, enum guest_family family)
{
	return is_wished_for(choice, session, family) && was_shown(choice, session);
}

bool session_choice_is_newcomer(struct session_choice *choice, const struct session *session, enum guest_family family)
{
	return is_wished_for(choice, session, family) && !was_shown(choice, session);
}

bool session_choice_is_unclear(struct session_choice *choice, const struct session *session, enum guest_family family)
{
	struct session longest = *session; /* its texts are borrowed */

	if (session->idle_s < 0)
		longest.idle_s = INT64_MAX;
	if (session->disconnected && session->disconnected_s < 0)
		longest.disconnected_s = INT64_MAX;
	return !session_choice_is_unused(choice, session) && session_choice_takes(choice, &longest, family);
}

struct safe_text session_choice_tell_newcomers(struct session_choice *choice, const struct session_list *list)
{
	OWN(vec) struct session_list newcomers = { 0 }; /* its sessions are borrowed */
	struct safe_text names, sentence = { NULL };

	for (size_t i = 0; i < list->count; i++)
		if (session_choice_is_newcomer(choice, &list->at[i], list->family))
			*VEC_PUSH(&newcomers) = list->at[i];
	names = session_list_names(&newcomers, NAMES_MOST);
	if (newcomers.count)
		sentence = text_format(
			session_list_proves_absence(&choice->shown)
				? ngettext("%zu logged on after you were asked and stays: %s; run it again",
					   "%zu logged on after you were asked and stay: %s; run it again",
					   newcomers.count)
				: ngettext("%zu was not seen when you were asked and stays: %s; run it again",
					   "%zu were not seen when you were asked and stay: %s; run it again",
					   newcomers.count),
			newcomers.count, text_str(names));
	text_free(&names);
	return sentence;
}

bool session_choice_has_names(const struct session_choice *choice)
{
	return choice->users.count || choice->sessions.count;
}

bool session_choice_is_narrowed(const struct session_choice *choice)
{
	return session_choice_has_names(choice) || choice->except_users.count || choice->only_disconnected ||
	       choice->disconnected_s || choice->idle_s || choice->is_bound;
}

struct safe_text session_names_missing(const struct session_names *names)
{
	struct safe_text text = { NULL };

	for (size_t i = 0; i < names->count; i++) {
		size_t first = 0;

		if (names->at[i].found)
			continue;
		while (names->at[first].found || !text_equal(names->at[first].text, names->at[i].text))
			first++;
		if (first == i)
			text_append(&text, ", ", "%s", text_str(names->at[i].text));
	}
	return text;
}

bool session_choice_check_exceptions(const struct session_choice *choice, const struct session_list *list,
				     struct safe_text vm_name, struct err *err)
{
	struct safe_text missing = session_names_missing(&choice->except_users), on;
	bool ok = choice->allow_unmatched || text_is_empty(missing);

	if (!ok) {
		on = session_list_names(list, NAMES_MOST);
		err_set(err, ERR_USAGE,
			session_list_proves_absence(list)
				? _("no user %s is logged on to %s, so a user who should stay might be logged off; "
				    "logged on: %s; correct the name, or allow it (--allow-unmatched)")
				: _("no user %s is listed on %s, so a user who should stay might be logged off; "
				    "listed: %s; correct the name, or allow it (--allow-unmatched)"),
			text_str(missing), text_str(vm_name), text_is_empty(on) ? "-" : text_str(on));
		text_free(&on);
	}
	text_free(&missing);
	return ok;
}

struct typed {
	VEC(char *);
};

/* Each name once. */
static void take_typed(struct typed *typed, const char *words, const char *between)
{
	char *copy = mem_strdup(words), *save = NULL;

	for (char *name = strtok_r(copy, between, &save); name; name = strtok_r(NULL, between, &save)) {
		size_t len, known = 0;

		name += strspn(name, " ");
		for (len = strlen(name); len > 0 && name[len - 1] == ' ';)
			name[--len] = '\0';
		while (known < typed->count && strcmp(typed->at[known], name) != 0)
			known++;
		if (len && known == typed->count)
			*VEC_PUSH(typed) = mem_strdup(name);
	}
	free(copy);
}

char **session_names_typed(const char *words)
{
	struct typed typed = { 0 };

	take_typed(&typed, words, ",");
	take_typed(&typed, words, ", ");
	*VEC_PUSH(&typed) = NULL;
	return typed.at;
}

void session_free_typed(char **names)
{
	for (char **name = names; name && *name; name++)
		free(*name);
	free(names);
}

static bool was_found(const struct session_names *names, const char *name)
{
	OWN(text) struct safe_text text = text_sanitize_str(name, TEXT_CAP_USER);
	bool found = false;

	for (size_t i = 0; i < names->count && !found; i++)
		found = names->at[i].found && text_equal(names->at[i].text, text);
	return found;
}

/* Of `John Smith bob` it may be two; where no word of it is anybody, it was meant as one. */
struct safe_text session_typed_missing(const struct session_names *names, const char *words)
{
	struct safe_text missing = { NULL };
	OWN(vec) struct typed parts = { 0 };

	take_typed(&parts, words, ",");
	for (size_t i = 0; i < parts.count; i++) {
		const bool is_whole = was_found(names, parts.at[i]);
		struct typed single = { 0 };
		size_t found = 0;

		take_typed(&single, parts.at[i], " ");
		for (size_t k = 0; k < single.count; k++)
			found += was_found(names, single.at[k]);
		if (!is_whole && !found)
			text_append(&missing, ", ", "%s", parts.at[i]);
		for (size_t k = 0; k < single.count; k++) {
			if (!is_whole && found && !was_found(names, single.at[k]))
				text_append(&missing, ", ", "%s", single.at[k]);
			free(single.at[k]);
		}
		VEC_FREE(&single);
		free(parts.at[i]);
	}
	return missing;
}
