/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dialog_target.h - a dialog about VMs, and saying which: bound to their UUIDs from the moment it opens, and to the
 * sessions of the last frame, whatever comes meanwhile.
 *
 *	view_new -> dialog_target_begin, its fields -> dialog_target_open -> dialog_target_act
 *
 * In the ops of a dialog that has it first: dialog_target_prepare(), dialog_target_next_change() and
 * dialog_target_destroy().
 */
#pragma once

#include "ui/tui/dialog.h"
#include "ui/tui/screens.h"
#include "ui/tui/session_picks.h"

/* Who is on in a VM, as the last frame told. */
struct shown_sessions {
	bool is_known; /* false: not asked yet, or more than a list keeps */
	int64_t at;    /* vm->sessions_at */
	struct session_list list;
};

struct dialog_target {
	struct dialog dialog;
	enum operation operation;
	struct vm_ids ids;
	struct shown_sessions *shown; /* of each id; NULL: the action is about no sessions */
	struct session_picks picks;   /* the sessions that are meant; none: no choice was made */
	size_t hidden;                /* marked, but not shown by the filter */
	bool from_marks;
};

void dialog_target_begin(struct dialog_target *target, enum action_id action);
/* On top of the other views. Asks the guests who is logged on, where that is not known or old. */
void dialog_target_open(struct dialog_target *target);
void dialog_target_destroy(struct view *view);

struct vm *dialog_target_vm(const struct dialog_target *target, size_t index); /* NULL: it is gone */
/* "web01", "12 VMs"; owned. */
struct safe_text dialog_target_name(const struct dialog_target *target);
/* The action is for the sessions in picks only. */
bool dialog_target_has_picks(const struct dialog_target *target);
/* Before each frame: asks more of the guests that were never asked, and keeps the lists that it will show. */
void dialog_target_prepare(struct view *view, struct surface surface);
/* VM, host, UUID, users; for several VMs the sums, and how many will be refused. */
void dialog_target_tell(const struct dialog_target *target, struct lines *lines);
/* The host; production in red and in words. */
void dialog_target_tell_host(const struct host *host, struct lines *lines);
/* For many VMs or a production host: adds a text that has to be typed. */
void dialog_target_challenge(struct dialog_target *target);
/* Starts the tasks: on the chosen sessions, else on those shown. Reports in the footer, and clears the marks. */
void dialog_target_act(const struct dialog_target *target, const struct op_params *params);
int64_t dialog_target_next_change(const struct view *view, int64_t now);
