/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flows.h - pieces of the program's day, short enough to be run again for each allocation and each
 * system call that may fail in them. One table a file, which FLOWS_END ends.
 */
#pragma once

#include "base/err.h"

struct flow {
	const char *name;
	/* False: refused, and err says why. What it made is freed, what it opened is closed. */
	bool (*run)(struct err *err);
	bool (*run_on)(const char *words, struct err *err); /* or this, on these */
	const char *words;
};

#define FLOW(f) \
	{ \
		.name = #f, .run = f \
	}
#define FLOWS_END \
	{ \
		.name = NULL \
	}

extern const struct flow flows_of_texts[]; /* flows_texts.c: what comes from outside, and what goes out */
extern const struct flow flows_of_files[]; /* flows_files.c: journal, audit, log, settings, locks */
extern const struct flow flows_of_app[];   /* flows_app.c: hosts, guests and tasks joined */
