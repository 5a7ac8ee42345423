/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sparkline.h - a row of figures as a row of small bars, one cell each; ASCII where nothing else can be drawn.
 */
#ifndef INNKEEPER_SPARKLINE_H
#define INNKEEPER_SPARKLINE_H

#include "base/base.h"

enum { SPARKLINE_MAX = 60, SPARKLINE_SIZE = SPARKLINE_MAX * 3 + 1 };

struct sparkline {
	char buf[SPARKLINE_SIZE];
	bool known; /* any of it */
};

/* The newest `cells` of the values, from 0 to most; a negative value is unknown: "?". After surface_init(). */
void sparkline_make(struct sparkline *sparkline, const double *values, size_t count, double most, size_t cells);

#endif
