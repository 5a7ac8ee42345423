/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/scratch_dir.h"

#include "tests/unit/unit.h"

#include <ftw.h>

char scratch_path[64];

static int scratch_remove(const char *path, const struct stat *st, int type, struct FTW *at)
{
	return remove(path);
}

int scratch_use(void)
{
	char locks[sizeof(scratch_path) + 16];

	snprintf(locks, sizeof(locks), "%s/shared-locks", scratch_path);
	return setenv("XDG_STATE_HOME", scratch_path, 1) < 0 || setenv("INNKEEPER_LOCK_DIR", locks, 1) < 0 ? -1 : 0;
}

int scratch_setup(void **state)
{
	snprintf(scratch_path, sizeof(scratch_path), "/tmp/innkeeper-test-XXXXXX");
	return mkdtemp(scratch_path) ? scratch_use() : -1;
}

int scratch_teardown(void **state)
{
	return nftw(scratch_path, scratch_remove, 8, FTW_DEPTH | FTW_PHYS);
}

void scratch_begin(void)
{
	assert_int_equal(scratch_setup(NULL), 0);
}

void scratch_end(void)
{
	assert_int_equal(scratch_teardown(NULL), 0);
}
