/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/vm_info.h"

static const char *const state_names[VM_STATE_COUNT] = {
	[VM_STATE_UNKNOWN] = "unknown",     [VM_STATE_RUNNING] = "running",         [VM_STATE_IDLE] = "idle",
	[VM_STATE_PAUSED] = "paused",       [VM_STATE_IN_SHUTDOWN] = "in-shutdown", [VM_STATE_SHUTOFF] = "shutoff",
	[VM_STATE_CRASHED] = "crashed",     [VM_STATE_PMSUSPENDED] = "pmsuspended", [VM_STATE_SAVED] = "saved",
	[VM_STATE_MIGRATING] = "migrating", [VM_STATE_MIGRATED] = "migrated",
};

const char *vm_state_name(enum vm_state state)
{
	return state_names[state];
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
		return err_set(err, ERR_PAUSED, _("%s is %s; %s"), name, vm_state_name(state),
			       _(vm_state_remedy(state)));
	default:
		return err_set(err, ERR_NOT_RUNNING, _("%s is not running (%s); %s"), name, vm_state_name(state),
			       _(vm_state_remedy(state)));
	}
}

#define UNKNOWN(type, name) .name = -1,
#define FREE(type, name)    text_free(&info->name);

struct vm_info vm_info_unknown(const struct uuid *uuid)
{
	return (struct vm_info){ .uuid = *uuid, .domain_id = -1, VM_INFO_NUMBERS(UNKNOWN) };
}

void vm_info_free(struct vm_info *info)
{
	text_free(&info->name);
	VM_INFO_TEXTS(FREE)
	device_list_free(&info->devices);
}

struct vm_figures vm_figures_unknown(const struct uuid *uuid)
{
	return (struct vm_figures){ .uuid = *uuid, .cpu_percent = -1, VM_FIGURES_NUMBERS(UNKNOWN) };
}
