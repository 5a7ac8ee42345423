/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a hypervisor and its guests may say, through the whole program, up to the bytes that a terminal gets. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/screen/written.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define TERMINAL "xterm-256color"
#define HOSTILE  SCREEN_DIR "/hostile.conf"

static const char *const no_config[] = { "INNKEEPER_CONFIG", NULL };

/* As libvirt's test driver reads it; XML 1.0 allows C1 and everything above, of C0 only these three. */
static const char *const vms[] = {
	("<name>c1&#155;31mx&#157;0;owned&#156;</name><title>t&#155;2J&#8238;eltit</title>"
	 "<description>d&#144;q</description>"),
	"<name>tab&#9;lf&#10;cr&#13;end</name>",
	"<name>rlo&#8238;gnp.exe</name>",
	"<name>isolate&#8294;x&#8297;&#1564;&#8206;</name>",
	"<name>same</name>",
	"<name>same&#8203;</name>",
	"<name>same&#8205;</name>",
	"<name>same&#65279;</name>",
	"<name>same&#917569;</name>",
	"<name>same&#65039;</name>",
	"<name>%s%n%99999d[red]~\\e[31m\\033</name>",
	"<name>--help; rm -rf $(x)`y`</name>",
	"<name>&#12644;&#10240;&#160;&#8232;</name>",
	"<name>forged&lt;U+202E&gt;</name>",
	"<name>wide&#20013;&#25991;&#21517;&#21069;</name>",
	"<name>zwj&#128104;&#8205;&#128105;&#8205;&#128103;</name>",
	"<name>flag&#127465;&#127466;skin&#128077;&#127997;</name>",
};

/* Each connection is a hypervisor of its own to that driver: only the UUID makes a VM the same on two of them. */
#define DOMAIN_BEGIN "<domain type='test'><uuid>00000000-0000-4000-8000-%012zu</uuid>"
#define DOMAIN_END   "<memory>1024</memory><os><type>hvm</type></os></domain>\n"

static char *hostile_xml(void)
{
	char *path = mem_printf("%s/hostile.xml", scratch_path);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("<node>\n", file);
	for (size_t i = 0; i < ARRAY_SIZE(vms); i++)
		fprintf(file, DOMAIN_BEGIN "%s" DOMAIN_END, i, vms[i]);
	fprintf(file, DOMAIN_BEGIN "<name>marks e", ARRAY_SIZE(vms));
	for (int i = 0; i < 100; i++)
		fputs("&#769;", file);
	fputs("</name>" DOMAIN_END "</node>\n", file);
	assert_int_equal(fclose(file), 0);
	return path;
}

static void open_hypervisor(int rows, int cols, const char *const *args)
{
	char *path = keep(hostile_xml()), *uri = keep(mem_printf("test://%s", path));
	struct screen_options options = { .rows = rows, .cols = cols, .args = { "-c", uri }, .env = no_config };

	for (int i = 0; args && args[i]; i++)
		options.args[i + 2] = args[i];
	screen_open(&options);
}

static void quit(void)
{
	press("q");
	ends_with(0);
}

static void names_are_visible(void)
{
	/* clang-format off */
	static const char *const expected[] = {
		"c1<U+009B>31mx<U+009D>0;owned<U+009C>", "tab<U+0009>lf<U+000A>cr<U+000D>end", "rlo<U+202E>gnp.exe",
		"isolate<U+2066>x<U+2069><U+061C><U+200E>", "same ", "same<U+200B>", "same<U+200D>", "same<U+FEFF>",
		"same<U+E0041>", "same<U+FE0F>", "%s%n%99999d[red]~\\e[31m\\033", "--help; rm -rf $(x)`y`",
		"<U+3164><U+2800><U+00A0><U+2028>", "forged<U+003C>U+202E>", "<+98 marks>",
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		wait_for(expected[i]);
}

TEST(names_of_a_hypervisor_are_seen_for_what_they_are)
{
	open_hypervisor(40, 200, NULL);
	names_are_visible();
	quit();
	only_what_terminfo_knows_was_written(TERMINAL);
}

TEST(no_view_passes_on_what_a_terminal_obeys)
{
	open_hypervisor(24, 80, NULL);
	wait_for("c1<U+009B>");
	for (int vm = 0; vm < 18; vm += 3) {
		FOR_EACH(const char *, view, "Enter", "u", "L", "D", "m", "e", "?", ":", "F2", "t") {
			press(*view);
			press("Esc");
		}
		press("j j j");
	}
	press_and_type_to_see("/", "c1", "1 shown");
	press_to_see("Enter Enter", "t<U+009B>2J<U+202E>eltit");
	press_to_see("Esc D", "Destroy c1<U+009B>31mx");
	press_to_close("Esc", "Destroy c1");
	quit();
	only_what_terminfo_knows_was_written(TERMINAL);
}

/* The table's second column begins where its title does, whatever stands in the first, however wide the window. */
TEST(wide_names_move_nothing_at_any_width)
{
	open_hypervisor(30, 40, NULL);
	wait_for("wide");
	for (int cols = 40; cols <= 120; cols++) {
		int column;

		resize(30, cols);
		wait_for_row("NAME", "STATE");
		press("^L");
		column = col_of(2, "STATE");
		for (int row = 3; row < 3 + (int)ARRAY_SIZE(vms); row++) {
			char *line = row_text(row);

			if (strstr(line, "wide") || strstr(line, "zwj") || strstr(line, "flag"))
				assert_int_equal(col_of(row, "running"), column);
			free(line);
		}
	}
	quit();
	only_what_terminfo_knows_was_written(TERMINAL);
}

TEST(commands_write_no_escape_to_a_terminal)
{
	static const char *const commands[][3] = {
		{ "list" }, { "list", "-o", "json" }, { "list", "-o", "csv" }, { "info", "-f", "c1" }
	};

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		const char *args[] = { commands[i][0], commands[i][1], commands[i][2], NULL };

		open_hypervisor(60, 200, args);
		ends_with(0);
		assert_non_null(strstr(screen->bytes, "c1<U+009B>31mx<U+009D>0;owned<U+009C>"));
		assert_null(strchr(screen->bytes, '\033'));
		only_what_terminfo_knows_was_written(TERMINAL);
		screen_close();
	}
}

TEST(in_a_plain_locale_commands_write_ascii)
{
	static const char *const env[] = { "LC_ALL=C", "INNKEEPER_CONFIG", NULL };
	char *path = keep(hostile_xml()), *uri = keep(mem_printf("test://%s", path));
	struct screen_options options = { .rows = 60, .cols = 200, .args = { "-c", uri, "list" }, .env = env };

	screen_open(&options);
	ends_with(0);
	assert_non_null(strstr(screen->bytes, "c1<U+009B>31mx"));
	for (size_t i = 0; i < screen->byte_count; i++)
		assert_true((unsigned char)screen->bytes[i] < 0x7f);
}

TEST(a_hostile_user_reaches_no_terminal_no_log_and_no_audit)
{
	char *log = keep(mem_printf("--log=%s/log", scratch_path)),
	     *audit = keep(mem_printf("%s/innkeeper/demo/audit.log", scratch_path));

	screen_open_demo(24, 100, HOSTILE, log);
	wait_for("marks");
	wait_for("esc<U+001B>]0;PWNED<U+0007>x");
	press_and_type_to_see("/", "marks", "1 shown");
	press_to_see("Enter u", "eve<U+001B>[2J\\x9B31m");
	shows_not("Log off OK");
	press_to_see("Esc L", "eve<U+001B>");
	yes_to_see("Log off all users of marks?", "done: 1 session ended");
	press_to_see("e", "Events and errors");
	press("Esc");
	quit();
	only_what_terminfo_knows_was_written(TERMINAL);
	screen_close();
	assert_int_not_equal(every_line_is_safe(log + strlen("--log=")), 0);
	if (access("/run/systemd/journal/socket", F_OK) != 0)
		assert_int_equal(every_line_is_safe(audit), 2);
}

RUN_TESTS("hostile", scratch_setup, scratch_teardown)
