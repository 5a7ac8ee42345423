/* SPDX-License-Identifier: GPL-2.0-or-later */
#define NCURSES_NOMACROS
#define SURFACE_IS_CURSES
#include "ui/tui/term/surface.h"

#include "base/utf8.h"
#include "ui/tui/term/term.h"

#include <curses.h>
#include <limits.h>
#include <wchar.h>

#pragma GCC poison addch addstr addnstr addwstr mvaddch mvaddstr mvaddnstr waddch waddstr waddnstr mvwaddstr
#pragma GCC poison printw wprintw mvprintw mvwprintw vw_printw insstr insnstr

enum {
	PAIRS_MAX = 64,
	RUN_MAX = 512, /* cells written at once; wider terminals take several runs */
};

enum { SHAPE_CHARS = TEXT_MARKS_MAX + 2 };

struct shape {
	wchar_t chars[SHAPE_CHARS];
	int width;
	bool is_escape;
};

/* An iterator over a text; starts as { .s = text_str(text) }. */
struct shape_walk {
	const char *s;
	size_t escape_left; /* bytes of an escape that the sanitiser made */
	char pending[16];   /* the plain form of something that cannot be shown */
	int pending_at;
	bool pending_is_escape;
};

static struct {
	struct theme theme;
	bool ascii; /* nothing but ASCII, whatever the locale supports */
	struct pair {
		short fg, bg;
	} pairs[PAIRS_MAX];
	int pair_count;
	int cursor_row, cursor_col;
	bool cursor_shown;
} drawing;

/* The cells to be written at one place of a row. */
static struct {
	enum role under;
	cchar_t cells[RUN_MAX];
	int count, width;
} run;

static const struct {
	const char *utf8;
	char ascii;
} glyphs[GLYPH_COUNT] = {
	[GLYPH_HORIZONTAL] = { "─", '-' }, [GLYPH_VERTICAL] = { "│", '|' },    [GLYPH_TOP_LEFT] = { "┌", '+' },
	[GLYPH_TOP_RIGHT] = { "┐", '+' },  [GLYPH_BOTTOM_LEFT] = { "└", '+' }, [GLYPH_BOTTOM_RIGHT] = { "┘", '+' },
	[GLYPH_UP] = { "▲", '^' },         [GLYPH_DOWN] = { "▼", 'v' },        [GLYPH_MARK] = { "*", '*' },
	[GLYPH_BULLET] = { "●", '*' },     [GLYPH_HOLLOW] = { "○", 'o' },      [GLYPH_FULL] = { "█", '#' },
	[GLYPH_EMPTY] = { "░", '.' },      [GLYPH_SCROLL] = { "▐", '#' },      [GLYPH_FOLDED] = { "▸", '+' },
	[GLYPH_UNFOLDED] = { "▾", '-' },   [GLYPH_LEFT] = { "◂", '<' },        [GLYPH_RIGHT] = { "▸", '>' },
	[GLYPH_BAR] = { "▁", ' ' },        [GLYPH_BAR + 1] = { "▂", ' ' },     [GLYPH_BAR + 2] = { "▃", ' ' },
	[GLYPH_BAR + 3] = { "▄", ' ' },    [GLYPH_BAR + 4] = { "▅", ' ' },     [GLYPH_BAR + 5] = { "▆", ' ' },
	[GLYPH_BAR + 6] = { "▇", ' ' },    [GLYPH_BAR_FULL] = { "█", '!' },
};

void surface_init(const struct theme *theme, bool ascii)
{
	drawing.ascii = ascii;
	surface_set_theme(theme);
}

void surface_set_theme(const struct theme *theme)
{
	drawing.theme = *theme;
	drawing.pair_count = 0;
	term_redraw();
}

/* --- shapes: a text as a sequence of them, one for each place on the screen --- */

/* Punctuation of ours that has a plain form. */
static const struct {
	uint32_t code;
	const char *ascii;
} plain_forms[] = {
	{ 0x2026, "..." }, { 0x2013, "-" },  { 0x2014, "-" },  { 0x00b7, "." }, { 0x2192, "->" }, { 0x2018, "'" },
	{ 0x2019, "'" },   { 0x201c, "\"" }, { 0x201d, "\"" }, { 0x00a0, " " }, { 0x2581, "_" },  { 0x2582, "." },
	{ 0x2500, "-" },   { 0x2502, "|" },  { 0x251c, "|" },  { 0x2514, "`" }, { 0x2583, "-" },  { 0x2584, ":" },
	{ 0x2585, "=" },   { 0x2586, "+" },  { 0x2587, "*" },  { 0x2588, "#" },
};

static size_t escape_at(const char *s)
{
	size_t len;

	if (s[0] == '\\' && s[1] == 'x' && s[2] && s[3])
		return 4;
	if (s[0] != '<' || !((s[1] == 'U' && s[2] == '+') || s[1] == '+'))
		return 0;
	len = strcspn(s, ">");
	return len < 32 && s[len] ? len + 1 : 0;
}

static bool shape_can_show(uint32_t code, int width)
{
	char buf[MB_LEN_MAX];
	mbstate_t state = { 0 };

	if (code < 0x80)
		return true;
	/* Regional indicators and skin tones: no two terminals agree how many cells they take. */
	if ((code >= 0x1f1e6 && code <= 0x1f1ff) || (code >= 0x1f3fb && code <= 0x1f3ff))
		return false;
	return !drawing.ascii && wcrtomb(buf, (wchar_t)code, &state) != (size_t)-1 && wcwidth((wchar_t)code) == width;
}

static bool next_pending(struct shape_walk *walk, struct shape *ret_shape)
{
	if (!walk->pending[walk->pending_at])
		return false;
	*ret_shape = (struct shape){ .chars = { (wchar_t)walk->pending[walk->pending_at++] },
				     .width = 1,
				     .is_escape = walk->pending_is_escape };
	return true;
}

/* False: *ret_culprit cannot be shown. Combining marks are dropped if needed. */
static bool shape_make(const char *cluster, size_t len, int width, struct shape *ret_shape, uint32_t *ret_culprit)
{
	size_t at = 0, used;
	uint32_t code = 0;

	*ret_shape = (struct shape){ .width = width };
	for (int i = 0; at < len && i < SHAPE_CHARS - 1; i++, at += used) {
		used = utf8_decode(cluster + at, len - at, &code);
		if (!used)
			break;
		if (!shape_can_show(code, i == 0 ? width : 0)) {
			*ret_culprit = code;
			return i > 0; /* a base without its marks will do */
		}
		ret_shape->chars[i] = (wchar_t)code;
	}
	return true;
}

/* False: the end. */
static bool shape_next(struct shape_walk *walk, struct shape *ret_shape)
{
	uint32_t culprit = 0;
	size_t len = 1;
	int width = 1;

	if (next_pending(walk, ret_shape))
		return true;
	if (!*walk->s)
		return false;
	if (!walk->escape_left)
		walk->escape_left = escape_at(walk->s);
	if (walk->escape_left || ((unsigned char)walk->s[0] < 0x80 && (unsigned char)walk->s[1] < 0x80)) {
		*ret_shape =
			(struct shape){ .chars = { (wchar_t)*walk->s++ }, .width = 1, .is_escape = walk->escape_left };
		walk->escape_left -= walk->escape_left > 0;
		return true;
	}
	if (!text_next_cluster(walk->s, &len, &width))
		return false;
	if (shape_make(walk->s, len, width, ret_shape, &culprit)) {
		walk->s += len;
		return true;
	}
	walk->s += len;
	snprintf(walk->pending, sizeof(walk->pending), "<U+%04X>", (unsigned)culprit);
	walk->pending_is_escape = true;
	for (size_t i = 0; i < ARRAY_SIZE(plain_forms); i++) {
		if (plain_forms[i].code == culprit) {
			snprintf(walk->pending, sizeof(walk->pending), "%s", plain_forms[i].ascii);
			walk->pending_is_escape = false;
		}
	}
	walk->pending_at = 0;
	return next_pending(walk, ret_shape);
}

/* Bytes of the next line, blanks at its end left out; ret_next: where the one after it begins. */
static size_t shape_break_line(const char *s, int room, const char **ret_next)
{
	struct shape_walk walk = { .s = s };
	const char *last_blank = NULL, *before = s;
	struct shape shape;

	for (int width = 0; shape_next(&walk, &shape); before = walk.s) {
		if (shape.chars[0] == L' ' && !shape.is_escape)
			last_blank = before;
		width += shape.width;
		if (width > room && shape.chars[0] != L' ') {
			const char *end = last_blank ? last_blank : before > s ? before : walk.s;

			*ret_next = end + strspn(end, " ");
			return (size_t)(end - s);
		}
	}
	*ret_next = walk.s;
	return (size_t)(walk.s - s);
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

static void run_begin(struct surface surface)
{
	run.under = surface.under;
	run.count = run.width = 0;
}

static void run_add(enum role role, const struct shape *shape)
{
	static const struct {
		unsigned ours;
		attr_t curses;
	} table[] = {
		{ STYLE_BOLD, A_BOLD },           { STYLE_DIM, A_DIM },         { STYLE_ITALIC, A_ITALIC },
		{ STYLE_UNDERLINE, A_UNDERLINE }, { STYLE_REVERSE, A_REVERSE },
	};
	struct style style = style_of(run.under, shape->is_escape ? ROLE_ESCAPE : role);
	attr_t attrs = A_NORMAL;

	if (run.count == RUN_MAX)
		return;
	if (style.fg == COLOR_BLACK) /* xterm and others draw it in grey where it is bold */
		style.attrs &= ~(unsigned)STYLE_BOLD;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (style.attrs & table[i].ours)
			attrs |= table[i].curses;
	setcchar(&run.cells[run.count++], shape->chars, attrs, pair_of(style.fg, style.bg), NULL);
	run.width += shape->width;
}

static void run_add_blanks(enum role role, int count)
{
	const struct shape blank = { .chars = L" ", .width = 1 };

	while (count-- > 0)
		run_add(role, &blank);
}

static void run_add_text(enum role role, struct safe_text text, int room)
{
	struct shape_walk walk = { .s = text_str(text) };
	struct shape shape;

	while (shape_next(&walk, &shape) && shape.width <= room) {
		run_add(role, &shape);
		room -= shape.width;
	}
}

/* The whole text, or as much as there is room for with an ellipsis behind it. */
static void run_add_fitted(enum role role, struct safe_text text, int room)
{
	struct safe_text end = TEXT_TRUSTED("");
	const int before = run.width;

	if (surface_width(text) > room)
		end = TEXT_TRUSTED(shape_can_show(0x2026, 1) ? "…" : room >= 6 ? "..." : "~");
	run_add_text(role, text, room - surface_width(end));
	run_add_text(role, end, room - (run.width - before));
}

static void run_write(struct surface surface, int row, int col)
{
	mvadd_wchnstr(surface.top + row, surface.left + col, run.cells, run.count);
}

static bool is_inside(struct surface surface, int row, int col)
{
	return row >= 0 && row < surface.rows && col >= 0 && col < surface.cols;
}

int surface_put(struct surface surface, int row, int col, enum role role, struct safe_text text)
{
	if (!is_inside(surface, row, col))
		return 0;
	run_begin(surface);
	run_add_fitted(role, text, MIN(surface.cols - col, RUN_MAX));
	run_write(surface, row, col);
	return run.width;
}

void surface_put_field(struct surface surface, int row, int col, int cells, enum align align, enum role role,
		       struct safe_text text)
{
	const int room = MIN(MIN(surface.cols - col, cells), RUN_MAX);

	if (!is_inside(surface, row, col))
		return;
	run_begin(surface);
	if (align == ALIGN_RIGHT)
		run_add_blanks(role, room - surface_width(text));
	run_add_fitted(role, text, room - run.width);
	run_add_blanks(role, room - run.width);
	run_write(surface, row, col);
}

int surface_print(struct surface surface, int row, int col, enum role role, const char *format, ...)
{
	OWN(text) struct safe_text text = { NULL };
	va_list args;

	va_start(args, format);
	text = text_vformat(format, args);
	va_end(args);
	return surface_put(surface, row, col, role, text);
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
		OWN(bytes) char *line = mem_strndup(at, len);

		surface_put(surface, row + rows, col, role, TEXT_TRUSTED(line));
		at = next;
		rows++;
	} while (*at);
	return rows;
}

void surface_glyphs(struct surface surface, int row, int col, int count, enum role role, enum glyph glyph)
{
	struct shape shape;
	uint32_t culprit;

	if (!is_inside(surface, row, col))
		return;
	if (!shape_make(glyphs[glyph].utf8, strlen(glyphs[glyph].utf8), 1, &shape, &culprit))
		shape = (struct shape){ .chars = { (wchar_t)glyphs[glyph].ascii }, .width = 1 };
	run_begin(surface);
	for (count = MIN(count, surface.cols - col); count > 0; count--)
		run_add(role, &shape);
	run_write(surface, row, col);
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
