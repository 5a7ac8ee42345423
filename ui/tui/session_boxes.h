/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_boxes.h - the sessions of one VM as boxes to tick, the first fields of a dialog. They follow the guest's
 * list while the dialog is open; what a person ticked stays as it was.
 */
#ifndef INNKEEPER_SESSION_BOXES_H
#define INNKEEPER_SESSION_BOXES_H

#include "backend/guest/session_choice.h"
#include "model/vm.h"
#include "ui/tui/dialog.h"
#include "ui/tui/session_picks.h"

struct session_boxes {
	struct {
		VEC(struct session_box {
			char id[SESSION_ID_SIZE];
			uint64_t stamp; /* session_stamp(): a later one under the same id gets a box of its own */
			bool locked;
		});
	} rows; /* row i is field i */
	int64_t seen_at; /* vm->sessions_at of the list that they show */
	bool force;
	bool chosen;     /* some were left out: whoever comes later was not meant */
	const struct session_picks *picked; /* ticked from the start are these alone; NULL: all */
	const char *ids[SESSION_LIST_MAX + 1];
	uint64_t stamps[SESSION_LIST_MAX]; /* of each id */
};

/*
 * What the VM shows now. A locked session is ticked only with force, or where it was picked; one that comes after
 * some were left out is not.
 */
void session_boxes_follow(struct session_boxes *boxes, struct dialog *dialog, const struct vm *vm);
/* Ticks or unticks those that are locked, where it changed. */
void session_boxes_set_force(struct session_boxes *boxes, struct dialog *dialog, bool force);
/* All: no wish. False: not one is ticked. ids, stamps: borrowed from boxes. */
bool session_boxes_wish(struct session_boxes *boxes, const struct dialog *dialog, struct session_selector *ret_wishes);
void session_boxes_free(struct session_boxes *boxes);

#endif
