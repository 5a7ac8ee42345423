/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The line that answers a question. The terminal's own line editing would hand over `y` and Enter in one piece, and
 * a paste would look like typing; so keys are read one by one and echoed here.
 */
#include "base/crash.h"
#include "ui/cli/cli_context.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum {
	ASK_TIMES = 3,
	NOT_READ_YET_MS = 250, /* too soon for an answer: input until then was typed ahead or pasted */
	KEY_BACKSPACE = 0x7f,
	KEY_ESCAPE = 0x1b,
};

struct answer {
	char *words;
	size_t len;
	bool complete, is_pasted;
};

/* --- the terminal --- */

static struct termios cooked;
static volatile sig_atomic_t is_raw;

static void give_back(void)
{
	if (is_raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &cooked);
	is_raw = 0;
}

/* Drops typed-ahead input. Without a terminal, reads lines as they are. */
static void take_keys(void)
{
	struct termios raw;

	if (is_raw || tcgetattr(STDIN_FILENO, &cooked) < 0)
		return;
	raw = cooked;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	crash_run(give_back);
	is_raw = 1;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
}

/* --- the line --- */

static bool is_special(int index, char key)
{
	return is_raw && cooked.c_cc[index] != _POSIX_VDISABLE && cooked.c_cc[index] == (cc_t)key;
}

/* One character: its bytes that follow the first in UTF-8 go with it. */
static void erase(struct answer *answer)
{
	while (answer->len && ((unsigned char)answer->words[answer->len - 1] & 0xc0) == 0x80)
		answer->len--;
	if (answer->len) {
		answer->len--;
		fputs("\b \b", stderr);
	}
}

static void take_key(struct answer *answer, char key)
{
	if (key == '\n' || key == '\r') {
		answer->complete = true;
	} else if (is_special(VEOF, key)) {
		answer->len = 0;
		answer->complete = true;
	} else if (is_special(VERASE, key) || key == KEY_BACKSPACE || key == '\b') {
		erase(answer);
	} else if (is_special(VKILL, key)) {
		while (answer->len)
			erase(answer);
	} else if ((unsigned char)key >= ' ' && answer->len < ANSWER_MAX - 1) {
		answer->words[answer->len++] = key;
		fputc(key, stderr);
	}
}

/* A line end that arrives together with other bytes was pasted. */
static bool is_paste(const char *bytes, size_t len)
{
	return is_raw && len > 1 && (memchr(bytes, '\n', len) || memchr(bytes, '\r', len));
}

/* An arrow is no text: ESC [ A. 0: there is none. */
static size_t arrow_length(const char *bytes, size_t len)
{
	size_t at = 2;

	if (len < 2 || bytes[0] != KEY_ESCAPE || (bytes[1] != '[' && bytes[1] != 'O'))
		return 0;
	while (at < len && (bytes[at] < '@' || bytes[at] > '~'))
		at++;
	return MIN(at + 1, len);
}

static void on_input(void *data, int fd, short revents)
{
	struct answer *answer = data;
	char bytes[ANSWER_MAX];
	ssize_t got = read(fd, bytes, sizeof(bytes));

	(void)revents;
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (got <= 0) {
		answer->len = 0;
		answer->complete = true;
	} else if (is_paste(bytes, (size_t)got)) {
		answer->is_pasted = answer->complete = true;
	} else {
		for (ssize_t i = 0; i < got && !answer->complete; i++) {
			i += (ssize_t)arrow_length(bytes + i, (size_t)(got - i));
			if (i < got)
				take_key(answer, bytes[i]);
		}
	}
	fflush(stderr);
}

static bool is_complete(struct cli *cli, void *data)
{
	const struct answer *answer = data;

	(void)cli;
	return answer->complete;
}

static bool never(struct cli *cli, void *data)
{
	(void)cli;
	(void)data;
	return false;
}

static bool read_line(struct cli *cli, const char *prompt, struct answer *answer)
{
	struct loop *loop = app_loop(cli->app);
	const int interrupts = cli->interrupts;
	bool ok;

	take_keys();
	cli_wait(cli, never, NULL, NOT_READ_YET_MS);
	tcflush(STDIN_FILENO, TCIFLUSH);
	cli_ask_line("%s", prompt);
	loop_watch(loop, STDIN_FILENO, POLLIN, on_input, answer);
	ok = cli->interrupts == interrupts && cli_wait(cli, is_complete, answer, -1);
	loop_watch(loop, STDIN_FILENO, 0, NULL, NULL);
	answer->words[answer->len] = '\0';
	tcflush(STDIN_FILENO, TCIFLUSH);
	give_back();
	fputc('\n', stderr);
	return ok;
}

bool cli_answer(struct cli *cli, const char *prompt, char words[ANSWER_MAX])
{
	for (int i = 0; i < ASK_TIMES; i++) {
		struct answer answer = { .words = words };

		if (!read_line(cli, prompt, &answer))
			return false;
		if (!answer.is_pasted)
			return true;
		cli_say("%s", _("ignored, because it looks pasted; type the answer"));
	}
	return false;
}
