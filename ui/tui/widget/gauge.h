/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gauge.h - a progress bar: filled if the percentage is known, moving if not.
 */
#ifndef INNKEEPER_GAUGE_H
#define INNKEEPER_GAUGE_H

#include "ui/tui/term/surface.h"

enum { GAUGE_UNKNOWN = -1, GAUGE_STEP_MS = 250 };

/* percent: 0 to 100, or GAUGE_UNKNOWN: then elapsed_ms moves it. */
void gauge_draw(struct surface surface, int row, int col, int cells, int percent, int64_t elapsed_ms);

#endif
