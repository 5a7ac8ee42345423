/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_auth.c - a libvirtd that wants a password on its own socket (SASL), and what innkeeper says that never asks
 * for one: libvirt's auth.conf is the way.
 */
#include "run.h"
#include "tests/contract/daemon.h"
#include "tests/unit/unit.h"

#include <ftw.h>
#include <sys/stat.h>

#define PASSWORD "kanarienvogel"
#define WRONG    "wellensittich"

static struct daemon *daemon_;
static const char *missing;

static int start_daemon(void **state)
{
	if (run_set_up(state) != 0)
		return -1;
	mkdir(run_path("libvirt"), 0700);
	/* libvirt and SASL leak what they read; and who may hold a password cannot be looked into for more. */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	daemon_ = daemon_create(&missing);
	if (!daemon_ || !daemon_want_password(daemon_, "keeper", PASSWORD, &missing))
		return 0;
	missing = daemon_start(daemon_) ? NULL : "libvirtd does not start here";
	return 0;
}

static int end_daemon(void **state)
{
	daemon_destroy(daemon_);
	return run_tear_down(state);
}

static void need_daemon(void)
{
	if (!missing)
		return;
	print_message("skipped: %s\n", missing);
	skip();
}

static void auth_conf_says(const char *password)
{
	char *text = keep(mem_printf("[credentials-keeper]\nauthname=keeper\npassword=%s\n"
				     "[auth-libvirt-default]\ncredentials=keeper\n",
				     password));

	run_write_file("libvirt/auth.conf", text);
}

static void run_there(const char *words)
{
	run("-c %s --log=%s %s", daemon_uri(daemon_), run_path("log"), words);
}

static int files_read;
static const char *secret;

static const char *read_whole(const char *path)
{
	static char text[1 << 16];
	FILE *file = fopen(path, "r");

	text[file ? fread(text, 1, sizeof(text) - 1, file) : 0] = '\0';
	if (file)
		fclose(file);
	return text;
}

static int look_into(const char *path, const struct stat *st, int type, struct FTW *at)
{
	if (type == FTW_F && strstr(read_whole(path), secret))
		fail_msg("%s holds the password", path);
	files_read += type == FTW_F;
	return 0;
}

/* Log, journal, audit, and what was said. */
static void is_told_to_nobody(const char *password)
{
	secret = password;
	files_read = 0;
	assert_null(strstr(ran.out, secret));
	assert_null(strstr(ran.err, secret));
	nftw(run_path("innkeeper"), look_into, 8, FTW_PHYS);
	nftw(run_path("log"), look_into, 8, FTW_PHYS);
	assert_true(files_read > 0);
}

static void it_is_refused_and_says(const char *words)
{
	status_is(EXIT_UNREACHABLE);
	err_has(words);
	err_has(".config/libvirt/auth.conf");
	is_told_to_nobody(PASSWORD);
	is_told_to_nobody(WRONG);
}

TEST(without_a_password_it_is_refused_and_auth_conf_named)
{
	need_daemon();
	run_there("list");
	it_is_refused_and_says("asks for a password");
}

TEST(a_wrong_one_is_refused_each_time_and_auth_conf_named)
{
	need_daemon();
	auth_conf_says(WRONG);
	for (int i = 0; i < 3; i++) {
		run_there("list");
		it_is_refused_and_says("not permitted on this host: user name or password refused; libvirt reads them "
				       "from ~/.config/libvirt/auth.conf (or $XDG_CONFIG_HOME/libvirt/auth.conf");
	}
}

TEST(with_the_right_one_in_auth_conf_the_host_is_live)
{
	need_daemon();
	auth_conf_says(PASSWORD);
	run_there("list");
	status_is(EXIT_DONE);
	out_has("running");
	run_there("suspend test --yes");
	status_is(EXIT_DONE);
	err_is_empty();
	is_told_to_nobody(PASSWORD);
	assert_non_null(strstr(read_whole(run_path("innkeeper/audit.log")), "suspend"));
}

RUN_TESTS("cli_auth", start_daemon, end_daemon)
