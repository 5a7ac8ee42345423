/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.h - time, in one place, so that tests can crank it.
 *
 * clock_ms() is monotonic (CLOCK_MONOTONIC) and has no meaning but its differences: deadlines,
 * ages and countdowns use nothing else. clock_wall() is for people's eyes. Any thread.
 */
#pragma once

#include "base/base.h"

#include <time.h>

int64_t clock_ms(void);
int clock_seconds_since(int64_t ms);
time_t clock_wall(void);

/* Sleeps on a worker thread; with a fake clock it advances that instead. */
void clock_sleep(int64_t ms);

/* Tests and seeded demos: from here on time stands still until clock_advance(). */
void clock_stop_at(int64_t ms, time_t wall);
void clock_advance(int64_t ms);
bool clock_is_cranked(void);

/* "2026-11-22T14:56:00Z" into a buffer of at least 24 bytes. */
void clock_format_utc(time_t when, char *buf, size_t size);
/* The way back; false: it is no such time. */
bool clock_parse_utc(const char *text, time_t *ret);
/* Local time with its offset (RFC 3339), "2026-11-22T15:56:00+01:00"; at least 32 bytes. */
void clock_format_offset(time_t when, char *buf, size_t size);
/* Local time for people, "2026-11-22 15:56:00"; at least 24 bytes. */
void clock_format_local(time_t when, char *buf, size_t size);
