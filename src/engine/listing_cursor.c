/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/listing_private.h"

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

void listing_place_cursor(struct listing *listing)
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

void listing_count_marks(struct listing *listing)
{
	listing->marked = listing->marked_hidden = 0;
	for (size_t i = 0; i < inventory_vm_count(listing->inventory); i++) {
		const struct vm *vm = inventory_vm_at(listing->inventory, i);

		listing->marked += vm->marked_at != 0;
		listing->marked_hidden += vm->marked_at != 0 && !vm->shown;
	}
}

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
