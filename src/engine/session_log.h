/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_log.h - which sessions ended, on disk: a line each in $XDG_STATE_HOME/innkeeper/sessions.log (0600), the
 * demo's in its folder there. At SESSION_LOG_MAX bytes it becomes sessions.log.1, in place of the last one.
 * Kept only where the setting `history` asks for it.
 */
#pragma once

#include "base/err.h"
#include "base/vec.h"
#include "model/session.h"

enum { SESSION_LOG_MAX = 1024 * 1024, SESSION_LOG_TEXTS = 7 };

enum session_log_text { LOG_HOST, LOG_VM, LOG_UUID, LOG_USER, LOG_DOMAIN, LOG_SESSION, LOG_FROM };

struct session_log_entry {
	int64_t ended_at;                          /* seconds since 1970: the look that did not show it any more */
	int64_t login_time;                        /* by the guest's clock, -1 unknown */
	char how[24];                              /* "logged-off", "guest-stopped", "innkeeper" */
	struct safe_text texts[SESSION_LOG_TEXTS]; /* owned, may be empty */
};
struct session_log {
	VEC(struct session_log_entry); /* oldest first */
};

/* Owned, with its newline. */
char *session_log_line(const struct session_log_entry *entry);
/* lines: whole ones. Worker thread: a disk may hang. */
bool session_log_append(bool is_simulated, const char *lines, struct err *err);
/* Blocks. Lines that are none are left out. Nothing was ever kept: an empty list. */
bool session_log_read(bool is_simulated, struct session_log *ret, struct err *err);
/* Pure. */
void session_log_parse(const char *bytes, size_t len, struct session_log *log);
void session_log_free(struct session_log *log);
