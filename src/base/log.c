/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/log.h"

#include "base/clock.h"
#include "base/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	QUEUE_LINES = 4096,
	CLOSE_MS = 500,
};

struct entry {
	time_t when;
	enum log_level level;
	struct safe_text text; /* owned */
};

/* One lock for all of it; the writer lets go of it while it writes. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct {
	struct entry entries[LOG_RING_LINES]; /* line n stands in place n % LOG_RING_LINES */
	uint64_t count;
} ring;

static struct {
	int fd;
	bool is_open, is_closing, has_failed;
	pthread_t thread;
	pthread_cond_t work, idle;
	struct safe_text lines[QUEUE_LINES]; /* owned, from `first` on */
	size_t first, count;
	uint64_t lost;
} file;

static const char *const level_names[] = {
	[LOG_LEVEL_DEBUG] = "debug",
	[LOG_LEVEL_INFO] = "info",
	[LOG_LEVEL_WARNING] = "warning",
	[LOG_LEVEL_ERROR] = "error",
};

/* Under the lock. */
static void ring_add(time_t when, enum log_level level, struct safe_text owned)
{
	struct entry *entry = &ring.entries[ring.count % LOG_RING_LINES];

	entry->when = when;
	entry->level = level;
	text_set(&entry->text, owned);
	ring.count++;
}

/* One call a line, so that the lines of several processes do not mix. 0, or the error's number. */
static int write_line(int fd, struct safe_text line)
{
	OWN(bytes) char *bytes = mem_printf("%s\n", text_str(line));
	size_t len = strlen(bytes), at = 0;
	int error = 0;

	while (at < len && !error) {
		ssize_t n = write(fd, bytes + at, len - at);

		if (n >= 0)
			at += (size_t)n;
		else if (errno != EINTR)
			error = errno;
	}
	return error;
}

/* Under the lock. */
static struct safe_text take_line(void)
{
	struct safe_text line = { 0 };

	if (file.count > 0) {
		text_move(&line, &file.lines[file.first]);
		file.first = (file.first + 1) % QUEUE_LINES;
		file.count--;
	} else {
		line = text_format("... %llu lines are missing here, the file could not keep up",
				   (unsigned long long)file.lost);
		file.lost = 0;
	}
	return line;
}

static void *write_lines(void *unused UNUSED)
{
	pthread_mutex_lock(&lock);
	while (file.count > 0 || file.lost || !file.is_closing) {
		struct safe_text line;
		int why;

		if (file.count == 0 && !file.lost) {
			pthread_cond_wait(&file.work, &lock);
			continue;
		}
		line = take_line();
		pthread_mutex_unlock(&lock);
		why = write_line(file.fd, line);
		text_free(&line);
		pthread_mutex_lock(&lock);
		if (!why || file.has_failed)
			continue;
		file.has_failed = true;
		while (file.count > 0 || file.lost) {
			line = take_line();
			text_free(&line);
		}
		ring_add(clock_wall(), LOG_LEVEL_ERROR,
			 text_format(_("cannot write the log file, it ends here: %s"), strerror(why)));
	}
	close(file.fd);
	file.is_open = false;
	pthread_cond_broadcast(&file.idle);
	pthread_mutex_unlock(&lock);
	return NULL;
}

static bool open_checked(const char *path, int *ret_fd, struct err *err)
{
	OWN(text) struct safe_text name = text_sanitize_str(path, TEXT_CAP_LINE);
	/* O_NONBLOCK: a FIFO that nobody reads is an error, not a wait. */
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600);
	struct stat st;
	bool ok = false;

	if (fd < 0 && errno == ELOOP)
		err_set(err, ERR_SYSTEM, _("the log file %s is a symbolic link; use the file it points to"),
			text_str(name));
	else if (fd < 0)
		err_set_errno(err, errno, _("cannot open the log file %s"), text_str(name));
	else if (isatty(fd))
		err_set(err, ERR_USAGE, _("the log file %s is a terminal; use a file"), text_str(name));
	else if (fstat(fd, &st) < 0)
		err_set_errno(err, errno, _("cannot open the log file %s"), text_str(name));
	else if (S_ISREG(st.st_mode) && st.st_uid != geteuid() && st.st_uid != 0)
		err_set(err, ERR_DENIED, _("the log file %s belongs to another user; use one of your own"),
			text_str(name));
	else
		ok = true;
	if (fd >= 0 && !ok)
		close(fd);
	if (ok) {
		fcntl(fd, F_SETFL, O_APPEND);
		*ret_fd = fd;
	}
	return ok;
}

bool log_open_file(const char *path, struct err *err)
{
	pthread_condattr_t monotonic;
	int fd, error = EBUSY;

	if (!open_checked(path, &fd, err))
		return false;
	pthread_mutex_lock(&lock);
	if (!file.is_open) {
		file.fd = fd;
		file.is_closing = file.has_failed = false;
		pthread_condattr_init(&monotonic);
		pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
		pthread_cond_init(&file.work, NULL);
		pthread_cond_init(&file.idle, &monotonic);
		pthread_condattr_destroy(&monotonic);
		error = thread_start(&file.thread, 0, write_lines, NULL);
		file.is_open = error == 0;
		if (file.is_open)
			pthread_detach(file.thread);
	}
	pthread_mutex_unlock(&lock);
	if (!error)
		return true;
	close(fd);
	return err_set_errno(err, error, _("cannot start the log writer"));
}

void log_close(void)
{
	struct timespec until = thread_deadline(CLOCK_MONOTONIC, CLOSE_MS);

	pthread_mutex_lock(&lock);
	if (file.is_open) {
		file.is_closing = true;
		pthread_cond_signal(&file.work);
	}
	/* A writer that hangs in the kernel is left behind; all that it touches is static. */
	while (file.is_open && pthread_cond_timedwait(&file.idle, &lock, &until) == 0)
		;
	pthread_mutex_unlock(&lock);
}

void log_add(enum log_level level, const char *format, ...)
{
	time_t now = clock_wall();
	struct safe_text text;
	char stamp[24];
	va_list args;

	va_start(args, format);
	text = text_vformat(format, args);
	va_end(args);
	pthread_mutex_lock(&lock);
	if (file.is_open && !file.has_failed && (file.lost || file.count == QUEUE_LINES)) {
		file.lost++; /* until the writer has told how many: so it tells in the right place */
	} else if (file.is_open && !file.has_failed) {
		clock_format_utc(now, stamp, sizeof(stamp));
		file.lines[(file.first + file.count) % QUEUE_LINES] =
			text_format("%s %s %s", stamp, level_names[level], text_str(text));
		file.count++;
		pthread_cond_signal(&file.work);
	}
	if (level > LOG_LEVEL_DEBUG)
		ring_add(now, level, text);
	else
		text_free(&text);
	pthread_mutex_unlock(&lock);
}

void log_visit(void (*visit)(const struct log_line *line, void *data), void *data)
{
	uint64_t first;

	pthread_mutex_lock(&lock);
	first = ring.count > LOG_RING_LINES ? ring.count - LOG_RING_LINES : 0;
	for (uint64_t n = first; n < ring.count; n++) {
		const struct entry *entry = &ring.entries[n % LOG_RING_LINES];

		visit(&(struct log_line){ .when = entry->when, .level = entry->level, .text = entry->text }, data);
	}
	pthread_mutex_unlock(&lock);
}
