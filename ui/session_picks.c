/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/session_picks.h"

#include <stdio.h>
#include <string.h>

struct session_pick session_pick_make(const struct vm_id *vm, const char *id)
{
	struct session_pick pick = { .vm = *vm };

	snprintf(pick.id, sizeof(pick.id), "%s", id);
	return pick;
}

bool session_pick_is(const struct session_pick *pick, const struct vm_id *vm, const char *id)
{
	return vm_id_equal(&pick->vm, vm) && strcmp(pick->id, id) == 0;
}

static size_t place_of(const struct session_picks *picks, const struct vm_id *vm, const char *id)
{
	size_t i = 0;

	while (i < picks->count && !session_pick_is(&picks->at[i], vm, id))
		i++;
	return i;
}

bool session_picks_has(const struct session_picks *picks, const struct vm_id *vm, const char *id)
{
	return place_of(picks, vm, id) < picks->count;
}

/* Without an id nobody can be told which one is meant. */
void session_picks_add(struct session_picks *picks, const struct vm_id *vm, const char *id)
{
	if (*id && !session_picks_has(picks, vm, id))
		*VEC_PUSH(picks) = session_pick_make(vm, id);
}

void session_picks_turn(struct session_picks *picks, const struct vm_id *vm, const char *id)
{
	size_t place = place_of(picks, vm, id);

	if (place < picks->count)
		VEC_REMOVE(picks, place);
	else
		session_picks_add(picks, vm, id);
}

void session_picks_copy(struct session_picks *to, const struct session_picks *from)
{
	for (size_t i = 0; i < from->count; i++)
		*VEC_PUSH(to) = from->at[i];
}

static bool has_vm(const struct vm_ids *ids, const struct vm_id *vm)
{
	for (size_t i = 0; i < ids->count; i++)
		if (vm_id_equal(&ids->at[i], vm))
			return true;
	return false;
}

void session_picks_vms(const struct session_picks *picks, struct vm_ids *ret_ids)
{
	for (size_t i = 0; i < picks->count; i++)
		if (!has_vm(ret_ids, &picks->at[i].vm))
			*VEC_PUSH(ret_ids) = picks->at[i].vm;
}

void session_picks_of(const struct session_picks *picks, const struct vm_id *vm, const char *ret[SESSION_LIST_MAX + 1])
{
	size_t count = 0;

	for (size_t i = 0; i < picks->count && count < SESSION_LIST_MAX; i++)
		if (vm_id_equal(&picks->at[i].vm, vm))
			ret[count++] = picks->at[i].id;
	ret[count] = NULL;
}
