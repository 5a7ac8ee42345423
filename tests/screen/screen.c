/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/screen/screen.h"

#include "engine/key.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <utmp.h>

enum { PUMP_MS = 20, TEXT_MAX = 1 << 20, NOBODY = 65534, LEAVE_MS = 5000, DEAF_MS = 550 };

struct screen *screen;

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- starting --- */

/* clang-format off */
static const char *const usual_env[] = {
	"TERM=xterm-256color", "LC_ALL=C.UTF-8", "COLORTERM",    "COLORFGBG",       "NO_COLOR",
	"LINES",               "COLUMNS",        "INNKEEPER_CONFIG=/dev/null", "LIBVIRT_DEFAULT_URI",
	"XDG_CONFIG_HOME=/nonexistent", "INNKEEPER_THEMES",
	"PATH=/nowhere", "DISPLAY", "WAYLAND_DISPLAY", /* no test starts programs that are not its own */
	NULL,
};
/* clang-format on */

static void apply_env(const char *const *env)
{
	for (; env && *env; env++) {
		const char *equals = strchr(*env, '=');

		if (equals) {
			char *name = mem_strndup(*env, (size_t)(equals - *env));

			setenv(name, equals + 1, 1);
			free(name);
		} else {
			unsetenv(*env);
		}
	}
}

static const char *program(void)
{
	return getenv("INNKEEPER") ? getenv("INNKEEPER") : "./innkeeper";
}

static void become_program(const struct screen_options *options)
{
	char *argv[SCREEN_ARGS_MAX + 3] = { (char *)program() };
	const int first = options->keeps_choices ? 1 : 2;
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	argv[1] = (char[]){ "--no-state" };
	for (int i = 0; i == 0 || options->args[i - 1]; i++)
		argv[first + i] = (char *)options->args[i];
	apply_env(usual_env);
	apply_env(options->env);
	if (options->ignore_hup)
		sigaction(SIGHUP, &ignore, NULL);
	if (options->limit.most)
		setrlimit(options->limit.resource, &(struct rlimit){ options->limit.most, options->limit.most });
	if (options->as_nobody && geteuid() == 0 && (setgid(NOBODY) < 0 || setuid(NOBODY) < 0))
		_exit(126);
	execv(argv[0], argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* --- the emulator --- */

static int on_term_prop(VTermProp prop, VTermValue *value, void *data)
{
	struct screen *its = data;

	if (prop == VTERM_PROP_ALTSCREEN)
		its->alternate = value->boolean;
	if (prop == VTERM_PROP_CURSORVISIBLE)
		its->cursor_shown = value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = { .settermprop = on_term_prop };

static void start_emulator(void)
{
	screen->vt = vterm_new(screen->rows, screen->cols);
	vterm_set_utf8(screen->vt, 1);
	screen->cells = vterm_obtain_screen(screen->vt);
	vterm_screen_set_callbacks(screen->cells, &callbacks, screen);
	vterm_screen_enable_altscreen(screen->cells, 1);
	vterm_screen_reset(screen->cells, 1);
	screen->cursor_shown = true;
}

/* What is measured of a process is written when it leaves by itself. */
static void ask_to_leave(void)
{
	const int64_t until = now_ms() + LEAVE_MS;

	kill(screen->pid, SIGCONT);
	kill(screen->pid, SIGTERM);
	while (!screen->has_ended && now_ms() < until)
		screen_pump(PUMP_MS);
}

void screen_close(void)
{
	if (!screen->has_ended && screen->tty >= 0 && getenv("INNKEEPER_COVERAGE"))
		ask_to_leave();
	if (!screen->has_ended) {
		kill(screen->pid, SIGKILL);
		waitpid(screen->pid, &screen->status, 0);
	}
	screen->has_ended = true;
	if (screen->tty >= 0)
		hang_up();
}

static void give_back(void *owned)
{
	screen = owned;
	screen_close();
	vterm_free(screen->vt);
	free(screen->bytes);
	free(screen);
}

void screen_open(const struct screen_options *options)
{
	struct winsize size = { .ws_row = (unsigned short)options->rows, .ws_col = (unsigned short)options->cols };
	int theirs;

	screen = mem_zalloc(sizeof(*screen));
	screen->rows = options->rows;
	screen->cols = options->cols;
	start_emulator();
	at_case_end(give_back, screen);
	if (openpty(&screen->tty, &theirs, NULL, NULL, &size) < 0)
		fail_msg("openpty: %s", strerror(errno));
	tcgetattr(theirs, &screen->before);
	screen->their_end = theirs;
	screen->pid = fork();
	if (screen->pid == 0) {
		close(screen->tty);
		login_tty(theirs);
		become_program(options);
	}
	fcntl(screen->tty, F_SETFL, O_NONBLOCK);
	fcntl(screen->tty, F_SETFD, FD_CLOEXEC);
	fcntl(screen->their_end, F_SETFD, FD_CLOEXEC);
}

void screen_open_demo(int rows, int cols, const char *scenario, const char *extra)
{
	char *demo = mem_printf("--demo=%s", scenario);
	struct screen_options options = { .rows = rows, .cols = cols, .args = { demo, extra } };

	screen_open(&options);
	free(demo);
}

/* --- reading --- */

static void keep_bytes(const char *bytes, size_t len)
{
	screen->bytes = mem_realloc(screen->bytes, screen->byte_count + len + 1, 1);
	memcpy(screen->bytes + screen->byte_count, bytes, len);
	screen->byte_count += len;
	screen->bytes[screen->byte_count] = '\0';
}

static void reap(void)
{
	if (!screen->has_ended && waitpid(screen->pid, &screen->status, WNOHANG) == screen->pid)
		screen->has_ended = true;
}

/* By its buttons. */
static void note_dialog(void)
{
	const bool asked = screen->asks;

	screen->asks = screen_shows(" (n)") || screen_shows("[ Close ]");
	if (asked && !screen->asks)
		screen->asked_until = now_ms();
}

bool screen_pump(int ms)
{
	struct pollfd pollfd = { .fd = screen->tty, .events = POLLIN };
	char bytes[16384];
	ssize_t n;

	reap();
	if (poll(&pollfd, 1, ms) <= 0)
		return false;
	n = read(screen->tty, bytes, sizeof(bytes));
	if (n <= 0)
		return false;
	keep_bytes(bytes, (size_t)n);
	vterm_input_write(screen->vt, bytes, (size_t)n);
	vterm_screen_flush_damage(screen->cells);
	note_dialog();
	return true;
}

/* --- the picture --- */

VTermScreenCell cell_at(int row, int col)
{
	VTermScreenCell cell = { 0 };

	vterm_screen_get_cell(screen->cells, (VTermPos){ .row = row, .col = col }, &cell);
	return cell;
}

char *row_text(int row)
{
	VTermRect rect = { .start_row = row, .end_row = row + 1, .start_col = 0, .end_col = screen->cols };
	size_t room = (size_t)screen->cols * 16;
	char *text = mem_zalloc(room + 1);
	size_t len = vterm_screen_get_text(screen->cells, text, room, rect);

	while (len > 0 && text[len - 1] == ' ')
		len--;
	text[len] = '\0';
	return text;
}

char *screen_text(void)
{
	char *text = mem_zalloc(TEXT_MAX);
	size_t len = 0;

	for (int row = 0; row < screen->rows; row++) {
		char *line = row_text(row);

		len += (size_t)snprintf(text + len, TEXT_MAX - len, "%s\n", line);
		free(line);
	}
	return text;
}

int row_of(const char *words)
{
	for (int row = 0; row < screen->rows; row++) {
		char *line = row_text(row);
		bool found = strstr(line, words) != NULL;

		free(line);
		if (found)
			return row;
	}
	return -1;
}

int col_of(int row, const char *words)
{
	for (int col = 0; col < screen->cols; col++) {
		VTermRect rect = { .start_row = row, .end_row = row + 1, .start_col = col, .end_col = screen->cols };
		char text[4096];
		size_t len = vterm_screen_get_text(screen->cells, text, sizeof(text) - 1, rect);

		text[len] = '\0';
		if (strncmp(text, words, strlen(words)) == 0)
			return col;
	}
	return -1;
}

bool screen_shows(const char *words)
{
	return row_of(words) >= 0;
}

static void fail_with_picture(const char *complaint, const char *words)
{
	char *text = screen_text();

	fail_msg("%s \"%s\"%s; the screen:\n%s", complaint, words,
		 screen->has_ended ? " (and the program has ended)" : "", text);
}

void shows(const char *words)
{
	if (!screen_shows(words))
		fail_with_picture("there is no", words);
}

void shows_not(const char *words)
{
	if (screen_shows(words))
		fail_with_picture("there should be no", words);
}

/* Reads on until it holds; fails with a picture when the time is over, or the program. */
#define WAIT_UNTIL(it_holds, complaint, words) \
	for (const int64_t until = now_ms() + SCREEN_PATIENCE_MS; !(it_holds);) \
		if (now_ms() > until || (!screen_pump(PUMP_MS) && screen->has_ended)) \
	fail_with_picture(complaint, words)

void wait_for(const char *words)
{
	WAIT_UNTIL(screen_shows(words), "waited in vain for", words);
}

/* Behind the cursor without the blanks in front, or all in front of it; freed by the caller. */
static char *text_at_cursor(bool in_front)
{
	char *text = mem_zalloc(TEXT_MAX), *from;
	VTermPos at;

	vterm_state_get_cursorpos(vterm_obtain_state(screen->vt), &at);
	vterm_screen_get_text(
		screen->cells, text, TEXT_MAX - 1,
		(VTermRect){ at.row, at.row + 1, in_front ? 0 : at.col, in_front ? at.col : screen->cols });
	from = mem_strdup(in_front ? text : text + strspn(text, " "));
	free(text);
	return from;
}

static bool cursor_is_at(const char *words, bool in_front)
{
	char *text = text_at_cursor(in_front);
	const size_t len = strlen(text), words_len = strlen(words);
	const bool is = len >= words_len && strncmp(in_front ? text + len - words_len : text, words, words_len) == 0;

	free(text);
	return is;
}

static void wait_for_cursor_at(const char *words, bool in_front)
{
	WAIT_UNTIL(cursor_is_at(words, in_front),
		   keep(mem_printf("the cursor is at \"%s\", not at", text_at_cursor(in_front))), words);
}

void wait_for_cursor(const char *words)
{
	wait_for_cursor_at(words, false);
}

void wait_for_cursor_behind(const char *words)
{
	wait_for_cursor_at(words, true);
}

static bool has_row(const char *first, const char *then)
{
	for (int row = 0; row < screen->rows; row++) {
		char *line = row_text(row);
		const char *at = strstr(line, first);
		bool found = at && strstr(at + strlen(first), then);

		free(line);
		if (found)
			return true;
	}
	return false;
}

void wait_for_row(const char *first, const char *then)
{
	WAIT_UNTIL(has_row(first, then), "waited in vain for a row", keep(mem_printf("%s ... %s", first, then)));
}

void wait_until_gone(const char *words)
{
	WAIT_UNTIL(!screen_shows(words), "waited in vain for the end of", words);
}

void wait_for_end(void)
{
	int64_t until = now_ms() + SCREEN_PATIENCE_MS;

	while (screen_pump(PUMP_MS) || !screen->has_ended) {
		if (now_ms() > until)
			fail_with_picture("it goes on", "");
	}
}

void wait_for_end_without_reading(void)
{
	int64_t until = now_ms() + SCREEN_PATIENCE_MS;

	while (!screen->has_ended) {
		if (now_ms() > until)
			fail_msg("it goes on");
		poll(NULL, 0, PUMP_MS);
		reap();
	}
}

void wait_for_bytes(const char *bytes)
{
	WAIT_UNTIL(screen->bytes && strstr(screen->bytes, bytes), "never written:", bytes + 1);
}

/* --- keys --- */

void send_bytes(const char *bytes, size_t len)
{
	int64_t until = now_ms() + SCREEN_PATIENCE_MS;

	while (len > 0) {
		ssize_t n = write(screen->tty, bytes, len);

		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		} else if (now_ms() > until) {
			fail_msg("the terminal takes no more input");
		}
		if (len > 0)
			screen_pump(1);
	}
}

void send_without_reading(const char *bytes)
{
	struct pollfd pollfd = { .fd = screen->tty, .events = POLLOUT };

	if (poll(&pollfd, 1, SCREEN_PATIENCE_MS) != 1 || write(screen->tty, bytes, strlen(bytes)) < 0)
		fail_msg("the terminal takes no more input");
}

/* What follows ESC is an answer that no key has, so that it is Esc however late the program reads it. */
static const char *named_bytes(uint32_t code)
{
	/* clang-format off */
	static const struct {
		uint32_t code;
		const char *bytes;
	} table[] = {
		{ KEYCODE_UP, "\033[A" },       { KEYCODE_DOWN, "\033[B" },     { KEYCODE_RIGHT, "\033[C" },
		{ KEYCODE_LEFT, "\033[D" },     { KEYCODE_HOME, "\033[H" },     { KEYCODE_END, "\033[F" },
		{ KEYCODE_PAGE_UP, "\033[5~" }, { KEYCODE_PAGE_DOWN, "\033[6~" }, { KEYCODE_DELETE, "\033[3~" },
		{ KEYCODE_BACKSPACE, "\177" },  { KEYCODE_TAB, "\t" },          { KEYCODE_BACK_TAB, "\033[Z" },
		{ KEYCODE_ENTER, "\r" },        { KEYCODE_ESC, "\033\033[0n" }, { KEYCODE_F1, "\033OP" },
		{ KEYCODE_F1 + 1, "\033OQ" },   { KEYCODE_F1 + 2, "\033OR" },     { KEYCODE_F1 + 3, "\033OS" },
		{ KEYCODE_F1 + 4, "\033[15~" }, { KEYCODE_F1 + 5, "\033[17~" },   { KEYCODE_F1 + 9, "\033[21~" },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (table[i].code == code)
			return table[i].bytes;
	}
	return NULL;
}

/* The dashboard drops what was typed for a dialog that is gone (UI_DEAF_MS). */
void wait_until_heard(void)
{
	while (!screen->asks && screen->asked_until && now_ms() < screen->asked_until + DEAF_MS)
		screen_pump(10);
}

static void press_one(const char *name, size_t len)
{
	struct key key;
	char byte;

	wait_until_heard();
	if (!key_parse(name, len, &key))
		fail_msg("\"%.*s\"; expected L, ^D, F2, Space, PgUp, M-x ...", (int)len, name);
	if (named_bytes(key.code)) {
		send_bytes(named_bytes(key.code), strlen(named_bytes(key.code)));
	} else {
		byte = (char)(key.mods & KEY_CTRL ? key.code & 0x1f : key.code);
		send_bytes(&byte, 1);
	}
}

/* A person's fingers are slower than the program. */
void press(const char *keys)
{
	for (const char *at = keys + strspn(keys, " "); *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");
		int64_t until = now_ms() + 60;

		press_one(at, len);
		while (now_ms() < until)
			screen_pump((int)MAX(until - now_ms(), 1));
		at += len;
	}
}

void press_until_it_ends(const char *keys)
{
	for (int tries = 0; tries < 20 && !screen->has_ended; tries++)
		press(keys);
	wait_for_end();
}

void type_in(const char *text)
{
	wait_until_heard();
	for (; *text; text++) {
		int64_t until = now_ms() + 30;

		send_bytes(text, 1);
		while (now_ms() < until)
			screen_pump((int)MAX(until - now_ms(), 1));
	}
}

void paste(const char *text)
{
	char *bytes = mem_printf("\033[200~%s\033[201~", text);

	send_bytes(bytes, strlen(bytes));
	free(bytes);
}

void go_to_vm(const char *vm)
{
	wait_for("NAME"); /* what is typed before a terminal is ours is lost */
	press("/");
	press("^U");
	type_in(vm);
	wait_for("1 shown");
	press("Enter");
	wait_until_gone("Enter: apply");
}

void say_yes(const char *words)
{
	int64_t until = now_ms() + SCREEN_PATIENCE_MS;

	wait_for(words);
	while (screen_shows(words)) {
		if (now_ms() > until)
			fail_with_picture("no yes is taken for", words);
		press("y");
	}
}

void resize(int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };

	screen->rows = rows;
	screen->cols = cols;
	vterm_set_size(screen->vt, rows, cols);
	ioctl(screen->tty, TIOCSWINSZ, &size);
}

void send_to_emulator(const char *bytes)
{
	vterm_input_write(screen->vt, bytes, strlen(bytes));
	vterm_screen_flush_damage(screen->cells);
}

void hang_up(void)
{
	close(screen->tty);
	close(screen->their_end);
	screen->tty = screen->their_end = -1;
}

/* --- the end --- */

int exit_status_of(void)
{
	return WIFSIGNALED(screen->status) ? 128 + WTERMSIG(screen->status) : WEXITSTATUS(screen->status);
}

void terminal_is_as_before(void)
{
	struct termios after;

	if (tcgetattr(screen->their_end, &after) < 0)
		fail_msg("tcgetattr: %s", strerror(errno));
	if (after.c_lflag != screen->before.c_lflag || after.c_iflag != screen->before.c_iflag ||
	    after.c_oflag != screen->before.c_oflag || after.c_cflag != screen->before.c_cflag)
		fail_msg("the terminal's settings are not what they were");
	if (screen->alternate)
		fail_with_picture("left on the alternate screen", "");
	if (!screen->cursor_shown)
		fail_with_picture("left without its cursor", "");
}

void ends_with(int status)
{
	wait_for_end();
	assert_int_equal(exit_status_of(), status);
	terminal_is_as_before();
	screen_close();
}
