/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text_width.h - what a code point may do in a safe text. For text*.c; others ask text.h.
 */
#ifndef INNKEEPER_TEXT_WIDTH_H
#define INNKEEPER_TEXT_WIDTH_H

#include "base/base.h"

enum text_class {
	TEXT_CLASS_MARK,      /* 0 cells: combines with the base before it */
	TEXT_CLASS_NARROW,    /* 1 cell */
	TEXT_CLASS_WIDE,      /* 2 cells */
	TEXT_CLASS_FORBIDDEN, /* shown as an escape */
};

enum text_class text_class_of(uint32_t code_point);

#endif
