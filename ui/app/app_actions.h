/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_actions.h - from an action to the app: may it be done, and doing it, for one VM or many.
 *
 * app_action_may() is the one place that looks at what an action needs. Keys, menu, palette and footer
 * ask here, so all of them refuse the same things in the same words. UI thread.
 */
#pragma once

#include "engine/action.h"
#include "ui/app/app_tasks.h"

/* What an action would be done to. All borrowed. */
struct action_target {
	const struct vm_id *vms; /* the marks, else the row */
	size_t count;
	const struct task *task; /* the selected one, or NULL */
};

/* True where it can be done to at least one of them; else err says why not to the first. */
bool app_action_may(const struct app *app, enum action_id action, const struct action_target *target, struct err *err);
/* How many of them it can be done to; ret_reason (may be NULL): why not to the first of the others. */
size_t app_action_count_able(const struct app *app, enum action_id action, const struct action_target *target,
			     struct err *ret_reason);
/* Never, in this session: the mode forbids it. */
bool app_action_is_out_of_mode(const struct app *app, enum action_id action);
/* What "pause, or resume" is for these: resume only where none of them could be paused. Others: themselves. */
enum action_id app_action_resolve(const struct app *app, enum action_id action, const struct action_target *target);

/* How it began; what was refused stands in the tasklist as well, one row a VM. */
struct act_outcome {
	size_t started, refused;
	struct err reason; /* of the first refusal */
	uint64_t batch;    /* of the tasks, once there is one */
};
/* Adds to what the outcome is already: several calls make one batch. Starts with { 0 }. */
void app_act(struct app *app, const struct action_target *target, const struct op_params *wish,
	     struct act_outcome *outcome);

/* All of its batch that run. */
struct cancel_outcome {
	size_t cancelled, too_late;
};
void app_cancel_batch(struct app *app, uint64_t batch, struct cancel_outcome *ret_outcome);
