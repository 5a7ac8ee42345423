/* SPDX-License-Identifier: GPL-2.0-or-later */
#define NCURSES_NOMACROS
#include "ui/tui/term/term.h"

#include "base/clock.h"
#include "base/console_filter.h"
#include "base/crash.h"
#include "engine/tty.h"
#include "ui/tui/term/stderr_capture.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"
/* xterm's ctlseqs: "OSC 11 ; ? ST" */
#define ASK_BACKGROUND "\033]11;?\033\\"
#define CANCEL         "\030" /* ends a sequence that was cut in the middle */

enum {
	READ_MAX = 4096,
	RESIZE_MS = 40,   /* interval of redraws while a window is resized */
	ANSWER_MS = 2000, /* a terminal that has not answered by then does not know the question */
	LAST_WAIT_MS = 200,
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
	int64_t resized_at, asked_at; /* asked_at: 0: no answer is awaited */
	struct {
		VEC(char);
		size_t sent;
	} queue; /* bytes for a terminal that may be slow */
	bool skipped_frame;
	bool released;
	bool region_is_due; /* the scroll region has to be set to the whole screen */
	int rows, cols, colors;
	struct {
		char bytes[512];
		size_t len;
	} leave; /* what restores the terminal; read in signal handlers */
	volatile sig_atomic_t taken;
} term = { .tty.fd = -1, .pot = -1 };

/* --- restoring --- */

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

static int queue_char(int c)
{
	*VEC_PUSH(&term.queue) = (char)c;
	return c;
}

static void queue_str(const char *s)
{
	while (*s)
		queue_char(*s++);
}

static void queue_capability(const char *capability)
{
	if (capability)
		tputs(capability, 1, queue_char);
}

static void forget_queue(void)
{
	term.queue.count = term.queue.sent = 0;
}

/* As much as the terminal accepts now. If it is gone, all is dropped: reading reports that. */
static void send(void)
{
	ssize_t n = 0;

	while (term.queue.sent < term.queue.count) {
		n = tty_write(&term.tty, term.queue.at + term.queue.sent, term.queue.count - term.queue.sent);
		if (n <= 0)
			break;
		term.queue.sent += (size_t)n;
	}
	if (term.queue.sent == term.queue.count || (n < 0 && errno != EAGAIN && errno != EINTR))
		forget_queue();
	loop_watch(term.loop, term.tty.fd, term.queue.count == 0 ? POLLIN : POLLIN | POLLOUT, on_tty, NULL);
}

bool term_begin_frame(void)
{
	if (term.released)
		return false;
	if (term.queue.count == 0)
		return true;
	term.skipped_frame = true;
	return false;
}

/* ncurses resets the colours, and then everything, the colours too: the first of both only takes bytes. */
static void drop_needless_resets(size_t from)
{
	char both[64];
	const size_t skip = orig_pair ? strlen(orig_pair) : 0;
	const int len = snprintf(both, sizeof(both), "%s%s", orig_pair ? orig_pair : "",
				 exit_attribute_mode ? exit_attribute_mode : "");

	if (skip == 0 || (size_t)len >= sizeof(both) || !strstr(both + skip, "\033[m"))
		return;
	for (char *at = term.queue.at + from, *end = term.queue.at + term.queue.count;
	     (at = memmem(at, (size_t)(end - at), both, (size_t)len)); end -= skip) {
		memmove(at, at + skip, (size_t)(end - at) - skip);
		term.queue.count -= skip;
	}
}

void term_end_frame(void)
{
	const size_t before = term.queue.count;
	off_t size;
	ssize_t n;

	wnoutrefresh(stdscr);
	doupdate();
	size = lseek(term.pot, 0, SEEK_CUR);
	if (size > 0) {
		while (term.queue.count + (size_t)size > term.queue.room)
			term.queue.at = vec_grow(term.queue.at, term.queue.room, &term.queue.room, 1);
		n = pread(term.pot, term.queue.at + term.queue.count, (size_t)size, 0);
		term.queue.count += (size_t)MAX(n, 0);
		drop_needless_resets(before);
		if (ftruncate(term.pot, 0) == 0)
			lseek(term.pot, 0, SEEK_SET);
	}
	/*
	 * newterm() writes to a file instead of a terminal, and so it sets scrolling, and how a
	 * row is shifted, within the default size of the terminal type. Corrected after the first frame.
	 */
	if (term.region_is_due && change_scroll_region && save_cursor && restore_cursor) {
		term.region_is_due = false;
		queue_capability(save_cursor);
		queue_capability(tparm(change_scroll_region, 0, term.rows - 1, 0, 0, 0, 0, 0, 0, 0));
		queue_capability(restore_cursor);
	}
	if (term.queue.count > 0)
		send();
}

void term_redraw(void)
{
	clearok(curscr, TRUE);
}

/* --- reading --- */

static void dispatch_input(void);

static void on_decoder_timer(void *data UNUSED)
{
	term.decoder_timer = 0;
	dispatch_input();
}

static void dispatch_input(void)
{
	struct input input;
	int64_t patience;

	while (term.taken && decoder_next(&term.decoder, clock_ms(), &input)) {
		if (input.kind == INPUT_BACKGROUND && !term.asked_at)
			continue;
		if (input.kind == INPUT_BACKGROUND)
			term.asked_at = 0;
		term.listener.input(term.listener.data, &input);
	}
	loop_cancel_timer(term.loop, term.decoder_timer);
	patience = decoder_patience_ms(&term.decoder, clock_ms());
	term.decoder_timer = patience < 0 ? 0 : loop_after(term.loop, patience, on_decoder_timer, NULL);
}

static void report(enum term_event event)
{
	term.listener.event(term.listener.data, event);
}

static void on_tty(void *data UNUSED, int fd UNUSED, short revents)
{
	char bytes[READ_MAX];
	ssize_t n;

	if (revents & POLLOUT) {
		send();
		if (term.queue.count == 0 && term.skipped_frame) {
			term.skipped_frame = false;
			report(TERM_CAUGHT_UP);
		}
	}
	if (!(revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)))
		return;
	n = read(term.tty.fd, bytes, sizeof(bytes));
	if (n > 0) {
		decoder_feed(&term.decoder, bytes, (size_t)n, clock_ms());
		dispatch_input();
	} else if (n == 0 || (errno != EAGAIN && errno != EINTR) || (revents & (POLLHUP | POLLERR | POLLNVAL))) {
		loop_watch(term.loop, term.tty.fd, 0, NULL, NULL);
		report(TERM_GONE);
	}
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
	const size_t queued = term.queue.count;
	struct winsize size = { 0 };

	if (ioctl(term.tty.fd, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 || size.ws_col == 0)
		size = (struct winsize){ .ws_row = 24, .ws_col = 80 };
	if (size.ws_row == term.rows && size.ws_col == term.cols)
		return false;
	term.rows = size.ws_row;
	term.cols = size.ws_col;
	resizeterm(term.rows, term.cols);
	term.region_is_due = true;
	/* What gives the terminal back, made now: a signal handler cannot. */
	queue_str(CANCEL);
	if (term.mouse)
		queue_str(MOUSE_OFF);
	queue_str(PASTE_OFF);
	queue_capability(exit_attribute_mode);
	queue_capability(orig_pair);
	if (change_scroll_region)
		queue_capability(tparm(change_scroll_region, 0, term.rows - 1, 0, 0, 0, 0, 0, 0, 0));
	queue_capability(tparm(cursor_address, term.rows - 1, 0, 0, 0, 0, 0, 0, 0, 0));
	queue_capability(clr_eol);
	queue_capability(exit_ca_mode);
	queue_capability(cursor_normal); /* last: some terminals restore a hidden one with the old screen */
	term.leave.len = MIN(term.queue.count - queued, sizeof(term.leave.bytes));
	memcpy(term.leave.bytes, term.queue.at + queued, term.leave.len);
	term.queue.count = queued;
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

void term_ask_background(void)
{
	/* Others print the question, or a part of it. */
	static const char *const types[] = { "xterm",   "tmux",    "screen",  "rxvt",  "alacritty", "foot",
					     "kitty",   "konsole", "wezterm", "gnome", "vte",       "contour",
					     "ghostty", "mintty",  "iterm",   "st-" };
	const char *type = getenv("TERM");

	for (size_t i = 0; type && i < ARRAY_SIZE(types); i++) {
		if (strncmp(type, types[i], strlen(types[i])) != 0)
			continue;
		queue_str(ASK_BACKGROUND);
		send();
		term.asked_at = clock_ms();
		return;
	}
}

/* --- signals --- */

static void on_new_size(void *data UNUSED)
{
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
	queue_str(PASTE_ON);
	if (term.mouse)
		queue_str(MOUSE_ON);
}

static void resume(void)
{
	enter();
	queue_capability(enter_ca_mode);
	queue_capability(cursor_invisible);
	send();
	take_size();
	term.region_is_due = true;
	term_redraw();
	report(TERM_RESIZED);
}

static void on_cont(void *data UNUSED)
{
	if (term.screen)
		resume();
}

void term_suspend(void)
{
	struct sigaction by_default = { .sa_handler = SIG_DFL }, ours;

	give_back();
	forget_queue();
	sigaction(SIGTSTP, &by_default, &ours);
	raise(SIGTSTP);
	sigaction(SIGTSTP, &ours, NULL);
	if (!term.taken)
		resume();
}

static void on_tstp(void *data UNUSED)
{
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
	forget_queue();
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
	queue_str(CONSOLE_RESET);
	resume();
}

/* --- opening --- */

/* Can the terminal that TERM names carry a screen? */
static bool check_type(struct err *err)
{
	const char *name = getenv("TERM");
	int status = 0;
	bool can_draw;

	if (!name || !*name)
		return err_set(err, ERR_USAGE,
			       _("TERM is not set; set it (for instance TERM=xterm-256color), or use a command such as "
				 "`innkeeper list`"));
	if (setupterm(name, STDOUT_FILENO, &status) != OK)
		return err_set(err, ERR_USAGE,
			       _("unknown terminal type \"%.40s\" (TERM); install its terminfo entry (package "
				 "ncurses-term), or set TERM to a known one, for instance xterm"),
			       name);
	can_draw = cursor_address && clear_screen;
	del_curterm(cur_term); /* newterm() makes one of its own */
	if (!can_draw)
		return err_set(err, ERR_USAGE,
			       _("the terminal type \"%.40s\" (TERM) does not support full-screen programs; use a "
				 "command such as `innkeeper list`"),
			       name);
	return true;
}

static bool start_curses(struct err *err)
{
	/* clang-format off */
	static const struct {
		const char *capability;
		uint32_t code;
	} keys[] = {
		{ "kcuu1", KEYCODE_UP }, { "kcud1", KEYCODE_DOWN }, { "kcub1", KEYCODE_LEFT }, { "kcuf1", KEYCODE_RIGHT },
		{ "khome", KEYCODE_HOME }, { "kend", KEYCODE_END }, { "kpp", KEYCODE_PAGE_UP }, { "knp", KEYCODE_PAGE_DOWN },
		{ "kich1", KEYCODE_INSERT }, { "kdch1", KEYCODE_DELETE }, { "kcbt", KEYCODE_BACK_TAB },
		{ "kent", KEYCODE_ENTER }, { "kf1", KEYCODE_F1 }, { "kf2", KEYCODE_F1 + 1 }, { "kf5", KEYCODE_F1 + 4 },
		{ "kf10", KEYCODE_F1 + 9 },
	};
	/* clang-format on */

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
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *sequence = tigetstr((char *)keys[i].capability);

		if (sequence && sequence != (const char *)-1)
			decoder_learn(&term.decoder, sequence, (struct key){ .code = keys[i].code });
	}
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
	forget_queue();
	VEC_FREE(&term.queue);
	term.pot_file = term.no_input = NULL;
	term.pot = -1;
	term.rows = term.cols = term.colors = 0;
}

bool term_open(struct loop *loop, const struct term_listener *listener, bool mouse, struct err *err)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(err, ERR_USAGE,
			       _("the dashboard needs a terminal; for scripts, use commands such as `innkeeper list`"));
	if (!check_type(err))
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
	stderr_capture_open(loop);
	crash_run(give_back);
	crash_run(stderr_capture_pour_out);
	enter();
	send();
	return true;
}

void term_close(void)
{
	struct pollfd pollfd = { .fd = term.tty.fd, .events = POLLIN };
	SCREEN *screen = term.screen;

	if (!screen)
		return;
	stop_listening();
	/* The shell would take an answer that comes after us for typed letters. */
	if (term.asked_at && clock_ms() - term.asked_at < ANSWER_MS && poll(&pollfd, 1, LAST_WAIT_MS) > 0)
		tcflush(term.tty.fd, TCIFLUSH);
	term.asked_at = 0;
	give_back();
	stderr_capture_close();
	term.released = false;
	term.screen = NULL;
	delscreen(screen);
	close_files();
}
