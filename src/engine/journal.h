/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.h - what a task did, on disk before it is done, so that no death of ours leaves a riddle.
 *
 * One file a task, $XDG_STATE_HOME/innkeeper/tasks/ID (0600), lines of "word value", appended and
 * fsynced one by one; a torn last line is ignored. A task that ended well or was seen to fail removes
 * its file; what is left after a crash is what `innkeeper tasks` and the next start offer to re-check.
 * Whatever can be written can be read: a file has at most JOURNAL_FILE_MAX bytes, which is room for some 4,000
 * sessions of the longest names, told and killed. What does not fit is refused, so it is not sent either.
 * is_simulated: tasks of the demo, which lie in demo/tasks, so that neither is ever offered among the other.
 *
 *	planned ──> sending WHAT ──> sent ──> ... ──> (file removed)
 *	   │             │             │
 *	not sent      unknown         sent        what a reader concludes when the writer is gone
 *
 * Worker thread (a disk may hang). Nothing is ever executed from a journal: a re-check only looks.
 */
#pragma once

#include "base/err.h"
#include "base/vec.h"

enum { JOURNAL_FILE_MAX = 16 * 1024 * 1024 };

enum journal_state {
	JOURNAL_NOT_SENT,   /* planned, nothing was sent */
	JOURNAL_UNKNOWN,    /* a send was begun; whether it went out nobody knows */
	JOURNAL_SENT,       /* at least one command was carried out, the end was not seen */
	JOURNAL_DONE,       /* it ended; the file is kept because the end itself is uncertain (time-out) */
	JOURNAL_UNREADABLE, /* there is a file, and what it says cannot be known; outcome says where it is, and why */
};

/* All strings safe text of one line. */
struct journal_plan {
	const char *operation, *host, *uri, *vm, *uuid, *by;
	const char *reason; /* NULL or empty: none was given */
	bool is_simulated;
};

struct journal;

/* Creates the task's file, durable before it returns. */
struct journal *journal_create(const struct journal_plan *plan, struct err *err);
/* login_time: as struct session's. */
bool journal_session(struct journal *journal, const char *id, const char *user, int64_t login_time, struct err *err);
/* Those who are to go, too, but not named (yet): the guest has more than a list keeps. The last count is valid. */
bool journal_more(struct journal *journal, size_t count, struct err *err);
/* What a drain found, for uncordon: whether the VM ran, and its autostart. On disk with the first command. */
bool journal_found(struct journal *journal, bool running, bool autostart, struct err *err);
bool journal_sending(struct journal *journal, const char *what, struct err *err);
bool journal_sent(struct journal *journal, struct err *err);
/* keep: the outcome is uncertain, so the file stays for a re-check. Frees the journal in any case. */
void journal_close(struct journal *journal, const char *outcome, bool keep);
/* Our own end comes before the task's: the file stays where something was sent. Frees the journal. */
void journal_leave(struct journal *journal, bool something_sent);
const char *journal_id(const struct journal *journal);

/* What a person types to see these tasks. */
const char *journal_command(bool is_simulated);

/* --- reading --- */

struct journal_session {
	struct safe_text id, user;
	int64_t login_time; /* by the guest's clock, as struct session's; -1 unknown */
};

struct journal_entry {
	char *id;
	enum journal_state state;
	struct safe_text operation, host, uri, vm, uuid, by, reason, what, outcome, planned_at, changed_at; /* owned */
	bool alive; /* its writer still runs */
	struct {
		VEC(struct journal_session);
	} sessions;
	size_t more; /* sessions that were to go, too: counted, not named */
	struct {
		VEC(struct safe_text);
	} sends; /* all that was sent, or may have been, oldest first; what: the last */
	bool has_found, found_running, found_autostart; /* journal_found() */
};
struct journal_entries {
	VEC(struct journal_entry);
};

/* Newest first. Files that cannot be read are among them, with their id and JOURNAL_UNREADABLE, and are counted. */
bool journal_read_all(bool is_simulated, struct journal_entries *ret, size_t *ret_unreadable, struct err *err);
void journal_entries_free(struct journal_entries *entries);
bool journal_forget(bool is_simulated, const char *id, struct err *err);
bool journal_entry_sent(const struct journal_entry *entry, const char *what); /* what: how the line begins */
bool journal_id_is_valid(const char *id);
/* Pure parser, for tests and the fuzzer. False: no journal of ours. */
bool journal_parse(const char *bytes, size_t len, struct journal_entry *ret);
void journal_entry_free(struct journal_entry *entry);

const char *journal_state_name(enum journal_state state); /* "not sent", "unknown", "sent", "done", "unreadable" */
