/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * audit.h - who did what to whose session: one record when a disruptive task is about to begin, one
 * when it ended. To journald where its socket exists (own fields, MESSAGE_ID), else appended to
 * $XDG_STATE_HOME/innkeeper/audit.log (0600), one line a record, values quoted.
 * All users are named: those who do not fit into a record follow in others, of the same task and state.
 *
 * Values are safe text, so no value can hold a newline; quotes and backslashes are escaped in the file.
 * Sources: systemd.journal-fields(7), "Native Journal Protocol" (systemd.io/JOURNAL_NATIVE_PROTOCOL).
 * Worker thread.
 */
#pragma once

#include "base/err.h"

/* Of every record of ours; `journalctl MESSAGE_ID=...` finds them. */
#define AUDIT_MESSAGE_ID "7c1f0a6f0f6f4c0fb5b5a4b2f0c38e0d"

/* Bytes of users in one record, so that a line of it can be shown; a longer name stands alone. */
enum { AUDIT_USERS_MAX = 1536 };

struct audit_record {
	const char *action;  /* "logoff" */
	const char *state;   /* "begin", "users" (who else is to go, before they are told), "end" */
	const char *task_id; /* the journal's */
	const char *host, *uri, *vm, *uuid;
	const char *users;  /* who was told to go; "-" none */
	const char *result; /* "-" at the beginning; else result's name and the error's */
	const char *text;   /* a sentence, or "" */
	bool is_simulated;  /* done to the demo: in demo/audit.log, and not to journald */
};

/* False: it could not be written anywhere; a disruptive action is refused then. */
bool audit_write(const struct audit_record *record, struct err *err);

/* "alice (sudo from bob, ssh 192.0.2.7)": login, SUDO_USER, SSH_CONNECTION; owned. */
struct safe_text audit_who(void);

/* For tests: another socket than /run/systemd/journal/socket; "" none. */
void audit_use_socket(const char *path);

/* Pure: one line of the file, with its newline; owned by the caller. NULL: no memory. */
char *audit_format_line(const struct audit_record *record, const char *when, const char *who);
