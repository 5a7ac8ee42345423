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

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLEET "--connect=demo:///default?seed=7"

static const char *directory;

static struct screen *open_fleet(int rows, int cols)
{
	/* Figures are told once and stand still then. */
	struct screen_options options = { .rows = rows, .cols = cols, .args = { FLEET, "--delay=3600" } };
	struct screen *screen = screen_open(&options);

	wait_for_row(screen, "web01", "up 100%");
	wait_for_row(screen, "legacy01", "up 100%");
	wait_for_row(screen, "erp01", "silent");
	return screen;
}

static void shoot(struct screen *screen, const char *name)
{
	char *path = mem_printf("%s/%s-%dx%d.txt", directory, name, screen->cols, screen->rows),
	     *text = screen_text(screen);
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

static void name_colour(const struct screen *screen, VTermColor colour, const char *own, char ret_name[8])
{
	if (VTERM_COLOR_IS_DEFAULT_FG(&colour) || VTERM_COLOR_IS_DEFAULT_BG(&colour)) {
		snprintf(ret_name, 8, "%s", own);
		return;
	}
	vterm_screen_convert_color_to_rgb(screen->cells, &colour);
	snprintf(ret_name, 8, "#%02x%02x%02x", colour.rgb.red, colour.rgb.green, colour.rgb.blue);
}

static struct look look_at(const struct screen *screen, const VTermScreenCell *cell)
{
	struct look look = { .bold = cell->attrs.bold,
			     .italic = cell->attrs.italic,
			     .underline = cell->attrs.underline != 0 };

	name_colour(screen, cell->fg, INK, cell->attrs.reverse ? look.bg : look.fg);
	name_colour(screen, cell->bg, GROUND, cell->attrs.reverse ? look.fg : look.bg);
	return look;
}

static bool looks_alike(const struct look *a, const struct look *b)
{
	return strcmp(a->fg, b->fg) == 0 && strcmp(a->bg, b->bg) == 0 && a->bold == b->bold && a->italic == b->italic &&
	       a->underline == b->underline;
}

/* Cells from..to of a row, which look alike. textLength: every font keeps the grid. */
static void draw_run(FILE *file, const struct screen *screen, int row, int from, int to, const struct look *look)
{
	const int x = MARGIN + from * CELL_CX, y = MARGIN + row * CELL_CY;

	if (strcmp(look->bg, GROUND) != 0)
		fprintf(file, "<rect x='%d' y='%d' width='%d' height='%d' fill='%s'/>\n", x, y, (to - from) * CELL_CX,
			CELL_CY, look->bg);
	while (to > from && !look->underline && cell_at(screen, row, to - 1).chars[0] <= ' ')
		to--;
	if (to == from)
		return;
	fprintf(file, "<text x='%d' y='%d' textLength='%d' fill='%s'%s%s%s>", x, y + BASELINE, (to - from) * CELL_CX,
		look->fg, look->bold ? " font-weight='bold'" : "", look->italic ? " font-style='italic'" : "",
		look->underline ? " text-decoration='underline'" : "");
	for (int col = from; col < to; col++) {
		const VTermScreenCell cell = cell_at(screen, row, col);

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

static void shoot_in_colour(struct screen *screen, const char *name)
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
			const VTermScreenCell cell = cell_at(screen, row, from), next = cell_at(screen, row, col + 1);
			const struct look look = look_at(screen, &cell), then = look_at(screen, &next);

			if (col + 1 < screen->cols && looks_alike(&look, &then))
				continue;
			draw_run(file, screen, row, from, col + 1, &look);
			from = col + 1;
		}
	}
	fputs("</svg>\n", file);
	if (fclose(file) != 0)
		fail_msg("%s cannot be written", path);
	free(path);
}

static void close_after(struct screen *screen, const char *name)
{
	shoot(screen, name);
	screen_close(screen);
}

static void go_to(struct screen *screen, const char *vm)
{
	press(screen, "/");
	type_in(screen, vm);
	wait_for(screen, "1 shown");
	press(screen, "Enter Esc");
	wait_until_gone(screen, "1 shown");
}

TEST(the_dashboard)
{
	close_after(open_fleet(24, 80), "dashboard");
	close_after(open_fleet(60, 200), "dashboard");
}

TEST(the_logoff_dialog)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "build01");
	press(screen, "L");
	wait_for(screen, "updated 0 s ago");
	close_after(screen, "logoff");
}

/* host: to be typed, NULL where that is not asked. */
static void log_off(struct screen *screen, const char *vm, const char *host)
{
	go_to(screen, vm);
	press(screen, "L");
	wait_for(screen, "Log off all users of");
	if (host) {
		press(screen, "BackTab");
		type_in(screen, host);
		press(screen, "Enter");
	}
	say_yes(screen, "Log off all users of");
	wait_for_row(screen, vm, "logoff");
}

TEST(the_sessions)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "rds01");
	press(screen, "u");
	wait_for(screen, "updated 0 s ago");
	close_after(screen, "sessions");
}

TEST(everybody)
{
	struct screen *screen = open_fleet(24, 80);

	press(screen, "w");
	wait_for_row(screen, "carol", "web02");
	wait_until_gone(screen, "asking…");
	close_after(screen, "everybody");
}

TEST(the_details)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "web01");
	press(screen, "Enter");
	wait_for(screen, "Uptime");
	wait_until_gone(screen, "asking…");
	close_after(screen, "details");
}

TEST(the_snapshots)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "web01");
	press(screen, "V");
	wait_for(screen, "updated 0 s ago");
	close_after(screen, "snapshots");
}

TEST(the_menu)
{
	struct screen *screen = open_fleet(24, 80);

	go_to(screen, "db01");
	press(screen, "m");
	wait_for(screen, "Log off users");
	close_after(screen, "menu");
}

/* The last: it leaves an unfinished task behind. */
TEST(the_task_pane_and_the_dashboard_in_colour)
{
	struct screen *screen = open_fleet(24, 80);

	log_off(screen, "mail01", NULL);
	wait_for(screen, "no users logged on");
	log_off(screen, "db01", "ams2");
	wait_for(screen, "not possible in this guest");
	log_off(screen, "web01", NULL);
	wait_for_row(screen, "web01", "done");
	log_off(screen, "rds01", NULL);
	wait_for_row(screen, "rds01", "waiting for ");
	resize(screen, 32, 120);
	wait_for_row(screen, "gw-test", "FreeBSD 14.3-RELEASE");
	while (screen_pump(screen, 300)) /* the rest of the frame */
		;
	shoot_in_colour(screen, "dashboard");
	resize(screen, 24, 80);
	wait_until_gone(screen, "FreeBSD 14.3-RELEASE");
	press(screen, "t");
	wait_for(screen, "Clear");
	close_after(screen, "tasks");
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
