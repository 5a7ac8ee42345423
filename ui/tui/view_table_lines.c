/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/view_table_lines.h"

#include "ui/tui/view_words.h"

void table_draw_titles(const struct table_columns *columns, const struct ui *ui, struct surface line)
{
	int col = TABLE_GUTTER;

	for (size_t i = 0; i < ui->columns.count; i++) {
		const struct attribute *column = ui->columns.at[i];
		bool is_sorted = column == listing_sort_column(ui->listing), right = attribute_is_number(column);
		enum role role = is_sorted ? ROLE_HEADING_SORTED : ROLE_HEADING;
		int width = table_columns_width(columns, column);
		int words = surface_width(TEXT_TRUSTED(_(column->heading)));

		if (!width)
			continue;
		surface_put_field(line, 0, col, width, right ? ALIGN_RIGHT : ALIGN_LEFT, role,
				  TEXT_TRUSTED(_(column->heading)));
		if (is_sorted)
			surface_glyphs(line, 0, right ? col + width : col + words, 1, role,
				       listing_sort_is_descending(ui->listing) ? GLYPH_DOWN : GLYPH_UP);
		col += width + columns->gap;
	}
	if (columns->page > 0)
		surface_glyphs(line, 0, 0, 1, ROLE_HEADING_SORTED, GLYPH_LEFT);
	if (columns->page + 1 < columns->pages)
		surface_glyphs(line, 0, line.cols - TABLE_TAIL, 1, ROLE_HEADING_SORTED, GLYPH_RIGHT);
}

static enum role role_of_cell(const struct attribute *column, const struct attribute_row *row)
{
	if (!host_is_usable(row->host) || row->host->state == HOST_STALE)
		return ROLE_DIM;
	switch (column->colour) {
	case COLOUR_STATE:
		return role_of_state(row->vm->info.state);
	case COLOUR_AGENT:
		return role_of_agent(vm_agent_state(row->vm));
	case COLOUR_TASK:
		return row->task ? role_of_outcome(row->task) : ROLE_NORMAL;
	case COLOUR_MARK:
		return row->vm->marked_at ? ROLE_MARK : ROLE_NORMAL;
	case COLOUR_USERS:
		return vm_users(row->vm) > 0 ? ROLE_NORMAL : ROLE_DIM;
	case COLOUR_RUNNING:
		return vm_state_is_active(row->vm->info.state) ? ROLE_NORMAL : ROLE_DIM;
	case COLOUR_DIM:
		break;
	}
	return ROLE_DIM;
}

/* No task shows as empty, not as unknown ("-"). */
static struct safe_text words_of_cell(const struct attribute *column, const struct attribute_row *row,
				      struct attribute_cell *cell)
{
	return column->source == SOURCE_TASKS && column->get(row).none ? TEXT_TRUSTED("")
								       : attribute_words(column, row, cell);
}

static void draw_row(const struct table_columns *columns, const struct ui *ui, struct surface line,
		     const struct attribute_row *row)
{
	struct attribute_cell cell;
	int col = TABLE_GUTTER;

	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	if (row->vm->marked_at)
		surface_glyphs(line, 0, 0, 1, ROLE_MARK, GLYPH_MARK);
	for (size_t i = 0; i < ui->columns.count; i++) {
		const struct attribute *column = ui->columns.at[i];
		const int width = table_columns_width(columns, column);
		const enum role role = role_of_cell(column, row);

		if (!width)
			continue;
		surface_put_field(line, 0, col, width, attribute_is_number(column) ? ALIGN_RIGHT : ALIGN_LEFT, role,
				  words_of_cell(column, row, &cell));
		col += width;
		/* The gap in the cell's role: a change of colour costs more bytes than a blank. */
		surface_put_field(line, 0, col, columns->gap, ALIGN_LEFT, role, TEXT_TRUSTED(""));
		col += columns->gap;
	}
}

/* ▾ ams1  7 VMs, 6 running, 9 users, 2 marked */
static void draw_heading_of(const struct listing_group *group, struct surface line)
{
	int col = TABLE_GUTTER;

	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	surface_glyphs(line, 0, 0, 1, ROLE_HEADING, group->folded ? GLYPH_FOLDED : GLYPH_UNFOLDED);
	col += surface_put(line, 0, col, ROLE_TITLE, group->title) + 2;
	col += surface_print(line, 0, col, ROLE_DIM, ngettext("%zu VM", "%zu VMs", group->vms), group->vms);
	col += surface_print(line, 0, col, ROLE_DIM, _(", %zu running"), group->running);
	if (group->users > 0 || (group->running > 0 && group->users_unknown == 0))
		col += surface_print(line, 0, col, ROLE_DIM, ngettext(", %zu%s user", ", %zu%s users", group->users),
				     group->users, group->users_unknown > 0 ? "+" : "");
	if (group->marked > 0)
		surface_print(line, 0, col, ROLE_MARK, _(", %zu marked"), group->marked);
}

void table_draw_line(const struct table_columns *columns, const struct ui *ui, struct surface line, size_t index,
		     int64_t now)
{
	const struct vm *vm = listing_line_vm(ui->listing, index);
	struct listing_group group;
	struct attribute_row row;

	if (vm) {
		row = listing_row(ui->listing, vm, now);
		draw_row(columns, ui, line, &row);
	} else if (listing_line_group(ui->listing, index, &group)) {
		draw_heading_of(&group, line);
	}
}
