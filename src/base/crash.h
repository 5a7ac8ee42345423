/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crash.h - what is to be done before the process dies of itself: give the terminal back.
 *
 * SIGSEGV, SIGABRT and their kin, running out of memory, exit(). The action that stood there before gets its
 * turn afterwards: a sanitizer's report, a core.
 */
#pragma once

#include "base/base.h"

/* hook: async-signal-safe, and nothing where it ran already. For the process's life; a known one is not taken again. */
void crash_run(void (*hook)(void));
