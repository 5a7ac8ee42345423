/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/uptime.h"

#include <inttypes.h>

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS, DAYS_ALONE = 100 };

void uptime_note(struct uptime *uptime, int64_t ms, int64_t at)
{
	uptime->known = true;
	uptime->sure = true;
	uptime->since = at - ms;
}

void uptime_doubt(struct uptime *uptime)
{
	uptime->sure = false;
	uptime->asked_at = 0;
}

void uptime_forget(struct uptime *uptime)
{
	*uptime = (struct uptime){ 0 };
}

int64_t uptime_ms(const struct uptime *uptime, int64_t now)
{
	return uptime->known ? MAX(now - uptime->since, 0) : -1;
}

void uptime_words(int64_t ms, char *buf, size_t size)
{
	const int64_t minutes = ms / MINUTE_MS, hours = ms / HOUR_MS, days = ms / DAY_MS;

	if (ms < 0)
		snprintf(buf, size, "%s", "");
	else if (minutes == 0)
		snprintf(buf, size, "<1m");
	else if (hours == 0)
		snprintf(buf, size, "%" PRId64 "m", minutes);
	else if (days == 0)
		snprintf(buf, size, "%" PRId64 "h%" PRId64 "m", hours, minutes % 60);
	else if (days < DAYS_ALONE)
		snprintf(buf, size, "%" PRId64 "d%" PRId64 "h", days, hours % 24);
	else
		snprintf(buf, size, "%" PRId64 "d", days);
}

int64_t uptime_words_last_ms(int64_t ms)
{
	const int64_t step = ms < DAY_MS ? MINUTE_MS : HOUR_MS;

	return ms < 0 ? -1 : step - ms % step;
}
