/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shoot - writes the pictures of doc/screens/: the real program on the demo fleet, as text, and one in colour.
 *
 *	doc/shoot DIRECTORY
 */
#include "base/utf8.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define FLEET "--connect=demo:///default?seed=7"

static const char *directory;

static void open_fleet(int rows, int cols)
{
	/* Figures are told once and stand still then. */
	struct screen_options options = { .rows = rows, .cols = cols, .args = { FLEET, "--delay=3600" } };

	screen_open(&options);
	wait_for_row("web01", "up 100%");
	wait_for_row("legacy01", "up 100%");
	wait_for_row("erp01", "silent");
}

static void shoot(const char *name)
{
	char *path = mem_printf("%s/%s-%dx%d.txt", directory, name, screen->cols, screen->rows), *text = screen_text();
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0)
		fail_msg("%s cannot be written", path);
	free(text);
	free(path);
}

/* --- a picture in colour --- */

enum { CELL_CX = 9, CELL_CY = 20, BASELINE = 15, FONT_SIZE = 15, MARGIN = 12 };

#define GROUND "#14181d"
#define INK    "#d7dce2"

struct look {
	char fg[8], bg[8];
	bool bold, italic, underline;
};

static void name_colour(VTermColor colour, const char *own, char ret_name[8])
{
	if (VTERM_COLOR_IS_DEFAULT_FG(&colour) || VTERM_COLOR_IS_DEFAULT_BG(&colour)) {
		snprintf(ret_name, 8, "%s", own);
		return;
	}
	vterm_screen_convert_color_to_rgb(screen->cells, &colour);
	snprintf(ret_name, 8, "#%02x%02x%02x", colour.rgb.red, colour.rgb.green, colour.rgb.blue);
}

static struct look look_at(const VTermScreenCell *cell)
{
	struct look look = { .bold = cell->attrs.bold,
			     .italic = cell->attrs.italic,
			     .underline = cell->attrs.underline != 0 };

	name_colour(cell->fg, INK, cell->attrs.reverse ? look.bg : look.fg);
	name_colour(cell->bg, GROUND, cell->attrs.reverse ? look.fg : look.bg);
	return look;
}

static bool looks_alike(const struct look *a, const struct look *b)
{
	return strcmp(a->fg, b->fg) == 0 && strcmp(a->bg, b->bg) == 0 && a->bold == b->bold && a->italic == b->italic &&
	       a->underline == b->underline;
}

/* Cells from..to of a row, which look alike. textLength: every font keeps the grid. */
static void draw_run(FILE *file, int row, int from, int to, const struct look *look)
{
	const int x = MARGIN + from * CELL_CX, y = MARGIN + row * CELL_CY;

	if (strcmp(look->bg, GROUND) != 0)
		fprintf(file, "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>\n", x, y, (to - from) * CELL_CX,
			CELL_CY, look->bg);
	while (to > from && !look->underline && cell_at(row, to - 1).chars[0] <= ' ')
		to--;
	if (to == from)
		return;
	fprintf(file, "<text x='%d' y='%d' textLength='%d' fill='%s'%s%s%s>", x, y + BASELINE, (to - from) * CELL_CX,
		look->fg, look->bold ? " font-weight='bold'" : "", look->italic ? " font-style='italic'" : "",
		look->underline ? " text-decoration='underline'" : "");
	for (int col = from; col < to; col++) {
		const VTermScreenCell cell = cell_at(row, col);

		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && (i == 0 || cell.chars[i]); i++) {
			const uint32_t code = cell.chars[i] ? cell.chars[i] : ' ';
			char utf8[UTF8_MAX + 1] = { 0 };

			utf8_encode(code, utf8);
			if (code < 0x80 && strchr("<>&", (int)code))
				fprintf(file, "&#%u;", code);
			else
				fputs(utf8, file);
		}
		col += cell.width > 1;
	}
	fputs("</text>\n", file);
}

static void shoot_in_colour(const char *name)
{
	char *path = mem_printf("%s/%s.svg", directory, name);
	FILE *file = fopen(path, "w");

	if (!file)
		fail_msg("%s cannot be written", path);
	fprintf(file,
		"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-size='%d' xml:space='preserve' "
		"font-family='DejaVu Sans Mono, Menlo, Consolas, monospace'>\n"
		"<title>innkeeper</title>\n<rect width='100%%' height='100%%' rx='8' fill='" GROUND "'/>\n",
		screen->cols * CELL_CX + 2 * MARGIN, screen->rows * CELL_CY + 2 * MARGIN, FONT_SIZE);
	for (int row = 0; row < screen->rows; row++) {
		int from = 0;

		for (int col = 0; col < screen->cols; col++) {
			const VTermScreenCell cell = cell_at(row, from), next = cell_at(row, col + 1);
			const struct look look = look_at(&cell), then = look_at(&next);

			if (col + 1 < screen->cols && looks_alike(&look, &then))
				continue;
			draw_run(file, row, from, col + 1, &look);
			from = col + 1;
		}
	}
	fputs("</svg>\n", file);
	if (fclose(file) != 0)
		fail_msg("%s cannot be written", path);
	free(path);
}

static void close_after(const char *name)
{
	shoot(name);
	screen_close();
}

static void go_to(const char *vm)
{
	press("/");
	type_in(vm);
	wait_for("1 shown");
	press("Enter Esc");
	wait_until_gone("1 shown");
}

TEST(the_dashboard)
{
	open_fleet(24, 80);
	close_after("dashboard");
	open_fleet(60, 200);
	close_after("dashboard");
}

TEST(the_logoff_dialog)
{
	open_fleet(24, 80);
	go_to("build01");
	press("L");
	wait_for("updated 0 s ago");
	close_after("logoff");
}

/* host: to be typed, NULL where that is not asked. */
static void log_off(const char *vm, const char *host)
{
	go_to(vm);
	press("L");
	wait_for("Log off all users of");
	if (host) {
		press("BackTab");
		type_in(host);
		press("Enter");
	}
	say_yes("Log off all users of");
	wait_for_row(vm, "logoff");
}

TEST(the_sessions)
{
	open_fleet(24, 80);
	go_to("rds01");
	press("u");
	wait_for("updated 0 s ago");
	close_after("sessions");
}

TEST(everybody)
{
	open_fleet(24, 80);
	press("w");
	wait_for_row("carol", "web02");
	wait_until_gone("asking…");
	close_after("everybody");
}

TEST(the_details)
{
	open_fleet(24, 80);
	go_to("web01");
	press("Enter");
	wait_for("Uptime");
	wait_until_gone("asking…");
	close_after("details");
}

TEST(the_snapshots)
{
	open_fleet(24, 80);
	go_to("web01");
	press("V");
	wait_for("updated 0 s ago");
	close_after("snapshots");
}

TEST(the_menu)
{
	open_fleet(24, 80);
	go_to("db01");
	press("m");
	wait_for("Log off users");
	close_after("menu");
}

/* The last: it leaves an unfinished task behind. */
TEST(the_task_pane_and_the_dashboard_in_colour)
{
	open_fleet(24, 80);
	log_off("mail01", NULL);
	wait_for("no users logged on");
	log_off("db01", "ams2");
	wait_for("not possible in this guest");
	log_off("web01", NULL);
	wait_for_row("web01", "done");
	log_off("rds01", NULL);
	wait_for_row("rds01", "waiting for ");
	resize(32, 120);
	wait_for_row("gw-test", "FreeBSD 14.3-RELEASE");
	while (screen_pump(300)) /* the rest of the frame */
		;
	shoot_in_colour("dashboard");
	resize(24, 80);
	wait_until_gone("FreeBSD 14.3-RELEASE");
	press("t");
	wait_for("Clear");
	close_after("tasks");
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	directory = argv[1];
	return run_cases("screens", scratch_setup, scratch_teardown);
}
