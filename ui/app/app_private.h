/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_private.h - what the rooms of the app share: app.c (hosts and wiring), app_guests.c (asking),
 * app_tasks.c (acting). Nobody else includes it.
 */
#pragma once

#include "engine/listing.h"
#include "ui/app/app_tasks.h"

#include <stdatomic.h>

struct app_host {
	struct app *app;
	int index;
	struct backend *backend;
	bool settled;
	int64_t next_look_at; /* clock_ms(): no guest is asked in the background before */
};

struct app {
	struct loop *loop;
	struct app_settings settings;
	struct inventory *inventory;
	struct tasklist tasks;
	struct {
		VEC(struct app_host *);
	} hosts;
	struct {
		VEC(struct app_listening {
			app_listener_fn *fn;
			void *data;
		});
	} listeners;

	struct vm_ids watched, wanted; /* wanted: their users are asked for, too */
	bool focused;
	struct vm_id focus;
	bool want_uptimes; /* of the watched rows */
	bool want_usage;   /* of the wanted ones */
	bool want_uptime;  /* of one */
	struct vm_id uptime_of;
	int guests_timer;   /* users of the watched rows, heartbeat of the focus */
	int64_t pinged_at;  /* clock_ms() */
	int64_t touched_at; /* clock_ms() of the last key; 0: there is no keyboard */

	int delay_s;            /* between figures */
	struct worker *disk;    /* one thread for what may hang on a disk */
	atomic_int records_due; /* on their way to the audit; app_destroy() waits for them */
	struct journal_entries interrupted;
	size_t unfinished;       /* the first of them; the others ended well and left logins disabled */
	int forgetting;          /* requests on their way: what is read meanwhile may be old */
	bool journal_has_failed; /* and the log says so */
	int journal_timer;       /* until it is read again */

	int parallel; /* tasks at the same time */
	int failed;   /* tasks that ran, and ended neither well nor with nobody to log off */
	bool stopping;
};

void app_changed(struct app *app, unsigned changes);
/* Mode and host: may anything be done there at all? */
bool app_may_act(const struct app *app, const struct vm *vm, struct err *err);

/* app_guests.c */
void app_guests_start(struct app *app);
void app_guests_forget(struct vm *vm); /* its profile */
/* how: what it means that somebody is not in the new list. */
void app_guests_learn(struct app *app, struct vm *vm, const struct session_list *sessions, enum timeline_kind how);
void app_guests_went_down(struct app *app, struct vm *vm); /* before its sessions are forgotten */

/* app_journal.c */
void app_journal_start(struct app *app);
void app_journal_mark_logins(struct app *app);                        /* those that earlier tasks left closed */
void app_journal_forget_logins(struct app *app, const struct vm *vm); /* it is open again */

/* app_tasks.c */
void app_tasks_note_reboot(struct app *app, const struct vm *vm);
void app_tasks_note_stopped(struct app *app, const struct vm *vm, enum vm_state how);
void app_tasks_drop_queued(struct app *app); /* frees the work that never began */
