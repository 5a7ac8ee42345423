/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/timeline.h"

static void entry_free(struct timeline_entry *entry)
{
	text_free(&entry->user);
	text_free(&entry->session);
}

static void add(struct timeline *timeline, enum timeline_kind kind, const struct session *session, time_t now)
{
	struct timeline_entry *entry = &timeline->at[timeline->next];

	entry_free(entry);
	entry->when = now;
	entry->kind = kind;
	entry->user = text_copy(session->user);
	entry->session = text_format("%s", session->id);
	timeline->next = (timeline->next + 1) % TIMELINE_MAX;
	timeline->total++;
	timeline->count = MIN(timeline->count + 1, (size_t)TIMELINE_MAX);
}

/*
 * An id may be given again after a reboot: it is the same log-on only for the same user. Where only
 * guest-get-users can be asked nobody has an id.
 */
bool timeline_holds(const struct session_list *list, const struct session *session, bool some_lack_ids)
{
	for (size_t i = 0; i < list->count; i++)
		if ((!strcmp(list->at[i].id, session->id) || (some_lack_ids && (!*list->at[i].id || !*session->id))) &&
		    text_equal(list->at[i].user, session->user))
			return true;
	return false;
}

void timeline_compare(struct timeline *timeline, const struct session_list *before, const struct session_list *after,
		      enum timeline_kind how, time_t now)
{
	/* Between lists of two sources, or behind a cut one, who is new on the list need not be new in the guest. */
	const bool shows_logons = before->proven == after->proven && !before->more;
	const bool some_lack_ids = before->lacks_ids || after->lacks_ids;

	for (size_t i = 0; session_list_proves_absence(after) && i < before->count; i++)
		if (!timeline_holds(after, &before->at[i], some_lack_ids))
			add(timeline, how, &before->at[i], now);
	for (size_t i = 0; shows_logons && i < after->count; i++)
		if (!timeline_holds(before, &after->at[i], some_lack_ids))
			add(timeline, TIMELINE_LOGON, &after->at[i], now);
}

void timeline_free(struct timeline *timeline)
{
	if (!timeline)
		return;
	for (size_t i = 0; i < TIMELINE_MAX; i++)
		entry_free(&timeline->at[i]);
}

const struct timeline_entry *timeline_at(const struct timeline *timeline, size_t index)
{
	if (!timeline || index >= timeline->count)
		return NULL;
	return &timeline->at[(timeline->next + TIMELINE_MAX - 1 - index) % TIMELINE_MAX];
}

const char *timeline_kind_name(enum timeline_kind kind)
{
	static const char *const names[] = {
		[TIMELINE_LOGON] = N_("logged on"),
		[TIMELINE_LOGOFF_NORMAL] = N_("logged off"),
		[TIMELINE_LOGOFF_FORCED] = N_("ended: the guest stopped"),
		[TIMELINE_LOGOFF_EXTERNAL] = N_("logged off by innkeeper"),
	};

	return names[kind];
}
