/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/domain_table.h"

enum { INDEX_SIZE_FIRST = 64 };

void domain_table_free(struct domain_table *table)
{
	VEC_FREE(table);
	free(table->index);
	*table = (struct domain_table){ 0 };
}

/* The place of a UUID in the index, or the free one where it would go. */
static size_t place(const struct domain_table *table, const struct uuid *uuid)
{
	uint64_t halves[2], hash;
	size_t at;

	/* UUIDs that somebody made up differ in one byte at either end: each bit has to reach the low ones. */
	memcpy(halves, uuid->bytes, sizeof(halves));
	hash = (halves[0] ^ (halves[0] >> 32)) * UINT64_C(0x9E3779B97F4A7C15) + halves[1];
	hash = (hash ^ (hash >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
	at = (size_t)(hash ^ (hash >> 32)) & (table->index_size - 1);
	while (table->index[at] && !uuid_equal(&table->at[table->index[at] - 1].uuid, uuid))
		at = (at + 1) & (table->index_size - 1);
	return at;
}

static void rebuild_index(struct domain_table *table)
{
	size_t size = table->index_size ? table->index_size : INDEX_SIZE_FIRST;

	while (size < table->count * 2 + 2)
		size *= 2;
	table->index = mem_realloc(table->index, size, sizeof(*table->index));
	memset(table->index, 0, size * sizeof(*table->index));
	table->index_size = size;
	for (size_t i = 0; i < table->count; i++)
		table->index[place(table, &table->at[i].uuid)] = (uint32_t)i + 1;
}

struct domain_row *domain_table_find(const struct domain_table *table, const struct uuid *uuid)
{
	uint32_t row = table->index_size ? table->index[place(table, uuid)] : 0;

	return row ? &table->at[row - 1] : NULL;
}

enum domain_change domain_table_put(struct domain_table *table, const struct vm_info *info)
{
	struct domain_row *row = domain_table_find(table, &info->uuid);
	enum domain_change change = DOMAIN_UNCHANGED;

	if (!row) {
		row = VEC_PUSH(table);
		row->uuid = info->uuid;
		row->xml_wanted = true;
		if (table->count * 2 > table->index_size)
			rebuild_index(table);
		else
			table->index[place(table, &info->uuid)] = (uint32_t)table->count;
		change = DOMAIN_NEW;
	} else if (info->domain_id >= 0 && info->domain_id != row->domain_id) {
		row->xml_wanted = true;
		change = DOMAIN_STARTED;
	} else if (info->domain_id < 0 && row->domain_id >= 0) {
		change = DOMAIN_STOPPED;
	}
	row->domain_id = info->domain_id;
	row->state = info->state;
	row->list_number = table->list_number;
	return change;
}

void domain_table_remove(struct domain_table *table, const struct uuid *uuid)
{
	struct domain_row *row = domain_table_find(table, uuid);

	if (!row)
		return;
	*row = table->at[table->count - 1];
	table->count--;
	rebuild_index(table);
}

void domain_table_begin_list(struct domain_table *table)
{
	table->list_number++;
}

void domain_table_end_list(struct domain_table *table)
{
	size_t kept = 0;

	for (size_t i = 0; i < table->count; i++) {
		if (table->at[i].list_number == table->list_number)
			table->at[kept++] = table->at[i];
	}
	if (kept == table->count)
		return;
	table->count = kept;
	rebuild_index(table);
}

void domain_table_want_all(struct domain_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		table->at[i].xml_wanted = true;
}

struct domain_row *domain_table_next_wanted(struct domain_table *table)
{
	for (size_t tried = 0; tried < table->count; tried++) {
		struct domain_row *row = &table->at[table->cursor++ % table->count];

		if (row->xml_wanted && row->domain_id >= 0)
			return row;
	}
	return NULL;
}
