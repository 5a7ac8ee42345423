/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_world.h - the app over a simulated fleet, with a fake clock and no threads; each test has a new one.
 */
#pragma once

#include "engine/config.h"
#include "engine/loop.h"
#include "ui/app/app.h"
#include "ui/app/app_tasks.h"

extern struct loop *loop;
extern struct config config;
extern struct app *app;
extern bool app_wants_checkups; /* as for `doctor`; of the next one */

/* An empty state directory, the built-in settings, a clock that stands, and this scenario file's hosts; then ms go by.
 */
void app_world_begin(const char *scenario, int parallel, int64_t ms);
int app_world_end(void **state); /* a teardown */
/* The app alone: in another mode, or once more. */
void app_world_open(const char *scenario, enum app_mode mode, int parallel);
void app_world_close(void);

void wait_ms(int64_t ms);              /* everything that is due runs, then 50 ms go by; for ms in all */
struct vm *vm_named(const char *name); /* it has to be there */

/* A task begins. */
struct task *begin_task(const struct vm *vm, const struct op_params *params);
struct task *perform(const struct vm *vm, enum operation operation);
struct task *log_off_vm(const char *name);
void wait_until_told(const struct task *task); /* who is meant was told to go */
void has_ended(const struct task *task, hresult error, enum task_result result);

char *read_audit(void); /* "": there is none. Free it. */
size_t left_in_the_journal(void);
