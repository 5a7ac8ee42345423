/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_tasks.h - acting: what may be done to a VM now, doing it as a task, and the tasks of an earlier run.
 *
 * UI thread only. What starts a task returns at once: S_OK, and the task in *ret_task, which the tasklist owns; or
 * the contract's code, and err says why it could not be started and what to do next. What came of a task that was
 * started is in its report, never here.
 */
#pragma once

#include "backend/guest/op_create.h"
#include "engine/journal.h"
#include "ui/app/app.h"
#include "ui/app/recheck.h"

/* Why this cannot be done now (mode, access, state, agent), as a sentence; false with err. For menus, keys, footer. */
bool app_may(const struct app *app, const struct vm *vm, enum operation operation, struct err *err);
/* The same for a dry run, which --lock does not forbid, nor -r where no guest has to be asked. */
bool app_may_pretend(const struct app *app, const struct vm *vm, enum operation operation, struct err *err);

/* It is done to the sessions that the question showed (session_selector.shown), not to whoever is on. */
bool app_is_about_sessions(enum operation operation);

/*
 * Starts an operation: IVMGuestOS::Logoff and its sisters. E_POINTER: ret_task is NULL. params: copied; where timeout_s
 * is 0, the settings decide, else op_timeout_s(); a snapshot without a name is called after the time.
 */
hresult app_submit(struct app *app, const struct vm_id *id, const struct op_params *wish, struct task **ret_task,
		   struct err *err);

/*
 * A call that was refused, as a task that is complete: so that the task pane and a command's output
 * show one row a VM, whatever came of it.
 */
struct task *app_note_refusal(struct app *app, const struct vm_id *id, enum operation operation, hresult code,
			      const struct err *err);

/* IVMTask::Cancel: S_OK, or E_FAIL where it cannot be cancelled (any more). */
hresult app_cancel(struct app *app, struct task *task);
/*
 * IVMTask::WaitForCompletion, by turning the loop: for commands and tests, never from a callback.
 * S_OK: complete, or the time is over (see task->report.complete); E_INVALIDARG: ms is neither -1 nor 0...4 000 000.
 */
hresult app_wait_for(struct app *app, struct task *task, int64_t ms);

/* --- tasks of an earlier run whose end nobody saw (engine/journal.h); compare them with recheck.h --- */

/*
 * Those of the hosts that are open, and files that cannot be read. Read in the background after app_start(), and again
 * every few seconds, so that what is forgotten elsewhere is gone here; APP_CHANGED_TASKS tells. Newest first.
 */
const struct journal_entries *app_interrupted(const struct app *app);
bool app_journal_was_read(const struct app *app); /* or could not be read */
bool app_knows_logins(const struct app *app);     /* vm->logins_disabled false: then innkeeper did not disable them */
/* As the journal says: "2026-11-22T14:56:00Z", view; NULL unknown. */
const char *app_logins_disabled_since(const struct app *app, const struct vm *vm);
/* So many of them, the first, are unfinished; the others ended well and left logins disabled. */
size_t app_unfinished(const struct app *app);
struct vm *app_interrupted_vm(const struct app *app, size_t index); /* recheck_find(): NULL: not among our VMs now */
struct recheck app_interrupted_recheck(const struct app *app, size_t index); /* by what is known of it; words owned */
void app_forget_interrupted(struct app *app, size_t index);
