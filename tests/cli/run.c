/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/cli/run.h"

#include "tests/cli/schema.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { WORDS_MAX = 32, WORDS_BYTES = 4096, LIMIT_S = 60, SCREEN_MAX = 1 << 16 };

struct ran ran;
const char *run_program;

static char home[64], path[4096];
static int out_fd = -1, err_fd = -1, terminal = -1;
static pid_t started, on_terminal; /* last */
static char last_words[WORDS_BYTES];
static char screen[SCREEN_MAX];
static size_t screen_len;

/* --- a home of its own --- */

const char *run_path(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", home, name);
	return path;
}

int run_set_up(void **state)
{
	static const char *const unset[] = { "INNKEEPER_CONFIG", "LIBVIRT_DEFAULT_URI", "NO_COLOR",
					     "LANGUAGE",         "LC_MESSAGES",         "LC_CTYPE",
					     "POSIXLY_CORRECT" };

	snprintf(home, sizeof(home), "/tmp/innkeeper-cli-XXXXXX");
	if (!mkdtemp(home))
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(unset); i++)
		unsetenv(unset[i]);
	setenv("HOME", home, 1);
	setenv("XDG_CONFIG_HOME", home, 1);
	setenv("XDG_STATE_HOME", home, 1);
	setenv("XDG_RUNTIME_DIR", home, 1);
	/* Other tests, side by side with this one, act on the same VM of libvirt's test driver. */
	setenv("INNKEEPER_LOCK_DIR", run_path("locks"), 1);
	return setenv("LC_ALL", "C.UTF-8", 1);
}

static int remove_one(const char *name, const struct stat *st, int type, struct FTW *at)
{
	return remove(name);
}

int run_tear_down(void **state)
{
	free(ran.out);
	free(ran.err);
	return nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

void run_write_file(const char *name, const char *text)
{
	FILE *file = fopen(run_path(name), "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(run_path(name), 0600), 0);
}

/* --- starting --- */

static const char *replaced(const char *word)
{
	static const char *const scenarios[][2] = { { "FLEET", "fleet" },   { "HALF", "half" },
						    { "GUESTS", "guests" }, { "UNTOLD", "untold" },
						    { "LATE", "late" },     { "UNANSWERED", "unanswered" },
						    { "DOCTOR", "doctor" }, { "DRAINS", "../scenarios/cordon" } };
	static char fleet[4096];
	const char *folder = getenv("srcdir");

	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++) {
		if (strcmp(word, scenarios[i][0]) != 0)
			continue;
		snprintf(fleet, sizeof(fleet), "--demo=%s/tests/cli/%s.conf", folder ? folder : ".", scenarios[i][1]);
		return fleet;
	}
	return word;
}

static void exec_words(const char *words)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
	const struct sigaction by_default = { .sa_handler = SIG_DFL };
	const char *program = run_program ? run_program : getenv("INNKEEPER");
	char *argv[WORDS_MAX + 2] = { (char *)(program ? program : "./innkeeper") }, *line = strdup(words);
	int argc = 1;

	for (char *word = line; word && argc <= WORDS_MAX;) {
		char *blank = strchr(word, ' ');

		if (blank)
			*blank = '\0';
		if (*word)
			argv[argc++] = strdup(replaced(word));
		word = blank ? blank + 1 : NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		sigaction(ends[i], &by_default, NULL); /* a shell's & makes its children ignore SIGINT */
	alarm(LIMIT_S);
	execv(argv[0], argv);
	_exit(127);
}

static int scratch_file(void)
{
	char name[] = "/tmp/innkeeper-out-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	unlink(name);
	return fd;
}

static void set_fd(int fd, int from)
{
	if (from < 0)
		close(fd);
	else
		dup2(from, fd);
}

static int deaf_pipe(void)
{
	int ends[2];

	if (pipe(ends) != 0)
		_exit(126);
	close(ends[0]);
	return ends[1];
}

static const char *input; /* NULL: none */

/* What fits into a pipe; its end follows. */
static int input_pipe(void)
{
	int ends[2];

	if (pipe(ends) != 0 || write(ends[1], input, strlen(input)) != (ssize_t)strlen(input))
		_exit(126);
	close(ends[1]);
	return ends[0];
}

static void child(enum run_with how, const char *words)
{
	int out = out_fd;

	if (how == RUN_FULL_DISK)
		out = open("/dev/full", O_WRONLY);
	else if (how == RUN_DEAF_READER)
		out = deaf_pipe();
	else if (how == RUN_NO_STDOUT)
		out = -1;
	set_fd(STDIN_FILENO, how == RUN_NO_STDIN ? -1 : input ? input_pipe() : open("/dev/null", O_RDONLY));
	set_fd(STDERR_FILENO, how == RUN_NO_STDERR ? -1 : err_fd);
	set_fd(STDOUT_FILENO, out);
	for (int fd = STDERR_FILENO + 1; fd < 64; fd++)
		close(fd);
	exec_words(words);
}

static pid_t start(enum run_with how, const char *words)
{
	pid_t pid;

	snprintf(last_words, sizeof(last_words), "%s", words);
	out_fd = scratch_file();
	err_fd = scratch_file();
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		child(how, words);
	return pid;
}

#define WORDS_OF(format, words) \
	char words[WORDS_BYTES]; \
	va_list ap; \
	va_start(ap, format); \
	vsnprintf(words, sizeof(words), format, ap); \
	va_end(ap)

pid_t run_start(const char *format, ...)
{
	WORDS_OF(format, words);
	started = start(RUN_PLAIN, words);
	return started;
}

void run_kill(int signal)
{
	assert_int_equal(kill(started, signal), 0);
}

/* --- ending --- */

static char *all_of(int fd)
{
	struct stat st;
	char *bytes;

	assert_int_equal(fstat(fd, &st), 0);
	bytes = calloc(1, (size_t)st.st_size + 1);
	assert_non_null(bytes);
	assert_int_equal(pread(fd, bytes, (size_t)st.st_size, 0), st.st_size);
	return bytes;
}

static int status_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void finish(pid_t pid)
{
	ran.status = status_of(pid);
	free(ran.out);
	free(ran.err);
	ran.out = all_of(out_fd);
	ran.err = all_of(err_fd);
	close(out_fd);
	close(err_fd);
	if (ran.status >= 0)
		schema_check(last_words, ran.out);
}

void run_finish(int status)
{
	finish(started);
	status_is((enum exit_status)status);
}

void run_with(enum run_with how, const char *words)
{
	finish(start(how, words));
}

void run(const char *format, ...)
{
	WORDS_OF(format, words);
	run_with(RUN_PLAIN, words);
}

void exits(enum exit_status status, const char *format, ...)
{
	WORDS_OF(format, words);
	run_with(RUN_PLAIN, words);
	status_is(status);
}

void reads(enum exit_status status, const char *lines, const char *format, ...)
{
	WORDS_OF(format, words);
	input = lines;
	run_with(RUN_PLAIN, words);
	input = NULL;
	status_is(status);
}

static bool is_late(time_t since)
{
	return time(NULL) - since > LIMIT_S;
}

void run_wait_for_output(const char *part)
{
	const time_t since = time(NULL);

	for (;;) {
		char *so_far = all_of(out_fd);
		bool found = strstr(so_far, part) != NULL;

		free(so_far);
		if (found)
			return;
		assert_false(is_late(since));
		poll(NULL, 0, 20);
	}
}

/* --- on a terminal --- */

void run_on_terminal(const char *format, ...)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };

	WORDS_OF(format, words);
	started = on_terminal = forkpty(&terminal, NULL, NULL, &size);
	assert_true(started >= 0);
	if (started == 0)
		exec_words(words);
	screen_len = 0;
	screen[0] = '\0';
}

static bool read_screen(int wait_ms)
{
	struct pollfd poll_fd = { .fd = terminal, .events = POLLIN };
	ssize_t got;

	if (poll(&poll_fd, 1, wait_ms) <= 0)
		return true;
	got = read(terminal, screen + screen_len, sizeof(screen) - 1 - screen_len);
	if (got <= 0)
		return false;
	screen_len += (size_t)got;
	screen[screen_len] = '\0';
	return true;
}

void run_wait_for_screen(const char *part)
{
	const time_t since = time(NULL);

	while (!strstr(screen, part)) {
		if (!read_screen(100) || is_late(since))
			fail_msg("\"%s\" is not on the screen:\n%s", part, screen);
	}
}

void run_type(const char *keys)
{
	assert_int_equal(write(terminal, keys, strlen(keys)), strlen(keys));
}

/* As fingers do it: a line that comes in one piece was pasted. */
void run_answer(const char *prompt, const char *words)
{
	char echoed[256];

	run_wait_for_screen(prompt);
	run_type(words);
	snprintf(echoed, sizeof(echoed), "%s%s", prompt, words);
	run_wait_for_screen(echoed);
	run_type("\n");
}

bool run_terminal_echoes(void)
{
	struct termios settings;

	assert_int_equal(tcgetattr(terminal, &settings), 0);
	return (settings.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO);
}

void run_leave_terminal(int status)
{
	while (read_screen(-1))
		;
	close(terminal);
	ran.status = status_of(on_terminal);
	free(ran.out);
	ran.out = strdup(screen);
	status_is((enum exit_status)status);
}

/* --- what came of it --- */

void status_is(enum exit_status status)
{
	if (ran.status != (int)status)
		fail_msg("exit status %d, not %d\n--- out\n%s--- err\n%s", ran.status, (int)status,
			 ran.out ? ran.out : "", ran.err ? ran.err : "");
}

static void has(const char *name, const char *whole, const char *part)
{
	if (!strstr(whole, part))
		fail_msg("\"%s\" is not in %s:\n%s", part, name, whole);
}

void out_has(const char *part)
{
	has("stdout", ran.out, part);
}

void out_is(const char *whole)
{
	assert_string_equal(ran.out, whole);
}

void err_has(const char *part)
{
	has("stderr", ran.err, part);
}

void err_is_empty(void)
{
	assert_string_equal(ran.err, "");
}
