/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_tasks.h - acting: what may be done to a VM now, doing it as a task, and the tasks of an earlier run.
 *
 * UI thread only. What starts a task returns at once: S_OK, and the task in *ret_task, which the tasklist owns; or
 * the contract's code, and err says why it could not be started and what to do next. What came of a task that was
 * started is in its report, never here.
 */
#ifndef INNKEEPER_APP_TASKS_H
#define INNKEEPER_APP_TASKS_H

#include "ui/app/app.h"
#include "ui/app/recheck.h"
#include "backend/guest/guest_op.h"
#include "backend/guest/lifecycle.h"
#include "backend/guest/logoff.h"
#include "backend/guest/maintain.h"
#include "backend/guest/snapshot_op.h"
#include "engine/journal.h"

/* Why this cannot be done now (mode, access, state, agent), as a sentence; false with err. For menus, keys, footer. */
bool app_may_logoff(const struct app *app, const struct vm *vm, struct err *err);
/* The one or the other: verb is enum task_verb or enum vm_verb. */
bool app_may(const struct app *app, const struct vm *vm, int verb, struct err *err);
/* The same for a dry run, which --lock does not forbid, nor -r where no guest has to be asked. */
bool app_may_pretend(const struct app *app, const struct vm *vm, int verb, struct err *err);
bool app_may_verb(const struct app *app, const struct vm *vm, enum vm_verb verb, struct err *err);

/* It is done to the sessions that the question showed (session_selector.shown), not to whoever is on. */
bool app_is_about_sessions(int verb);

/* IVMGuestOS::Logoff. E_POINTER: ret_task is NULL. options: copied; timeout_s 0: the settings', else by OS. */
hresult app_logoff(struct app *app, const struct vm_id *id, const struct logoff_options *options,
		   struct task **ret_task, struct err *err);
/* way: of VM_VERB_SHUTDOWN and _REBOOT. timeout_s 0: the usual one. */
hresult app_verb(struct app *app, const struct vm_id *id, enum vm_verb verb, enum shutdown_mode way, int timeout_s,
		 struct task **ret_task, struct err *err);

/* A small operation in the guest (guest_op.h). verb: TASK_MESSAGE ... TASK_TRIM. */
hresult app_guest_op(struct app *app, const struct vm_id *id, int verb, const struct guest_op_options *options,
		     struct task **ret_task, struct err *err);
/* Close the door, warn, log off, verify, shut down (maintain.h). */
hresult app_maintain(struct app *app, const struct vm_id *id, const struct maintain_options *options,
		     struct task **ret_task, struct err *err);

/* verb: TASK_SNAPSHOT_CREATE ... _DELETE (snapshot_op.h). timeout_s 0: the usual one. */
hresult app_snapshot(struct app *app, const struct vm_id *id, int verb, const struct snapshot_params *wish,
		     int timeout_s, struct task **ret_task, struct err *err);

/* Any of these, by its verb: for those who take it from a table. */
struct op_params {
	int verb;                     /* enum task_verb or enum vm_verb */
	struct logoff_options logoff; /* what applies of it: message, whom, timeout_s for all but lifecycle verbs */
	bool shut_down;               /* TASK_MAINTAIN */
	enum shutdown_mode way;       /* VM_VERB_SHUTDOWN, VM_VERB_REBOOT */
	struct snapshot_params snapshot; /* TASK_SNAPSHOT_CREATE ... _DELETE */
};
hresult app_submit(struct app *app, const struct vm_id *id, const struct op_params *wish, struct task **ret_task,
		   struct err *err);

/*
 * A call that was refused, as a task that is complete: so that the task pane and a command's output
 * show one row a VM, whatever came of it.
 */
struct task *app_note_refusal(struct app *app, const struct vm_id *id, int verb, hresult code, const struct err *err);

/* IVMTask::Cancel: S_OK, or E_FAIL where it cannot be cancelled (any more). */
hresult app_cancel(struct app *app, struct task *task);
/*
 * IVMTask::WaitForCompletion, by turning the loop: for commands and tests, never from a callback.
 * S_OK: complete, or the time is over (see task->report.complete); E_INVALIDARG: ms is neither -1 nor 0...4 000 000.
 */
hresult app_wait_for(struct app *app, struct task *task, int64_t ms);

/* --- tasks of an earlier run whose end nobody saw (engine/journal.h); compare them with recheck.h --- */

/* Read in the background after app_start(); APP_CHANGED_TASKS tells. Newest first. */
const struct journal_entries *app_interrupted(const struct app *app);
struct vm *app_interrupted_vm(const struct app *app, size_t index); /* recheck_find(): NULL: not among our VMs now */
struct recheck app_interrupted_recheck(const struct app *app, size_t index); /* by what is known of it; words owned */
void app_forget_interrupted(struct app *app, size_t index);

#endif
