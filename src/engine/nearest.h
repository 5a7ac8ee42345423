/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nearest.h - "did you mean": the name of a table that begins with a word, or else is at most two edits away from it.
 *
 *	struct nearest near;
 *	nearest_init(&near, word);
 *	for (each row) nearest_offer(&near, row->name);
 *	if (near.name) ...
 */
#pragma once

#include "base/base.h"

enum { NEAREST_EDITS_MAX = 2 };

struct nearest {
	const char *word;
	const char *name; /* the best one offered so far; NULL: none is near */
	int edits;
};

void nearest_init(struct nearest *near, const char *word);
void nearest_offer(struct nearest *near, const char *name);
