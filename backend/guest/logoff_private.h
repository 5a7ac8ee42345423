/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logoff_private.h - the log-off's state, shared by logoff.c (the operation, step by step), logoff_targets.c (whom) and
 * logoff_outcome.c (what came of it, in codes and words).
 */
#pragma once

#include "backend/guest/logoff.h"

enum logoff_stage {
	LOGOFF_CHECK,
	LOGOFF_LIST,
	LOGOFF_WARN,
	LOGOFF_GRACE,
	LOGOFF_END,
	LOGOFF_VERIFY,
	LOGOFF_LOOK,      /* the guest did not answer while we verified: does it run at all? */
	LOGOFF_LEFTOVERS, /* what goes on of those who were logged off */
	LOGOFF_CROSS_CHECK,
	LOGOFF_CALL_OFF, /* cancelled after the users were warned: they are told */
	LOGOFF_STAGE_COUNT
};

/* What became of one target; same index as in `targets`. */
struct logoff_mark {
	bool gone;                  /* a list that proves it has it no more */
	bool doubtful;              /* the last list has it no more, which proves nothing */
	bool signalled;             /* the command was sent, or may have been: never again */
	bool killed;                /* the same for the stronger one */
	bool skipped;               /* locked, and nobody asked for locked ones */
	bool missed;                /* told in vain: the session had ended, or was somebody else's by then */
	bool unsupported;           /* no means to end it from outside */
	struct safe_text complaint; /* what the program in the guest said when it failed */
};

/* Did the users get the warning? */
enum logoff_warned { NOT_WARNED, MAYBE_WARNED, WARNED };

struct logoff {
	struct op op; /* first */
	struct session_choice choice;
	char *message;
	int grace_s, wanted_timeout_s;
	bool force, dry_run, all_or_nobody;

	enum logoff_stage stage;
	enum logoff_warned warned;
	int64_t started_at, kill_at;
	int tries; /* failures in a row of what is being tried */

	struct guest_profile profile;
	struct session_query *query; /* NULL: none under way */
	struct session_list first;   /* all who were on when we began; those found later among them added */
	struct session_list told;    /* by an earlier log-off that nobody saw end: ids, users and log-on times */
	struct session_list targets; /* of them, those that are to go; more: of those unseen */
	struct {
		VEC(struct logoff_mark);
	} marks;
	struct session_list list; /* last seen */
	int64_t listed_at;        /* when it was whole */
	bool list_was_old;        /* so it is read again before anybody is told */
	size_t unseen;            /* sessions that were on at the beginning, but beyond what a list keeps */
	bool listed, verified, vanished, was_away;
	bool waited_for_return;
	bool looked_twice;          /* the agent contradicted an empty list, so it was read again */
	int doubts;                 /* lists in a row, before the first was told, that show nobody and prove nothing */
	hresult refusal;            /* why no further session is told; S_OK: nothing stands against it */
	struct err refused;         /* why, or why the last try to tell one did not get through */
	struct err trouble;         /* the last question that failed while verifying */
	struct session_list in_use; /* chosen because they were idle or disconnected, and dropped: they are no more */
	struct safe_text unwarned;  /* who of them could not be shown the warning; or why that is unknown */
	struct safe_text left_processes; /* elogind: "bob: bash 198, sleep 221" */
	struct safe_text lingering;      /* users who were logged off, and whose services go on */
	struct safe_text outside;        /* users by guest-get-users whom logind never had */
	int64_t leftovers_until;         /* so long they are waited for; 0: not yet */
	struct safe_text opinion;        /* guest-get-users' second opinion */

	struct session_program program; /* for target `at`, or the warning */
	size_t at;
};

/* How it ends: all of them return WORKER_DONE. */
int64_t logoff_fail_err(struct logoff *logoff, const char *doing, const struct err *err);
int64_t logoff_finish(struct logoff *logoff);         /* outcome from what is known */
int64_t logoff_finish_stopped(struct logoff *logoff); /* by one who logged on after the question */
int64_t logoff_finish_vanished(struct logoff *logoff, enum vm_state state); /* MIGRATED: to another host */

/* Whom: chosen from a list, and followed from list to list. */
bool logoff_has_newcomers(struct logoff *logoff); /* on now, and not shown by the question */
void logoff_choose(struct logoff *logoff, const struct session_list *list);
/*
 * Marks who is gone: the one place that does, and it takes no list's word that proves nothing.
 * take_new: sessions that were not there before become targets, too.
 */
void logoff_follow(struct logoff *logoff, const struct session_list *list, bool take_new);
bool logoff_is_same_session(const struct session *a, const struct session *b);
size_t logoff_count_gone(const struct logoff *logoff);
/* Told, or to be told, and not gone; those that the list counts without keeping them, too. */
size_t logoff_count_left(const struct logoff *logoff);
struct safe_text logoff_names_left(const struct logoff *logoff); /* "alice, bob"; owned */
size_t logoff_count_hidden(const struct logoff *logoff);
size_t logoff_count_doubtful(const struct logoff *logoff); /* of those left: not seen any more, and not proven gone */
/* Why it means nothing that somebody is missing from the last list. A sentence's part, translated. */
const char *logoff_doubt(const struct logoff *logoff);
bool logoff_anybody_signalled(const struct logoff *logoff);
