/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * choices.h - what people choose in the dashboard and find again: columns, order, groups, folds, theme.
 *
 * A file of lines "name value" in the state directory, one for each configuration and list of hosts; those of
 * simulated hosts in a folder of their own. It is written in the background whenever a choice differs from the last
 * one, and read at the start. Two dashboards of one configuration: the last writer wins. UI thread.
 */
#pragma once

#include "engine/config.h"
#include "engine/worker.h"

/* Up to the folds, settings of the configuration. */
enum choice { CHOICE_COLUMNS, CHOICE_SORT, CHOICE_GROUP, CHOICE_THEME, CHOICE_FOLDS, CHOICE_COUNT };

/* Zeroed: nothing is kept. */
struct choices {
	const char *folder;       /* in the state directory */
	char *file;               /* owned; NULL: nothing is kept */
	char *kept[CHOICE_COUNT]; /* owned; NULL: nobody chose. Folds: one a line */
	char *seen[CHOICE_COUNT]; /* owned: the last that choices_see() was told */
	int writing;              /* jobs under way */
	bool has_warned;
};

/*
 * of: what they belong to, the same text each time. Blocks, so before the first frame. False: they are there, and
 * cannot be used (err); then they start empty.
 */
bool choices_open(struct choices *choices, bool is_simulated, const char *of, struct err *err);
void choices_free(struct choices *choices); /* once nothing is being written */

/* Lays them over the configuration; one that cannot be is dropped, with a warning in the log. */
void choices_apply(struct choices *choices, struct config *config);
/* What is chosen now; the first time, what was there at the start, which is nobody's choice. True: another one. */
bool choices_see(struct choices *choices, enum choice which, const char *value);
/* Has them written. A failure is logged, once. */
void choices_write(struct choices *choices, struct worker *disk);
