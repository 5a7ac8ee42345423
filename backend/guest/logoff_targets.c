/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/logoff_private.h"

#include <strings.h>

bool logoff_has_newcomers(struct logoff *logoff)
{
	for (size_t i = 0; i < logoff->list.count; i++)
		if (session_choice_is_newcomer(&logoff->choice, &logoff->list.at[i], logoff->profile.family))
			return true;
	return false;
}

/* guest-get-users tells no more of a session than whose it is. */
static bool is_name_alone(const struct session *session)
{
	return !*session->id && text_is_empty(session->tty);
}

/*
 * Log-on times tell a session from a later one under the same id: after a reboot, or on the same tty. Of whom the name
 * alone is known, it may be any session.
 */
bool logoff_is_same_session(const struct session *a, const struct session *b)
{
	if (is_name_alone(a) != is_name_alone(b))
		return strcasecmp(text_str(a->user), text_str(b->user)) == 0;
	if (strcmp(a->id, b->id) != 0 || !text_equal(a->user, b->user) || !text_equal(a->domain, b->domain))
		return false;
	if (!*a->id && !text_equal(a->tty, b->tty))
		return false;
	return a->login_time < 0 || b->login_time < 0 || a->login_time == b->login_time;
}

static const struct session *find_same(const struct session_list *list, const struct session *session)
{
	for (size_t i = 0; i < list->count; i++)
		if (logoff_is_same_session(&list->at[i], session))
			return &list->at[i];
	return NULL;
}

static bool was_told(const struct session *told, const struct session *session)
{
	return strcmp(told->id, session->id) == 0 && text_equal(told->user, session->user) &&
	       (told->login_time < 0 || session->login_time < 0 || told->login_time == session->login_time);
}

static void add_target(struct logoff *logoff, const struct session *session)
{
	struct logoff_mark *mark = VEC_PUSH(&logoff->marks);

	session_list_add(&logoff->targets, session);
	mark->skipped = session->locked && !logoff->force && !session_choice_has_names(&logoff->choice);
	for (size_t i = 0; i < logoff->told.count; i++)
		mark->signalled |= was_told(&logoff->told.at[i], session);
}

/* Where everybody is meant, those whom nobody has seen yet are to go as well. */
static void set_unseen(struct logoff *logoff, size_t unseen)
{
	logoff->unseen = unseen;
	logoff->targets.more = session_choice_is_narrowed(&logoff->choice) ? 0 : unseen;
}

void logoff_choose(struct logoff *logoff, const struct session_list *list)
{
	session_list_free(&logoff->first); /* the list may have been read again */
	session_list_copy(&logoff->first, list);
	set_unseen(logoff, list->more);
	for (size_t i = 0; i < list->count; i++)
		if (session_choice_takes(&logoff->choice, &list->at[i], logoff->profile.family))
			add_target(logoff, &list->at[i]);
}

/* They were chosen because nobody used them, and somebody does again. */
static void drop_used(struct logoff *logoff, const struct session_list *list)
{
	for (size_t i = logoff->targets.count; i-- > 0;) {
		const struct session *now = find_same(list, &logoff->targets.at[i]);

		if (!now || logoff->marks.at[i].signalled || session_choice_is_unused(&logoff->choice, now))
			continue;
		*VEC_PUSH(&logoff->in_use) = logoff->targets.at[i];
		text_free(&logoff->marks.at[i].complaint);
		VEC_REMOVE(&logoff->targets, i);
		VEC_REMOVE(&logoff->marks, i);
	}
}

void logoff_follow(struct logoff *logoff, const struct session_list *list, bool take_new)
{
	drop_used(logoff, list);
	for (size_t i = 0; i < logoff->targets.count; i++) {
		struct logoff_mark *mark = &logoff->marks.at[i];
		const bool listed = find_same(list, &logoff->targets.at[i]) != NULL;

		if (listed)
			mark->gone = false; /* the list before was not the guest's */
		else
			mark->gone |= session_query_proves_gone(logoff->query, logoff->targets.at[i].id);
		mark->doubtful = !listed && !mark->gone && !mark->skipped && !mark->unsupported;
	}
	/* The first list that proves something shows for the first time who was on. */
	take_new |= list->proven && !logoff->first.proven;
	logoff->first.proven |= list->proven;
	for (size_t i = 0; i < list->count; i++) {
		const struct session *session = &list->at[i];

		if (find_same(&logoff->first, session) || !(take_new || logoff->unseen))
			continue;
		if (logoff->unseen)
			set_unseen(logoff, logoff->unseen - 1);
		session_list_add(&logoff->first, session);
		if (session_choice_takes(&logoff->choice, session, logoff->profile.family))
			add_target(logoff, session);
	}
}

size_t logoff_count_gone(const struct logoff *logoff)
{
	size_t gone = 0;

	for (size_t i = 0; i < logoff->marks.count; i++)
		gone += logoff->marks.at[i].gone;
	return gone;
}

/* Where there were more than a list keeps, "everybody" means those as well. */
size_t logoff_count_hidden(const struct logoff *logoff)
{
	return logoff->first.more && !session_choice_is_narrowed(&logoff->choice) ? logoff->list.more : 0;
}

size_t logoff_count_left(const struct logoff *logoff)
{
	size_t left = logoff->refusal == S_OK ? logoff_count_hidden(logoff) : 0;

	for (size_t i = 0; i < logoff->marks.count; i++) {
		const struct logoff_mark *mark = &logoff->marks.at[i];

		left += !mark->gone && !mark->skipped && !mark->unsupported &&
			(mark->signalled || logoff->refusal == S_OK);
	}
	return left;
}

size_t logoff_count_doubtful(const struct logoff *logoff)
{
	size_t doubtful = 0;

	for (size_t i = 0; i < logoff->marks.count; i++)
		doubtful += logoff->marks.at[i].doubtful;
	return doubtful;
}

bool logoff_anybody_signalled(const struct logoff *logoff)
{
	for (size_t i = 0; i < logoff->marks.count; i++)
		if (logoff->marks.at[i].signalled)
			return true;
	return false;
}
