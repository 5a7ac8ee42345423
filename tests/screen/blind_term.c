/* SPDX-License-Identifier: GPL-2.0-or-later */
#define NCURSES_NOMACROS
#include "tests/screen/blind_term.h"

#include "base/clock.h"

#include <curses.h>

enum { ROWS = 24, COLUMNS = 80 };

int blind_frames;
int64_t blind_question_at;

static struct loop *loop;
static struct term_listener listener;
static struct decoder decoder;
static FILE *nothing;
static SCREEN *screen;

static void be_awake(void *data)
{
	(void)data;
}

/* The loop draws behind what it ran itself. */
void blind_press(const char *bytes, void (*seen)(const struct input *input))
{
	struct input input;

	decoder_feed(&decoder, bytes, strlen(bytes), clock_ms());
	for (int64_t patience = 0; patience >= 0; patience = decoder_patience_ms(&decoder, clock_ms())) {
		clock_advance(patience);
		while (decoder_next(&decoder, clock_ms(), &input)) {
			listener.input(listener.data, &input);
			if (seen)
				seen(&input);
		}
	}
	loop_post(loop, be_awake, NULL);
}

bool blind_shows(const char *words)
{
	char row[4 * COLUMNS + 1];

	for (int i = 0; i < ROWS; i++)
		if (mvwinnstr(stdscr, i, 0, row, sizeof(row) - 1) > 0 && strstr(row, words))
			return true;
	return false;
}

bool term_open(struct loop *of, const struct term_listener *to, bool mouse, struct err *err)
{
	(void)mouse;
	loop = of;
	listener = *to;
	decoder_init(&decoder);
	nothing = fopen("/dev/null", "r+e");
	screen = nothing ? newterm("xterm", nothing, nothing) : NULL;
	if (!screen)
		return err_set(err, ERR_USAGE, "no curses here");
	resizeterm(ROWS, COLUMNS);
	return true;
}

void term_close(void)
{
	endwin();
	delscreen(screen);
	fclose(nothing);
	decoder_free(&decoder);
}

void term_size(int *ret_rows, int *ret_cols)
{
	*ret_rows = ROWS;
	*ret_cols = COLUMNS;
}

int term_colors(void)
{
	return 0;
}

bool term_begin_frame(void)
{
	return true;
}

void term_end_frame(void)
{
	blind_frames++;
}

void term_flush_input(void)
{
	decoder_flush(&decoder);
	blind_question_at = clock_ms();
}

void term_ask_background(void)
{
}

void term_redraw(void)
{
}

void term_suspend(void)
{
}

void term_release(void)
{
}

void term_acquire(void)
{
}

void term_tidy_up(void)
{
}

void term_print_released(const char *bytes)
{
	(void)bytes;
}
