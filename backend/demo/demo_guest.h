/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_guest.h - one simulated guest, as it is at one moment: its sessions, its programs, its snapshots.
 *
 * Who may call, and what time means here: demo_host.h. Texts that are not said to be safe come from the scenario.
 */
#pragma once

#include "backend/demo/demo_schedule.h"
#include "backend/demo/scenario.h"
#include "model/operation.h"
#include "model/snapshot.h"

struct demo_host;

struct demo_session {
	const struct demo_login *login;
	int number;    /* logind's id, or the WTS number */
	int line;      /* of ttyN, pts/N */
	int64_t since; /* host time; negative: before the demo began */
	bool closing;  /* told to end, not gone yet */
	bool locked;
	bool disconnected;                        /* Windows */
	int64_t disconnected_at;                  /* host time, where it is */
	const char *id, *tty, *class_name, *type; /* NULL: as login, number and line have it */
};

struct demo_process {
	int64_t pid, ends_at;
	int exit_code;
	bool cut;
	char *out, *err_out; /* NULL where nothing is captured */
	size_t out_len, err_len;
};

struct demo_guest {
	const struct demo_vm_plan *plan;
	const struct demo_os *os;
	struct uuid uuid;
	uint64_t seed;
	int index, domain_id;
	int64_t booted_at;        /* host time; negative: before the demo began */
	unsigned boot_generation; /* another one after each power-on, power-off and reboot */
	enum vm_state state;
	bool undefined;
	bool agent;                         /* connected */
	bool channel_read;                  /* the host has told about the channel */
	bool live_channel, defined_channel; /* in the XML of the running VM; in its configuration */
	bool frozen;
	bool leaving;  /* shutting down */
	char *nologin; /* what stands in /run/nologin: nobody but root logs on; NULL: no such file */
	bool autostart;
	bool drained, drained_until_restart; /* Windows: nobody new logs on */
	int last_session;
	int64_t last_pid;
	int steps[DEMO_STEP_COUNT]; /* how often each was asked for */
	struct {
		VEC(struct demo_session);
	} sessions;
	struct {
		VEC(struct demo_process);
	} processes;
	struct snapshot_list snapshots;
	int64_t saving_since; /* host time; -1: its memory is not being saved */
	bool console_open;
	unsigned console_serial; /* of who sits at it, or sat there last */
	unsigned news;
};

void demo_guest_init(struct demo_host *host, struct demo_guest *guest, const struct demo_vm_plan *plan, int index);
void demo_guest_finish(struct demo_guest *guest);
bool demo_guest_is_running(const struct demo_guest *guest);
const char *demo_guest_hostname(const struct demo_guest *guest); /* from the scenario; any thread */
void demo_guest_happens(struct demo_host *host, struct demo_guest *guest, const struct demo_due *due);
/* The verbs of libvirt; false with its complaint. */
bool demo_guest_apply_verb(struct demo_host *host, struct demo_guest *guest, enum operation operation, struct err *err);
void demo_guest_shut_down(struct demo_host *host, struct demo_guest *guest, bool reboot);

int demo_guest_saved_percent(const struct demo_host *host, const struct demo_guest *guest); /* -1: not being saved */
bool demo_guest_stop_saving(struct demo_host *host, struct demo_guest *guest, struct err *err);
/* Stands still while its memory is written, and goes on. */
void demo_guest_hold(struct demo_host *host, struct demo_guest *guest, bool still);
/* What a snapshot restores: running, with the agent soon back and who was logged on in the beginning; else off. */
void demo_guest_go_back(struct demo_host *host, struct demo_guest *guest, enum vm_state state);

enum demo_push { PUSH_HANGUP, PUSH_TERMINATE, PUSH_KILL, PUSH_COUNT };
/* Tells a session to end; when it does, or whether, is its login's nature. */
void demo_guest_push(struct demo_host *host, struct demo_guest *guest, struct demo_session *session,
		     enum demo_push push);
struct demo_session *demo_guest_session(struct demo_guest *guest, int number); /* NULL: none */
/* It is asked for once more: how it fails this time, or NULL. */
const struct demo_failure *demo_guest_begins_step(struct demo_guest *guest, enum demo_step step);
/* The session changes hands, where that is how the step fails. */
void demo_guest_takes_session(const struct demo_guest *guest, const struct demo_failure *failure,
			      struct demo_session *session, int64_t now);
/* "tty1", "pts/0"; of a Windows session its station's name. */
void demo_session_line(const struct demo_guest *guest, const struct demo_session *session, char buf[24]);
/* Wall-clock time of a session's beginning. */
time_t demo_session_since(const struct demo_host *host, const struct demo_session *session);
/* Seconds without input. */
int64_t demo_session_idle(const struct demo_host *host, const struct demo_session *session);

/* --- its snapshots (demo_snapshot.c); false with libvirt's complaint --- */

void demo_guest_seed_snapshots(const struct demo_host *host, struct demo_guest *guest);
void demo_guest_copy_snapshots(const struct demo_guest *guest, struct snapshot_list *ret);
bool demo_guest_may_take(const struct demo_guest *guest, const struct snapshot_order *order, struct err *err);
void demo_guest_take(struct demo_host *host, struct demo_guest *guest, const struct snapshot_order *order,
		     enum vm_state state);
bool demo_guest_revert(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err);
bool demo_guest_drop(struct demo_host *host, struct demo_guest *guest, const char *key, struct err *err);

/* --- how a guest looks from its host (demo_stats.c) --- */

void demo_guest_facts(const struct demo_host *host, const struct demo_guest *guest,
		      struct vm_info *ret_facts); /* owned by the caller */
enum agent_channel demo_guest_channel(const struct demo_guest *guest);
/* Of its network card. */
void demo_guest_mac(const struct demo_guest *guest, char ret_mac[MAC_SIZE]);
void demo_guest_figures(const struct demo_host *host, const struct demo_guest *guest, struct vm_figures *ret_figures);
