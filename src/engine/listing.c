/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "engine/listing_private.h"

/* --- hearing of changes --- */

/* The order among equals: it makes every order a total one. */
static int compare_names(const void *left, const void *right, void *data)
{
	const struct listing *listing = data;
	const struct vm *a = *(struct vm *const *)left, *b = *(struct vm *const *)right;
	int order = 0;

	if (a->id.host != b->id.host)
		order = text_compare(TEXT_TRUSTED(inventory_host(listing->inventory, a->id.host)->name),
				     TEXT_TRUSTED(inventory_host(listing->inventory, b->id.host)->name));
	if (order == 0)
		order = text_compare(a->info.name, b->info.name);
	return order ? order : memcmp(&a->id.uuid, &b->id.uuid, sizeof(a->id.uuid));
}

/* Between its neighbours in by_name: most changes are none of a name. */
static bool stands_in_order(struct listing *listing, const struct vm *vm)
{
	struct vm **at = &listing->by_name.at[vm->rank];

	return (vm->rank == 0 || compare_names(at - 1, at, listing) < 0) &&
	       (vm->rank + 1 == listing->by_name.count || compare_names(at, at + 1, listing) < 0);
}

static void hear(void *data, enum inventory_change change, struct host *host UNUSED, struct vm *vm)
{
	struct listing *listing = data;

	listing->gone |= change == INVENTORY_GONE;
	switch (change) {
	case INVENTORY_GONE:
	case INVENTORY_ADDED:
		listing->stale |= STALE_SET | STALE_KEYS | STALE_ROWS;
		break;
	case INVENTORY_CHANGED:
		if (!(listing->stale & (STALE_SET | STALE_NAMES)) && !stands_in_order(listing, vm))
			listing->stale |= STALE_NAMES;
		/* fall through */
	case INVENTORY_HOST:
		listing->stale |= STALE_KEYS | STALE_ROWS;
		break;
	case INVENTORY_FIGURES:
		if (listing->sort->source == SOURCE_STATS)
			listing->stale |= STALE_KEYS | STALE_ROWS;
		if (filter_uses(listing->filter, SOURCE_STATS))
			listing->stale |= STALE_ROWS;
		break;
	case INVENTORY_REBOOTED:
	case INVENTORY_NOTED:
		break;
	}
}

bool vm_ids_equal(const struct vm_ids *a, const struct vm_ids *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!vm_id_equal(&a->at[i], &b->at[i]))
			return false;
	return true;
}

struct listing *listing_create(struct inventory *inventory, const struct tasklist *tasks)
{
	struct listing *listing = mem_zalloc(sizeof(*listing));

	listing->inventory = inventory;
	listing->tasks = tasks;
	listing->filter_words = mem_strdup("");
	listing->sort = attribute_get("name");
	listing->stale = STALE_SET | STALE_KEYS | STALE_ROWS;
	inventory_listen(inventory, hear, listing);
	return listing;
}

void listing_destroy(struct listing *listing)
{
	if (!listing)
		return;
	inventory_unlisten(listing->inventory, hear, listing);
	filter_destroy(listing->filter);
	free(listing->filter_words);
	VEC_FREE(&listing->by_name);
	VEC_FREE(&listing->order);
	VEC_FREE(&listing->rows);
	VEC_FREE(&listing->before);
	listing_groups_free(listing);
	text_free(&listing->heading);
	free(listing);
}

void listing_know_filters(struct listing *listing, const struct saved_filters *saved)
{
	listing->saved = saved;
}

bool listing_set_filter(struct listing *listing, const char *words, struct err *err)
{
	struct filter *filter;

	if (!filter_parse_with(words, listing->saved, &filter, err))
		return false;
	filter_destroy(listing->filter);
	listing->filter = filter;
	free(listing->filter_words);
	listing->filter_words = mem_strdup(words);
	listing->stale |= STALE_ROWS | STALE_ASKED;
	return true;
}

const char *listing_filter_words(const struct listing *listing)
{
	return listing->filter_words;
}

void listing_set_sort(struct listing *listing, const struct attribute *column, bool descending)
{
	listing->stale |= STALE_KEYS | STALE_ROWS | STALE_ASKED;
	listing->sort = column;
	listing->descending = descending;
}

const struct attribute *listing_sort_column(const struct listing *listing)
{
	return listing->sort;
}

bool listing_sort_is_descending(const struct listing *listing)
{
	return listing->descending;
}

void listing_group_by(struct listing *listing, enum grouping by)
{
	listing->stale |= STALE_KEYS | STALE_ROWS | STALE_ASKED;
	listing->by = by;
	listing->on_heading = false;
}

enum grouping listing_grouping(const struct listing *listing)
{
	return listing->by;
}

bool listing_needs_xml(const struct listing *listing)
{
	return *listing->filter_words || listing->by == GROUPING_TAG || listing->sort->flags & ATTRIBUTE_XML;
}

void listing_freeze(struct listing *listing, bool frozen)
{
	listing->frozen = frozen;
	if (!frozen)
		listing->stale |= STALE_KEYS | STALE_ROWS;
}

bool listing_is_frozen(const struct listing *listing)
{
	return listing->frozen;
}

void listing_tasks_changed(struct listing *listing)
{
	if (listing->sort->source == SOURCE_TASKS)
		listing->stale |= STALE_KEYS | STALE_ROWS;
}

/* --- order --- */

struct attribute_row listing_row(const struct listing *listing, const struct vm *vm, int64_t now)
{
	return (struct attribute_row){
		.vm = vm,
		.host = inventory_host(listing->inventory, vm->id.host),
		.task = listing->tasks && vm->task_id ? tasklist_find(listing->tasks, vm->task_id) : NULL,
		.now = now,
	};
}

static int compare_places(const void *left, const void *right, void *data)
{
	const struct listing *listing = data;
	const struct place *a = left, *b = right;
	const double x = a->value.number, y = b->value.number;
	int order = listing->by ? group_key_compare(&a->group, &b->group) : 0;

	if (order)
		return order;
	if (a->known != b->known)
		return a->known ? -1 : 1; /* unknown is last in either direction */
	if (a->known && listing->sort->type != ATTRIBUTE_TEXT)
		order = (x > y) - (x < y);
	/* Thousands of VMs with the same OS are no reason to look at each letter's case. */
	else if (a->known && !text_equal(a->value.text, b->value.text))
		order = text_compare(a->value.text, b->value.text);
	if (order)
		return listing->descending ? -order : order;
	return (a->rank > b->rank) - (a->rank < b->rank);
}

/* Mostly they are in order already. */
static void sort(void *at, size_t count, size_t size, int (*compare)(const void *, const void *, void *), void *data)
{
	for (size_t i = 1; i < count; i++) {
		const char *item = (const char *)at + i * size;

		if (compare(item - size, item, data) > 0) {
			qsort_r(at, count, size, compare, data);
			return;
		}
	}
}

static void put_in_order(struct listing *listing)
{
	const size_t count = inventory_vm_count(listing->inventory);
	const int64_t now = clock_ms();

	if (listing->stale & STALE_SET) {
		listing->by_name.count = listing->order.count = 0;
		for (size_t i = 0; i < count; i++) {
			struct vm *vm = inventory_vm_at(listing->inventory, i);

			*VEC_PUSH(&listing->by_name) = vm;
			VEC_PUSH(&listing->order)->vm = vm;
		}
	}
	/* Names are compared when VMs come or are renamed; whoever sorts by something else compares ranks. */
	if (listing->stale & (STALE_SET | STALE_NAMES)) {
		sort(listing->by_name.at, count, sizeof(struct vm *), compare_names, listing);
		for (size_t i = 0; i < count; i++)
			listing->by_name.at[i]->rank = i;
	}
	for (size_t i = 0; i < count; i++) {
		struct place *place = &listing->order.at[i];
		const struct attribute_row row = listing_row(listing, place->vm, now);

		place->rank = place->vm->rank;
		place->group = grouping_key(listing->by, place->vm, row.host);
		place->value = listing->sort->get(&row);
		place->known = listing->sort->type == ATTRIBUTE_TEXT ? !text_is_empty(place->value.text)
								     : place->value.number >= 0;
	}
	sort(listing->order.at, count, sizeof(listing->order.at[0]), compare_places, listing);
}

/* --- making the rows --- */

enum { AHEAD = 16 };

static void add_row(struct listing *listing, struct vm *vm, size_t group)
{
	vm->shown = true;
	vm->row = listing->rows.count;
	*VEC_PUSH(&listing->rows) = (struct row){ .vm = vm, .id = vm->id, .group = group };
}

static void make_rows(struct listing *listing)
{
	const int64_t now = clock_ms();

	if (listing->stale & (STALE_SET | STALE_KEYS))
		put_in_order(listing);
	listing_groups_clear(listing);
	for (size_t i = 0; i < listing->order.count; i++) {
		const struct place *place = &listing->order.at[i];
		const struct host *host = inventory_host(listing->inventory, place->vm->id.host);

		/* Thousands of VMs are spread over more memory than a cache holds. */
		if (i + AHEAD < listing->order.count) {
			const struct vm *ahead = place[AHEAD].vm;

			__builtin_prefetch(ahead);
			__builtin_prefetch(&ahead->version);
			__builtin_prefetch(place[AHEAD / 2].vm->searched);
		}
		filter_prepare(listing->filter, place->vm, host);
		place->vm->shown = filter_match(listing->filter, place->vm, host, now);
		if (place->vm->shown)
			add_row(listing, place->vm, listing->by ? listing_group_for(listing, &place->group) : 0);
	}
	listing->stale = 0;
}

/* --- the cursor follows its VM --- */

static struct vm *visible_vm(const struct listing *listing, const struct vm_id *id)
{
	struct vm *vm = inventory_find(listing->inventory, id);

	return vm && vm->shown && listing->rows.at[vm->row].line != (size_t)NO_LINE ? vm : NULL;
}

static void set_cursor(struct listing *listing, size_t index)
{
	const struct line *line;

	listing->cursor_index = index;
	if (index >= listing->lines.count) {
		listing->cursor_row = 0;
		listing->on_heading = false;
		return;
	}
	line = &listing->lines.at[index];
	listing->on_heading = line->is_heading;
	listing->cursor_row = line->row;
	listing->cursor = listing->rows.at[line->row].id;
	if (line->is_heading) {
		listing->heading_rank = listing->groups.at[line->group].rank;
		text_set(&listing->heading, text_copy(listing->groups.at[line->group].title));
	}
}

void listing_put_on_heading(struct listing *listing, size_t group)
{
	for (size_t i = 0; i < listing->lines.count; i++) {
		if (listing->lines.at[i].is_heading && listing->lines.at[i].group == group) {
			listing->cursor_moved = true;
			set_cursor(listing, i);
			return;
		}
	}
}

static void place_cursor(struct listing *listing)
{
	const struct rows *before = &listing->before;
	const struct vm *vm;
	size_t index = 0;

	if (!listing->cursor_moved) {
		while (index < listing->lines.count && listing->lines.at[index].is_heading)
			index++;
		set_cursor(listing, index < listing->lines.count ? index : 0);
		return;
	}
	for (index = 0; index < listing->lines.count && listing->on_heading; index++) {
		const struct line *line = &listing->lines.at[index];

		if (line->is_heading && listing->groups.at[line->group].rank == listing->heading_rank &&
		    text_equal(listing->groups.at[line->group].title, listing->heading)) {
			set_cursor(listing, index);
			return;
		}
	}
	/* The cursor's VM, or the nearest of its old neighbours that is still there: first those below. */
	vm = visible_vm(listing, &listing->cursor);
	for (size_t i = listing->cursor_row + 1; !vm && i < before->count; i++)
		vm = visible_vm(listing, &before->at[i].id);
	for (size_t i = MIN(listing->cursor_row, before->count); !vm && i-- > 0;)
		vm = visible_vm(listing, &before->at[i].id);
	set_cursor(listing, vm ? listing->rows.at[vm->row].line : 0);
}

/* --- all of it brought up to date --- */

void listing_refresh(struct listing *listing)
{
	const bool held = listing->frozen && !(listing->stale & STALE_ASKED);
	struct rows spare = listing->before;

	if (held ? !listing->gone : listing->stale == 0)
		return;
	listing->before = listing->rows;
	listing->rows = spare;
	listing->rows.count = 0;
	/* Held, what is stale stays so, until the rows are let go. */
	for (size_t i = 0; i < listing->before.count && held; i++) {
		struct vm *vm = inventory_find(listing->inventory, &listing->before.at[i].id);

		if (vm)
			add_row(listing, vm, listing->before.at[i].group);
	}
	if (!held)
		make_rows(listing);
	listing->gone = false;
	listing_make_lines(listing);
	place_cursor(listing);
	listing->marked = listing->marked_hidden = 0;
	for (size_t i = 0; listing->last_mark && i < inventory_vm_count(listing->inventory); i++) {
		const struct vm *vm = inventory_vm_at(listing->inventory, i);

		listing->marked += vm->marked_at != 0;
		listing->marked_hidden += vm->marked_at != 0 && !vm->shown;
	}
	listing->version++;
}

size_t listing_count(struct listing *listing)
{
	listing_refresh(listing);
	return listing->rows.count;
}

struct vm *listing_at(struct listing *listing, size_t index)
{
	listing_refresh(listing);
	return listing->rows.at[index].vm;
}

uint64_t listing_version(struct listing *listing)
{
	listing_refresh(listing);
	return listing->version;
}

/* --- the cursor --- */

struct vm *listing_cursor(struct listing *listing)
{
	listing_refresh(listing);
	return listing->lines.count > 0 ? listing_line_vm(listing, listing->cursor_index) : NULL;
}

size_t listing_cursor_index(struct listing *listing)
{
	listing_refresh(listing);
	return listing->cursor_index;
}

bool listing_is_on_group(struct listing *listing)
{
	listing_refresh(listing);
	return listing->on_heading;
}

void listing_move_to(struct listing *listing, size_t index)
{
	listing_refresh(listing);
	if (listing->lines.count == 0)
		return;
	listing->cursor_moved = true;
	set_cursor(listing, MIN(index, listing->lines.count - 1));
}

void listing_move(struct listing *listing, ptrdiff_t by)
{
	ptrdiff_t index;

	listing_refresh(listing);
	index = (ptrdiff_t)listing->cursor_index + by;
	listing_move_to(listing, (size_t)MAX(index, 0));
}

bool listing_select(struct listing *listing, const struct vm_id *id)
{
	const struct vm *vm;

	listing_refresh(listing);
	vm = visible_vm(listing, id);
	if (!vm)
		return false;
	listing_move_to(listing, listing->rows.at[vm->row].line);
	return true;
}

/* --- marks --- */

void listing_mark(struct listing *listing, struct vm *vm, bool marked)
{
	listing_refresh(listing);
	if (marked == (vm->marked_at != 0))
		return;
	vm->marked_at = marked ? ++listing->last_mark : 0;
	listing->marked += marked ? 1 : (size_t)-1;
	if (!vm->shown)
		listing->marked_hidden += marked ? 1 : (size_t)-1;
}

void listing_invert_marks(struct listing *listing)
{
	listing_refresh(listing);
	for (size_t i = 0; i < listing->rows.count; i++)
		listing_mark(listing, listing->rows.at[i].vm, listing->rows.at[i].vm->marked_at == 0);
}

void listing_unmark_all(struct listing *listing)
{
	for (size_t i = 0; i < inventory_vm_count(listing->inventory); i++)
		listing_mark(listing, inventory_vm_at(listing->inventory, i), false);
}

size_t listing_marked(struct listing *listing)
{
	listing_refresh(listing);
	return listing->marked;
}

size_t listing_marked_hidden(struct listing *listing)
{
	listing_refresh(listing);
	return listing->marked_hidden;
}

void listing_targets(struct listing *listing, struct vm_ids *ret_ids)
{
	const struct vm *vm = listing_cursor(listing);

	*ret_ids = (struct vm_ids){ 0 };
	for (size_t i = 0; i < listing->rows.count; i++)
		if (listing->rows.at[i].vm->marked_at)
			*VEC_PUSH(ret_ids) = listing->rows.at[i].id;
	for (size_t i = 0; i < inventory_vm_count(listing->inventory) && listing->marked_hidden > 0; i++) {
		const struct vm *hidden = inventory_vm_at(listing->inventory, i);

		if (hidden->marked_at && !hidden->shown)
			*VEC_PUSH(ret_ids) = hidden->id;
	}
	if (ret_ids->count == 0 && vm)
		*VEC_PUSH(ret_ids) = vm->id;
}
