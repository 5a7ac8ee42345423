/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/session_listing.h"

/* A changed VM is found by its version. A VM that is gone or new invalidates all rows. */
static void hear(void *data, enum inventory_change change, struct host *host, struct vm *vm)
{
	struct session_listing *listing = data;

	(void)host;
	(void)vm;
	if (change == INVENTORY_GONE || change == INVENTORY_ADDED)
		listing->seen = 0;
}

void session_listing_init(struct session_listing *listing, struct inventory *inventory, enum session_field by)
{
	*listing = (struct session_listing){
		.inventory = inventory,
		.by = by,
		.words = mem_strdup(""),
		.scope_version = 1,
	};
	inventory_listen(inventory, hear, listing);
}

void session_listing_free(struct session_listing *listing)
{
	inventory_unlisten(listing->inventory, hear, listing);
	session_rows_free(&listing->rows);
	VEC_FREE(&listing->vms);
	VEC_FREE(&listing->scope);
	VEC_FREE(&listing->marks);
	VEC_FREE(&listing->chosen);
	free(listing->words);
}

struct vm *session_listing_vm(const struct session_listing *listing, size_t index)
{
	return index < listing->scope.count ? inventory_find(listing->inventory, &listing->scope.at[index]) : NULL;
}

void session_listing_set_words(struct session_listing *listing, const char *words)
{
	free(listing->words);
	listing->words = mem_strdup(words);
	listing->seen = 0;
}

void session_listing_sort(struct session_listing *listing, enum session_field by, bool descending)
{
	listing->by = by;
	listing->descending = descending;
	listing->seen = 0;
}

static struct session_pick pick_of(const struct session_row *row)
{
	return session_pick_make(&row->vm->id, row->session);
}

bool session_listing_is_marked(const struct session_listing *listing, const struct session_row *row)
{
	const struct session_pick pick = pick_of(row);

	return session_picks_has(&listing->marks, &pick);
}

/* --- the rows as they are now --- */

/* The table often rebuilds its rows without a change: compares before replacing. */
static void take_what_is_shown(struct session_listing *listing)
{
	const size_t count = listing_count(listing->shown);
	size_t same = 0;

	if (listing->seen_shown == listing_version(listing->shown))
		return;
	listing->seen_shown = listing_version(listing->shown);
	while (same < count && same < listing->scope.count &&
	       vm_id_equal(&listing->scope.at[same], &listing_at(listing->shown, same)->id))
		same++;
	if (same == count && same == listing->scope.count)
		return;
	listing->scope.count = same;
	for (size_t i = same; i < count; i++)
		*VEC_PUSH(&listing->scope) = listing_at(listing->shown, i)->id;
	listing->scope_version++;
	listing->seen = 0;
}

static void drop_old_marks(struct session_listing *listing)
{
	for (size_t i = listing->marks.count; i-- > 0;) {
		const struct session_pick *mark = &listing->marks.at[i];
		const struct vm *vm = inventory_find(listing->inventory, &mark->vm);

		if (!vm ||
		    (vm->users_state == USERS_KNOWN && !session_list_find_same(&vm->sessions, mark->id, mark->stamp)))
			VEC_REMOVE(&listing->marks, i);
	}
}

static void remember_current(struct session_listing *listing)
{
	const struct session_rows *rows = &listing->rows;

	listing->scroll.cursor = MIN(listing->scroll.cursor, MAX(rows->count, 1) - 1);
	listing->current = (struct session_pick){ .id = "" };
	if (rows->count > 0)
		listing->current = pick_of(&rows->at[listing->scroll.cursor]);
}

static void follow_current(struct session_listing *listing)
{
	const struct vm *vm = *listing->current.id ? inventory_find(listing->inventory, &listing->current.vm) : NULL;

	for (size_t i = 0; i < listing->rows.count && vm; i++) {
		const struct session_pick pick = pick_of(&listing->rows.at[i]);

		if (session_pick_is(&listing->current, &pick))
			listing->scroll.cursor = i;
	}
	remember_current(listing);
}

void session_listing_update(struct session_listing *listing)
{
	if (listing->shown)
		take_what_is_shown(listing);
	if (listing->seen == inventory_version(listing->inventory))
		return;
	if (listing->seen == 0)
		listing->vms.count = 0;
	for (size_t i = 0; i < listing->scope.count && listing->seen == 0; i++) {
		struct vm *vm = session_listing_vm(listing, i);

		if (vm)
			*VEC_PUSH(&listing->vms) = vm;
	}
	session_rows_keep(&listing->rows, listing->seen);
	for (size_t i = 0; i < listing->vms.count; i++) {
		const struct vm *vm = listing->vms.at[i];

		session_rows_count(&listing->rows, vm);
		if (vm->version > listing->seen)
			session_rows_add(&listing->rows, inventory_host(listing->inventory, vm->id.host), vm,
					 listing->words);
	}
	session_rows_sort(&listing->rows, listing->by, listing->descending);
	drop_old_marks(listing);
	follow_current(listing);
	listing->seen = inventory_version(listing->inventory);
}

/* --- what keys do --- */

bool session_listing_act(struct session_listing *listing, enum action_id action)
{
	session_listing_update(listing);
	switch (action) {
	case ACTION_MARK:
		if (*listing->current.id)
			session_picks_toggle(&listing->marks, &listing->current);
		scroll_act(&listing->scroll, ACTION_MOVE_DOWN, listing->rows.count);
		break;
	case ACTION_MARK_INVERT:
		for (size_t i = 0; i < listing->rows.count; i++) {
			const struct session_pick pick = pick_of(&listing->rows.at[i]);

			session_picks_toggle(&listing->marks, &pick);
		}
		break;
	case ACTION_UNMARK_ALL:
		listing->marks.count = 0;
		break;
	default:
		if (!scroll_act(&listing->scroll, action, listing->rows.count))
			return false;
	}
	remember_current(listing);
	return true;
}

bool session_listing_clear(struct session_listing *listing)
{
	if (*listing->words)
		session_listing_set_words(listing, "");
	else if (listing->marks.count > 0)
		listing->marks.count = 0;
	else
		return false;
	return true;
}

const struct session_picks *session_listing_picks(struct session_listing *listing)
{
	session_listing_update(listing);
	listing->chosen.count = 0;
	session_picks_copy(&listing->chosen, &listing->marks);
	if (listing->chosen.count == 0 && *listing->current.id)
		*VEC_PUSH(&listing->chosen) = listing->current;
	return &listing->chosen;
}
