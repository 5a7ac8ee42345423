/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uptime.h - how long a guest's system has been up, counted on from when somebody knew it.
 *
 * No host tells when a VM started. We know it of those that we saw boot, and of those whose guest was asked. A VM
 * that stood still, or whose agent went away, keeps what was known of it until its guest can be asked again.
 */
#pragma once

#include "base/base.h"

enum { UPTIME_WORDS_SIZE = 24 };

struct uptime {
	bool known;
	bool sure;        /* the guest need not be asked */
	int64_t since;    /* clock_ms(); negative: before the clock began */
	int64_t asked_at; /* clock_ms() of the last question to the guest, 0 never */
};

void uptime_note(struct uptime *uptime, int64_t ms, int64_t at); /* so long it was up, at clock_ms() */
void uptime_doubt(struct uptime *uptime);
void uptime_forget(struct uptime *uptime);
int64_t uptime_ms(const struct uptime *uptime, int64_t now); /* -1 unknown */

/* "<1m", "59m", "23h59m", "99d23h", "412d"; unknown: "". */
void uptime_words(int64_t ms, char *buf, size_t size);
/* After so long the words are others; -1 never. */
int64_t uptime_words_last_ms(int64_t ms);
