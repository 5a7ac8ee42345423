/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app.h - where inventory, backends and tasks meet. The dashboard and the command line both stand on
 * this; nothing here knows a screen. UI thread only; nothing here blocks. To act: app_tasks.h.
 */
#pragma once

#include "backend/backend.h"
#include "engine/config.h"
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
	bool one_shot;               /* a command, no dashboard: no figures, no background questions to guests */
	bool want_figures;           /* one_shot: figures all the same (`list`) */
	bool want_addresses;         /* one_shot: whoever is asked who is logged on, is asked for its addresses, too */
	bool want_uptimes;           /* ... and how long it has been up */
	bool want_jobs;              /* ... and whether its host runs a backup or takes a snapshot of it */
	bool want_checkups;          /* ... and what only doctor wants to know (backend/guest/guest_checkup.h) */
	bool want_journal;           /* one_shot: of which VMs are logins disabled? */
	int max_failures;            /* so many failed tasks, and no further one starts; 0: no limit */
	int parallel;                /* tasks at the same time; 0: the configuration's */
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

/* loop: borrowed, must outlive it. settings: copied, but for the configuration. */
struct app *app_create(struct loop *loop, const struct app_settings *settings);
/* Waits wait_ms (at most) for calls under way. False: some thread is stuck; leave with _exit(). */
bool app_destroy(struct app *app, int64_t wait_ms);
void app_listen(struct app *app, app_listener_fn *listener, void *data); /* for the app's life; enum app_change */

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
bool app_start(struct app *app, struct err *err); /* connects in the background; false: a host cannot even try */

/* Views, all as long as the app. host: index in the inventory. */
struct loop *app_loop(const struct app *app);
struct inventory *app_inventory(const struct app *app);
struct tasklist *app_tasks(const struct app *app);
const struct config *app_config(const struct app *app);
struct worker *app_disk(const struct app *app); /* for what may hang on a disk */
enum app_mode app_mode(const struct app *app);
struct backend *app_backend(const struct app *app, int host);
bool app_is_simulated(const struct app *app); /* all hosts are the demo's: so is the journal that is read */
/* Every host is settled: listed, or lost after its first try. Commands wait for this. */
bool app_is_settled(const struct app *app);

/* --- looking --- */

/* The rows on screen, in order: their figures, presence and users are asked first. */
void app_watch(struct app *app, const struct vm_id *ids, size_t count);
/*
 * Asked who is logged on as well, in full at first, a few at a time, behind the rows on screen; until others are named.
 */
void app_want_users(struct app *app, const struct vm_id *ids, size_t count);
/* Of all VMs, as fast as it goes; else those on screen come first, and the others in background-share of the time. */
void app_want_configurations(struct app *app, bool wanted);
/* The row under the cursor, or NULL: the one guest whose heartbeat is taken (a guest-ping every 6 s). */
void app_focus(struct app *app, const struct vm_id *id);
/* Whose uptime is shown: that of the watched rows, and of one, or NULL. Nobody else is asked for it. */
/* Of the users wanted: what each session uses, too, which costs their guests one program more each time. */
void app_want_usage(struct app *app, bool wanted);
void app_want_uptimes(struct app *app, bool of_watched, const struct vm_id *of_one);
/* List again; lost hosts are tried at once; the watched guests are asked again who is logged on. */
void app_refresh(struct app *app);
/* Somebody is there. When nobody was for some minutes, guests are asked less often. */
void app_note_input(struct app *app);
/* When the guest is asked in the background again who is logged on: clock_ms(), or -1: only on request. */
int64_t app_next_look(const struct app *app, const struct vm *vm);
/*
 * Asks a guest in full who is logged on, its OS, its name; the answer lands in the vm (sessions_asked is true until
 * then). insist: a person asks, so a back-off after silence does not hold. False: not asked, err says why.
 */
bool app_ask_guest(struct app *app, struct vm *vm, bool insist, struct err *err);
/* It was asked, and nobody waits any longer: until its answer comes, it counts as silent. */
void app_note_late(struct app *app, struct vm *vm);

/* Asks its host for the VM's snapshots; the answer lands in vm->snapshots. False: not asked, err says why. */
bool app_ask_snapshots(struct app *app, struct vm *vm, struct err *err);
/* As far as is known: could its agent freeze the file systems? False: err says why not. */
bool app_may_quiesce(const struct app *app, const struct vm *vm, struct err *err);

/* How often figures are asked for, in seconds: the configuration's, until somebody changes it. */
int app_delay(const struct app *app);
void app_set_delay(struct app *app, int seconds);
