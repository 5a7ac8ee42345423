/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scratch_dir.h - an empty state directory for one test, gone after it, and in it the directory of locks.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

extern char scratch_path[64];

int scratch_use(void); /* what leads our code into the folder */

/* cmocka's setup and teardown: XDG_STATE_HOME is a fresh folder. */
int scratch_setup(void **state);
int scratch_teardown(void **state);
void scratch_begin(void); /* the same, for a fixture that does more */
void scratch_end(void);
