/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * asking.h - one scripted guest that is asked who is on, in the words of its tests.
 *
 *	fake_logon(&guest, "1", "alice", "tty1");
 *	it_answers(QUERY_DONE, true, 1);
 *	session_is(0, "1", "alice");
 *	it_says(ERR_NO_ANSWER, "silence");  what `err` holds
 *
 * a_guest_to_ask() and no_guest_to_ask() are each test's setup and teardown: a Debian with logind, and nobody on.
 */
#pragma once

#include "backend/guest/agent_sessions.h"
#include "op_run.h"

extern const struct agent_target line; /* to it */
extern struct guest_profile profile;
extern struct session_list list;
extern struct err err;
extern bool asks_usage; /* false in each test's beginning */

int a_guest_to_ask(void **state);
int no_guest_to_ask(void **state);
void this_guest_to_ask(enum fake_kind kind); /* another one instead, of which nothing is known */

enum query_outcome ask(void); /* into `list`; one call a step */
int looks(void);              /* the same in the background, from `list` on: so many programs were started */
void it_answers(enum query_outcome outcome, bool proven, size_t count);
void it_says(enum err_kind kind, const char *words);
void session_is(size_t index, const char *id, const char *user);
