/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline.h - who came and went in a guest while we looked, and how (VMLogoffType of Virtual PC).
 *
 * Made by comparing session lists, so its times are those of the looks, not of the guest. A ring of
 * TIMELINE_MAX entries a VM. UI thread.
 */
#pragma once

#include "model/session.h"

#include <time.h>

enum { TIMELINE_MAX = 64 };

enum timeline_kind {
	TIMELINE_LOGON,
	TIMELINE_LOGOFF_NORMAL,   /* 0: the session was gone at the next look */
	TIMELINE_LOGOFF_FORCED,   /* 1: the guest went down under it */
	TIMELINE_LOGOFF_EXTERNAL, /* 2: ours, made by a log-off */
};

struct timeline_entry {
	time_t when;
	enum timeline_kind kind;
	struct safe_text user, session; /* owned */
};

struct timeline {
	struct timeline_entry at[TIMELINE_MAX];
	size_t next, count;
	uint64_t total; /* entries so far, also those that gave way to newer ones */
};

/*
 * What changed between two looks, as far as the lists prove it. how: what it means that somebody is gone. Not for the
 * first look at a guest: those who are on already did not come just then.
 */
void timeline_compare(struct timeline *timeline, const struct session_list *before, const struct session_list *after,
		      enum timeline_kind how, time_t now);
/* A look shows this session, or a later one that cannot be told from it. */
bool timeline_holds(const struct session_list *list, const struct session *session, bool some_lack_ids);
void timeline_free(struct timeline *timeline); /* what it owns; NULL is fine */

/* index 0: the newest. NULL past the end. */
const struct timeline_entry *timeline_at(const struct timeline *timeline, size_t index);
const char *timeline_kind_name(enum timeline_kind kind); /* N_(): "logged on", "logged off" ... */
