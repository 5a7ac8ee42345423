/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_world.h - one simulated host under a fake clock: opened, asked, and made to wait for.
 */
#pragma once

#include "backend/demo/demo.h"
#include "backend/guest/agent.h"
#include "base/clock.h"
#include "unit.h"

/* --- the host --- */

void world_open(const char *uri); /* connected, unless the host does not let us */
void world_open_with(const char *uri, bool read_only, bool one_shot);
int world_close(void **state); /* a teardown: every test may leave it open */
void world_wait(int64_t ms);   /* in steps of 50 ms, with the timers served */
struct backend *world_backend(void);
extern const struct backend_listener world_listener; /* for another backend than world_open()'s */

/* What the listener was told since the last call, as words: "connecting live list a:shutoff a:disconnected ". */
const char *world_news(void);
enum host_state world_state(void);
enum host_access world_access(void);
const char *world_trouble(void);
int64_t world_retry_in(void);
const char *world_notes(void);
enum vm_state world_stopped(void); /* how the last guest that stopped did so; UNKNOWN: none */

/* --- its guests, by name --- */

const struct uuid *world_uuid(const char *name);
const struct uuid *world_uuid_at(size_t index);
size_t world_count(void);
enum vm_state world_looks(const char *name); /* asked from the host now */
enum agent_channel world_channel(const char *name);
const struct vm_figures *world_figures(const char *name); /* as last told; NULL: never */

/* --- talking to its agent --- */

/* The reply, kept until the next call. Fails the test where there is none. */
const char *world_ask(const char *name, const char *command);
const char *world_ask_for(const char *name, const char *command, int timeout_ms);
/* An error of this kind, whose text has these words in it. */
void world_is_refused(const char *name, const char *command, enum err_kind kind, const char *words);
/* Starts a program, waits for its end; what it printed, kept until the next call. */
const char *world_run(const char *name, const char *path, ...) __attribute__((sentinel));
int world_exit_code(void);
const char *world_stderr(void);
