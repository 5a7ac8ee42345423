/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/sparkline.h"

#include <string.h>

enum { LEVELS = 8 };

static const char *const bars[LEVELS] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

void sparkline_make(struct sparkline *sparkline, const double *values, size_t count, double most, size_t cells)
{
	char *end = sparkline->buf;

	cells = MIN(cells, (size_t)SPARKLINE_MAX);
	sparkline->known = false;
	for (size_t i = count > cells ? count - cells : 0; i < count; i++) {
		const double part = most > 0 ? MIN(values[i] / most, 1) : 0;
		const char *bar = values[i] < 0 ? "?" : bars[MIN((int)(part * LEVELS), LEVELS - 1)];
		size_t len = strlen(bar);

		memcpy(end, bar, len);
		end += len;
		sparkline->known |= values[i] >= 0;
	}
	*end = '\0';
}

void sparkline_of_history(struct sparkline *sparkline, const struct history *history, history_figure_fn *figure,
			  double most, size_t cells)
{
	const struct history_sample *sample;
	double values[HISTORY_MAX];
	size_t count = 0;

	for (; (sample = history_at(history, count)); count++) {
		values[count] = figure(sample);
		most = MAX(most, values[count]);
	}
	sparkline_make(sparkline, values, count, most, cells);
}
