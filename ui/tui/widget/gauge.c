/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/widget/gauge.h"

void gauge_draw(struct surface surface, int row, int col, int cells, int percent, int64_t elapsed_ms)
{
	int full, room, step, from = 0;

	cells = MIN(cells, surface.cols - col);
	if (cells <= 0)
		return;
	if (percent == GAUGE_UNKNOWN) {
		full = MAX(cells / 4, 1);
		room = cells - full;
		/* Back and forth. */
		step = room > 0 ? (int)(elapsed_ms / GAUGE_STEP_MS % (2 * room)) : 0;
		from = step < room ? step : 2 * room - step;
	} else {
		full = MIN(MAX(percent, 0), 100) * cells / 100;
	}
	surface_glyphs(surface, row, col, cells, ROLE_GAUGE_LEFT, GLYPH_EMPTY);
	surface_glyphs(surface, row, col + from, full, ROLE_GAUGE, GLYPH_FULL);
}
