/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app.h - where inventory, backends and tasks meet. The dashboard and the command line both stand on
 * this; nothing here knows a screen. UI thread only; nothing here blocks.
 */
#ifndef INNKEEPER_APP_H
#define INNKEEPER_APP_H

#include "backend/backend.h"
#include "backend/guest/guest_op.h"
#include "backend/guest/lifecycle.h"
#include "backend/guest/logoff.h"
#include "backend/guest/maintain.h"
#include "backend/guest/snapshot_op.h"
#include "engine/config.h"
#include "engine/journal.h"
#include "model/inventory.h"
#include "model/task.h"

enum app_mode {
	APP_FULL,
	APP_LOCKED,    /* --lock: users are seen, every action is refused */
	APP_READ_ONLY, /* -r: libvirt's read-only connections; users cannot be seen */
};

struct app_settings {
	enum app_mode mode;
	const struct config *config; /* borrowed */
	bool one_shot;     /* a command, no dashboard: no figures, no background questions to guests */
	bool want_figures; /* one_shot: figures all the same (`list`) */
	bool want_addresses; /* one_shot: whoever is asked who is logged on, is asked for its addresses, too */
	int parallel;      /* tasks at the same time; 0: the configuration's */
};

struct app;

/* What changed, for views; bits. */
enum app_change {
	APP_CHANGED_VMS = 1,
	APP_CHANGED_HOSTS = 2,
	APP_CHANGED_TASKS = 4,
	APP_CHANGED_FIGURES = 8,
};
typedef void app_listener_fn(void *data, unsigned changes);

struct app *app_create(struct loop *loop, const struct app_settings *settings);
/* At most wait_ms for calls under way; false: some thread is stuck, leave with _exit(). */
bool app_destroy(struct app *app, int64_t wait_ms);
void app_listen(struct app *app, app_listener_fn *listener, void *data);

/*
 * Adds hosts: a libvirt URI, a libvirt uri alias, a host's name from the configuration, or demo:///SCENARIO
 * (which may bring several). Before app_start().
 */
bool app_add_host(struct app *app, const char *words, struct err *err);
/*
 * Without -c: the configuration's hosts, else $LIBVIRT_DEFAULT_URI (which may not start programs), else what
 * libvirt.conf says, else what this person may manage.
 */
bool app_add_default_hosts(struct app *app, struct err *err);
bool app_start(struct app *app, struct err *err);

struct loop *app_loop(const struct app *app);
struct inventory *app_inventory(const struct app *app);
struct tasklist *app_tasks(const struct app *app);
const struct config *app_config(const struct app *app);
enum app_mode app_mode(const struct app *app);
struct backend *app_backend(const struct app *app, int host);
/* Every host is settled: listed, or lost after its first try. Commands wait for this. */
bool app_is_settled(const struct app *app);

/* --- looking --- */

/* The rows on screen, in order: their figures, presence and users are asked first. */
void app_watch(struct app *app, const struct vm_id *ids, size_t count);
/* The row under the cursor, or NULL: the one guest whose heartbeat is taken (a guest-ping every 6 s). */
void app_focus(struct app *app, const struct vm_id *id);
/* List again; lost hosts are tried at once; the watched guests are asked again who is logged on. */
void app_refresh(struct app *app);
/*
 * Asks a guest who is logged on, its OS, its name; the answer lands in the vm (sessions_asked is true until
 * then). insist: a person asks, so a back-off after silence does not hold. False: not asked, err says why.
 */
bool app_ask_guest(struct app *app, struct vm *vm, bool insist, struct err *err);

/* Asks its host for the VM's snapshots; the answer lands in vm->snapshots. False: not asked, err says why. */
bool app_ask_snapshots(struct app *app, struct vm *vm, struct err *err);
/* As far as is known: could its agent freeze the file systems? False: err says why not. */
bool app_may_quiesce(const struct app *app, const struct vm *vm, struct err *err);

/* How often figures are asked for, in seconds: the configuration's, until somebody changes it. */
int app_delay(const struct app *app);
void app_set_delay(struct app *app, int seconds);

/* --- acting --- */

/* Why this cannot be done now (mode, access, state, agent), as a sentence; false with err. For menus, keys, footer. */
bool app_may_logoff(const struct app *app, const struct vm *vm, struct err *err);
/* The one or the other: verb is enum task_verb or enum vm_verb. */
bool app_may(const struct app *app, const struct vm *vm, int verb, struct err *err);
bool app_may_verb(const struct app *app, const struct vm *vm, enum vm_verb verb, struct err *err);

/*
 * IVMGuestOS::Logoff. Returns at once. S_OK: the task was started and is in *ret_task (owned by the
 * tasklist). Anything else: it could not be started, err says why and what to do. E_POINTER: ret_task is NULL.
 */
hresult app_logoff(struct app *app, const struct vm_id *id, const struct logoff_options *options,
		   struct task **ret_task, struct err *err);
/* timeout_s 0: by verb. */
hresult app_verb(struct app *app, const struct vm_id *id, enum vm_verb verb, int timeout_s, struct task **ret_task,
		 struct err *err);

/* A small operation in the guest (guest_op.h). verb: TASK_MESSAGE ... TASK_TRIM. */
hresult app_guest_op(struct app *app, const struct vm_id *id, int verb, const struct guest_op_options *options,
		     struct task **ret_task, struct err *err);
/* Close the door, warn, log off, verify, shut down (maintain.h). */
hresult app_maintain(struct app *app, const struct vm_id *id, const struct maintain_options *options,
		     struct task **ret_task, struct err *err);

/* verb: TASK_SNAPSHOT_CREATE ... _DELETE (snapshot_op.h). timeout_s 0: the usual one. */
hresult app_snapshot(struct app *app, const struct vm_id *id, int verb, const struct snapshot_wish *wish, int timeout_s,
		     struct task **ret_task, struct err *err);

/* Any of these, by its verb: for those who take it from a table. */
struct app_wish {
	int verb;                     /* enum task_verb or enum vm_verb */
	struct logoff_options logoff; /* what applies of it: message, whom, timeout_s for all but lifecycle verbs */
	bool shut_down;               /* TASK_MAINTAIN */
	enum lifecycle_way way;       /* VM_VERB_SHUTDOWN, VM_VERB_REBOOT */
	struct snapshot_wish snapshot; /* TASK_SNAPSHOT_CREATE ... _DELETE */
};
hresult app_submit(struct app *app, const struct vm_id *id, const struct app_wish *wish, struct task **ret_task,
		   struct err *err);

/*
 * A call that was refused, as a task that is complete: so that the task pane and a command's output
 * show one row a VM, whatever came of it.
 */
struct task *app_note_refusal(struct app *app, const struct vm_id *id, int verb, hresult code, const struct err *err);

/* --- tasks of an earlier run whose end nobody saw (engine/journal.h); compare them with recheck.h --- */

/* Read in the background after app_start(); APP_CHANGED_TASKS tells. Newest first. */
const struct journal_entries *app_interrupted(const struct app *app);
struct vm *app_interrupted_vm(const struct app *app, size_t index); /* NULL: not among our VMs now */
void app_forget_interrupted(struct app *app, size_t index);

/* IVMTask::Cancel: S_OK, or E_FAIL where it cannot be cancelled (any more). */
hresult app_cancel(struct app *app, struct task *task);
/*
 * IVMTask::WaitForCompletion, by turning the loop: for commands and tests, never from a callback.
 * S_OK: complete, or the time is over (see task->report.complete); E_INVALIDARG: ms is neither -1 nor 0...4 000 000.
 */
hresult app_wait_for(struct app *app, struct task *task, int64_t ms);

#endif
