/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state directory: real, ours, and below nothing that others can exchange. */
#include "engine/state_dir.h"
#include "scratch_dir.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { NOBODY = 65534 };

static struct err err;

FIXTURE(fresh_start)
{
	err = (struct err){ 0 };
	scratch_begin();
}

/* Below the scratch directory, of the mode that is said whatever the umask. */
static char *make_dir(const char *name, mode_t mode)
{
	char *path = keep(mem_printf("%s/%s", scratch_path, name));

	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, mode), 0);
	return path;
}

static void make_link(const char *name, const char *target)
{
	char *path = keep(mem_printf("%s/%s", scratch_path, name));

	assert_int_equal(symlink(target, path), 0);
}

static void state_home_is(const char *name)
{
	char *path = keep(mem_printf("%s/%s", scratch_path, name));

	setenv("XDG_STATE_HOME", path, 1);
}

static void it_is_refused(const char *sub, const char *words)
{
	int fd = state_dir_open(sub, true, &err);

	if (fd >= 0)
		fail_msg("it was opened");
	assert_int_equal(err.kind, ERR_DENIED);
	assert_int_not_equal(errno, ENOENT);
	assert_says(text_str(err_text(&err)), words);
	fd = state_dir_open(sub, false, &err);
	assert_int_equal(fd, -1);
	assert_int_not_equal(errno, ENOENT); /* which means: nothing was ever written */
}

static void it_is_accepted(void)
{
	int fd = state_dir_open("tasks", true, &err);

	if (fd < 0)
		fail_msg("%s", text_str(err_text(&err)));
	close(fd);
}

static void there_is_no(const char *name)
{
	char *path = keep(mem_printf("%s/%s", scratch_path, name));

	assert_int_equal(access(path, F_OK), -1);
}

/* --- links --- */

TEST(a_link_to_a_directory_of_mine_is_refused)
{
	char *dir = make_dir("elsewhere", 0700);

	make_link("innkeeper", dir);
	it_is_refused(NULL, "symbolic link");
	it_is_refused("tasks", "symbolic link");
	there_is_no("elsewhere/tasks");
}

TEST(a_link_that_leads_nowhere_is_refused)
{
	make_link("innkeeper", "/nowhere/at/all");
	it_is_refused("tasks", "symbolic link");
}

TEST(a_link_in_the_middle_is_refused)
{
	make_dir("innkeeper", 0700);
	make_link("innkeeper/demo", make_dir("elsewhere", 0700));
	it_is_refused("demo/tasks", "symbolic link");
	there_is_no("elsewhere/tasks");
}

TEST(a_link_of_mine_above_is_followed)
{
	struct stat st;

	make_link("absolute", make_dir("disk", 0700));
	make_link("home", "disk/../absolute");
	state_home_is("home");
	it_is_accepted();
	assert_int_equal(stat(keep(mem_printf("%s/disk/innkeeper/tasks", scratch_path)), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

TEST(a_link_above_that_leads_nowhere_is_not_made_true)
{
	make_link("home", "unmounted");
	state_home_is("home");
	it_is_refused("tasks", "leads nowhere");
	there_is_no("unmounted");
}

TEST(links_in_a_ring_end)
{
	make_link("a", "b/x");
	make_link("b", "a/x");
	state_home_is("a");
	it_is_refused("tasks", "link");
}

TEST(a_link_of_another_user_above_is_refused)
{
	char *dir = make_dir("disk", 0700), *link = keep(mem_printf("%s/home", scratch_path));

	if (geteuid() != 0)
		skip();
	make_link("home", dir);
	assert_int_equal(lchown(link, NOBODY, NOBODY), 0);
	state_home_is("home");
	it_is_refused("tasks", "another user");
	there_is_no("disk/innkeeper");
}

/* --- who can write where --- */

TEST(a_directory_that_others_can_write_is_refused)
{
	char *dir = make_dir("innkeeper", 0770);

	it_is_refused("tasks", "chmod");
	assert_int_equal(chmod(dir, 0702), 0);
	it_is_refused("tasks", "chmod");
	there_is_no("innkeeper/tasks");
}

TEST(a_directory_of_another_user_is_refused)
{
	char *dir = make_dir("innkeeper", 0700);

	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(dir, NOBODY, NOBODY), 0);
	it_is_refused("tasks", "belong to you");
}

TEST(a_directory_above_that_all_can_write_is_refused_but_for_sticky_ones)
{
	char *dir = make_dir("home", 0777);

	state_home_is("home");
	it_is_refused("tasks", "chmod");
	there_is_no("home/innkeeper");
	assert_int_equal(chmod(dir, 01777), 0);
	it_is_accepted();
}

TEST(a_directory_above_of_another_user_is_refused)
{
	char *dir = make_dir("home", 0755);

	make_dir("home/inner", 0700);
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(dir, NOBODY, NOBODY), 0);
	state_home_is("home/inner");
	it_is_refused("tasks", "another user");
}

/* Where each user has a group of his own, umask 002 is the rule, and lets nobody else in. */
TEST(a_directory_above_may_be_written_by_a_group_that_is_mine_alone)
{
	char *dir = make_dir("home", 0775);

	if (geteuid() != 0)
		skip();
	state_home_is("home");
	it_is_accepted(); /* root's group is root */
	assert_int_equal(chown(dir, 0, NOBODY), 0);
	it_is_refused("tasks", "chmod");
}

TEST(what_is_missing_is_made_for_me_alone)
{
	const mode_t umask_was = umask(0);
	char *path = keep(mem_printf("%s/a/b", scratch_path));
	struct stat st;

	state_home_is("a/b");
	assert_int_equal(state_dir_open("tasks", false, &err), -1);
	assert_int_equal(errno, ENOENT);
	it_is_accepted();
	umask(umask_was);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

RUN_TESTS_EACH("state directory", NULL, NULL, fresh_start, scratch_teardown)
