/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_world.h - the app over a simulated fleet, with a fake clock and no threads; each test has a new one.
 */
#ifndef INNKEEPER_TESTS_APP_WORLD_H
#define INNKEEPER_TESTS_APP_WORLD_H

#include "engine/config.h"
#include "engine/loop.h"
#include "ui/app/app.h"

extern struct loop *loop;
extern struct config config;
extern struct app *app;

void app_world_prepare(void); /* the audit goes to a file, the clock stands, the settings are the built-in ones */
void app_world_open(const char *scenario, enum app_mode mode, int parallel); /* a scenario file's path */
void app_world_close(void);

void wait_ms(int64_t ms);              /* everything that is due runs, then 50 ms go by; for ms in all */
struct vm *vm_named(const char *name); /* it has to be there */

#endif
