/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/child.h"
#include "scratch_dir.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_TURNS = 2000, TURN_MS = 10 };

static struct loop *loop;
static struct err err;
static bool is_over;
static int status;
static struct safe_text words;

FIXTURE(set_up)
{
	scratch_begin();
	loop = loop_create(NULL);
	err = (struct err){ 0 };
	is_over = false;
	assert_non_null(loop);
}

FIXTURE(tear_down)
{
	loop_destroy(loop);
	text_free(&words);
	scratch_end();
}

/* A script in the scratch folder's own bin; what it prints goes to the file "told" beside. */
static char *write_program(const char *dir, const char *name, const char *body, mode_t mode)
{
	char *place = keep(mem_printf("%s/%s", scratch_path, dir)), *path = keep(mem_printf("%s/%s", place, name));
	FILE *file;

	mkdir(place, 0755);
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\nexec >>'%s/told'\n%s\n", scratch_path, body);
	fclose(file);
	chmod(path, mode);
	return path;
}

/* With the scratch folder for each @. Owned. */
static char *in_scratch(const char *places)
{
	char *text;
	size_t len;
	FILE *to = mem_stream(&text, &len);

	for (; *places; places++) {
		if (*places == '@')
			fputs(scratch_path, to);
		else
			fputc(*places, to);
	}
	fclose(to);
	return text;
}

static void search_in(const char *places)
{
	char *path = keep(in_scratch(places));

	setenv("PATH", path, 1);
}

static const char *told(void)
{
	static char bytes[65536];
	char *path = keep(mem_printf("%s/told", scratch_path));
	FILE *file = fopen(path, "r");

	bytes[0] = '\0';
	if (file) {
		bytes[fread(bytes, 1, sizeof(bytes) - 1, file)] = '\0';
		fclose(file);
	}
	return bytes;
}

static void on_over(void *data, int wait_status, struct safe_text last_words)
{
	is_over = true;
	status = wait_status;
	text_set(&words, text_copy(last_words));
}

static bool starts(const char *const *argv, bool has_terminal)
{
	const struct child_plan plan = { .argv = argv, .has_terminal = has_terminal };

	return child_start(loop, &plan, on_over, NULL, &err) != NULL;
}

static void runs(const char *const *argv, bool has_terminal)
{
	if (!starts(argv, has_terminal))
		fail_msg("%s", text_str(err_text(&err)));
	for (int turns = 0; !is_over && turns < PATIENCE_TURNS; turns++)
		loop_turn(loop, TURN_MS);
	assert_true(is_over);
}

static void finds(const char *name, const char *where)
{
	char *expected = keep(where ? in_scratch(where) : NULL);
	char *found = keep(child_find_program(name, &err));

	if (expected && !found)
		fail_msg("%s", text_str(err_text(&err)));
	if (expected)
		assert_string_equal(found, expected);
	else
		assert_null(found);
}

TEST(a_name_is_looked_up_where_it_is_safe)
{
	char *evil, *good;

	evil = write_program("evil", "ssh", "", 0755);
	good = write_program("bin", "ssh", "", 0755);
	search_in("@/bin");
	finds("ssh", "@/bin/ssh");
	finds(good, "@/bin/ssh");
	assert_int_equal(chdir(scratch_path), 0);
	search_in("evil:.::./evil:@/bin");
	finds("ssh", "@/bin/ssh");
	search_in("@/evil:@/bin");
	finds("ssh", "@/evil/ssh");
	chmod(evil, 0757);
	finds("ssh", "@/bin/ssh");
	chmod(evil, 0644);
	finds("ssh", "@/bin/ssh");
	chmod(evil, 0755);
	*strrchr(evil, '/') = '\0';
	chmod(evil, 01777);
	finds("ssh", "@/bin/ssh");
	assert_int_equal(chdir("/"), 0);
}

TEST(what_is_no_program_is_not_found)
{
	write_program("bin", "ssh", "", 0755);
	search_in("@/bin");
	finds("no-such-program", NULL);
	assert_non_null(strstr(text_str(err_text(&err)), "\"no-such-program\""));
	finds("", NULL);
	finds("../bin/ssh", NULL);
	finds("bin/ssh", NULL);
	finds("/no/such/program", NULL);
	finds("/etc", NULL);
	unsetenv("PATH");
	finds("ssh", NULL);
}

TEST(arguments_arrive_as_they_are)
{
	const char *const argv[] = { "show", "--", "--help", "; rm -rf /",   "$(reboot)", "a b\tc",
				     "`id`", "*",  "",       "\xe2\x80\xae", NULL };
	write_program("bin", "show", "for a; do echo \"<$a>\"; done", 0755);
	search_in("@/bin");
	runs(argv, false);
	assert_int_equal(status, 0);
	assert_string_equal(told(),
			    "<-->\n<--help>\n<; rm -rf />\n<$(reboot)>\n<a b\tc>\n<`id`>\n<*>\n<>\n<\xe2\x80\xae>\n");
}

TEST(of_the_environment_only_known_names_arrive)
{
	write_program("bin", "show", "/usr/bin/env | /usr/bin/sort", 0755);
	search_in("relative:@/bin:");
	setenv("SECRET_TOKEN", "hunter2", 1);
	setenv("LD_LIBRARY_PATH", "/evil", 1);
	setenv("LD_AUDIT", "", 1);
	setenv("PYTHONPATH", "/evil", 1);
	setenv("BASH_ENV", "/evil", 1);
	setenv("LC_TIME", "C", 1);
	setenv("DISPLAY", ":7", 1);
	runs((const char *const[]){ "show", NULL }, false);
	unsetenv("LD_LIBRARY_PATH");
	assert_null(strstr(told(), "hunter2"));
	assert_null(strstr(told(), "evil"));
	assert_null(strstr(told(), "LD_"));
	assert_null(strstr(told(), "relative"));
	assert_non_null(strstr(told(), "LC_TIME=C\n"));
	assert_non_null(strstr(told(), "DISPLAY=:7\n"));
	assert_non_null(strstr(told(), "PATH=/"));
}

TEST(no_descriptor_but_the_first_three_arrives)
{
	const int leaky = open("/etc/passwd", O_RDONLY), high = fcntl(leaky, F_DUPFD, 9);

	/* The shell's own script stands above them. */
	write_program("bin", "show",
		      "for fd in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$fd ] && readlink /proc/$$/fd/$fd; done\n"
		      "readlink /proc/$$/fd/0",
		      0755);
	search_in("@/bin:/bin:/usr/bin");
	runs((const char *const[]){ "show", NULL }, false);
	assert_null(strstr(told(), "passwd"));
	assert_non_null(strstr(told(), "/dev/null\n"));
	close(leaky);
	close(high);
}

TEST(its_signals_are_the_usual_ones_and_its_session_its_own)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	unsigned long ignored;
	long session, pid;

	write_program("bin", "show",
		      "/bin/grep SigIgn /proc/self/status; /bin/sed 's/.*) //' /proc/$$/stat | /usr/bin/cut -d' ' "
		      "-f4; echo $$",
		      0755);
	sigaction(SIGPIPE, &ignore, &before);
	search_in("@/bin:/bin:/usr/bin");
	runs((const char *const[]){ "show", NULL }, false);
	sigaction(SIGPIPE, &before, NULL);
	assert_int_equal(sscanf(told(), "SigIgn: %lx\n%ld\n%ld", &ignored, &session, &pid), 3);
	assert_int_equal(ignored & 0x7fffffff, 0); /* 32 and 33 are the C library's own */
	assert_int_equal(session, pid);
}

TEST(its_last_words_are_kept_and_harmless)
{
	write_program("bin", "show", "echo first >&2; printf '\\033[31mno display\\n\\n' >&2; exit 3", 0755);
	search_in("@/bin");
	runs((const char *const[]){ "show", NULL }, false);
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_string_equal(text_str(words), "<U+001B>[31mno display");
}

TEST(who_has_much_to_say_fills_no_memory)
{
	write_program("bin", "show",
		      "i=0; while [ $i -lt 3000 ]; do echo \"line $i of many, many words that nobody reads\" >&2; "
		      "i=$((i + 1)); done; exit 0",
		      0755);
	search_in("@/bin");
	runs((const char *const[]){ "show", NULL }, false);
	assert_true(WIFEXITED(status));
	assert_non_null(strstr(text_str(words), "line"));
}

TEST(several_are_told_apart_and_none_is_left_unburied)
{
	write_program("bin", "show", "exit 4", 0755);
	search_in("@/bin");
	assert_true(starts((const char *const[]){ "show", NULL }, false));
	assert_true(starts((const char *const[]){ "show", NULL }, false));
	runs((const char *const[]){ "show", NULL }, false);
	for (int turns = 0; waitpid(-1, NULL, WNOHANG) != -1 && turns < PATIENCE_TURNS; turns++)
		loop_turn(loop, TURN_MS);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

TEST(with_our_terminal_it_stays_in_our_group_and_interrupts_are_not_ours)
{
	struct sigaction now;

	write_program("bin", "show", "/bin/sed 's/.*) //' /proc/$$/stat | /usr/bin/cut -d' ' -f3; kill -INT $PPID",
		      0755);
	search_in("@/bin:/bin:/usr/bin");
	runs((const char *const[]){ "show", NULL }, true);
	assert_int_equal(strtol(told(), NULL, 10), getpgrp());
	sigaction(SIGINT, NULL, &now);
	assert_true(now.sa_handler == SIG_DFL);
}

RUN_TESTS_EACH("child", NULL, NULL, set_up, tear_down)
