/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_boxes.h - the sessions of one VM as boxes to tick, the first fields of a dialog. They follow the guest's
 * list while the dialog is open; ticks that the user changed stay.
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
			uint64_t stamp; /* session_stamp(): a later session with the same id gets its own box */
			bool locked;
		});
	} rows;          /* row i is field i */
	int64_t seen_at; /* vm->sessions_at of the list that they show */
	bool force;
	bool chosen;                        /* the user unticked some: later sessions start unticked */
	const struct session_picks *picked; /* only these start ticked; NULL: all */
	const char *ids[SESSION_LIST_MAX + 1];
	uint64_t stamps[SESSION_LIST_MAX]; /* of each id */
};

/*
 * Updates the boxes to the VM's session list. Locked sessions start ticked only with force or if picked;
 * sessions that appear after the user unticked some start unticked.
 */
void session_boxes_follow(struct session_boxes *boxes, struct dialog *dialog, const struct vm *vm);
/* Ticks or unticks the locked sessions when force changes. */
void session_boxes_set_force(struct session_boxes *boxes, struct dialog *dialog, bool force);
/* The ticked sessions; for all, an empty selector. False: none is ticked. ids, stamps: borrowed from boxes. */
bool session_boxes_selector(struct session_boxes *boxes, const struct dialog *dialog,
			    struct session_selector *ret_selector);
void session_boxes_free(struct session_boxes *boxes);

#endif
