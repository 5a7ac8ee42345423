/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lock of a VM: who excludes whom, and who cannot hold up anybody. */
#include "base/user.h"
#include "engine/vm_lock.h"
#include "scratch_dir.h"
#include "unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { NOBODY = 65534, DAEMON = 1 };

#define WEB01 "6c0f6f0a-0000-4000-8000-000000000001"

static struct uuid web01;
static struct err err;
static char shared_path[96];

FIXTURE(fresh_start)
{
	err = (struct err){ 0 };
	assert_true(uuid_parse(WEB01, &web01));
	scratch_begin();
	snprintf(shared_path, sizeof(shared_path), "%s/shared-locks", scratch_path);
	assert_int_equal(chmod(scratch_path, 0755), 0); /* other users get as far as to the directories in it */
}

static void it_says(const char *words)
{
	assert_says(text_str(err_text(&err)), words);
}

static struct vm_lock *take(void)
{
	struct vm_lock *lock = vm_lock_take(&web01, false, &err);

	if (!lock)
		fail_msg("%s", text_str(err_text(&err)));
	return lock;
}

static void it_is_refused(const char *words)
{
	err = (struct err){ 0 };
	if (vm_lock_take(&web01, false, &err))
		fail_msg("it was taken");
	it_says(words);
}

static size_t files_in(const char *path)
{
	DIR *dir = opendir(path);
	size_t count = 0;

	assert_non_null(dir);
	for (struct dirent *item; (item = readdir(dir));)
		count += strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0;
	closedir(dir);
	return count;
}

/* A directory for root and one group, as root makes it for the group libvirt. */
static void share_with(gid_t group)
{
	assert_int_equal(mkdir(shared_path, 0700), 0);
	assert_int_equal(chown(shared_path, 0, group), 0);
	assert_int_equal(chmod(shared_path, 02770), 0);
}

/* ---- other processes ---- */

static int said[2]; /* one byte of theirs, when they have done it */

/* Another console, of the same user or of `nobody` in that group; it stays until it is killed. */
static pid_t another_console(gid_t group, bool (*deed)(void))
{
	char *home = keep(mem_printf("%s/home-of-nobody", scratch_path)), word;
	pid_t child;

	if (group) {
		mkdir(home, 0700);
		assert_int_equal(chown(home, NOBODY, group), 0);
	}
	assert_int_equal(pipe2(said, O_CLOEXEC), 0);
	child = fork();
	if (child == 0) {
		if (group && (setenv("XDG_STATE_HOME", home, 1) < 0 || setgroups(0, NULL) < 0 || setgid(group) < 0 ||
			      setuid(NOBODY) < 0))
			_exit(1);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		word = deed() ? 'y' : 'n';
		if (write(said[1], &word, 1) == 1)
			pause();
		_exit(1);
	}
	close(said[1]);
	return child;
}

static void it_did(bool wanted)
{
	char word = '?';

	assert_int_equal(read(said[0], &word, 1), 1);
	assert_int_equal(word, wanted ? 'y' : 'n');
}

static void it_dies(pid_t child)
{
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	close(said[0]);
}

static bool takes_the_lock(void)
{
	return vm_lock_take(&web01, false, NULL) != NULL;
}

static bool takes_the_lock_in_another_network(void)
{
	return unshare(CLONE_NEWNET) == 0 && takes_the_lock();
}

/* What somebody without rights can do: his own innkeeper, the name of old, and a lock on whatever he can open. */
static bool holds_up_what_it_can(void)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char *path = keep(mem_printf("%s/%s", shared_path, WEB01));
	struct vm_lock *own;
	int file;

	unsetenv("INNKEEPER_LOCK_DIR");
	own = vm_lock_take(&web01, true, NULL);
	snprintf(at.sun_path + 1, sizeof(at.sun_path) - 1, "innkeeper/" WEB01);
	if (!own || bind(fd, (struct sockaddr *)&at,
			 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(at.sun_path + 1))) < 0)
		return false;
	file = open(path, O_RDONLY);
	if (file >= 0)
		flock(file, LOCK_EX);
	file = open(path, O_RDWR | O_CREAT, 0666);
	return file < 0 && errno == EACCES;
}

/* ---- who excludes whom ---- */

TEST(a_second_console_is_told_who_holds_the_vm)
{
	struct vm_lock *lock = take();
	char words[128], user[USER_NAME_SIZE];

	user_name(geteuid(), user);
	snprintf(words, sizeof(words), "(user %s, process %ld)", user, (long)getpid());
	it_is_refused(words);
	vm_lock_release(lock);
	vm_lock_release(take());
}

TEST(a_lock_ends_with_its_process_however_that_dies)
{
	pid_t other = another_console(0, takes_the_lock);
	char words[64];

	it_did(true);
	snprintf(words, sizeof(words), "process %ld", (long)other);
	it_is_refused(words);
	it_dies(other);
	vm_lock_release(take());
}

TEST(nothing_is_left_when_it_is_given_back)
{
	char *own = keep(mem_printf("%s/innkeeper/locks", scratch_path));

	vm_lock_release(take());
	assert_int_equal(files_in(own), 0);
	assert_int_equal(files_in(shared_path), 0);
	it_dies(another_console(0, takes_the_lock));
	vm_lock_release(take());
	assert_int_equal(files_in(own), 0);
}

TEST(two_who_may_both_act_exclude_each_other)
{
	struct vm_lock *lock;
	pid_t other;

	if (geteuid() != 0)
		skip();
	share_with(NOBODY);
	other = another_console(NOBODY, takes_the_lock);
	it_did(true);
	it_is_refused("user nobody");
	it_dies(other);
	lock = take();
	other = another_console(NOBODY, takes_the_lock);
	it_did(false);
	it_dies(other);
	vm_lock_release(lock);
	other = another_console(NOBODY, takes_the_lock);
	it_did(true);
	it_dies(other);
}

TEST(whoever_has_no_rights_can_hold_up_nobody)
{
	pid_t other;

	if (geteuid() != 0)
		skip();
	share_with(DAEMON);
	other = another_console(NOBODY, holds_up_what_it_can);
	it_did(true);
	vm_lock_release(take());
	it_dies(other);
}

TEST(another_network_namespace_is_no_way_around_it)
{
	struct vm_lock *lock = take();
	pid_t other;

	if (geteuid() != 0)
		skip();
	other = another_console(0, takes_the_lock_in_another_network);
	it_did(false);
	it_dies(other);
	vm_lock_release(lock);
}

TEST(private_machines_of_two_processes_are_not_the_same)
{
	struct vm_lock *lock = vm_lock_take(&web01, true, &err);
	pid_t other;

	assert_non_null(lock);
	assert_null(vm_lock_take(&web01, true, &err));
	assert_int_equal(access(shared_path, F_OK), -1);
	other = another_console(0, takes_the_lock);
	it_did(true);
	it_dies(other);
	vm_lock_release(lock);
}

/* ---- what stands in the shared directory ---- */

TEST(a_directory_that_others_can_write_is_refused)
{
	assert_int_equal(mkdir(shared_path, 0700), 0);
	assert_int_equal(chmod(shared_path, 01777), 0);
	it_is_refused("not safe");
	assert_int_equal(chmod(shared_path, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(shared_path, NOBODY, NOBODY), 0);
		it_is_refused("not safe");
	}
	assert_int_equal(rmdir(shared_path), 0);
	assert_int_equal(symlink("/tmp", shared_path), 0);
	it_is_refused("cannot be used");
	assert_int_equal(unlink(shared_path), 0);
	vm_lock_release(take());
}

TEST(a_directory_is_checked_as_it_is_used_and_nothing_is_made)
{
	assert_int_equal(vm_lock_check_shared(&err), 1);
	assert_int_equal(access(shared_path, F_OK), -1);
	assert_int_equal(mkdir(shared_path, 0700), 0);
	assert_int_equal(vm_lock_check_shared(&err), 1);
	assert_int_equal(chmod(shared_path, 01777), 0);
	assert_int_equal(vm_lock_check_shared(&err), 0);
	assert_non_null(strstr(text_str(err_text(&err)), "not safe"));
	setenv("INNKEEPER_LOCK_DIR", "/nonexistent/locks", 1);
	assert_int_equal(vm_lock_check_shared(&err), 0);
	assert_non_null(strstr(text_str(err_text(&err)), "/nonexistent/locks cannot be used: No such file"));
}

static char *write_victim(void)
{
	char *path = mem_printf("%s/victim", scratch_path);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("precious", file);
	fclose(file);
	return path;
}

static void it_is_unharmed(const char *victim)
{
	FILE *file = fopen(victim, "r");
	char bytes[32] = "";

	assert_non_null(file);
	assert_int_equal(fread(bytes, 1, sizeof(bytes), file), 8);
	assert_string_equal(bytes, "precious");
	fclose(file);
}

TEST(what_a_link_leads_to_is_not_written_to)
{
	char *victim = keep(write_victim()), *name = keep(mem_printf("%s/" WEB01, shared_path));

	vm_lock_release(take());
	assert_int_equal(symlink(victim, name), 0);
	it_is_refused("cannot lock this VM");
	it_is_unharmed(victim);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(link(victim, name), 0);
	vm_lock_release(take());
	it_is_unharmed(victim);
}

TEST(of_a_holders_words_only_numbers_are_believed)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char *name = keep(mem_printf("%s/" WEB01, shared_path));
	int fd;

	vm_lock_release(take());
	fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(fd, "\x1b]0;evil\x07", 9), 9);
	assert_int_equal(fcntl(fd, F_OFD_SETLK, &whole), 0);
	it_is_refused("another innkeeper is working on this VM; wait");
	close(fd);
	vm_lock_release(take());
}

RUN_TESTS_EACH("lock of a VM", NULL, NULL, fresh_start, scratch_teardown)
