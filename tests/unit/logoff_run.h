/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logoff_run.h - one log-off of one scripted guest, in the words of its tests.
 *
 *	three_users();                      who is on
 *	fake_fault(&guest, ...);            what goes wrong
 *	options.force = true;               what is asked for
 *	log_off();                          begin() and go_on(), time cranked
 *	it_ends(VM_E_TIMED_OUT, TASK_RESULT_TIME_OUT, "alice");
 *
 * a_guest() and no_guest() are each test's setup and teardown: a Debian with logind, and nobody on.
 */
#ifndef INNKEEPER_TESTS_LOGOFF_RUN_H
#define INNKEEPER_TESTS_LOGOFF_RUN_H

#include "fake_guest.h"
#include "unit.h"

#include "backend/guest/logoff.h"

extern struct fake_guest guest;
extern struct backend *asked; /* the guest itself, or a backend that stands before it */
extern struct logoff *logoff;
extern struct logoff_options options;

/* What the journal was told before each send; it has room for sent_allowed. */
extern char *sent[128];
extern int sent_count, sent_allowed, phases_seen[TASK_PHASE_COUNT];

int a_guest(void **state);
int no_guest(void **state);
void this_guest(enum fake_kind kind); /* another one instead */
void three_users(void);               /* alice on 1, bob on 2 and c3 */

void begin(void);
bool step(void); /* false: it is complete */
void go_on(void);
void log_off(void);

const struct task_report *report(void);
void it_ends(hresult error, enum task_result result, const char *words);
void it_is_done(void);
void it_notes(const char *words);
void seconds_passed(int64_t from, int64_t to);
void was_sent(const char *call, int times);
void nobody_was_told(void);

#endif
