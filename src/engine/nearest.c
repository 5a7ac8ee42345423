/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/nearest.h"

#include <limits.h>
#include <string.h>

enum { WORD_MAX = 63 };

/* Insertions, deletions and replacements; a word longer than WORD_MAX is near none. */
static int edits_between(const char *a, const char *b)
{
	size_t length_a = strlen(a), length_b = strlen(b);
	int row[WORD_MAX + 1];

	if (length_a > WORD_MAX || length_b > WORD_MAX)
		return INT_MAX;
	for (size_t j = 0; j <= length_b; j++)
		row[j] = (int)j;
	for (size_t i = 1; i <= length_a; i++) {
		int diagonal = row[0];

		row[0] = (int)i;
		for (size_t j = 1; j <= length_b; j++) {
			int replaced = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			row[j] = MIN(replaced, MIN(row[j], row[j - 1]) + 1);
		}
	}
	return row[length_b];
}

void nearest_init(struct nearest *near, const char *word)
{
	*near = (struct nearest){ .word = word, .edits = NEAREST_EDITS_MAX + 1 };
}

void nearest_offer(struct nearest *near, const char *name)
{
	int edits = edits_between(near->word, name);

	/* Two edits turn every short word into every other: that is no likeness. */
	if (edits < near->edits && 2 * edits <= (int)strlen(name)) {
		near->edits = edits;
		near->name = name;
	}
}
