/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/sparkline.h"

#include "ui/surface.h"

#include <string.h>

enum { LEVELS = 8 };

static const char *const bars[LEVELS] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
static const char *const plain_bars[LEVELS] = { "_", ".", "-", ":", "=", "+", "*", "#" };

static int level_of(double value, double most)
{
	double part = most > 0 ? value / most : 0;

	return part >= 1 ? LEVELS - 1 : (int)(part * LEVELS);
}

void sparkline_make(struct sparkline *sparkline, const double *values, size_t count, double most, size_t cells)
{
	const char *const *shapes = surface_width(TEXT_OURS(bars[0])) == 1 ? bars : plain_bars;
	char *end = sparkline->buf;

	cells = MIN(cells, (size_t)SPARKLINE_MAX);
	sparkline->known = false;
	for (size_t i = count > cells ? count - cells : 0; i < count; i++) {
		const char *shape = values[i] < 0 ? "?" : shapes[level_of(values[i], most)];
		size_t len = strlen(shape);

		memcpy(end, shape, len);
		end += len;
		sparkline->known |= values[i] >= 0;
	}
	*end = '\0';
}
