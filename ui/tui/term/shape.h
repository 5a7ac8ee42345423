/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shape.h - a text as a sequence of shapes, one for each place on the screen. What the locale (or --ascii) cannot
 * show becomes its plain form, or <U+XXXX>. Knows no screen; UI thread.
 */
#ifndef INNKEEPER_SHAPE_H
#define INNKEEPER_SHAPE_H

#include "base/text.h"

#include <wchar.h>

enum { SHAPE_CHARS = TEXT_MARKS_MAX + 2 };

struct shape {
	wchar_t chars[SHAPE_CHARS];
	int width;
	bool is_escape;
};

/* An iterator over a text; starts as { .s = text_str(text) }. */
struct shape_walk {
	const char *s;
	size_t escape_left; /* bytes of an escape that the sanitiser made */
	char pending[16];   /* the plain form of something that cannot be shown */
	int pending_at;
	bool pending_is_escape;
};

void shape_init(bool ascii); /* ASCII only, whatever the locale supports */

bool shape_can_show(uint32_t code, int width);
/* False: *ret_culprit cannot be shown. Combining marks are dropped if needed. */
bool shape_make(const char *cluster, size_t len, int width, struct shape *ret_shape, uint32_t *ret_culprit);
bool shape_next(struct shape_walk *walk, struct shape *ret_shape); /* false: the end */
/* Bytes of the next line, blanks at its end left out; ret_next: where the one after it begins. */
size_t shape_break_line(const char *s, int room, const char **ret_next);

#endif
