/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/session.h"

#include "base/hash.h"

static void session_free(struct session *session)
{
	text_free(&session->user);
	text_free(&session->domain);
	text_free(&session->account);
	text_free(&session->class_name);
	text_free(&session->state);
	text_free(&session->tty);
	text_free(&session->remote);
}

static void session_copy(struct session *to, const struct session *from)
{
	*to = *from;
	to->user = text_copy(from->user);
	to->domain = text_copy(from->domain);
	to->account = text_copy(from->account);
	to->class_name = text_copy(from->class_name);
	to->state = text_copy(from->state);
	to->tty = text_copy(from->tty);
	to->remote = text_copy(from->remote);
}

void session_list_free(struct session_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		session_free(&list->at[i]);
	VEC_FREE(list);
	*list = (struct session_list){ 0 };
}

void session_list_copy(struct session_list *to, const struct session_list *from)
{
	*to = (struct session_list){ .family = from->family, .more = from->more, .proven = from->proven };
	for (size_t i = 0; i < from->count; i++)
		session_copy(VEC_PUSH(to), &from->at[i]);
}

const struct session *session_list_find(const struct session_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->at[i].id, id) == 0)
			return &list->at[i];
	return NULL;
}

/* The ends of texts included. */
uint64_t session_stamp(const struct session *session)
{
	const char *user = text_str(session->user), *domain = text_str(session->domain);
	uint64_t hash = hash_bytes(HASH_BEGIN, user, strlen(user) + 1);

	hash = hash_bytes(hash, domain, strlen(domain) + 1);
	return hash_bytes(hash, &session->login_time, sizeof(session->login_time)) | 1;
}

const struct session *session_list_find_same(const struct session_list *list, const char *id, uint64_t stamp)
{
	const struct session *session = session_list_find(list, id);

	return session && session_stamp(session) == stamp ? session : NULL;
}

size_t session_list_total(const struct session_list *list)
{
	return list->count + list->more;
}

bool session_list_proves_absence(const struct session_list *list)
{
	return list->proven && !list->more;
}

static bool same_person(const struct session *a, const struct session *b)
{
	return text_equal(a->user, b->user) && text_equal(a->domain, b->domain);
}

static bool is_first_of_person(const struct session_list *list, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (same_person(&list->at[i], &list->at[index]))
			return false;
	return true;
}

static size_t sessions_of_person(const struct session_list *list, size_t index)
{
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += same_person(&list->at[i], &list->at[index]);
	return count;
}

size_t session_list_people(const struct session_list *list)
{
	size_t people = 0;

	for (size_t i = 0; i < list->count; i++)
		people += is_first_of_person(list, i);
	return people;
}

static void append_name(struct safe_text *names, const struct session_list *list, size_t index)
{
	const char *comma = text_is_empty(*names) ? "" : ", ";
	const char *user = text_str(list->at[index].user);
	size_t sessions = sessions_of_person(list, index);

	if (sessions > 1)
		text_set(names, text_format("%s%s%s (%zu)", text_str(*names), comma, user, sessions));
	else
		text_set(names, text_format("%s%s%s", text_str(*names), comma, user));
}

struct safe_text session_list_names(const struct session_list *list, size_t most)
{
	struct safe_text names = { NULL };
	size_t shown = 0, left = list->more;

	for (size_t i = 0; i < list->count; i++) {
		if (!is_first_of_person(list, i))
			continue;
		if (shown < most) {
			append_name(&names, list, i);
			shown++;
		} else {
			left++;
		}
	}
	if (left > 0)
		text_set(&names, text_format(_("%s%s+%zu more"), text_str(names), shown > 0 ? ", " : "", left));
	return names;
}

const char *guest_family_name(enum guest_family family)
{
	static const char *const names[] = {
		[FAMILY_UNKNOWN] = "unknown",
		[FAMILY_LOGIND] = "logind",
		[FAMILY_UTMP] = "utmp",
		[FAMILY_WINDOWS] = "windows",
	};

	return names[family];
}
