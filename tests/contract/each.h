/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * each.h - asks the same of each backend, one after the other: the simulated fleet, libvirt in this process, and
 * libvirt behind a daemon of the test's own.
 */
#pragma once

#include "tests/contract/witness.h"

enum { SOON_MS = 10000 };

/* Who is asked now. */
extern const char *uri;
extern const char *missing; /* why it cannot be asked here; NULL: it can */
extern bool has_agents;

extern struct witness *witness;

/* Skips the test where it cannot be asked; fails it where it never listed its machines. */
void start_with(struct witness_config config);

/* run_all: how many tests failed. */
int ask_each(const char *demo_uri, int (*run_all)(const char *name));
