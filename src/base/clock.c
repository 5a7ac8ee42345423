/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"

#include <errno.h>
#include <stdatomic.h>

static atomic_bool is_fake;
static _Atomic int64_t cranked_ms;
static _Atomic int64_t stopped_at;
static _Atomic time_t stopped_wall;

int64_t clock_ms(void)
{
	struct timespec ts;

	if (atomic_load(&is_fake))
		return atomic_load(&cranked_ms);
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int clock_seconds_since(int64_t ms)
{
	return (int)((clock_ms() - ms) / 1000);
}

time_t clock_wall(void)
{
	if (atomic_load(&is_fake))
		return atomic_load(&stopped_wall) +
		       (time_t)((atomic_load(&cranked_ms) - atomic_load(&stopped_at)) / 1000);
	return time(NULL);
}

void clock_sleep(int64_t ms)
{
	struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000 };

	if (atomic_load(&is_fake)) {
		clock_advance(ms);
		return;
	}
	while (nanosleep(&left, &left) < 0 && errno == EINTR)
		;
}

void clock_stop_at(int64_t ms, time_t wall)
{
	atomic_store(&stopped_at, ms);
	atomic_store(&stopped_wall, wall);
	atomic_store(&cranked_ms, ms);
	atomic_store(&is_fake, true);
}

void clock_advance(int64_t ms)
{
	atomic_fetch_add(&cranked_ms, ms);
}

bool clock_is_cranked(void)
{
	return atomic_load(&is_fake);
}

static const char utc_format[] = "%Y-%m-%dT%H:%M:%SZ";

void clock_format_utc(time_t when, char *buf, size_t size)
{
	struct tm tm;

	if (!gmtime_r(&when, &tm) || !strftime(buf, size, utc_format, &tm))
		buf[0] = '\0';
}

bool clock_parse_utc(const char *text, time_t *ret)
{
	struct tm tm = { 0 };

	if (!strptime(text, utc_format, &tm))
		return false;
	*ret = timegm(&tm);
	return true;
}

void clock_format_local(time_t when, char *buf, size_t size)
{
	struct tm tm;

	if (!localtime_r(&when, &tm) || !strftime(buf, size, "%Y-%m-%d %H:%M:%S", &tm))
		buf[0] = '\0';
}

void clock_format_offset(time_t when, char *buf, size_t size)
{
	char digits[32];
	struct tm tm;
	size_t len;

	/* "+0100" lacks a colon. */
	buf[0] = '\0';
	if (localtime_r(&when, &tm) && (len = strftime(digits, sizeof(digits), "%Y-%m-%dT%H:%M:%S%z", &tm)) > 2)
		snprintf(buf, size, "%.*s:%s", (int)len - 2, digits, digits + len - 2);
}
