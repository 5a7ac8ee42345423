/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logoff_run.h - one log-off of one scripted guest, in the words of its tests; on top of op_run.h.
 *
 *	three_users();                      who is on
 *	fake_fault(&guest, ...);            what goes wrong
 *	options.force = true;               what is asked for
 *	log_off();                          begin() and go_on(), time on the fake clock
 *	it_ends(VM_E_TIMED_OUT, "alice");   or, with the line before, the_log_off_ends(VM_E_TIMED_OUT, "alice");
 *
 * a_logoff() and no_guest() are each test's setup and teardown: a Debian with logind, nobody on, nothing wished for.
 */
#pragma once

#include "op_run.h"

extern struct backend *asked; /* the guest itself, or a backend that stands before it */
extern struct logoff_options options;

int a_logoff(void **state);

void begin(void);
void begin_without_journal(void);
void log_off(void);
void it_logs_off(void);
void the_log_off_ends(hresult error, const char *words);
void log_off_row(void **state); /* for TESTS_OF a struct op_case */
