/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/listing_private.h"

/* --- which groups are folded --- */

/* Owned: unlike any other group's of any grouping. */
static char *fold_name(const struct listing *listing, const struct group *group)
{
	return mem_printf("%s %d %s", grouping_name(listing->by), group->rank, text_str(group->title));
}

/* Where it is, or would stand. */
static size_t fold_place(const struct listing *listing, const char *name, bool *ret_found)
{
	size_t low = 0, high = listing->folds.count;

	*ret_found = false;
	while (low < high && !*ret_found) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(listing->folds.at[middle], name);

		if (order < 0)
			low = middle + 1;
		else
			high = middle;
		*ret_found = order == 0;
	}
	return high;
}

/* Takes name. */
static void set_fold(struct listing *listing, char *name, bool folded)
{
	bool was;
	size_t place = fold_place(listing, name, &was);

	if (folded && !was) {
		VEC_PUSH(&listing->folds);
		memmove(&listing->folds.at[place + 1], &listing->folds.at[place],
			(listing->folds.count - 1 - place) * sizeof(listing->folds.at[0]));
		listing->folds.at[place] = name;
		return;
	}
	free(name);
	if (was && !folded) {
		free(listing->folds.at[place]);
		VEC_REMOVE(&listing->folds, place);
	}
}

static void set_folded(struct listing *listing, struct group *group, bool folded)
{
	group->folded = folded;
	set_fold(listing, fold_name(listing, group), folded);
}

char *listing_folds(const struct listing *listing)
{
	char *all = mem_strdup("");

	for (size_t i = 0; i < listing->folds.count; i++) {
		char *longer = mem_printf("%s%s%s", all, i > 0 ? "\n" : "", listing->folds.at[i]);

		free(all);
		all = longer;
	}
	return all;
}

void listing_set_folds(struct listing *listing, const char *folds)
{
	for (size_t len; *folds; folds += len + (folds[len] == '\n')) {
		len = strcspn(folds, "\n");
		set_fold(listing, mem_strndup(folds, len), true);
	}
}

/* --- groups --- */

void listing_groups_clear(struct listing *listing)
{
	for (size_t i = 0; i < listing->groups.count; i++)
		text_free(&listing->groups.at[i].title);
	listing->groups.count = 0;
}

void listing_groups_free(struct listing *listing)
{
	listing_groups_clear(listing);
	VEC_FREE(&listing->groups);
	VEC_FREE(&listing->lines);
	for (size_t i = 0; i < listing->folds.count; i++)
		free(listing->folds.at[i]);
	VEC_FREE(&listing->folds);
}

size_t listing_group_for(struct listing *listing, const struct group_key *key)
{
	const size_t count = listing->groups.count;
	const struct group *last = count > 0 ? &listing->groups.at[count - 1] : NULL;
	const struct group_key before = { last ? last->rank : 0, last ? text_str(last->title) : "",
					  last ? strlen(text_str(last->title)) : 0 };
	struct group *group;
	OWN(bytes) char *name = NULL;

	if (last && group_key_compare(&before, key) == 0)
		return count - 1;
	group = VEC_PUSH(&listing->groups);
	*group = (struct group){ .rank = key->rank, .title = group_key_title(key) };
	name = fold_name(listing, group);
	fold_place(listing, name, &group->folded);
	return count;
}

/* --- lines --- */

static void add_lines(struct listing *listing, size_t from, size_t to, bool folded)
{
	for (size_t i = from; i < to; i++) {
		listing->rows.at[i].line = folded ? (size_t)NO_LINE : listing->lines.count;
		if (!folded)
			*VEC_PUSH(&listing->lines) = (struct line){ .group = listing->rows.at[i].group, .row = i };
	}
}

void listing_make_lines(struct listing *listing)
{
	listing->lines.count = 0;
	if (listing->by == GROUPING_NONE) {
		add_lines(listing, 0, listing->rows.count, false);
		return;
	}
	for (size_t i = 0; i < listing->groups.count; i++)
		listing->groups.at[i].from = listing->groups.at[i].to = 0;
	for (size_t i = 0; i < listing->rows.count && listing->groups.count > 0; i++) {
		struct group *group = &listing->groups.at[listing->rows.at[i].group];

		if (group->to == 0)
			group->from = i;
		group->to = i + 1;
	}
	for (size_t i = 0; i < listing->groups.count; i++) {
		const struct group *group = &listing->groups.at[i];

		if (group->from == group->to)
			continue;
		*VEC_PUSH(&listing->lines) = (struct line){ .is_heading = true, .group = i, .row = group->from };
		add_lines(listing, group->from, group->to, group->folded);
	}
}

size_t listing_line_count(struct listing *listing)
{
	listing_refresh(listing);
	return listing->lines.count;
}

struct vm *listing_line_vm(struct listing *listing, size_t line)
{
	listing_refresh(listing);
	return listing->lines.at[line].is_heading ? NULL : listing->rows.at[listing->lines.at[line].row].vm;
}

bool listing_line_group(struct listing *listing, size_t line, struct listing_group *ret_group)
{
	const struct group *group;

	listing_refresh(listing);
	if (line >= listing->lines.count || !listing->lines.at[line].is_heading)
		return false;
	group = &listing->groups.at[listing->lines.at[line].group];
	*ret_group = (struct listing_group){ .title = group->title, .folded = group->folded };
	for (size_t i = group->from; i < group->to; i++) {
		const struct vm *vm = listing->rows.at[i].vm;
		const bool running = vm_state_is_active(vm->info.state);

		ret_group->vms++;
		ret_group->running += running;
		ret_group->marked += vm->marked_at != 0;
		if (vm->users_state == USERS_KNOWN)
			ret_group->users += session_list_people(&vm->sessions) + vm->sessions.more;
		else
			ret_group->users_unknown += running;
	}
	return true;
}

/* --- folding --- */

static struct line *cursor_line(struct listing *listing)
{
	listing_refresh(listing);
	return listing->by && listing->lines.count > 0 ? &listing->lines.at[listing->cursor_index] : NULL;
}

static void fold(struct listing *listing, size_t group, bool folded)
{
	set_folded(listing, &listing->groups.at[group], folded);
	listing_make_lines(listing);
	listing_put_on_heading(listing, group);
	listing->version++;
}

bool listing_fold(struct listing *listing)
{
	const struct line *line = cursor_line(listing);

	if (!line)
		return false;
	if (line->is_heading)
		fold(listing, line->group, true);
	else
		listing_put_on_heading(listing, line->group);
	return true;
}

bool listing_unfold(struct listing *listing)
{
	const struct line *line = cursor_line(listing);

	if (!line)
		return false;
	if (line->is_heading && listing->groups.at[line->group].folded)
		fold(listing, line->group, false);
	else if (line->is_heading)
		listing_move(listing, 1);
	return true;
}

bool listing_toggle_fold(struct listing *listing)
{
	const struct line *line = cursor_line(listing);

	if (!line || !line->is_heading)
		return false;
	fold(listing, line->group, !listing->groups.at[line->group].folded);
	return true;
}

bool listing_toggle_all_folds(struct listing *listing)
{
	const struct line *line = cursor_line(listing);
	bool was_on_heading = line && line->is_heading, any_open = false;
	struct vm_id cursor = listing->cursor;
	size_t group;

	if (!line)
		return false;
	group = line->group;
	for (size_t i = 0; i < listing->groups.count; i++)
		any_open |= !listing->groups.at[i].folded;
	for (size_t i = 0; i < listing->groups.count; i++)
		set_folded(listing, &listing->groups.at[i], any_open);
	listing_make_lines(listing);
	listing_put_on_heading(listing, group);
	if (!any_open && !was_on_heading)
		listing_select(listing, &cursor);
	listing->version++;
	return true;
}

/* --- marks of a group --- */

bool listing_mark_group(struct listing *listing)
{
	const struct line *line = cursor_line(listing);
	const struct group *group;
	size_t unmarked = 0;

	if (!line || !line->is_heading)
		return false;
	group = &listing->groups.at[line->group];
	for (size_t i = group->from; i < group->to; i++)
		unmarked += listing->rows.at[i].vm->marked_at == 0;
	for (size_t i = group->from; i < group->to; i++)
		listing_mark(listing, listing->rows.at[i].vm, unmarked > 0);
	return true;
}

void listing_move_to_next_group(struct listing *listing)
{
	const struct line *line = cursor_line(listing);

	for (size_t i = line ? listing->cursor_index + 1 : SIZE_MAX; i < listing->lines.count; i++) {
		if (listing->lines.at[i].is_heading) {
			listing_move_to(listing, i);
			return;
		}
	}
}
