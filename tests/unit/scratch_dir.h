/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scratch_dir.h - an empty state directory for one test, gone after it, and in it the directory of locks.
 */
#ifndef INNKEEPER_SCRATCH_DIR_H
#define INNKEEPER_SCRATCH_DIR_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char scratch_path[64];

static inline int scratch_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/* What leads our code into the folder. */
static inline int scratch_use(void)
{
	char locks[sizeof(scratch_path) + 16];

	snprintf(locks, sizeof(locks), "%s/shared-locks", scratch_path);
	return setenv("XDG_STATE_HOME", scratch_path, 1) < 0 || setenv("INNKEEPER_LOCK_DIR", locks, 1) < 0 ? -1 : 0;
}

/* cmocka setup: XDG_STATE_HOME is a fresh folder. */
static inline int scratch_setup(void **state)
{
	(void)state;
	snprintf(scratch_path, sizeof(scratch_path), "/tmp/innkeeper-test-XXXXXX");
	if (!mkdtemp(scratch_path))
		return -1;
	return scratch_use();
}

static inline int scratch_teardown(void **state)
{
	(void)state;
	return nftw(scratch_path, scratch_remove, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
