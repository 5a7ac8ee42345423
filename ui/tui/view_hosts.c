/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_hosts.c - the hosts, one row each: how busy they are, and what they have. Enter shows a host's VMs.
 */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

/* One host, and what the cells of its row are made of. */
struct host_row {
	const struct host *host;
	struct host_tally tally;
	size_t running, drains, drained; /* its tasks: those under way; the plans to drain, and those that are over */
	int64_t now;
};

/* --- cells --- */

enum column {
	COLUMN_HOST,
	COLUMN_STATE,
	COLUMN_CPU,
	COLUMN_MEMORY,
	COLUMN_VMS,
	COLUMN_RUNNING,
	COLUMN_OFF,
	COLUMN_OTHER,
	COLUMN_USERS,
	COLUMN_LOGINS,
	COLUMN_TASKS,
	COLUMNS
};

static const struct {
	const char *heading; /* NC_("column") */
	bool is_number, has_bar;
	int rank; /* on a narrow screen those of the highest rank go first */
} columns[COLUMNS] = {
	[COLUMN_HOST] = { NC_("column", "HOST"), false, false, 0 },
	[COLUMN_STATE] = { NC_("column", "STATE"), false, false, 0 },
	[COLUMN_CPU] = { NC_("column", "CPU"), true, true, 1 },
	[COLUMN_MEMORY] = { NC_("column", "MEMORY"), true, true, 1 },
	[COLUMN_VMS] = { NC_("column", "VMS"), true, false, 1 },
	[COLUMN_RUNNING] = { NC_("column", "RUNNING"), true, false, 3 },
	[COLUMN_OFF] = { NC_("column", "OFF"), true, false, 4 },
	[COLUMN_OTHER] = { NC_("column", "OTHER"), true, false, 5 },
	[COLUMN_USERS] = { NC_("column", "USERS"), true, false, 1 },
	[COLUMN_LOGINS] = { NC_("column", "LOGINS"), false, false, 2 },
	[COLUMN_TASKS] = { NC_("column", "TASKS"), false, false, 2 },
};

enum { GUTTER = 2, GAP = 2, RANK_MAX = 5 };

static struct safe_text words_of(const struct host_row *row, enum column column)
{
	const struct host *host = row->host;
	const struct host_tally *tally = &row->tally;
	const struct safe_text nothing = { NULL };
	const size_t counts[COLUMNS] = {
		[COLUMN_VMS] = tally->vms,
		[COLUMN_RUNNING] = tally->running,
		[COLUMN_OFF] = tally->off,
		[COLUMN_OTHER] = tally->vms - tally->running - tally->off, /* paused, in shutdown, migrating ... */
	};

	switch (column) {
	case COLUMN_HOST:
		return text_format("%s%s", host->name, host->production ? "!" : "");
	case COLUMN_STATE:
		return host_state_words(host, row->now);
	case COLUMN_CPU:
		return words_of_share(host->figures.cpu_percent / 100);
	case COLUMN_MEMORY:
		return words_of_host_memory(host);
	case COLUMN_USERS:
		if (tally->users == 0 && (tally->users_unknown > 0 || !host->listed))
			return text_format("-");
		return text_format("%zu%s", tally->users, tally->users_unknown > 0 ? "+" : "");
	case COLUMN_LOGINS:
		return tally->logins_disabled
			       ? text_format(ngettext("%zu disabled", "%zu disabled", tally->logins_disabled),
					     tally->logins_disabled)
			       : nothing;
	case COLUMN_TASKS:
		if (row->drains > 0)
			return text_format(_("drain %zu/%zu"), row->drained, row->drains);
		return row->running > 0 ? text_format(_("%zu running"), row->running) : nothing;
	default:
		return host->listed ? text_format("%zu", counts[column]) : text_format("-");
	}
}

static enum role role_of(const struct host_row *row, enum column column)
{
	if (column == COLUMN_HOST)
		return row->host->production ? ROLE_DANGER : ROLE_NORMAL;
	if (column == COLUMN_STATE)
		return role_of_host(row->host->state);
	if (column == COLUMN_LOGINS)
		return ROLE_WARN;
	/* As in the table: what is known of a host that does not answer is from before. */
	return row->host->state == HOST_LIVE ? ROLE_NORMAL : ROLE_DIM;
}

/* --- the rows --- */

static size_t host_count(const struct view *view)
{
	return inventory_host_count(app_inventory(view->ui->app));
}

/* Of all hosts; free(). */
static struct host_row *read_rows(const struct view *view)
{
	struct inventory *inventory = app_inventory(view->ui->app);
	const struct host_tally *tallies = inventory_tally(inventory);
	const struct tasklist *tasks = app_tasks(view->ui->app);
	const size_t count = host_count(view);
	struct host_row *rows = mem_zalloc((count + 1) * sizeof(*rows));

	for (size_t i = 0; i < count; i++)
		rows[i] = (struct host_row){ .host = inventory_host(inventory, (int)i),
					     .tally = tallies[i],
					     .now = clock_ms() };
	for (size_t i = 0; i < tasks->count; i++) {
		const struct task *task = tasks->at[i];
		struct host_row *row = &rows[task->vm.host];

		row->running += !task->report.complete;
		row->drains += task->operation == OP_DRAIN;
		row->drained += task->operation == OP_DRAIN && task->report.complete;
	}
	return rows;
}

/* As wide as their words; 0: no room. */
static void fit(const struct host_row *rows, size_t count, int cols, int widths[COLUMNS])
{
	int total = GUTTER;

	for (size_t i = 0; i < COLUMNS; i++) {
		widths[i] = surface_width(TEXT_TRUSTED(pgettext("column", columns[i].heading)));
		for (size_t k = 0; k < count; k++) {
			OWN(text) struct safe_text words = words_of(&rows[k], (enum column)i);

			widths[i] = MAX(widths[i], surface_width(words));
		}
		widths[i] += columns[i].has_bar;
		total += widths[i] + GAP;
	}
	for (int rank = RANK_MAX; rank > 0; rank--) {
		for (size_t i = COLUMNS; i-- > 0 && total - GAP > cols;) {
			if (columns[i].rank != rank)
				continue;
			total -= widths[i] + GAP;
			widths[i] = 0;
		}
	}
}

/* row: NULL: the heading. */
static void draw_row(const struct host_row *row, const int widths[COLUMNS], struct surface line)
{
	int col = GUTTER;

	for (enum column i = 0; i < COLUMNS; i++) {
		const int bar = row && columns[i].has_bar;
		OWN(text) struct safe_text words = { NULL };

		if (!widths[i])
			continue;
		words = row ? words_of(row, i) : text_format("%s", pgettext("column", columns[i].heading));
		surface_put_field(line, 0, col, widths[i] - bar, columns[i].is_number ? ALIGN_RIGHT : ALIGN_LEFT,
				  row ? role_of(row, i) : ROLE_HEADING, words);
		col += widths[i];
		if (bar)
			draw_bar(line, 0, col - 1, ROLE_GAUGE,
				 i == COLUMN_CPU ? row->host->figures.cpu_percent / 100 : host_memory_share(row->host));
		col += GAP;
	}
}

static void hosts_draw(struct view *view, struct surface surface)
{
	struct scroll *scroll = &view->scroll;
	struct host_row *rows = read_rows(view);
	const size_t count = host_count(view);
	struct surface list = surface_part(surface, 2, 0, -1, -1);
	int widths[COLUMNS];

	surface_put(surface, 0, 2, ROLE_TITLE, TEXT_TRUSTED(_("Hosts")));
	fit(rows, count, surface.cols - 1, widths);
	draw_row(NULL, widths, surface_part(surface, 1, 0, 1, -1));
	scroll_fit(scroll, count, list.rows);
	for (size_t i = scroll->top; i < MIN(count, scroll->top + (size_t)MAX(list.rows, 0)); i++)
		draw_row(&rows[i], widths,
			 draw_list_line(scroll, surface_part(list, 0, 0, -1, list.cols - 1), i, ROLE_CURSOR, GUTTER));
	scroll_draw(scroll, list, count);
	free(rows);
}

/* --- keys --- */

static bool hosts_act(struct view *view, enum action_id action)
{
	const size_t at = view->scroll.cursor;
	struct err err;

	if (action == ACTION_DETAILS && at < host_count(view)) {
		OWN(bytes)
		char *filter = mem_printf("host=\"%s\"", inventory_host(app_inventory(view->ui->app), (int)at)->name);

		if (!listing_set_filter(view->ui->listing, filter, &err))
			ui_say_err(view->ui, &err);
		view_close(view);
		return true;
	}
	/* Else it would be for the row of the table behind. */
	if (action_get(action)->needs & NEEDS_VM)
		ui_say(view->ui, ROLE_NORMAL, _("This is a host; Enter shows its VMs"));
	return action_get(action)->needs & NEEDS_VM;
}

/* Enter is for a host, and always possible. */
static struct safe_text hosts_label(const struct view *view UNUSED, enum action_id action)
{
	return action == ACTION_DETAILS ? text_format("%s", _("Show its VMs")) : (struct safe_text){ NULL };
}

static struct safe_text hosts_say(const struct view *view, size_t at)
{
	struct host_row *rows = read_rows(view);
	struct safe_text all = { NULL };

	for (enum column i = 0; i < COLUMNS; i++) {
		OWN(text) struct safe_text words = words_of(&rows[at], i);

		if (i == COLUMN_HOST)
			all = text_format("%s%s", rows[at].host->name,
					  rows[at].host->production ? _(" (production)") : "");
		else if (!text_is_empty(words))
			text_append(&all, i == COLUMN_STATE ? "; " : ", ", "%s %s", _(columns[i].heading),
				    text_str(words));
	}
	free(rows);
	return all;
}

const struct view_ops hosts_ops = {
	.title = N_("Hosts"),
	.closed_by = ACTION_HOSTS,
	.offered = (const enum action_id[]){ ACTION_DETAILS, ACTION_REFRESH, ACTION_NONE },
	.draw = hosts_draw,
	.count = host_count,
	.act = hosts_act,
	.say = hosts_say,
	.label = hosts_label,
};
