/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/widget/gauge.h"

/* There and back again. */
static int place_of_block(int room, int64_t elapsed_ms)
{
	int step;

	if (room <= 0)
		return 0;
	step = (int)(elapsed_ms / GAUGE_STEP_MS % (2 * room));
	return step < room ? step : 2 * room - step;
}

void gauge_draw(struct surface surface, int row, int col, int cells, int percent, int64_t elapsed_ms)
{
	int full, from = 0;

	cells = MIN(cells, surface.cols - col);
	if (cells <= 0)
		return;
	if (percent == GAUGE_UNKNOWN) {
		full = MAX(cells / 4, 1);
		from = place_of_block(cells - full, elapsed_ms);
	} else {
		full = MIN(MAX(percent, 0), 100) * cells / 100;
	}
	surface_glyphs(surface, row, col, cells, ROLE_GAUGE_LEFT, GLYPH_EMPTY);
	surface_glyphs(surface, row, col + from, full, ROLE_GAUGE, GLYPH_FULL);
}
