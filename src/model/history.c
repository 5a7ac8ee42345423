/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/history.h"

void history_add(struct history *history, struct history_sample sample)
{
	history->at[history->next] = sample;
	history->next = (history->next + 1) % HISTORY_MAX;
	history->count = MIN(history->count + 1, (size_t)HISTORY_MAX);
}

const struct history_sample *history_at(const struct history *history, size_t index)
{
	if (!history || index >= history->count)
		return NULL;
	return &history->at[(history->next + HISTORY_MAX - history->count + index) % HISTORY_MAX];
}

int64_t history_seconds(const struct history *history)
{
	if (!history || history->count == 0)
		return 0;
	return (history_at(history, history->count - 1)->at - history_at(history, 0)->at) / 1000;
}

double history_cpu(const struct history_sample *sample)
{
	return sample->cpu_percent;
}

double history_memory(const struct history_sample *sample)
{
	return (double)sample->memory_kib;
}

/* --- as bars --- */

enum { LEVELS = 8 };

static const char *const bars[LEVELS] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

void sparkline_make(struct sparkline *sparkline, const double *values, size_t count, double least, double most,
		    size_t cells)
{
	char *end = sparkline->buf;

	cells = MIN(cells, (size_t)SPARKLINE_MAX);
	sparkline->known = false;
	for (size_t i = count > cells ? count - cells : 0; i < count; i++) {
		const double part = most > least ? MAX(MIN((values[i] - least) / (most - least), 1), 0) : 0;
		const char *bar = values[i] < 0 ? "?" : bars[MIN((int)(part * LEVELS), LEVELS - 1)];
		size_t len = strlen(bar);

		memcpy(end, bar, len);
		end += len;
		sparkline->known |= values[i] >= 0;
	}
	*end = '\0';
}

void sparkline_of_history(struct sparkline *sparkline, const struct history *history, history_figure_fn *figure,
			  double least, double most, size_t cells)
{
	const struct history_sample *sample;
	double values[HISTORY_MAX];
	size_t count = 0;

	for (; (sample = history_at(history, count)); count++) {
		values[count] = figure(sample);
		most = MAX(most, values[count]);
	}
	sparkline_make(sparkline, values, count, least, most, cells);
}

bool history_range(const struct history *history, history_figure_fn *figure, size_t cells, double *ret_least,
		   double *ret_most)
{
	const size_t count = history ? history->count : 0;
	bool any = false;

	for (size_t i = count > cells ? count - cells : 0; i < count; i++) {
		const double value = figure(history_at(history, i));

		if (value < 0)
			continue;
		*ret_least = any ? MIN(*ret_least, value) : value;
		*ret_most = any ? MAX(*ret_most, value) : value;
		any = true;
	}
	return any;
}
