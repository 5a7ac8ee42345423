/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/session.h"

#include "base/hash.h"

#define SESSION_TEXTS(DO) DO(user) DO(domain) DO(account) DO(class_name) DO(state) DO(type) DO(tty) DO(remote)
#define FREE(name)        text_free(&session->name);
#define COPY(name)        copy->name = text_copy(session->name);

bool session_is_graphical(const struct session *session)
{
	static const char *const types[] = { "x11", "wayland", "mir" };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (strcmp(text_str(session->type), types[i]) == 0)
			return true;
	return *text_str(session->tty) == ':'; /* an X display, as who shows it */
}

bool session_has_terminal(const struct session *session)
{
	return !text_is_empty(session->tty) && !session_is_graphical(session);
}

void session_list_free(struct session_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct session *session = &list->at[i];

		SESSION_TEXTS(FREE)
	}
	VEC_FREE(list);
	*list = (struct session_list){ 0 };
}

/* copy: overwritten, not freed. */
static void session_copy(struct session *copy, const struct session *session)
{
	*copy = *session;
	SESSION_TEXTS(COPY)
}

void session_list_copy(struct session_list *to, const struct session_list *from)
{
	*to = (struct session_list){
		.family = from->family, .more = from->more, .proven = from->proven, .lacks_ids = from->lacks_ids
	};
	for (size_t i = 0; i < from->count; i++)
		session_copy(VEC_PUSH(to), &from->at[i]);
}

void session_list_add(struct session_list *list, const struct session *session)
{
	session_copy(VEC_PUSH(list), session);
}

const struct session *session_list_find(const struct session_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->at[i].id, id) == 0)
			return &list->at[i];
	return NULL;
}

/* The ends of texts included. */
static uint64_t hash_person(const struct session *session)
{
	const char *user = text_str(session->user), *domain = text_str(session->domain);

	return hash_bytes(hash_bytes(HASH_BEGIN, user, strlen(user) + 1), domain, strlen(domain) + 1);
}

uint64_t session_stamp(const struct session *session)
{
	return hash_bytes(hash_person(session), &session->login_time, sizeof(session->login_time)) | 1;
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

/* For the first session of each person how many are theirs, for the others 0. Owned. */
static uint32_t *count_by_person(const struct session_list *list)
{
	size_t room = 1;
	uint32_t *counts, *table; /* its entries: a person's first session, from 1; 0: free */

	while (room < 2 * list->count)
		room *= 2;
	counts = mem_zalloc((list->count + room) * sizeof(*counts));
	table = counts + list->count;
	for (size_t i = 0; i < list->count; i++) {
		size_t at = hash_fold(hash_person(&list->at[i])) & (room - 1);

		while (table[at] && (!text_equal(list->at[table[at] - 1].user, list->at[i].user) ||
				     !text_equal(list->at[table[at] - 1].domain, list->at[i].domain)))
			at = (at + 1) & (room - 1);
		if (!table[at])
			table[at] = (uint32_t)i + 1;
		counts[table[at] - 1]++;
	}
	return counts;
}

size_t session_list_people(const struct session_list *list)
{
	uint32_t *counts;
	size_t people = 0;

	if (list->count < 2)
		return list->count;
	counts = count_by_person(list);
	for (size_t i = 0; i < list->count; i++)
		people += counts[i] > 0;
	free(counts);
	return people;
}

int64_t session_list_idle(const struct session_list *list)
{
	int64_t least = list->more || !list->count ? -1 : INT64_MAX;

	for (size_t i = 0; i < list->count; i++)
		least = MIN(least, list->at[i].idle_s);
	return least;
}

static void append_name(struct safe_text *names, const struct session *session, uint32_t sessions)
{
	const char *comma = text_is_empty(*names) ? "" : ", ";
	const char *user = text_str(session->user);

	if (sessions > 1)
		text_set(names, text_format("%s%s%s (%u)", text_str(*names), comma, user, sessions));
	else
		text_set(names, text_format("%s%s%s", text_str(*names), comma, user));
}

static void append_more(struct safe_text *names, size_t more)
{
	const char *comma = text_is_empty(*names) ? "" : ", ";

	if (more)
		text_set(names, text_format(_("%s%s+%zu more"), text_str(*names), comma, more));
}

struct safe_text session_list_names(const struct session_list *list, size_t most)
{
	uint32_t *counts = count_by_person(list);
	struct safe_text names = { NULL };
	size_t shown = 0, left = list->more;

	for (size_t i = 0; i < list->count; i++) {
		if (!counts[i])
			continue;
		if (shown++ < most)
			append_name(&names, &list->at[i], counts[i]);
		else
			left++;
	}
	append_more(&names, left);
	free(counts);
	return names;
}

struct safe_text session_list_names_part(const struct session_list *list, size_t bytes, size_t *at)
{
	uint32_t *counts = count_by_person(list);
	struct safe_text names = { NULL };

	while (*at < list->count) {
		const struct session *session = &list->at[*at];

		if (counts[*at]) {
			if (!text_is_empty(names) && strlen(text_str(names)) + strlen(text_str(session->user)) > bytes)
				break;
			append_name(&names, session, counts[*at]);
		}
		++*at;
	}
	if (*at == list->count)
		append_more(&names, list->more);
	free(counts);
	return names;
}

const char *guest_family_name(enum guest_family family)
{
	static const char *const names[] = {
#define NAME(NAME, name) [FAMILY_##NAME] = #name,
		GUEST_FAMILIES(NAME)
#undef NAME
	};

	return names[family];
}
