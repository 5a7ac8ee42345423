/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/term/stderr_capture.h"

#include "base/log.h"

#include <fcntl.h>
#include <poll.h>
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
	int theirs;  /* stderr as it was; -1: no capture */
	int ends[2]; /* the pipe that replaces stderr; both ends non-blocking */
	char line[LINE_MAX_BYTES];
	size_t len;
} capture = { .theirs = -1, .ends = { -1, -1 } };

static void log_line(void)
{
	OWN(text) struct safe_text text = text_sanitize(capture.line, capture.len, TEXT_CAP_LINE);

	if (!text_is_empty(text))
		log_add(LOG_LEVEL_WARNING, "%s", text_str(text));
	capture.len = 0;
}

static bool take_some(void)
{
	char bytes[4096];
	ssize_t n = read(capture.ends[0], bytes, sizeof(bytes));

	for (ssize_t i = 0; i < n; i++) {
		if (bytes[i] != '\n')
			capture.line[capture.len++] = bytes[i];
		if (bytes[i] == '\n' || capture.len == sizeof(capture.line))
			log_line();
	}
	return n > 0;
}

/* One read per wakeup, so that keys are handled in between. */
static void on_readable(void *data UNUSED, int fd UNUSED, short revents UNUSED)
{
	take_some();
}

void stderr_capture_open(struct loop *loop)
{
	if (SANITIZED || !isatty(STDERR_FILENO) || pipe2(capture.ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return;
	capture.loop = loop;
	capture.theirs = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	loop_watch(loop, capture.ends[0], POLLIN, on_readable, NULL);
}

void stderr_capture_on(void)
{
	if (capture.theirs >= 0)
		dup2(capture.ends[1], STDERR_FILENO);
}

void stderr_capture_off(void)
{
	if (capture.theirs >= 0)
		dup2(capture.theirs, STDERR_FILENO);
}

void stderr_capture_pour_out(void)
{
	char bytes[512];
	ssize_t n;

	while (capture.theirs >= 0 && (n = read(capture.ends[0], bytes, sizeof(bytes))) > 0)
		if (write(capture.theirs, bytes, (size_t)n) < 0)
			return;
}

void stderr_capture_close(void)
{
	if (capture.ends[0] < 0)
		return;
	stderr_capture_off();
	while (take_some())
		;
	if (capture.len)
		log_line();
	loop_watch(capture.loop, capture.ends[0], 0, NULL, NULL);
	close(capture.ends[0]);
	close(capture.ends[1]);
	if (capture.theirs >= 0)
		close(capture.theirs);
	capture.theirs = capture.ends[0] = capture.ends[1] = -1;
}
