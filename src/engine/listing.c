/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/listing.h"

#include "base/clock.h"

#include <string.h>

/* A VM with what it is sorted by. */
struct place {
	struct vm *vm;
	double number;         /* this, or the text */
	struct safe_text text; /* view */
	bool known;
};

struct row {
	struct vm *vm;
	struct vm_id id; /* still good when the VM is gone */
};

struct rows {
	VEC(struct row);
};

/* What has to be made anew, from the first to the last. */
enum {
	STALE_SET = 1,   /* VMs came or went */
	STALE_KEYS = 2,  /* what they are sorted by may have changed */
	STALE_ROWS = 4,  /* which of them are shown may have changed */
	STALE_ASKED = 8, /* a person sorts or filters: that moves frozen rows, too */
};

/*
 * All VMs in their order, and of them the rows that the filter shows. So a filter that somebody types
 * sorts nothing, and a change sorts only where it moved a VM.
 */
struct listing {
	struct inventory *inventory;
	const struct tasklist *tasks;
	struct filter *filter;
	const struct saved_filters *saved; /* borrowed, may be NULL */
	char *filter_words;
	enum column_id sort;
	bool descending;
	bool frozen;

	unsigned stale;
	bool gone; /* a VM, since the rows were made: frozen or not, its row has to go */
	struct { VEC(struct place); } order;
	struct rows rows;
	struct rows before; /* the rows of the time before, while they are made anew */
	uint64_t version;

	struct vm_id cursor;
	size_t cursor_index;
	bool cursor_moved;

	uint64_t last_mark;
	size_t marked, marked_hidden;
};

/* --- hearing of changes --- */

static void hear(void *data, enum inventory_change change, struct host *host, struct vm *vm)
{
	struct listing *listing = data;

	(void)host;
	(void)vm;
	listing->gone |= change == INVENTORY_GONE;
	switch (change) {
	case INVENTORY_GONE:
	case INVENTORY_ADDED:
		listing->stale |= STALE_SET | STALE_KEYS | STALE_ROWS;
		break;
	case INVENTORY_HOST:
	case INVENTORY_CHANGED:
		listing->stale |= STALE_KEYS | STALE_ROWS;
		break;
	case INVENTORY_FIGURES:
		if (column_get(listing->sort)->figure)
			listing->stale |= STALE_KEYS | STALE_ROWS;
		if (filter_uses_figures(listing->filter))
			listing->stale |= STALE_ROWS;
		break;
	}
}

struct listing *listing_create(struct inventory *inventory, const struct tasklist *tasks)
{
	struct listing *listing = mem_zalloc(sizeof(*listing));

	listing->inventory = inventory;
	listing->tasks = tasks;
	listing->filter_words = mem_strdup("");
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
	VEC_FREE(&listing->order);
	VEC_FREE(&listing->rows);
	VEC_FREE(&listing->before);
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

void listing_set_sort(struct listing *listing, enum column_id column, bool descending)
{
	listing->stale |= STALE_KEYS | STALE_ROWS | STALE_ASKED;
	listing->sort = column;
	listing->descending = descending;
}

enum column_id listing_sort_column(const struct listing *listing)
{
	return listing->sort;
}

bool listing_sort_is_descending(const struct listing *listing)
{
	return listing->descending;
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
	if (listing->sort == COLUMN_TASK)
		listing->stale |= STALE_KEYS | STALE_ROWS;
}

/* --- order --- */

struct column_row listing_row(const struct listing *listing, const struct vm *vm, int64_t now)
{
	return (struct column_row){
		.vm = vm,
		.host = inventory_host(listing->inventory, vm->id.host),
		.task = listing->tasks && vm->task_id ? tasklist_find(listing->tasks, vm->task_id) : NULL,
		.now = now,
	};
}

static void collect(struct listing *listing)
{
	listing->order.count = 0;
	for (size_t i = 0; i < inventory_vm_count(listing->inventory); i++)
		VEC_PUSH(&listing->order)->vm = inventory_vm_at(listing->inventory, i);
}

static void read_keys(struct listing *listing)
{
	const struct column *column = column_get(listing->sort);
	int64_t now = clock_ms();

	for (size_t i = 0; i < listing->order.count; i++) {
		struct place *place = &listing->order.at[i];
		struct column_row row = listing_row(listing, place->vm, now);

		if (column->number) {
			place->known = column->number(&row, &place->number);
		} else {
			place->text = column->text(&row);
			place->known = !text_is_empty(place->text);
		}
	}
}

static int compare_keys(const struct listing *listing, const struct place *a, const struct place *b)
{
	if (column_get(listing->sort)->number)
		return (a->number > b->number) - (a->number < b->number);
	/* Thousands of VMs with the same OS are no reason to look at each letter's case. */
	return text_equal(a->text, b->text) ? 0 : text_compare(a->text, b->text);
}

/* The order among equals: it makes every order a total one. */
static int compare_names(const struct listing *listing, const struct vm *a, const struct vm *b)
{
	int order = 0;

	if (a->id.host != b->id.host)
		order = text_compare(TEXT_OURS(inventory_host(listing->inventory, a->id.host)->name),
				     TEXT_OURS(inventory_host(listing->inventory, b->id.host)->name));
	if (order == 0)
		order = text_compare(a->facts.name, b->facts.name);
	return order ? order : memcmp(&a->id.uuid, &b->id.uuid, sizeof(a->id.uuid));
}

static int compare_places(const void *left, const void *right, void *data)
{
	const struct listing *listing = data;
	const struct place *a = left, *b = right;
	int order = 0;

	if (a->known != b->known)
		return a->known ? -1 : 1; /* unknown is last in either direction */
	if (a->known)
		order = compare_keys(listing, a, b);
	if (order)
		return listing->descending ? -order : order;
	return compare_names(listing, a->vm, b->vm);
}

static bool is_in_order(struct listing *listing)
{
	for (size_t i = 1; i < listing->order.count; i++)
		if (compare_places(&listing->order.at[i - 1], &listing->order.at[i], listing) > 0)
			return false;
	return true;
}

static void put_in_order(struct listing *listing)
{
	if (listing->stale & STALE_SET)
		collect(listing);
	read_keys(listing);
	if (!is_in_order(listing))
		qsort_r(listing->order.at, listing->order.count, sizeof(listing->order.at[0]), compare_places, listing);
}

/* --- making the rows --- */

static void add_row(struct listing *listing, struct vm *vm)
{
	*VEC_PUSH(&listing->rows) = (struct row){ vm, vm->id };
}

static void make_rows(struct listing *listing)
{
	if (listing->stale & (STALE_SET | STALE_KEYS))
		put_in_order(listing);
	for (size_t i = 0; i < listing->order.count; i++) {
		struct vm *vm = listing->order.at[i].vm;

		vm->shown = filter_match(listing->filter, vm, inventory_host(listing->inventory, vm->id.host));
		if (vm->shown)
			add_row(listing, vm);
	}
	listing->stale = 0;
}

/* What is stale stays so, until the rows are let go. */
static void keep_rows(struct listing *listing)
{
	for (size_t i = 0; i < listing->before.count; i++) {
		struct vm *vm = inventory_find(listing->inventory, &listing->before.at[i].id);

		if (!vm)
			continue;
		vm->shown = true;
		add_row(listing, vm);
	}
}

static void count_marks(struct listing *listing)
{
	listing->marked = listing->marked_hidden = 0;
	for (size_t i = 0; i < inventory_vm_count(listing->inventory); i++) {
		const struct vm *vm = inventory_vm_at(listing->inventory, i);

		listing->marked += vm->marked_at != 0;
		listing->marked_hidden += vm->marked_at != 0 && !vm->shown;
	}
}

/* --- the cursor follows its VM --- */

static struct vm *shown_vm(const struct listing *listing, const struct vm_id *id)
{
	struct vm *vm = inventory_find(listing->inventory, id);

	return vm && vm->shown ? vm : NULL;
}

/* The cursor's VM, or the nearest of its old neighbours that is still shown: first those below. */
static struct vm *vm_for_cursor(const struct listing *listing)
{
	const struct rows *before = &listing->before;
	struct vm *vm = shown_vm(listing, &listing->cursor);

	for (size_t i = listing->cursor_index + 1; !vm && i < before->count; i++)
		vm = shown_vm(listing, &before->at[i].id);
	for (size_t i = MIN(listing->cursor_index, before->count); !vm && i-- > 0;)
		vm = shown_vm(listing, &before->at[i].id);
	return vm;
}

static void set_cursor(struct listing *listing, size_t index)
{
	listing->cursor_index = index;
	if (index < listing->rows.count)
		listing->cursor = listing->rows.at[index].id;
}

static void place_cursor(struct listing *listing)
{
	const struct vm *vm = listing->cursor_moved ? vm_for_cursor(listing) : NULL;
	size_t index = 0;

	while (vm && index < listing->rows.count && listing->rows.at[index].vm != vm)
		index++;
	set_cursor(listing, index);
}

static bool is_held(const struct listing *listing)
{
	return listing->frozen && !(listing->stale & STALE_ASKED);
}

static bool is_current(const struct listing *listing)
{
	return is_held(listing) ? !listing->gone : listing->stale == 0;
}

static void refresh(struct listing *listing)
{
	struct rows spare = listing->before;

	if (is_current(listing))
		return;
	listing->before = listing->rows;
	listing->rows = spare;
	listing->rows.count = 0;
	if (is_held(listing))
		keep_rows(listing);
	else
		make_rows(listing);
	listing->gone = false;
	place_cursor(listing);
	count_marks(listing);
	listing->version++;
}

/* --- rows --- */

size_t listing_count(struct listing *listing)
{
	refresh(listing);
	return listing->rows.count;
}

struct vm *listing_at(struct listing *listing, size_t index)
{
	refresh(listing);
	return listing->rows.at[index].vm;
}

uint64_t listing_version(struct listing *listing)
{
	refresh(listing);
	return listing->version;
}

struct vm *listing_cursor(struct listing *listing)
{
	refresh(listing);
	return listing->rows.count > 0 ? listing->rows.at[listing->cursor_index].vm : NULL;
}

size_t listing_cursor_index(struct listing *listing)
{
	refresh(listing);
	return listing->cursor_index;
}

void listing_move_to(struct listing *listing, size_t index)
{
	refresh(listing);
	if (listing->rows.count == 0)
		return;
	listing->cursor_moved = true;
	set_cursor(listing, MIN(index, listing->rows.count - 1));
}

void listing_move(struct listing *listing, ptrdiff_t by)
{
	ptrdiff_t index;

	refresh(listing);
	index = (ptrdiff_t)listing->cursor_index + by;
	listing_move_to(listing, (size_t)MAX(index, 0));
}

bool listing_select(struct listing *listing, const struct vm_id *id)
{
	struct vm *vm;

	refresh(listing);
	vm = shown_vm(listing, id);
	if (!vm)
		return false;
	listing->cursor = *id;
	listing->cursor_moved = true;
	place_cursor(listing);
	return true;
}

/* --- marks --- */

void listing_mark(struct listing *listing, struct vm *vm, bool marked)
{
	refresh(listing);
	if (marked == (vm->marked_at != 0))
		return;
	vm->marked_at = marked ? ++listing->last_mark : 0;
	listing->marked += marked ? 1 : (size_t)-1;
	if (!vm->shown)
		listing->marked_hidden += marked ? 1 : (size_t)-1;
}

void listing_invert_marks(struct listing *listing)
{
	refresh(listing);
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
	refresh(listing);
	return listing->marked;
}

size_t listing_marked_hidden(struct listing *listing)
{
	refresh(listing);
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
