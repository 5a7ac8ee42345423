/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cast.h - films what stands on a screen as an asciinema v2 recording: rows that changed, at times of our own,
 * so that a slow machine makes no slow film.
 */
#pragma once

#include "tests/screen/screen.h"

struct cast;

struct cast *cast_begin(const char *path, const char *title);
/* What stands there now, `ms` after the frame before. A frame like the one before only lengthens it. */
void cast_frame(struct cast *cast, int ms);
void cast_end(struct cast *cast);
