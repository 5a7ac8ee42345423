/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_programs.h - the programs that guest-exec finds in a simulated guest: loginctl, who, pkill, wall,
 * cat, tee and rm of /run/nologin, powershell and the small ones of Windows.
 */
#ifndef INNKEEPER_DEMO_PROGRAMS_H
#define INNKEEPER_DEMO_PROGRAMS_H

#include "backend/demo/demo_run.h"

/* NULL: this guest has no such program. */
demo_program_fn *demo_program_find(const struct demo_guest *guest, const char *path);
/* Which step it is, by its arguments. */
enum demo_step demo_program_step(const char *path, const char *const *args);

#endif
