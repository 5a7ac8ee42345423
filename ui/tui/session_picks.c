/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/session_picks.h"

#include <stdio.h>
#include <string.h>

struct session_pick session_pick_make(const struct vm_id *vm, const struct session *session)
{
	struct session_pick pick = { .vm = *vm, .stamp = session_stamp(session) };

	snprintf(pick.id, sizeof(pick.id), "%s", session->id);
	return pick;
}

bool session_pick_is(const struct session_pick *pick, const struct session_pick *other)
{
	return vm_id_equal(&pick->vm, &other->vm) && strcmp(pick->id, other->id) == 0 && pick->stamp == other->stamp;
}

static size_t place_of(const struct session_picks *picks, const struct session_pick *pick)
{
	size_t i = 0;

	while (i < picks->count && !session_pick_is(&picks->at[i], pick))
		i++;
	return i;
}

bool session_picks_has(const struct session_picks *picks, const struct session_pick *pick)
{
	return place_of(picks, pick) < picks->count;
}

/* A session without an id cannot be named to the guest. */
void session_picks_toggle(struct session_picks *picks, const struct session_pick *pick)
{
	size_t place = place_of(picks, pick);

	if (place < picks->count)
		VEC_REMOVE(picks, place);
	else if (*pick->id)
		*VEC_PUSH(picks) = *pick;
}

void session_picks_copy(struct session_picks *to, const struct session_picks *from)
{
	for (size_t i = 0; i < from->count; i++)
		*VEC_PUSH(to) = from->at[i];
}

void session_picks_vms(const struct session_picks *picks, struct vm_ids *ret_ids)
{
	for (size_t i = 0; i < picks->count; i++) {
		size_t k = 0;

		while (k < ret_ids->count && !vm_id_equal(&ret_ids->at[k], &picks->at[i].vm))
			k++;
		if (k == ret_ids->count)
			*VEC_PUSH(ret_ids) = picks->at[i].vm;
	}
}

void session_picks_of(const struct session_picks *picks, const struct vm_id *vm, struct session_pick_list *ret)
{
	size_t count = 0;

	for (size_t i = 0; i < picks->count && count < SESSION_LIST_MAX; i++) {
		if (!vm_id_equal(&picks->at[i].vm, vm))
			continue;
		ret->ids[count] = picks->at[i].id;
		ret->stamps[count++] = picks->at[i].stamp;
	}
	ret->ids[count] = NULL;
}
