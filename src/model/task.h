/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.h - one operation that outlives the key press that asked for it: the contract's IVMTask.
 *
 *	QUEUED -> RUNNING -> COMPLETE       complete happens once; on_complete runs once, on the UI thread
 *
 * A task is a value owned by the UI thread. Its work is a job (engine/worker.h) whose steps run on
 * worker threads and fill a struct task_report of their own; after each step the report is applied
 * here, on the UI thread, by task_apply(). Cancelling is a request; "too late" is an answer.
 * percent never falls, and 100 means complete.
 */
#pragma once

#include "base/vec.h"
#include "model/operation.h"
#include "model/result.h"
#include "model/vm.h"

#include <time.h>

/* Where it stands, for people; the log-off sequence is check, list, warn, end, verify, done. */
#define TASK_PHASES(ROW) \
	ROW(TASK_PHASE_QUEUED, N_("queued")) \
	ROW(TASK_PHASE_CHECK, N_("checking")) \
	ROW(TASK_PHASE_LIST, N_("listing sessions")) \
	ROW(TASK_PHASE_WARN, N_("grace period")) /* told the users; the grace period runs until grace_until */ \
	ROW(TASK_PHASE_END, N_("logging off"))   /* telling the sessions to end */ \
	ROW(TASK_PHASE_VERIFY, N_("waiting for log-off")) \
	ROW(TASK_PHASE_ACT, N_("running in guest"))    /* an operation in the guest runs */ \
	ROW(TASK_PHASE_HOST, N_("running on host"))    /* lifecycle, snapshots: what was sent, the host carries out */ \
	ROW(TASK_PHASE_WAIT, N_("waiting for the VM")) /* lifecycle: the operation was sent, the state is awaited */ \
	ROW(TASK_PHASE_CANCEL, N_("cancelling"))       /* cancelled: the users who were warned are told */ \
	ROW(TASK_PHASE_DONE, N_("done"))
#define TASK_PHASE_ID(id, name) id,
enum task_phase { TASK_PHASES(TASK_PHASE_ID) TASK_PHASE_COUNT };

enum { TASK_STEPS_MAX = 64 };

/* What a step says. Plain values; the texts are owned by the report and replaced whole. */
struct task_report {
	enum task_phase phase;
	int percent;
	bool cancelable;
	bool complete;
	bool maybe_sent;                    /* something was sent whose outcome we could not see */
	enum task_result result;            /* once complete */
	hresult error;                      /* S_OK until there is one */
	struct safe_text error_description; /* localised, says what to do next */
	struct safe_text note;        /* "2 of 3 gone, alice is still there"; "alice came back: automatic log-in" */
	struct safe_text waiting_for; /* while verifying: who is still there, "alice, bob"; owned */
	int sessions_before;          /* -1 unknown */
	int sessions_after;
	int64_t grace_until; /* clock_ms(), 0 none */
};

void task_report_init(struct task_report *report);
void task_report_free(struct task_report *report);
void task_report_copy(struct task_report *to, const struct task_report *from); /* frees what `to` held */
/* Completes: result from the code (result_find()), text formatted. */
void task_report_fail(struct task_report *report, hresult error, const char *format, ...) PRINTF_LIKE(3, 4);
void task_report_vfail(struct task_report *report, hresult error, const char *format, va_list args) PRINTF_LIKE(3, 0);

struct task;
typedef void task_complete_fn(struct task *task, void *data);

struct task_step {
	enum task_phase phase;
	time_t at; /* wall: when it began */
};

struct task {
	uint64_t id;              /* unique in the process, never reused; from 1 */
	uint64_t batch;           /* the id of the first that one answer started; its own where it was alone */
	enum operation operation; /* enum operation or enum operation */
	struct vm_id vm;
	struct safe_text vm_name, host_name; /* as confirmed by the user; owned */
	struct safe_text description;        /* "Log off 3 users of web01" */
	struct safe_text message;            /* that users are warned with; owned, empty: none */
	struct safe_text reason;             /* why, for the users and the records; owned, empty: none was given */
	struct safe_text whom;               /* "alice, bob": who was to be logged off, once known; owned */
	struct {
		VEC(struct task_step);
	} steps; /* as task_apply() saw them, oldest first; at most TASK_STEPS_MAX */
	struct task_report report;
	time_t started;      /* wall */
	int64_t started_at;  /* clock_ms() */
	int64_t ended_at;    /* clock_ms(), 0 while it runs */
	int64_t deadline_at; /* clock_ms() */
	bool running;        /* its first step began */
	bool dismissed;      /* a person put it away */
	bool dry_run;        /* it only tells what would be done */
	void *work;          /* engine's: the job behind it */
};

struct tasklist {
	VEC(struct task *); /* oldest first */
	uint64_t last_id;
	task_complete_fn *on_complete;                    /* UI thread, once a task; may be NULL */
	void (*on_change)(struct task *task, void *data); /* after each applied report; may be NULL */
	void *data;
};

struct task *tasklist_add(struct tasklist *list, enum operation operation, const struct vm_id *vm);
struct task *tasklist_find(const struct tasklist *list, uint64_t id);
size_t tasklist_running(const struct tasklist *list);
void tasklist_dismiss_complete(struct tasklist *list); /* frees those that are complete */
void tasklist_free(struct tasklist *list);

/* Applies a report: percent only rises (below 100 until complete), complete only once. UI thread. */
void task_apply(struct tasklist *list, struct task *task, const struct task_report *report);
/* The host tells how far it is. Only rises, below 100, while it runs. UI thread. */
void task_note_percent(struct tasklist *list, struct task *task, int percent);
/* S_OK: the request was noted. E_FAIL: it cannot be cancelled (any more). See engine's task_cancel(). */
bool task_is_cancelable(const struct task *task);
/* The error's description, for where the VM's name stands in front already: many begin with it. */
const char *task_error_words(const struct task *task);
int64_t task_elapsed_ms(const struct task *task, int64_t now);

const char *task_phase_name(enum task_phase phase); /* N_() */
/* How it ended, in a few words: "done", "cancelled", "no session of dave; 2 others stay"; owned. */
struct safe_text task_outcome_words(const struct task *task);
/* It ran, and ended neither well nor with nobody to log off. */
bool task_has_failed(const struct task *task);
/* It is over, and told what would be done. */
bool task_was_rehearsed(const struct task *task);
/* IVMTask::WaitForCompletion's rule: -1 or 0...4 000 000 ms. */
bool task_wait_timeout_is_valid(int64_t ms);
