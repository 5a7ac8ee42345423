/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * op_run.h - one operation of steps, working on one scripted guest, in the words of its tests.
 *
 *	two_users();                        who is on
 *	fake_fault(&guest, ...);            what goes wrong
 *	op = guest_op_create(&guest.backend, ..., &journal);
 *	go_on();                            time on the fake clock, to the end
 *	it_ends(VM_E_TIMED_OUT, "alice");
 *
 * a_guest() and no_guest() are for each test's setup and teardown: a Debian with logind, and nobody on.
 */
#pragma once

#include "backend/guest/guest_op.h"
#include "backend/guest/logoff.h"
#include "backend/guest/op.h"
#include "backend/guest/snapshot_op.h"
#include "fake_guest.h"
#include "unit.h"

/* One case as a row: a guest, what goes wrong with one operation on it, and what comes of it. */
struct op_case {
	const char *name;
	int operation; /* where the test program has several */
	enum fake_kind kind;
	bool on_desktops;                        /* all of them */
	int users;                               /* so many of alice on 1, bob on 2 and on c3 */
	struct fake_session on[3];               /* and these */
	const char *immortal, *resists, *locked; /* whose session is so: its id */
	bool sysnative, exec_disabled, exec_unknown, users_unknown, hides_explorers, frozen;
	bool read_only, is_locked; /* the session with the host */
	int types_forbidden_from, latency_ms;
	const char *guest_users, *no_program;
	enum vm_state state;        /* unknown: it runs */
	enum agent_channel channel; /* unknown: it is connected */
	bool ignores_verbs, transient;
	struct fake_fault faults[4];
	struct logoff_options logoff; /* what is asked for, of a log-off and of other operations */
	struct guest_op_options options;
	struct snapshot_params snapshot;

	hresult ends; /* S_OK, and nothing in `says`: it_is_done() */
	const char *says[2], *notes[3];
	enum { ANY_DOUBT, MAYBE_SENT, NOT_SENT } doubt; /* report()->maybe_sent */
	struct {
		const char *call;
		int times;
	} sent[5];
	bool nobody_told, nothing_journalled;
	const char *journalled;
	int seconds[2]; /* from, to; 0, 0: whatever */
};

void op_case_begins(const struct op_case *row); /* the case's guest has just been set up */
void op_case_holds(const struct op_case *row);

extern struct fake_guest guest;
extern struct op *op;

/* What it was told before each send; it has room for sent_allowed. */
extern const struct op_journal journal;
extern char *sent[400];
extern int sent_count, sent_allowed, phases_seen[TASK_PHASE_COUNT];
extern bool percent_is_unknown; /* it stays 0 until all is done */

int a_guest(void **state);
int no_guest(void **state);
void this_guest(enum fake_kind kind);      /* another one instead */
void two_users(void);                      /* alice on 1, bob on 2 */
void three_users(void);                    /* and bob on c3 */
void carol_comes(struct backend *backend); /* on 9, at the moment of a fault */
void forget_run(void);                     /* before another op */

void seconds_passed(int64_t from, int64_t to);
void nobody_was_told(void);

bool step(void); /* one call at the most, nothing goes backwards; false: it is complete */
void go_on(void);
#define step_until(it_holds) \
	while (!(it_holds)) \
	assert_true(step())

const struct task_report *report(void);
/* They go on first. The contract says which result goes with an error; it_ends_as(): another one. */
void it_ends(hresult error, const char *words);
void it_ends_as(hresult error, enum task_result result, const char *words);
void it_is_done(void);
void it_notes(const char *words);
void was_sent(const char *call, int times);
void was_journalled(const char *all); /* "disable-logins; warn the users" */
