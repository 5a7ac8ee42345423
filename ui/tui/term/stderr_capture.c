/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/term/stderr_capture.h"

#include "base/log.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

enum { LINE_MAX_BYTES = 512 };

static struct {
	struct loop *loop;
	int theirs;   /* stderr as it was; -1: no tap */
	int ends[2];  /* the pipe that stderr is meanwhile; neither end waits */
	char line[LINE_MAX_BYTES];
	size_t len;
} tap = { .theirs = -1, .ends = { -1, -1 } };

static void tell_line(void)
{
	struct safe_text text = text_from_outside(tap.line, tap.len, TEXT_CAP_LINE);

	if (!text_is_empty(text))
		log_add(LOG_LEVEL_WARNING, "%s", text_str(text));
	text_free(&text);
	tap.len = 0;
}

static bool take_some(void)
{
	char bytes[4096];
	ssize_t n = read(tap.ends[0], bytes, sizeof(bytes));

	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] != '\n')
			tap.line[tap.len++] = bytes[i];
		if (bytes[i] == '\n' || tap.len == sizeof(tap.line))
			tell_line();
	}
	return n > 0;
}

/* A little at a time: keys come first, however much a library has to say. */
static void on_readable(void *data, int fd, short revents)
{
	(void)data;
	(void)fd;
	(void)revents;
	take_some();
}

void stderr_capture_open(struct loop *loop)
{
	if (SANITIZED || !isatty(STDERR_FILENO) || pipe2(tap.ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return;
	tap.loop = loop;
	tap.theirs = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	loop_watch(loop, tap.ends[0], POLLIN, on_readable, NULL);
}

void stderr_capture_on(void)
{
	if (tap.theirs >= 0)
		dup2(tap.ends[1], STDERR_FILENO);
}

void stderr_capture_off(void)
{
	if (tap.theirs >= 0)
		dup2(tap.theirs, STDERR_FILENO);
}

void stderr_capture_pour_out(void)
{
	char bytes[512];
	ssize_t n;

	while (tap.theirs >= 0 && (n = read(tap.ends[0], bytes, sizeof(bytes))) > 0)
		if (write(tap.theirs, bytes, (size_t)n) < 0)
			return;
}

void stderr_capture_close(void)
{
	if (tap.ends[0] < 0)
		return;
	stderr_capture_off();
	while (take_some())
		;
	if (tap.len)
		tell_line();
	loop_watch(tap.loop, tap.ends[0], 0, NULL, NULL);
	close(tap.ends[0]);
	close(tap.ends[1]);
	if (tap.theirs >= 0)
		close(tap.theirs);
	tap.theirs = tap.ends[0] = tap.ends[1] = -1;
}
