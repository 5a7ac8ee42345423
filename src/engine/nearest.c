/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/nearest.h"

enum { WORD_MAX = 63, BEGINNING_MIN = 2 };

void nearest_init(struct nearest *near, const char *word)
{
	*near = (struct nearest){ .word = word, .edits = NEAREST_EDITS_MAX + 1 };
}

/* Edits are insertions, deletions and replacements; a word longer than WORD_MAX is near none. */
void nearest_offer(struct nearest *near, const char *name)
{
	const size_t word_len = strlen(near->word), name_len = strlen(name);
	int row[WORD_MAX + 1];

	if (word_len >= BEGINNING_MIN && strncmp(name, near->word, word_len) == 0 && near->edits > 0) {
		near->edits = 0;
		near->name = name;
	}
	if (word_len > WORD_MAX || name_len > WORD_MAX)
		return;
	for (size_t j = 0; j <= name_len; j++)
		row[j] = (int)j;
	for (size_t i = 1; i <= word_len; i++) {
		int diagonal = row[0];

		row[0] = (int)i;
		for (size_t j = 1; j <= name_len; j++) {
			int replaced = diagonal + (near->word[i - 1] != name[j - 1]);

			diagonal = row[j];
			row[j] = MIN(replaced, MIN(row[j], row[j - 1]) + 1);
		}
	}
	/* Two edits turn every short word into every other: that is no likeness. */
	if (row[name_len] < near->edits && 2 * row[name_len] <= (int)name_len) {
		near->edits = row[name_len];
		near->name = name;
	}
}
