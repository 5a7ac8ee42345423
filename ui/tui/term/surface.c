/* SPDX-License-Identifier: GPL-2.0-or-later */
#define NCURSES_NOMACROS
#define SURFACE_IS_CURSES
#include "ui/tui/term/surface.h"

#include "ui/tui/term/shape.h"
#include "ui/tui/term/term.h"

#include <curses.h>
#include <stdarg.h>
#include <stdio.h>
#include <wchar.h>

#pragma GCC poison addch addstr addnstr addwstr mvaddch mvaddstr mvaddnstr waddch waddstr waddnstr mvwaddstr
#pragma GCC poison printw wprintw mvprintw mvwprintw vw_printw insstr insnstr

enum {
	PAIRS_MAX = 64,
	RUN_MAX = 512, /* cells written at once; wider terminals take several runs */
};

static struct {
	struct theme theme;
	struct pair {
		short fg, bg;
	} pairs[PAIRS_MAX];
	int pair_count;
	int cursor_row, cursor_col;
	bool cursor_shown;
	struct run { /* cells to be written at one place of a row */
		cchar_t cells[RUN_MAX];
		int count, width;
	} run;
} drawing;

static const struct {
	const char *utf8;
	char ascii;
} glyphs[GLYPH_COUNT] = {
	[GLYPH_HORIZONTAL] = { "─", '-' }, [GLYPH_VERTICAL] = { "│", '|' },    [GLYPH_TOP_LEFT] = { "┌", '+' },
	[GLYPH_TOP_RIGHT] = { "┐", '+' },  [GLYPH_BOTTOM_LEFT] = { "└", '+' }, [GLYPH_BOTTOM_RIGHT] = { "┘", '+' },
	[GLYPH_UP] = { "▲", '^' },         [GLYPH_DOWN] = { "▼", 'v' },        [GLYPH_MARK] = { "*", '*' },
	[GLYPH_BULLET] = { "●", '*' },     [GLYPH_HOLLOW] = { "○", 'o' },      [GLYPH_DOT] = { "·", '.' },
	[GLYPH_FULL] = { "█", '#' },       [GLYPH_EMPTY] = { "░", '.' },       [GLYPH_SCROLL] = { "▐", '#' },
	[GLYPH_FOLDED] = { "▸", '+' },     [GLYPH_UNFOLDED] = { "▾", '-' },    [GLYPH_LEFT] = { "◂", '<' },
	[GLYPH_RIGHT] = { "▸", '>' },
};

void surface_init(const struct theme *theme, bool ascii)
{
	drawing.theme = *theme;
	shape_init(ascii);
	drawing.pair_count = 0;
}

/* --- rectangles --- */

struct surface surface_screen(void)
{
	struct surface surface = { 0 };

	term_size(&surface.rows, &surface.cols);
	return surface;
}

struct surface surface_part(struct surface surface, int top, int left, int rows, int cols)
{
	struct surface part = surface;
	int skip_rows = MAX(-top, 0), skip_cols = MAX(-left, 0);

	part.top = surface.top + MAX(top, 0);
	part.left = surface.left + MAX(left, 0);
	part.rows = surface.rows - MAX(top, 0);
	part.cols = surface.cols - MAX(left, 0);
	if (rows >= 0)
		part.rows = MIN(part.rows, rows - skip_rows);
	if (cols >= 0)
		part.cols = MIN(part.cols, cols - skip_cols);
	part.rows = MAX(part.rows, 0);
	part.cols = MAX(part.cols, 0);
	return part;
}

struct surface surface_above_footer(struct surface screen)
{
	return surface_part(screen, 0, 0, screen.rows - 1, -1);
}

struct surface surface_under(struct surface surface, enum role under)
{
	surface.under = under;
	return surface;
}

struct surface surface_centered(struct surface surface, int rows, int cols)
{
	rows = MIN(rows, surface.rows);
	cols = MIN(cols, surface.cols);
	return surface_part(surface, (surface.rows - rows) / 2, (surface.cols - cols) / 2, rows, cols);
}

/* --- styles --- */

static short pair_of(short fg, short bg)
{
	if (fg == COLOR_OWN && bg == COLOR_OWN)
		return 0;
	for (int i = 0; i < drawing.pair_count; i++) {
		if (drawing.pairs[i].fg == fg && drawing.pairs[i].bg == bg)
			return (short)(i + 1);
	}
	if (drawing.pair_count == PAIRS_MAX || drawing.pair_count + 1 >= COLOR_PAIRS)
		return 0;
	drawing.pairs[drawing.pair_count++] = (struct pair){ fg, bg };
	init_pair((short)drawing.pair_count, fg, bg);
	return (short)drawing.pair_count;
}

static bool is_row(enum role under)
{
	return under == ROLE_CURSOR || under == ROLE_CURSOR_IDLE;
}

/*
 * The cursor row's colours apply to everything in it, so that it stays readable. A dialog's background
 * is used where a role sets none. Escapes keep their colours everywhere.
 */
static struct style style_of(enum role under, enum role role)
{
	const struct style *normal = &drawing.theme.styles[ROLE_NORMAL], *ground = &drawing.theme.styles[under];
	struct style style = drawing.theme.styles[role];

	if (under == ROLE_NORMAL || role == under)
		return style;
	if (role == ROLE_ESCAPE) {
		style.attrs ^= ground->attrs & STYLE_REVERSE;
		return style;
	}
	if (is_row(under) ? ground->fg != COLOR_OWN || ground->attrs & STYLE_REVERSE : style.fg == normal->fg) {
		style.fg = ground->fg;
		style.attrs &= is_row(under) ? ~(unsigned)STYLE_DIM : ~0U;
	}
	if (is_row(under) || style.bg == normal->bg)
		style.bg = ground->bg;
	style.attrs |= ground->attrs;
	return style;
}

static attr_t attrs_of(const struct style *style)
{
	static const struct {
		unsigned ours;
		attr_t curses;
	} table[] = {
		{ STYLE_BOLD, A_BOLD },           { STYLE_DIM, A_DIM },         { STYLE_ITALIC, A_ITALIC },
		{ STYLE_UNDERLINE, A_UNDERLINE }, { STYLE_REVERSE, A_REVERSE },
	};
	attr_t attrs = A_NORMAL;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (style->attrs & table[i].ours)
			attrs |= table[i].curses;
	}
	return attrs;
}

int surface_width(struct safe_text text)
{
	struct shape_walk walk = { .s = text_str(text) };
	struct shape shape;
	int width = 0;

	while (shape_next(&walk, &shape))
		width += shape.width;
	return width;
}

/* --- writing --- */

static struct run *run_begin(void)
{
	drawing.run.count = drawing.run.width = 0;
	return &drawing.run;
}

static void run_add(struct run *run, enum role under, enum role role, const struct shape *shape)
{
	struct style style = style_of(under, shape->is_escape ? ROLE_ESCAPE : role);

	if (run->count == RUN_MAX)
		return;
	setcchar(&run->cells[run->count++], shape->chars, attrs_of(&style), pair_of(style.fg, style.bg), NULL);
	run->width += shape->width;
}

static void run_add_blanks(struct run *run, enum role under, enum role role, int count)
{
	struct shape blank = { .chars = L" ", .width = 1 };

	while (count-- > 0)
		run_add(run, under, role, &blank);
}

static void run_add_text(struct run *run, enum role under, enum role role, struct safe_text text, int room)
{
	struct shape_walk walk = { .s = text_str(text) };
	struct shape shape;

	while (shape_next(&walk, &shape) && shape.width <= room) {
		run_add(run, under, role, &shape);
		room -= shape.width;
	}
}

static void run_write(const struct run *run, struct surface surface, int row, int col)
{
	mvadd_wchnstr(surface.top + row, surface.left + col, run->cells, run->count);
}

static void run_add_cut(struct run *run, enum role under, enum role role, struct safe_text text, int room)
{
	struct safe_text end = TEXT_TRUSTED(shape_can_show(0x2026, 1) ? "…" : room >= 6 ? "..." : "~");
	int end_width = surface_width(end);

	run_add_text(run, under, role, text, room - end_width);
	run_add_text(run, under, role, end, room - run->width);
}

static bool is_inside(struct surface surface, int row, int col)
{
	return row >= 0 && row < surface.rows && col >= 0 && col < surface.cols;
}

int surface_put(struct surface surface, int row, int col, enum role role, struct safe_text text)
{
	struct run *run = run_begin();
	int room = MIN(surface.cols - col, RUN_MAX);

	if (!is_inside(surface, row, col))
		return 0;
	if (surface_width(text) <= room)
		run_add_text(run, surface.under, role, text, room);
	else
		run_add_cut(run, surface.under, role, text, room);
	run_write(run, surface, row, col);
	return run->width;
}

void surface_put_field(struct surface surface, int row, int col, int cells, enum align align, enum role role,
		       struct safe_text text)
{
	struct run *run = run_begin();
	int room = MIN(MIN(surface.cols - col, cells), RUN_MAX), width = surface_width(text);

	if (!is_inside(surface, row, col))
		return;
	if (align == ALIGN_RIGHT && width < room)
		run_add_blanks(run, surface.under, role, room - width);
	if (width <= room)
		run_add_text(run, surface.under, role, text, room);
	else
		run_add_cut(run, surface.under, role, text, room);
	run_add_blanks(run, surface.under, role, room - run->width);
	run_write(run, surface, row, col);
}

int surface_print(struct surface surface, int row, int col, enum role role, const char *format, ...)
{
	struct safe_text text;
	char buf[1024];
	va_list args;
	int cells;

	va_start(args, format);
	vsnprintf(buf, sizeof(buf), format, args);
	va_end(args);
	text = text_format("%s", buf);
	cells = surface_put(surface, row, col, role, text);
	text_free(&text);
	return cells;
}

void surface_clear(struct surface surface)
{
	for (int row = 0; row < surface.rows; row++)
		surface_put_field(surface, row, 0, surface.cols, ALIGN_LEFT, surface.under, TEXT_TRUSTED(""));
}

int surface_wrap(struct surface surface, int row, int col, enum role role, struct safe_text text)
{
	const char *at = text_str(text);
	int rows = 0;

	if (surface.cols <= col)
		return 0;
	do {
		const char *next;
		size_t len = shape_break_line(at, surface.cols - col, &next);
		char *line = mem_strndup(at, len);

		surface_put(surface, row + rows, col, role, TEXT_TRUSTED(line));
		free(line);
		at = next;
		rows++;
	} while (*at);
	return rows;
}

void surface_glyphs(struct surface surface, int row, int col, int count, enum role role, enum glyph glyph)
{
	struct run *run = run_begin();
	struct shape shape;
	uint32_t culprit;

	if (!is_inside(surface, row, col))
		return;
	if (!shape_make(glyphs[glyph].utf8, strlen(glyphs[glyph].utf8), 1, &shape, &culprit))
		shape = (struct shape){ .chars = { (wchar_t)glyphs[glyph].ascii }, .width = 1 };
	for (count = MIN(count, surface.cols - col); count > 0; count--)
		run_add(run, surface.under, role, &shape);
	run_write(run, surface, row, col);
}

void surface_box(struct surface surface, enum role role)
{
	int bottom = surface.rows - 1, right = surface.cols - 1;

	surface_glyphs(surface, 0, 0, 1, role, GLYPH_TOP_LEFT);
	surface_glyphs(surface, 0, 1, right - 1, role, GLYPH_HORIZONTAL);
	surface_glyphs(surface, 0, right, 1, role, GLYPH_TOP_RIGHT);
	for (int row = 1; row < bottom; row++) {
		surface_glyphs(surface, row, 0, 1, role, GLYPH_VERTICAL);
		surface_glyphs(surface, row, right, 1, role, GLYPH_VERTICAL);
	}
	surface_glyphs(surface, bottom, 0, 1, role, GLYPH_BOTTOM_LEFT);
	surface_glyphs(surface, bottom, 1, right - 1, role, GLYPH_HORIZONTAL);
	surface_glyphs(surface, bottom, right, 1, role, GLYPH_BOTTOM_RIGHT);
}

void surface_cursor(struct surface surface, int row, int col, bool shown)
{
	drawing.cursor_row = surface.top + MAX(MIN(row, surface.rows - 1), 0);
	drawing.cursor_col = surface.left + MAX(MIN(col, surface.cols - 1), 0);
	drawing.cursor_shown = shown;
}

void surface_place_cursor(void)
{
	move(drawing.cursor_row, drawing.cursor_col);
	curs_set(drawing.cursor_shown);
}
