/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_locale.c - a terminal that speaks KOI8-R: neither ASCII nor UTF-8. The locale is made by localedef(1), for
 * these tests alone.
 */
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

/* "база" in UTF-8, in KOI8-R, and as it is shown in ASCII; a name that KOI8-R has no letters for, and that in ASCII. */
#define NAME    "\xd0\xb1\xd0\xb0\xd0\xb7\xd0\xb0"
#define IN_KOI8 "\xc2\xc1\xda\xc1"
#define PLAIN   "<U+0431><U+0430><U+0437><U+0430>"
#define FOREIGN "\xe4\xb8\xad"
#define SEEN    "<U+4E2D>"

static char *scenario, *locpath;
static const char *env[3];
static bool has_locale;

static void write_scenario(void)
{
	FILE *file;

	scenario = keep(mem_printf("%s/base.conf", scratch_path));
	file = fopen(scenario, "w");
	assert_non_null(file);
	fputs("seed = 1;\nhosts = ( { name = \"inn\"; connect_ms = 20; vms = (\n"
	      "  { name = \"" NAME "\"; logins = ( { user = \"" NAME "\"; } ); },\n"
	      "  { name = \"" FOREIGN "\"; } ); } );\n",
	      file);
	fclose(file);
}

static bool run_localedef(void)
{
	char *path = mem_printf("%s/ru_RU.KOI8-R", scratch_path);
	char *argv[] = { "localedef", "-f", "KOI8-R", "-i", "ru_RU", path, NULL };
	int status = -1;
	pid_t pid;

	if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) == 0)
		waitpid(pid, &status, 0);
	free(path);
	return status == 0;
}

static int make_locale(void **state)
{
	if (scratch_setup(state) != 0)
		return -1;
	write_scenario();
	has_locale = run_localedef();
	locpath = keep(mem_printf("LOCPATH=%s", scratch_path));
	env[0] = locpath;
	env[1] = "LC_ALL=ru_RU.KOI8-R";
	return 0;
}

static void open_koi8(const char *command)
{
	char *demo = mem_printf("--demo=%s", scenario);
	struct screen_options options = { .rows = 24, .cols = 160, .args = { demo, command }, .env = env };

	if (!has_locale) {
		print_message("skipped: localedef(1) cannot make ru_RU.KOI8-R here (package locales)\n");
		free(demo);
		skip();
	}
	screen_open(&options);
	free(demo);
}

static void all_bytes_are_ascii(void)
{
	for (size_t i = 0; i < screen->byte_count; i++)
		assert_in_range((unsigned char)screen->bytes[i], 1, 0x7f);
}

/* Lines and blocks are below 0xa0; UTF-8 has bytes above it that are no letters of the name. */
static void only_koi8_is_written(void)
{
	for (size_t i = 0; i < screen->byte_count; i++) {
		if ((unsigned char)screen->bytes[i] >= 0xa0 && !strchr(IN_KOI8, screen->bytes[i]))
			fail_msg("0x%02x: %.60s", (unsigned char)screen->bytes[i], screen->bytes + MAX(i, 20) - 20);
	}
}

TEST(the_dashboard_writes_what_koi8_has_and_else_ascii)
{
	open_koi8(NULL);
	wait_for_row(SEEN, "running");
	wait_for_bytes(IN_KOI8);
	FOR_EACH(const char *, pane, "u", "Enter", "t", "e", "?", "m") {
		press(*pane);
		screen_pump(100);
		press("Esc");
	}
	only_koi8_is_written();
	press_to_end("q y", 0);
}

TEST(what_is_typed_there_is_read_as_letters)
{
	open_koi8(NULL);
	wait_for_row(SEEN, "running");
	press_to_see("/", "state:running");
	send_bytes(IN_KOI8, 2);
	wait_for("1 shown");
	shows_not(SEEN);
}

TEST(commands_write_ascii_to_it)
{
	open_koi8("list");
	ends_with(0);
	assert_non_null(strstr(screen->bytes, PLAIN));
	all_bytes_are_ascii();
}

RUN_TESTS("locale", make_locale, scratch_teardown)
