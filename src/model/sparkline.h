/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sparkline.h - a row of figures as a row of small bars, one cell each. The screen has a plain form for each.
 */
#ifndef INNKEEPER_SPARKLINE_H
#define INNKEEPER_SPARKLINE_H

#include "model/history.h"

enum { SPARKLINE_MAX = 60, SPARKLINE_SIZE = SPARKLINE_MAX * 3 + 1 };

struct sparkline {
	char buf[SPARKLINE_SIZE];
	bool known; /* any of it */
};

/* The newest `cells` of the values, from 0 to most; a negative value is unknown: "?". */
void sparkline_make(struct sparkline *sparkline, const double *values, size_t count, double most, size_t cells);
/* most: at least; what was more stretches it. history: may be NULL. */
void sparkline_of_history(struct sparkline *sparkline, const struct history *history, history_figure_fn *figure,
			  double most, size_t cells);

#endif
