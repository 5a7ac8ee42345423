/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cli_language.c - commands in another language: what people read is in it, what programs read is the same to the
 * byte. The language is made up from today's texts (tests/pseudo-po), so each text that is translated differs.
 */
#include "tests/cli/run.h"
#include "tests/paths.h"
#include "tests/unit/unit.h"

#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool has_languages;

static int set_up(void **state)
{
	char *argv[] = { SOURCE_DIR "/tests/pseudo-po", NULL, NULL };
	int status = -1;
	pid_t pid;

	if (run_set_up(state) != 0)
		return -1;
	argv[1] = keep(mem_strdup(run_path("po")));
	if (posix_spawn(&pid, argv[0], NULL, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
	has_languages = status == 0;
	setenv("INNKEEPER_LOCALES", argv[1], 1);
	return 0;
}

FIXTURE(need_languages)
{
	if (!has_languages)
		print_message("skipped: gettext is not installed\n");
	if (!has_languages)
		skip();
}

/* Ids and times are others each time. */
static char *without_numbers(const char *text)
{
	char *out = mem_strdup(text), *to = out;

	for (const char *from = text; *from; from++) {
		if (!strncmp(from, "\"id\": \"", 7))
			from += strcspn(from + 7, "\"") + 7;
		if (*from < '0' || *from > '9')
			*to++ = *from;
	}
	*to = '\0';
	return keep(out);
}

static void is_the_same_in(const char *format, const char *words)
{
	char *english, *other;

	run("--language en %s -o %s", words, format);
	english = without_numbers(ran.out);
	run("--language qps %s -o %s", words, format);
	other = without_numbers(ran.out);
	if (!*english || strcmp(english, other) != 0)
		fail_msg("%s -o %s\n%s\n%s", words, format, english, other);
}

TEST_WITH(json_and_csv_are_the_same_bytes_in_every_language, need_languages, NULL)
{
	run_write_file("wrong.conf", "colour = true;\ndelay = \"often\";\n");
	FOR_EACH(const char *, words, "FLEET list", "FLEET users", "FLEET info web01", "FLEET logoff web01 --dry-run",
		 "FLEET logoff off01 --yes", "FLEET snapshots", "FLEET tasks", "FLEET doctor --all web01") {
		is_the_same_in("json", *words);
		is_the_same_in("csv", *words);
	}
	is_the_same_in("json", keep(mem_printf("check-config %s", run_path("wrong.conf"))));
}

TEST_WITH(what_people_read_is_in_their_language, need_languages, NULL)
{
	prints(EXIT_DONE, "«Shöw thé vérsíöñ.", "--language qps --help");
	prints(EXIT_DONE, "ÜSÉRS", "--language qps FLEET list");
	prints(EXIT_DONE, "«döñé", "--language qps FLEET start off01 --yes");
	complains(EXIT_NO_VM, "«ñö VM", "--language qps FLEET info nosuch");
	assert_null(strstr(ran.err, "no VM"));
	run_write_file("qps.conf", "language = \"qps\";\n");
	prints(EXIT_DONE, "ÜSÉRS", "--config %s FLEET list", run_path("qps.conf"));
	prints(EXIT_DONE, "USERS", "--config %s --language en FLEET list", run_path("qps.conf"));
}

TEST_WITH(names_stay_as_they_are, need_languages, NULL)
{
	prints(EXIT_DONE, "web01", "--language qps FLEET list --sort -cpu -f state:running");
	run_write_file(
		"good.conf",
		"language = \"qps\";\ndelay = 3;\ncolumns = \"name state users\";\nkeys = { logoff = \"F9\"; };\n");
	exits(EXIT_DONE, "--language qps check-config %s", run_path("good.conf"));
}

TEST(a_language_that_is_not_there_is_an_error_that_lists_those_that_are)
{
	complains(EXIT_USAGE, "there is no language \"klingon\"; there are: en", "--language klingon FLEET list");
	out_is("");
	run_write_file("klingon.conf", "language = \"klingon\";\n");
	complains(EXIT_DONE, ":1: language: there is no language \"klingon\"", "--config %s FLEET list",
		  run_path("klingon.conf"));
}

TEST(a_damaged_catalogue_is_a_warning_and_english)
{
	mkdir(run_path("po"), 0700);
	mkdir(run_path("po/xx"), 0700);
	mkdir(run_path("po/xx/LC_MESSAGES"), 0700);
	run_write_file("po/xx/LC_MESSAGES/innkeeper.mo", "not a catalogue, and longer than a header");
	complains(EXIT_DONE, "innkeeper.mo is damaged", "--language xx FLEET list");
	out_has("USERS");
}

RUN_TESTS("commands in another language", set_up, run_tear_down)
