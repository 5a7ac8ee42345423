/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/vm_facts.h"

static const char *const state_names[VM_STATE_COUNT] = {
	[VM_STATE_UNKNOWN] = "unknown",
	[VM_STATE_RUNNING] = "running",
	[VM_STATE_IDLE] = "idle",
	[VM_STATE_PAUSED] = "paused",
	[VM_STATE_IN_SHUTDOWN] = "in-shutdown",
	[VM_STATE_SHUTOFF] = "shutoff",
	[VM_STATE_CRASHED] = "crashed",
	[VM_STATE_PMSUSPENDED] = "pmsuspended",
	[VM_STATE_SAVED] = "saved",
	[VM_STATE_MIGRATING] = "migrating",
	[VM_STATE_MIGRATED] = "migrated",
};

static const char *const verb_names[VM_VERB_COUNT] = {
	[VM_VERB_START] = "start",
	[VM_VERB_SHUTDOWN] = "shutdown",
	[VM_VERB_REBOOT] = "reboot",
	[VM_VERB_RESET] = "reset",
	[VM_VERB_DESTROY] = "destroy",
	[VM_VERB_SUSPEND] = "suspend",
	[VM_VERB_RESUME] = "resume",
	[VM_VERB_MANAGEDSAVE] = "managedsave",
	[VM_VERB_AUTOSTART] = "autostart",
	[VM_VERB_NO_AUTOSTART] = "no-autostart",
};

#define NOT_RUNNING  N_("it is not running")
#define PAUSED       N_("it is paused: resume it first")
#define ASLEEP       N_("its guest has suspended it: wake it first")
#define LEAVING      N_("it is shutting down")
#define RUNS_ALREADY N_("it is running already")
#define MOVING       N_("it is moving to another host: wait until it is there")
#define ELSEWHERE    N_("it moved to another host: look for it there")

/* Where a state is missing, the verb makes sense in it, or libvirt may decide. */
static const char *const objections[VM_VERB_COUNT][VM_STATE_COUNT] = {
	[VM_VERB_START] = {
		[VM_STATE_RUNNING] = RUNS_ALREADY,
		[VM_STATE_IDLE] = RUNS_ALREADY,
		[VM_STATE_PAUSED] = PAUSED,
		[VM_STATE_PMSUSPENDED] = ASLEEP,
		[VM_STATE_IN_SHUTDOWN] = LEAVING,
		[VM_STATE_MIGRATING] = MOVING,
		[VM_STATE_MIGRATED] = N_("it moved to another host and may run there: two that write to the same disk "
					 "destroy it; look for it there"),
	},
	[VM_VERB_SHUTDOWN] = {
		[VM_STATE_PAUSED] = PAUSED,
		[VM_STATE_PMSUSPENDED] = ASLEEP,
		[VM_STATE_IN_SHUTDOWN] = N_("it is shutting down already"),
		[VM_STATE_SHUTOFF] = NOT_RUNNING,
		[VM_STATE_CRASHED] = NOT_RUNNING,
		[VM_STATE_SAVED] = NOT_RUNNING,
		[VM_STATE_MIGRATING] = MOVING,
		[VM_STATE_MIGRATED] = ELSEWHERE,
	},
	[VM_VERB_REBOOT] = {
		[VM_STATE_PAUSED] = PAUSED,
		[VM_STATE_PMSUSPENDED] = ASLEEP,
		[VM_STATE_IN_SHUTDOWN] = LEAVING,
		[VM_STATE_SHUTOFF] = NOT_RUNNING,
		[VM_STATE_CRASHED] = NOT_RUNNING,
		[VM_STATE_SAVED] = NOT_RUNNING,
		[VM_STATE_MIGRATING] = MOVING,
		[VM_STATE_MIGRATED] = ELSEWHERE,
	},
	[VM_VERB_RESET] = {
		[VM_STATE_SHUTOFF] = NOT_RUNNING,
		[VM_STATE_SAVED] = NOT_RUNNING,
		[VM_STATE_MIGRATED] = ELSEWHERE,
	},
	[VM_VERB_DESTROY] = {
		[VM_STATE_SHUTOFF] = NOT_RUNNING,
		[VM_STATE_SAVED] = NOT_RUNNING,
		[VM_STATE_MIGRATED] = ELSEWHERE,
	},
	[VM_VERB_SUSPEND] = {
		[VM_STATE_PAUSED] = N_("it is paused already"),
		[VM_STATE_PMSUSPENDED] = N_("its guest has suspended it already"),
		[VM_STATE_IN_SHUTDOWN] = LEAVING,
		[VM_STATE_SHUTOFF] = NOT_RUNNING,
		[VM_STATE_CRASHED] = NOT_RUNNING,
		[VM_STATE_SAVED] = NOT_RUNNING,
		[VM_STATE_MIGRATING] = MOVING,
		[VM_STATE_MIGRATED] = ELSEWHERE,
	},
	[VM_VERB_RESUME] = {
		[VM_STATE_RUNNING] = RUNS_ALREADY,
		[VM_STATE_IDLE] = RUNS_ALREADY,
		[VM_STATE_PMSUSPENDED] = ASLEEP,
		[VM_STATE_IN_SHUTDOWN] = LEAVING,
		[VM_STATE_SHUTOFF] = NOT_RUNNING,
		[VM_STATE_CRASHED] = NOT_RUNNING,
		[VM_STATE_SAVED] = N_("it is saved: start it"),
		[VM_STATE_MIGRATING] = MOVING,
		[VM_STATE_MIGRATED] = ELSEWHERE,
	},
	[VM_VERB_MANAGEDSAVE] = {
		[VM_STATE_PMSUSPENDED] = ASLEEP,
		[VM_STATE_IN_SHUTDOWN] = LEAVING,
		[VM_STATE_SHUTOFF] = NOT_RUNNING,
		[VM_STATE_CRASHED] = NOT_RUNNING,
		[VM_STATE_SAVED] = N_("it is saved already"),
		[VM_STATE_MIGRATING] = MOVING,
		[VM_STATE_MIGRATED] = ELSEWHERE,
	},
};

const char *vm_state_name(enum vm_state state)
{
	return state_names[state];
}

const char *vm_verb_name(enum vm_verb verb)
{
	return verb_names[verb];
}

const char *vm_verb_objection(enum vm_verb verb, enum vm_state state)
{
	return objections[verb][state];
}

bool vm_state_is_active(enum vm_state state)
{
	return state == VM_STATE_RUNNING || state == VM_STATE_IDLE;
}

bool vm_state_is_off(enum vm_state state)
{
	return state == VM_STATE_SHUTOFF || state == VM_STATE_CRASHED;
}

bool vm_state_has_process(enum vm_state state)
{
	return !vm_state_is_off(state) && state != VM_STATE_SAVED && state != VM_STATE_MIGRATED;
}

const char *vm_state_remedy(enum vm_state state)
{
	static const char *const remedies[VM_STATE_COUNT] = {
		[VM_STATE_PAUSED] = N_("resume it first"),
		[VM_STATE_PMSUSPENDED] = N_("resume it first"),
		[VM_STATE_IN_SHUTDOWN] = N_("start it first"),
		[VM_STATE_SHUTOFF] = N_("start it first"),
		[VM_STATE_CRASHED] = N_("start it first"),
		[VM_STATE_SAVED] = N_("start it first"),
		[VM_STATE_MIGRATING] = N_("wait until it is on its other host"),
		[VM_STATE_MIGRATED] = N_("look for it on the host that it moved to"),
	};

	return remedies[state];
}

bool vm_state_allows_guest(enum vm_state state, const char *name, struct err *err)
{
	switch (state) {
	case VM_STATE_UNKNOWN:
	case VM_STATE_RUNNING:
	case VM_STATE_IDLE:
		return true;
	case VM_STATE_PAUSED:
	case VM_STATE_PMSUSPENDED:
	case VM_STATE_MIGRATING:
		return err_set(err, ERR_PAUSED, _("%s is paused (%s); %s"), name, vm_state_name(state),
			       _(vm_state_remedy(state)));
	default:
		return err_set(err, ERR_NOT_RUNNING, _("%s is not running (%s); %s"), name, vm_state_name(state),
			       _(vm_state_remedy(state)));
	}
}

#define UNKNOWN(type, name) .name = -1,
#define FREE(type, name) text_free(&facts->name);

struct vm_facts vm_facts_unknown(const struct uuid *uuid)
{
	return (struct vm_facts){ .uuid = *uuid, .domain_id = -1, VM_FACTS_NUMBERS(UNKNOWN) };
}

void vm_facts_free(struct vm_facts *facts)
{
	text_free(&facts->name);
	VM_FACTS_TEXTS(FREE)
}

struct vm_figures vm_figures_unknown(const struct uuid *uuid)
{
	return (struct vm_figures){ .uuid = *uuid, .cpu_percent = -1, VM_FIGURES_NUMBERS(UNKNOWN) };
}
