/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_guest_private.h - what the rooms of a simulated guest share: guest.c (its beginning and end, and what happens to
 * it), guest_power.c, guest_sessions.c. Nobody else includes it.
 */
#ifndef INNKEEPER_DEMO_GUEST_PRIVATE_H
#define INNKEEPER_DEMO_GUEST_PRIVATE_H

#include "backend/demo/demo_host.h"

/* The same each time for the same guest, life and salt. */
int64_t guest_draw(const struct demo_guest *guest, int64_t salt, int64_t low, int64_t high);
/* Something that a client would hear of. */
void guest_news(struct demo_host *host, struct demo_guest *guest, unsigned bits);
void guest_plan(struct demo_host *host, struct demo_guest *guest, enum demo_what what, int64_t in_ms);
int64_t guest_save_ms(const struct demo_guest *guest); /* how long its memory takes */
bool guest_has_agent(const struct demo_guest *guest);

/* --- guest_sessions.c --- */

void guest_log_on(struct demo_guest *guest, const struct demo_login *login, int64_t since);
void guest_log_on_first(struct demo_guest *guest); /* those who are on when the demo begins, since as long */
void guest_log_off_all(struct demo_guest *guest);
bool guest_is_on(const struct demo_guest *guest, const struct demo_login *login);
void guest_plan_login(struct demo_host *host, struct demo_guest *guest, const struct demo_login *login, int64_t in_ms);
void guest_end_session(struct demo_host *host, struct demo_guest *guest, struct demo_session *session);

/* --- guest_power.c --- */

void guest_drop_agent(struct demo_host *host, struct demo_guest *guest);
void guest_forget_processes(struct demo_guest *guest);
void guest_forget_run(struct demo_guest *guest); /* what is under /run, and what Windows drains until it restarts */
void guest_power_off(struct demo_host *host, struct demo_guest *guest, enum vm_state state);
void guest_reboot(struct demo_host *host, struct demo_guest *guest);
void guest_migrate(struct demo_host *host, struct demo_guest *guest); /* leaves, by EVENT_MIGRATED */
void guest_arrive(struct demo_host *host, struct demo_guest *guest);

#endif
