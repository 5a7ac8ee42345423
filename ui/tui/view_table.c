/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

enum {
	WHEEL_ROWS = 3,
	WHEEL_UP = 64,
	WHEEL_DOWN = 65,
	BUTTON_RIGHT = 2,
	TABLE_GUTTER = 2, /* the mark */
	TABLE_TAIL = 1,   /* the scroll bar */
	ROOMY = 100,      /* so wide a screen leaves two cells between columns */
	EXTRA_MOST = 24,  /* of a column that nobody chose; more where there is still room */
	TASK_ROOM = 12,   /* "logoff 100%" */
};

/*
 * Columns that do not fit are on further pages, to the right: each has the first column, which names the
 * VM, and columns that no earlier page has.
 */
struct table_columns {
	struct columns shown; /* the chosen ones; where nobody chose, those for wide screens as well */
	/* By attribute_index(). */
	bool is_extra[ATTRIBUTES_MAX]; /* nobody chose it: only where there is room */
	int seen[ATTRIBUTES_MAX];      /* the widest cell so far: columns grow, but do not jump */
	int seen_cols;                 /* screen width at that time */
	int width[ATTRIBUTES_MAX];     /* as drawn; 0: not on this page */
	int gap;                       /* between columns */
	size_t page, pages;
	const struct attribute *sorted; /* the sort column at the last fit */
};

struct table {
	struct view view;
	struct table_columns columns;
	struct surface drawn; /* for clicks */
	struct vm_ids watched;
};

/* --- which columns have room --- */

/* Nobody chose: the default ones come first, then at most what it is sorted by. */
static bool are_default(const struct columns *chosen)
{
	size_t at = 0;

	for (size_t i = 0; i < attribute_count(); i++)
		if (attribute_at(i)->flags & ATTRIBUTE_DEFAULT &&
		    (at == chosen->count || chosen->at[at++] != attribute_at(i)))
			return false;
	return true;
}

static void set_shown(struct table_columns *columns, const struct columns *chosen)
{
	size_t at = 0;

	columns->shown.count = 0;
	memset(columns->is_extra, 0, sizeof(columns->is_extra));
	for (size_t i = 0; i < attribute_count() && are_default(chosen); i++) {
		bool is_chosen = false;

		for (size_t k = 0; k < chosen->count; k++)
			is_chosen |= chosen->at[k] == attribute_at(i);
		columns->is_extra[i] = !is_chosen && attribute_at(i)->flags & ATTRIBUTE_WIDE;
		if (columns->is_extra[i] || attribute_at(i)->flags & ATTRIBUTE_DEFAULT)
			*VEC_PUSH(&columns->shown) = attribute_at(i);
		at += attribute_at(i)->flags & ATTRIBUTE_DEFAULT;
	}
	for (; at < chosen->count; at++)
		*VEC_PUSH(&columns->shown) = chosen->at[at];
}

static int *width_of(struct table_columns *columns, const struct attribute *column)
{
	return &columns->width[attribute_index(column)];
}

/* As drawn; 0: it is not on this page. */
static int table_columns_width(const struct table_columns *columns, const struct attribute *column)
{
	return columns->width[attribute_index(column)];
}

/* --- how wide --- */

static int wish_of(const struct table_columns *columns, const struct attribute *column)
{
	/* Leaves room for the sort arrow; for a right-aligned column the gap has it. */
	int heading = surface_width(TEXT_TRUSTED(pgettext("column", column->heading))) + !attribute_is_number(column);
	int wish = MAX(columns->seen[attribute_index(column)], heading);

	return column->most > 0 ? MIN(wish, column->most) : wish;
}

static int least_of(const struct table_columns *columns, const struct attribute *column)
{
	const int wish = wish_of(columns, column);

	return column->least > 0 ? MIN(column->least, wish) : wish;
}

/* Of those that have a width: as they are, or as narrow as they can be. */
static int total_width(const struct table_columns *columns, const struct columns *chosen, bool least)
{
	int total = TABLE_GUTTER + TABLE_TAIL;

	for (size_t i = 0; i < chosen->count; i++) {
		int width = table_columns_width(columns, chosen->at[i]);

		if (width)
			total += (least ? least_of(columns, chosen->at[i]) : width) + columns->gap;
	}
	return total;
}

/* Shrinks the column with most spare width until all fit or none can shrink. first_least: of the first column. */
static void shrink(struct table_columns *columns, const struct columns *chosen, int cols, int first_least)
{
	for (int over = total_width(columns, chosen, false) - cols; over > 0; over--) {
		int *richest = NULL, most = 0;

		for (size_t i = 0; i < chosen->count; i++) {
			int *width = width_of(columns, chosen->at[i]);
			int least = MAX(least_of(columns, chosen->at[i]), i == 0 ? first_least : 0);

			if (*width && *width - least > most) {
				most = *width - least;
				richest = width;
			}
		}
		if (!richest)
			return;
		--*richest;
	}
}

/* --- which --- */

/* Default columns, hidden in this order on a narrow screen. */
static const char *const expendable[] = { "os", "mem", "cpu", "host", "task", "agent" };

static bool drop(struct table_columns *columns, const struct attribute *column)
{
	int *width = width_of(columns, column);

	if (!*width)
		return false;
	*width = 0;
	return true;
}

static bool drop_one(struct table_columns *columns, const struct columns *chosen, const struct attribute *sorted)
{
	/* A user-chosen set is kept: its last columns are hidden first. */
	for (size_t i = 0; i < ARRAY_SIZE(expendable) && are_default(chosen); i++)
		if (attribute_get(expendable[i]) != sorted && drop(columns, attribute_get(expendable[i])))
			return true;
	for (size_t i = chosen->count; i-- > 1;)
		if (chosen->at[i] != sorted && drop(columns, chosen->at[i]))
			return true;
	return false;
}

/* The columns of one page, at full width. turned: those of earlier pages. False: none is left. */
static bool lay_out(struct table_columns *columns, const struct columns *chosen, const struct attribute *sorted,
		    int cols, const bool *turned)
{
	bool any = chosen->count == 1;

	memset(columns->width, 0, sizeof(columns->width));
	for (size_t i = 0; i < chosen->count; i++) {
		if (i > 0 && turned[attribute_index(chosen->at[i])])
			continue;
		*width_of(columns, chosen->at[i]) = wish_of(columns, chosen->at[i]);
		any |= i > 0;
	}
	while (any && total_width(columns, chosen, true) > cols && drop_one(columns, chosen, sorted))
		;
	return any;
}

/* Each page has at least one, so that there is a last page. */
static void note_turned(const struct table_columns *columns, const struct columns *chosen, bool *turned)
{
	bool any = false;

	for (size_t i = 1; i < chosen->count; i++) {
		const bool is_here = table_columns_width(columns, chosen->at[i]) > 0;

		any |= is_here;
		turned[attribute_index(chosen->at[i])] |= is_here;
	}
	for (size_t i = 1; i < chosen->count && !any; i++) {
		any = !turned[attribute_index(chosen->at[i])];
		turned[attribute_index(chosen->at[i])] = true;
	}
}

/* What nobody chose comes where the others have all they want, and tasks have room to come. */
static void add_extra(struct table_columns *columns, int cols)
{
	const int task = table_columns_width(columns, attribute_get("task"));
	int spare = cols - total_width(columns, &columns->shown, false) - MAX(TASK_ROOM - task, 0);

	for (size_t i = 0; i < columns->shown.count && columns->pages == 1; i++) {
		const struct attribute *column = columns->shown.at[i];
		const int width = MIN(MIN(wish_of(columns, column), EXTRA_MOST), spare);

		if (!columns->is_extra[attribute_index(column)] || width < least_of(columns, column))
			continue;
		*width_of(columns, column) = width;
		spare -= width + columns->gap;
	}
}

/* Words that were cut get the room that is left, then the last column does. */
static void fill(struct table_columns *columns, int cols)
{
	const struct attribute *last = columns->shown.at[0];
	int spare = cols - total_width(columns, &columns->shown, false) + columns->gap;

	for (size_t i = 0; i < columns->shown.count; i++) {
		const struct attribute *column = columns->shown.at[i];
		int *width = width_of(columns, column), cut = columns->seen[attribute_index(column)] - *width;

		if (!*width)
			continue;
		last = column;
		if (cut > 0 && spare > 0) {
			*width += MIN(cut, spare);
			spare -= MIN(cut, spare);
		}
	}
	if (!attribute_is_number(last))
		*width_of(columns, last) += MAX(spare, 0);
}

/*
 * Each column as wide as its content; if too wide, the least important are hidden, then the widest shrink. The sort
 * column is on the first page, and a new one is made visible.
 */
static void table_columns_fit(struct table_columns *columns, const struct attribute *sorted, int cols)
{
	const struct columns *shown = &columns->shown;
	bool turned[ATTRIBUTES_MAX];
	int width[ATTRIBUTES_MAX];

	columns->gap = cols >= ROOMY ? 2 : 1;
	columns->pages = 0;
	columns->page = sorted == columns->sorted ? columns->page : 0;
	columns->sorted = sorted;
	memcpy(turned, columns->is_extra, sizeof(turned));
	/* The widths that stay are those of the page, or of the last one. */
	while (lay_out(columns, shown, columns->pages ? NULL : sorted, cols, turned)) {
		note_turned(columns, shown, turned);
		if (columns->pages++ <= columns->page)
			memcpy(width, columns->width, sizeof(width));
		if (shown->count == 1)
			break;
	}
	if (columns->pages > 0)
		memcpy(columns->width, width, sizeof(width));
	columns->pages = MAX(columns->pages, 1);
	columns->page = MIN(columns->page, columns->pages - 1);
	add_extra(columns, cols);
	/* The first column names the VM: it keeps a third of the screen while others can shrink. */
	shrink(columns, shown, cols, cols / 3);
	shrink(columns, shown, cols, 0);
	fill(columns, cols);
}

/* NULL: none. */
static const struct attribute *table_columns_at(const struct table_columns *columns, int col)
{
	const struct columns *chosen = &columns->shown;
	int left = TABLE_GUTTER;

	for (size_t i = 0; i < chosen->count; i++) {
		const int width = table_columns_width(columns, chosen->at[i]);

		if (width && col >= left && col < left + width)
			return chosen->at[i];
		left += width ? width + columns->gap : 0;
	}
	return NULL;
}

/* False: there is no such page. */
static bool table_columns_page(struct table_columns *columns, int by)
{
	if (by < 0 ? columns->page == 0 : columns->page + 1 >= columns->pages)
		return false;
	columns->page += (size_t)by;
	return true;
}

/* --- before a frame: what is visible, and what is polled because of it --- */

static bool shows_uptimes(const struct table *table)
{
	return table_columns_width(&table->columns, attribute_get("uptime")) > 0;
}

static void table_prepare(struct view *view, struct surface surface)
{
	struct table *table = (struct table *)view;
	struct ui *ui = view->ui;
	struct listing *listing = ui->listing;
	const struct vm *under_cursor = listing_cursor(listing);
	struct scroll *scroll = &view->scroll;
	const struct columns *shown = &table->columns.shown;
	const size_t count = listing_line_count(listing);
	const int64_t now = clock_ms();
	struct vm_ids ids = { 0 };

	set_shown(&table->columns, &ui->columns);
	if (table->columns.seen_cols != surface.cols)
		memset(table->columns.seen, 0, sizeof(table->columns.seen));
	table->columns.seen_cols = surface.cols;
	table->drawn = surface_part(surface, 1, 0, -1, -1);
	scroll->cursor = listing_cursor_index(listing);
	scroll_fit(scroll, count, table->drawn.rows);
	/* The first VM of a group is shown below its heading. */
	if (scroll->top > 0 && scroll->cursor == scroll->top && scroll->page > 1 &&
	    !listing_line_vm(listing, scroll->top - 1))
		scroll->top--;
	for (size_t line = scroll->top; line < MIN(count, scroll->top + scroll->page); line++) {
		const struct vm *vm = listing_line_vm(listing, line);
		struct attribute_cell cell;
		struct attribute_row row;

		if (!vm)
			continue;
		*VEC_PUSH(&ids) = vm->id;
		row = listing_row(listing, vm, now);
		for (size_t i = 0; i < shown->count; i++) {
			int *seen = &table->columns.seen[attribute_index(shown->at[i])];

			*seen = MAX(*seen, surface_width(attribute_words(shown->at[i], &row, &cell)) +
						   !!(shown->at[i]->flags & ATTRIBUTE_BAR));
		}
	}
	table_columns_fit(&table->columns, listing_sort_column(listing), surface.cols);
	if (!vm_ids_equal(&ids, &table->watched))
		app_watch(ui->app, ids.at, ids.count);
	VEC_FREE(&table->watched);
	table->watched = ids;
	app_focus(ui->app, under_cursor ? &under_cursor->id : NULL);
	app_want_uptimes(ui->app, shows_uptimes(table), NULL);
	app_want_configurations(ui->app, listing_needs_xml(listing));
}

/* --- drawing --- */

static void draw_titles(const struct table_columns *columns, const struct ui *ui, struct surface line)
{
	int col = TABLE_GUTTER;

	for (size_t i = 0; i < columns->shown.count; i++) {
		const struct attribute *column = columns->shown.at[i];
		bool is_sorted = column == listing_sort_column(ui->listing), right = attribute_is_number(column);
		enum role role = is_sorted ? ROLE_HEADING_SORTED : ROLE_HEADING;
		int width = table_columns_width(columns, column);
		int words = surface_width(TEXT_TRUSTED(pgettext("column", column->heading)));

		if (!width)
			continue;
		surface_put_field(line, 0, col, width, right ? ALIGN_RIGHT : ALIGN_LEFT, role,
				  TEXT_TRUSTED(pgettext("column", column->heading)));
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
	case COLOUR_HOST:
		return row->host->production ? ROLE_DANGER : ROLE_DIM;
	case COLOUR_DIM:
		break;
	}
	return ROLE_DIM;
}

static void draw_row(const struct table_columns *columns, struct surface line, const struct attribute_row *row)
{
	struct attribute_cell cell;
	int col = TABLE_GUTTER;

	if (row->vm->marked_at)
		surface_glyphs(line, 0, 0, 1, ROLE_MARK, GLYPH_MARK);
	for (size_t i = 0; i < columns->shown.count; i++) {
		const struct attribute *column = columns->shown.at[i];
		const int width = table_columns_width(columns, column);
		const enum role role = role_of_cell(column, row);
		const int bar = column->flags & ATTRIBUTE_BAR ? 1 : 0; /* behind the words of its cell */

		if (!width)
			continue;
		surface_put_field(line, 0, col, width - bar, attribute_is_number(column) ? ALIGN_RIGHT : ALIGN_LEFT,
				  role,
				  /* What is known to be none is empty; what is unknown is "-". */
				  column->get(row).none ? TEXT_TRUSTED("") : attribute_words(column, row, &cell));
		col += width;
		if (bar)
			draw_bar(line, 0, col - 1, role == ROLE_NORMAL ? ROLE_GAUGE : role,
				 attribute_share(column, row));
		/* The gap in the cell's role: a change of colour costs more bytes than a blank. */
		surface_put_field(line, 0, col, columns->gap, ALIGN_LEFT, role, TEXT_TRUSTED(""));
		/* So that production is seen without colours, too. */
		if (column->colour == COLOUR_HOST && row->host->production)
			surface_put(line, 0, MIN(col, col - width + surface_width(TEXT_TRUSTED(row->host->name))), role,
				    TEXT_TRUSTED("!"));
		col += columns->gap;
	}
}

static void draw_lines(const struct table *table, struct ui *ui, struct surface rows)
{
	const struct scroll *scroll = &table->view.scroll;
	const bool has_focus = ui_pane(ui) == &table->view && !ui->tasks_have_focus;
	const size_t count = listing_line_count(ui->listing);
	const int64_t now = clock_ms();

	for (size_t index = scroll->top; index < MIN(count, scroll->top + (size_t)MAX(rows.rows, 0)); index++) {
		struct surface line =
			draw_list_line(scroll, surface_part(rows, 0, 0, -1, rows.cols - TABLE_TAIL), index,
				       has_focus ? ROLE_CURSOR : ROLE_CURSOR_IDLE, has_focus ? TABLE_GUTTER : -1);
		const struct vm *vm = listing_line_vm(ui->listing, index);
		struct listing_group group;
		struct attribute_row row;
		int col = TABLE_GUTTER;

		if (vm) {
			row = listing_row(ui->listing, vm, now);
			draw_row(&table->columns, line, &row);
			continue;
		}
		/* ▾ ams1  7 VMs, 6 running, 9 users, 2 marked */
		if (!listing_line_group(ui->listing, index, &group))
			continue;
		surface_glyphs(line, 0, 0, 1, ROLE_HEADING, group.folded ? GLYPH_FOLDED : GLYPH_UNFOLDED);
		col += surface_put(line, 0, col, ROLE_TITLE, group.title) + 2;
		col += surface_print(line, 0, col, ROLE_DIM, ngettext("%zu VM", "%zu VMs", group.vms), group.vms);
		col += surface_print(line, 0, col, ROLE_DIM, _(", %zu running"), group.running);
		if (group.users > 0 || (group.running > 0 && group.users_unknown == 0))
			col += surface_print(line, 0, col, ROLE_DIM,
					     ngettext(", %zu%s user", ", %zu%s users", group.users), group.users,
					     group.users_unknown > 0 ? "+" : "");
		if (group.marked > 0)
			surface_print(line, 0, col, ROLE_MARK, ngettext(", %zu marked", ", %zu marked", group.marked),
				      group.marked);
	}
	scroll_draw(scroll, rows, count);
}

/* --- an empty table --- */

static void draw_emptiness(struct ui *ui, struct surface surface)
{
	const struct inventory *inventory = app_inventory(ui->app);
	struct surface inside = surface_part(surface, 0, 2, -1, surface.cols - 4);
	bool all_are_lost = true;
	int row = 1;

	if (inventory_vm_count(inventory) > 0) {
		surface_print(surface, row, 2, ROLE_NORMAL, _("No VM matches the filter \"%s\"."),
			      listing_filter_words(ui->listing));
		surface_put(surface, row + 1, 2, ROLE_DIM, TEXT_TRUSTED(_("Esc clears it, / changes it.")));
		return;
	}
	for (size_t i = 0; i < inventory_host_count(inventory); i++) {
		const struct host *host = inventory_host(inventory, (int)i);
		const bool is_in_trouble = host->state != HOST_CONNECTING && !text_is_empty(host->trouble);
		OWN(text) struct safe_text words = { NULL };

		if (host->state == HOST_CONNECTING)
			words = text_format(_("Connecting to %s…"), host->name);
		else if (is_in_trouble)
			words = text_format(_("%s cannot be reached: %s"), host->name, text_str(host->trouble));
		else if (host->listed)
			words = text_format(_("%s has no VMs."), host->name);
		if (!text_is_empty(words))
			row += surface_wrap(inside, row, 0, is_in_trouble ? ROLE_BAD : ROLE_NORMAL, words);
		all_are_lost &= host->state == HOST_LOST && !host->listed;
	}
	/* A hint for first-time users. */
	if (all_are_lost && !ui->is_demo)
		surface_put(surface, row + 1, 2, ROLE_DIM,
			    TEXT_TRUSTED(_("To try it without a hypervisor: innkeeper --demo")));
}

static void table_draw(struct view *view, struct surface surface)
{
	struct table *table = (struct table *)view;

	draw_titles(&table->columns, view->ui, surface);
	if (listing_line_count(view->ui->listing) == 0)
		draw_emptiness(view->ui, table->drawn);
	else
		draw_lines(table, view->ui, table->drawn);
}

/* Uptimes change by themselves. */
static int64_t table_next_change(const struct view *view, int64_t now)
{
	const struct table *table = (const struct table *)view;
	int64_t soonest = -1;

	for (size_t i = 0; i < table->watched.count && shows_uptimes(table); i++) {
		const struct vm *vm = inventory_find(app_inventory(view->ui->app), &table->watched.at[i]);
		int64_t ms = vm ? uptime_words_last_ms(vm_uptime_ms(vm, now)) : -1;

		if (ms >= 0 && (soonest < 0 || ms < soonest))
			soonest = ms;
	}
	return soonest;
}

/* --- keys and clicks --- */

static bool table_act(struct view *view, enum action_id action)
{
	struct table *table = (struct table *)view;
	struct listing *listing = view->ui->listing;
	struct vm *vm = listing_cursor(listing);

	switch (action) {
	case ACTION_MARK:
		if (listing_mark_group(listing)) {
			listing_move_to_next_group(listing);
		} else if (vm) {
			listing_mark(listing, vm, !vm->marked_at);
			listing_move(listing, 1);
		}
		return true;
	case ACTION_FOLD:
		return listing_grouping(listing) ? listing_fold(listing) : table_columns_page(&table->columns, -1);
	case ACTION_UNFOLD:
		return listing_grouping(listing) ? listing_unfold(listing) : table_columns_page(&table->columns, 1);
	case ACTION_COLUMNS_LEFT:
		return table_columns_page(&table->columns, -1);
	case ACTION_COLUMNS_RIGHT:
		return table_columns_page(&table->columns, 1);
	case ACTION_FOLD_ALL:
		return listing_toggle_all_folds(listing);
	case ACTION_DETAILS:
		return listing_toggle_fold(listing);
	default:
		return false;
	}
}

void view_table_sort(struct ui *ui, const struct attribute *column, bool descending)
{
	columns_show(&ui->columns, column);
	listing_set_sort(ui->listing, column, descending);
	ui_say(ui, ROLE_NORMAL, descending ? _("Sorted by %s, descending") : _("Sorted by %s"),
	       pgettext("column", column->heading));
}

static bool table_input(struct view *view, const struct input *input)
{
	struct table *table = (struct table *)view;
	struct listing *listing = view->ui->listing;
	const bool descending = listing_sort_is_descending(listing);
	const struct attribute *heading = NULL;
	int row = input->row - table->drawn.top;

	if (input->kind != INPUT_CLICK)
		return false;
	if (input->button == WHEEL_UP || input->button == WHEEL_DOWN) {
		listing_move(listing, input->button == WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
		return true;
	}
	if (row == -1)
		heading = table_columns_at(&table->columns, input->col - table->drawn.left);
	if (heading) /* clicking the sort column reverses the order */
		view_table_sort(view->ui, heading, heading == listing_sort_column(listing) ? !descending : descending);
	if (row < 0 || row >= table->drawn.rows || view->scroll.top + (size_t)row >= listing_line_count(listing))
		return true;
	listing_move_to(listing, view->scroll.top + (size_t)row);
	if (input->button == BUTTON_RIGHT)
		ui_do(view->ui, ACTION_MENU);
	return true;
}

static bool table_offers(const struct view *view, enum action_id action)
{
	const struct table_columns *columns = &((const struct table *)view)->columns;
	struct ui *ui = view->ui;
	struct listing_group group;

	switch (action) {
	case ACTION_COLUMNS_LEFT:
		return columns->page > 0;
	case ACTION_COLUMNS_RIGHT:
		return columns->page + 1 < columns->pages;
	case ACTION_FOLD:
	case ACTION_UNFOLD:
		return listing_line_group(ui->listing, listing_cursor_index(ui->listing), &group) &&
		       group.folded == (action == ACTION_UNFOLD);
	case ACTION_TASKS:
		return !view_tasks_is_empty(ui->tasks);
	case ACTION_BACK:
		return *listing_filter_words(ui->listing) || listing_marked(ui->listing) > 0;
	case ACTION_TASK_CANCEL:
		return ui_may(ui, action);
	default:
		return false;
	}
}

/* On a heading, Space is for all of its VMs. */
static struct safe_text table_label(const struct view *view, enum action_id action)
{
	struct listing *listing = view->ui->listing;
	struct listing_group group;

	if (action != ACTION_MARK || !listing_is_on_group(listing) ||
	    !listing_line_group(listing, listing_cursor_index(listing), &group))
		return (struct safe_text){ NULL };
	return text_format(group.marked == group.vms ? _("Unmark all of %s") : _("Mark all of %s"),
			   text_str(group.title));
}

static size_t table_count(const struct view *view)
{
	return listing_line_count(view->ui->listing);
}

/* Names are searched for where a filter would hide the others. */
static struct safe_text table_text(const struct view *view, size_t line)
{
	const struct vm *vm = listing_line_vm(view->ui->listing, line);
	struct listing_group group = { 0 };

	if (!vm)
		listing_line_group(view->ui->listing, line, &group);
	return text_copy(vm ? vm->info.name : group.title);
}

static size_t table_cursor(const struct view *view)
{
	return listing_cursor_index(view->ui->listing);
}

static void table_moved(struct view *view)
{
	listing_move_to(view->ui->listing, view->scroll.cursor);
}

static void table_destroy(struct view *view)
{
	struct table *table = (struct table *)view;

	VEC_FREE(&table->columns.shown);
	VEC_FREE(&table->watched);
}

const struct view_ops table_ops = {
	.size = sizeof(struct table),
	.offered = (const enum action_id[]){ ACTION_LOGOFF, ACTION_SESSIONS, ACTION_MENU, ACTION_MARK, ACTION_FILTER,
					     ACTION_NONE },
	.prepare = table_prepare,
	.draw = table_draw,
	.input = table_input,
	.act = table_act,
	.offers = table_offers,
	.label = table_label,
	.count = table_count,
	.cursor = table_cursor,
	.moved = table_moved,
	.text = table_text,
	.next_change = table_next_change,
	.destroy = table_destroy,
};
