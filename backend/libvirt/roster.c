/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/roster.h"

#include <string.h>

enum { INDEX_SIZE_FIRST = 64 };

void roster_free(struct roster *roster)
{
	VEC_FREE(roster);
	free(roster->index);
	*roster = (struct roster){ 0 };
}

/* Made-up UUIDs differ in one byte at either end: each bit has to reach the low ones. */
static size_t hash(const struct uuid *uuid)
{
	uint64_t halves[2], mixed;

	memcpy(halves, uuid->bytes, sizeof(halves));
	mixed = (halves[0] ^ (halves[0] >> 32)) * UINT64_C(0x9E3779B97F4A7C15) + halves[1];
	mixed = (mixed ^ (mixed >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
	return (size_t)(mixed ^ (mixed >> 32));
}

/* The place of a UUID in the index, or the free one where it would go. */
static size_t place(const struct roster *roster, const struct uuid *uuid)
{
	size_t at = hash(uuid) & (roster->index_size - 1);

	while (roster->index[at] && !uuid_equal(&roster->at[roster->index[at] - 1].uuid, uuid))
		at = (at + 1) & (roster->index_size - 1);
	return at;
}

static void rebuild_index(struct roster *roster)
{
	size_t size = roster->index_size ? roster->index_size : INDEX_SIZE_FIRST;

	while (size < roster->count * 2 + 2)
		size *= 2;
	roster->index = mem_realloc(roster->index, size, sizeof(*roster->index));
	memset(roster->index, 0, size * sizeof(*roster->index));
	roster->index_size = size;
	for (size_t i = 0; i < roster->count; i++)
		roster->index[place(roster, &roster->at[i].uuid)] = (uint32_t)i + 1;
}

struct roster_row *roster_find(const struct roster *roster, const struct uuid *uuid)
{
	uint32_t row = roster->index_size ? roster->index[place(roster, uuid)] : 0;

	return row ? &roster->at[row - 1] : NULL;
}

static struct roster_row *add(struct roster *roster, const struct uuid *uuid)
{
	struct roster_row *row = VEC_PUSH(roster);

	row->uuid = *uuid;
	row->domain_id = -1;
	row->xml_wanted = true;
	if (roster->count * 2 > roster->index_size)
		rebuild_index(roster);
	else
		roster->index[place(roster, uuid)] = (uint32_t)roster->count;
	return row;
}

enum roster_turn roster_put(struct roster *roster, const struct vm_facts *facts)
{
	struct roster_row *row = roster_find(roster, &facts->uuid);
	enum roster_turn turn = ROSTER_SAME;

	if (!row) {
		row = add(roster, &facts->uuid);
		turn = ROSTER_NEW;
	} else if (facts->domain_id >= 0 && facts->domain_id != row->domain_id) {
		row->xml_wanted = true;
		turn = ROSTER_STARTED;
	} else if (facts->domain_id < 0 && row->domain_id >= 0) {
		turn = ROSTER_STOPPED;
	}
	row->domain_id = facts->domain_id;
	row->state = facts->state;
	row->list_number = roster->list_number;
	return turn;
}

void roster_remove(struct roster *roster, const struct uuid *uuid)
{
	struct roster_row *row = roster_find(roster, uuid);

	if (!row)
		return;
	*row = roster->at[roster->count - 1];
	roster->count--;
	rebuild_index(roster);
}

void roster_begin_list(struct roster *roster)
{
	roster->list_number++;
}

void roster_end_list(struct roster *roster)
{
	size_t kept = 0;

	for (size_t i = 0; i < roster->count; i++) {
		if (roster->at[i].list_number == roster->list_number)
			roster->at[kept++] = roster->at[i];
	}
	if (kept == roster->count)
		return;
	roster->count = kept;
	rebuild_index(roster);
}

void roster_want_all(struct roster *roster)
{
	for (size_t i = 0; i < roster->count; i++)
		roster->at[i].xml_wanted = true;
}

struct roster_row *roster_next_wanted(struct roster *roster)
{
	for (size_t tried = 0; tried < roster->count; tried++) {
		struct roster_row *row = &roster->at[roster->cursor++ % roster->count];

		if (row->xml_wanted && row->domain_id >= 0)
			return row;
	}
	return NULL;
}
