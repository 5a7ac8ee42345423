/* SPDX-License-Identifier: GPL-2.0-or-later */
#define NCURSES_NOMACROS
#include "ui/tui/term/term.h"

#include "base/clock.h"
#include "base/console_filter.h"
#include "base/crash.h"
#include "engine/tty.h"
#include "ui/tui/term/stderr_capture.h"
#include "ui/tui/term/term_type.h"
#include "ui/tui/term/write_buffer.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
#define CANCEL    "\030" /* ends a sequence that was cut in the middle */

enum {
	READ_MAX = 4096,
	RESIZE_MS = 40, /* interval of redraws while a window is resized */
};

/* Written once, read in signal handlers. */
struct restore {
	char bytes[512];
	size_t len;
};

static struct {
	struct loop *loop;
	struct term_listener listener;
	struct tty tty;
	int pot; /* the memory file that ncurses writes to */
	FILE *pot_file, *no_input;
	SCREEN *screen;
	bool mouse;
	struct decoder decoder;
	int decoder_timer, resize_timer;
	int64_t resized_at;
	struct write_buffer write_buffer;
	bool skipped_frame;
	bool released;
	bool region_is_due; /* the scroll region has to be set to the whole screen */
	int rows, cols, colors;
	struct restore leave;
	volatile sig_atomic_t taken;
} term = { .tty.fd = -1, .pot = -1 };

/* --- restoring --- */

static int append_leave(int c)
{
	if (term.leave.len < sizeof(term.leave.bytes))
		term.leave.bytes[term.leave.len++] = (char)c;
	return c;
}

static void append_leave_str(const char *s)
{
	while (*s)
		append_leave(*s++);
}

static void append_leave_capability(const char *capability)
{
	if (capability)
		tputs(capability, 1, append_leave);
}

static void compose_leave(void)
{
	term.leave.len = 0;
	append_leave_str(CANCEL);
	if (term.mouse)
		append_leave_str(MOUSE_OFF);
	append_leave_str(PASTE_OFF);
	append_leave_capability(exit_attribute_mode);
	append_leave_capability(orig_pair);
	if (change_scroll_region)
		append_leave_capability(tparm(change_scroll_region, 0, term.rows - 1, 0, 0, 0, 0, 0, 0, 0));
	append_leave_capability(tparm(cursor_address, term.rows - 1, 0, 0, 0, 0, 0, 0, 0, 0));
	append_leave_capability(clr_eol);
	append_leave_capability(exit_ca_mode);
	append_leave_capability(cursor_normal); /* last: some terminals restore a hidden one with the old screen */
}

/* Restores the terminal at once. Async-signal-safe. */
static void give_back(void)
{
	if (!term.taken)
		return;
	term.taken = 0;
	tty_write_patiently(&term.tty, term.leave.bytes, term.leave.len);
	tcsetattr(term.tty.fd, TCSANOW, &term.tty.cooked);
	stderr_capture_off();
}

/* --- writing --- */

static void on_tty(void *data, int fd, short revents);

static void send(void)
{
	write_buffer_send(&term.write_buffer, &term.tty);
	loop_watch(term.loop, term.tty.fd, write_buffer_is_empty(&term.write_buffer) ? POLLIN : POLLIN | POLLOUT,
		   on_tty, NULL);
}

bool term_begin_frame(void)
{
	if (term.released)
		return false;
	if (write_buffer_is_empty(&term.write_buffer))
		return true;
	term.skipped_frame = true;
	return false;
}

static int queue_char(int c)
{
	write_buffer_add(&term.write_buffer, &(char){ (char)c }, 1);
	return c;
}

/*
 * newterm() writes to a file instead of a terminal, and so it sets scrolling, and how a
 * row is shifted, within the default size of the terminal type. Corrected after the first frame.
 */
static void queue_scroll_region(void)
{
	if (!term.region_is_due || !change_scroll_region || !save_cursor || !restore_cursor)
		return;
	term.region_is_due = false;
	tputs(save_cursor, 1, queue_char);
	tputs(tparm(change_scroll_region, 0, term.rows - 1, 0, 0, 0, 0, 0, 0, 0), 1, queue_char);
	tputs(restore_cursor, 1, queue_char);
}

void term_end_frame(void)
{
	wnoutrefresh(stdscr);
	doupdate();
	write_buffer_add_file(&term.write_buffer, term.pot);
	queue_scroll_region();
	if (!write_buffer_is_empty(&term.write_buffer))
		send();
}

void term_redraw(void)
{
	clearok(curscr, TRUE);
}

/* --- reading --- */

static void dispatch_input(void);

static void on_decoder_timer(void *data)
{
	(void)data;
	term.decoder_timer = 0;
	dispatch_input();
}

static void dispatch_input(void)
{
	struct input input;
	int64_t patience;

	while (term.taken && decoder_next(&term.decoder, clock_ms(), &input))
		term.listener.input(term.listener.data, &input);
	loop_cancel_timer(term.loop, term.decoder_timer);
	patience = decoder_patience_ms(&term.decoder, clock_ms());
	term.decoder_timer = patience < 0 ? 0 : loop_after(term.loop, patience, on_decoder_timer, NULL);
}

static void report(enum term_event event)
{
	term.listener.event(term.listener.data, event);
}

static void read_tty(short revents)
{
	char bytes[READ_MAX];
	ssize_t n = read(term.tty.fd, bytes, sizeof(bytes));

	if (n > 0) {
		decoder_feed(&term.decoder, bytes, (size_t)n, clock_ms());
		dispatch_input();
		return;
	}
	if (n == 0 || (errno != EAGAIN && errno != EINTR) || (revents & (POLLHUP | POLLERR | POLLNVAL))) {
		loop_watch(term.loop, term.tty.fd, 0, NULL, NULL);
		report(TERM_GONE);
	}
}

static void on_tty(void *data, int fd, short revents)
{
	(void)data;
	(void)fd;
	if (revents & POLLOUT) {
		send();
		if (write_buffer_is_empty(&term.write_buffer) && term.skipped_frame) {
			term.skipped_frame = false;
			report(TERM_CAUGHT_UP);
		}
	}
	if (revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL))
		read_tty(revents);
}

void term_flush_input(void)
{
	tcflush(term.tty.fd, TCIFLUSH);
	decoder_flush(&term.decoder);
}

/* A locale with characters of one or more bytes that is not UTF-8. */
static bool unicode_from_locale(const char *s, size_t len, size_t *ret_used, uint32_t *ret_code)
{
	mbstate_t state = { 0 };
	wchar_t wide;
	size_t n = mbrtowc(&wide, s, len, &state);

	if (n == 0 || n > len)
		return false;
	*ret_used = n;
	*ret_code = (uint32_t)wide;
	return true;
}

/* --- size --- */

static bool take_size(void)
{
	struct winsize size = { 0 };

	if (ioctl(term.tty.fd, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	if (size.ws_row == term.rows && size.ws_col == term.cols)
		return false;
	term.rows = size.ws_row;
	term.cols = size.ws_col;
	resizeterm(term.rows, term.cols);
	term.region_is_due = true;
	compose_leave();
	return true;
}

void term_size(int *ret_rows, int *ret_cols)
{
	*ret_rows = term.rows;
	*ret_cols = term.cols;
}

int term_colors(void)
{
	return term.colors;
}

/* --- signals --- */

static void on_new_size(void *data)
{
	(void)data;
	term.resize_timer = 0;
	term.resized_at = clock_ms();
	if (term.taken && take_size())
		report(TERM_RESIZED);
}

static void on_winch(void *data)
{
	int64_t wait = term.resized_at + RESIZE_MS - clock_ms();

	if (wait <= 0)
		on_new_size(data);
	else if (!term.resize_timer)
		term.resize_timer = loop_after(term.loop, wait, on_new_size, NULL);
}

static void enter(void)
{
	tcsetattr(term.tty.fd, TCSANOW, &term.tty.raw); /* in the background this stops the process, as it should */
	stderr_capture_on();
	term.taken = 1;
	write_buffer_add_str(&term.write_buffer, PASTE_ON);
	if (term.mouse)
		write_buffer_add_str(&term.write_buffer, MOUSE_ON);
}

static void resume(void)
{
	enter();
	if (enter_ca_mode)
		write_buffer_add_str(&term.write_buffer, enter_ca_mode);
	if (cursor_invisible)
		write_buffer_add_str(&term.write_buffer, cursor_invisible);
	send();
	take_size();
	term.region_is_due = true;
	term_redraw();
	report(TERM_RESIZED);
}

static void on_cont(void *data)
{
	(void)data;
	if (term.screen)
		resume();
}

void term_suspend(void)
{
	struct sigaction by_default = { .sa_handler = SIG_DFL }, ours;

	give_back();
	write_buffer_forget(&term.write_buffer);
	sigaction(SIGTSTP, &by_default, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
	if (!term.taken)
		resume();
}

static void on_tstp(void *data)
{
	(void)data;
	term_suspend();
}

static void catch_signals(bool catch)
{
	loop_on_signal(term.loop, SIGWINCH, catch ? on_winch : NULL, NULL);
	loop_on_signal(term.loop, SIGTSTP, catch ? on_tstp : NULL, NULL);
	loop_on_signal(term.loop, SIGCONT, catch ? on_cont : NULL, NULL);
}

/* --- releasing it to another program --- */

static void stop_listening(void)
{
	loop_cancel_timer(term.loop, term.decoder_timer);
	loop_cancel_timer(term.loop, term.resize_timer);
	term.decoder_timer = term.resize_timer = 0;
	loop_watch(term.loop, term.tty.fd, 0, NULL, NULL);
}

void term_release(void)
{
	stop_listening();
	catch_signals(false);
	give_back();
	write_buffer_forget(&term.write_buffer);
	term.released = true;
}

void term_tidy_up(void)
{
	tty_write_patiently(&term.tty, CONSOLE_RESET, sizeof(CONSOLE_RESET) - 1);
	tcsetattr(term.tty.fd, TCSANOW, &term.tty.cooked);
}

void term_print_released(const char *bytes)
{
	tty_write_patiently(&term.tty, bytes, strlen(bytes));
}

void term_acquire(void)
{
	term.released = false;
	catch_signals(true);
	term_flush_input();
	write_buffer_add_str(&term.write_buffer, CONSOLE_RESET);
	resume();
}

/* --- opening --- */

static bool start_curses(struct err *err)
{
	term.pot = memfd_create("innkeeper-frame", MFD_CLOEXEC);
	term.pot_file = term.pot < 0 ? NULL : fdopen(term.pot, "w");
	term.no_input = fopen("/dev/null", "re");
	if (!term.pot_file || !term.no_input)
		return err_set_errno(err, errno, _("cannot create a memory file for the screen"));
	term.screen = newterm(NULL, term.pot_file, term.no_input);
	if (!term.screen)
		return err_set(err, ERR_USAGE, _("ncurses cannot use this terminal; try another TERM"));
	if (start_color() == OK && has_colors()) {
		use_default_colors();
		term.colors = COLORS;
	}
	typeahead(-1);
	nonl();
	curs_set(0);
	idlok(stdscr, TRUE);
	take_size();
	return true;
}

static void close_files(void)
{
	if (term.pot_file)
		fclose(term.pot_file);
	else if (term.pot >= 0)
		close(term.pot);
	if (term.no_input)
		fclose(term.no_input);
	tty_close(&term.tty);
	decoder_free(&term.decoder);
	write_buffer_free(&term.write_buffer);
	term.pot_file = term.no_input = NULL;
	term.pot = -1;
	term.rows = term.cols = term.colors = 0;
}

bool term_open(struct loop *loop, const struct term_listener *listener, bool mouse, struct err *err)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE,
			       _("the dashboard needs a terminal; for scripts, use commands such as `innkeeper list`"));
	if (!term_type_check(err))
		return false;
	term.loop = loop;
	term.listener = *listener;
	term.mouse = mouse;
	decoder_init(&term.decoder);
	if (MB_CUR_MAX == 1)
		term.decoder.to_unicode = unicode_from_locale;
	catch_signals(true);
	if (!tty_open(&term.tty, err) || !start_curses(err)) {
		close_files();
		return false;
	}
	term_type_teach_keys(&term.decoder);
	stderr_capture_open(loop);
	crash_run(give_back);
	crash_run(stderr_capture_pour_out);
	enter();
	send();
	return true;
}

void term_close(void)
{
	SCREEN *screen = term.screen;

	if (!screen)
		return;
	stop_listening();
	give_back();
	stderr_capture_close();
	term.released = false;
	term.screen = NULL;
	delscreen(screen);
	close_files();
}
