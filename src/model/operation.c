/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/operation.h"

static const struct operation_info rows[OP_COUNT] = {
#define OPERATION(id, name, kind, flags, key, action, help, task, question, button, consequence, late, wanted, ...) \
	[OP_##id] = { name,     kind,   flags,       key,  action, help,           task, \
		      question, button, consequence, late, wanted, { __VA_ARGS__ } },
#include "model/operation_rows.h"
#undef OPERATION
};

const struct operation_info *operation_get(enum operation operation)
{
	return &rows[operation];
}

const char *operation_name(enum operation operation)
{
	return rows[operation].name;
}

bool operation_needs_agent(enum operation operation)
{
	const enum operation_kind kind = rows[operation].kind;

	return kind != OPERATION_OF_HOST && kind != OPERATION_OF_SNAPSHOT && operation != OP_UNCORDON;
}

bool operation_is_reached(enum operation operation, enum vm_state state)
{
	switch (rows[operation].wanted) {
	case VM_STATE_UNKNOWN:
		return false;
	case VM_STATE_RUNNING:
		return vm_state_is_active(state);
	case VM_STATE_SHUTOFF:
		return vm_state_is_off(state);
	default:
		return state == rows[operation].wanted;
	}
}

bool operation_find_recorded(const char *name, enum operation *ret_operation)
{
	static const struct {
		const char *name;
		enum operation operation;
	} old[] = { { "maintain", OP_DRAIN }, { "close-door", OP_DISABLE_LOGINS }, { "open-door", OP_ENABLE_LOGINS } };

	for (size_t i = 0; i < ARRAY_SIZE(old); i++) {
		if (strcmp(old[i].name, name) == 0) {
			*ret_operation = old[i].operation;
			return true;
		}
	}
	for (int i = 0; i < OP_COUNT; i++) {
		if (strcmp(rows[i].name, name) == 0) {
			*ret_operation = (enum operation)i;
			return true;
		}
	}
	return false;
}

static struct safe_text put_name(const char *words, struct safe_text name)
{
	return strstr(words, "%s") ? text_fill(words, name) : text_format("%s %s", words, text_str(name));
}

struct safe_text operation_describe(enum operation operation, struct safe_text vm_name)
{
	return put_name(_(rows[operation].task), vm_name);
}

struct safe_text operation_question(enum operation operation, struct safe_text name)
{
	return put_name(_(rows[operation].question), name);
}
