/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view_hosts.c - the hosts, one row each: how busy they are, and what they have. Enter shows a host's VMs.
 */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

#include <stdio.h>

/* One host, and what the cells of its row are made of. */
struct host_row {
	const struct host *host;
	struct host_tally tally;
	size_t running, drains, drained; /* its tasks: those under way; the plans to drain, and those that are over */
	int64_t now;
};

/* --- cells --- */

static struct safe_text say_count(size_t count)
{
	return text_format("%zu", count);
}

static struct safe_text say_name(const struct host_row *row)
{
	return text_format("%s%s", row->host->name, row->host->production ? "!" : "");
}

static struct safe_text say_state(const struct host_row *row)
{
	return host_state_words(row->host, row->now);
}

static struct safe_text say_cpu(const struct host_row *row)
{
	char buf[HOST_WORDS_SIZE];

	write_share(row->host->figures.cpu_percent / 100, buf);
	return text_format("%s", buf);
}

static struct safe_text say_memory(const struct host_row *row)
{
	char buf[HOST_WORDS_SIZE];

	write_host_memory(row->host, buf);
	return text_format("%s", buf);
}

static struct safe_text say_vms(const struct host_row *row)
{
	return row->host->listed ? say_count(row->tally.vms) : text_format("-");
}

static struct safe_text say_running(const struct host_row *row)
{
	return row->host->listed ? say_count(row->tally.running) : text_format("-");
}

static struct safe_text say_off(const struct host_row *row)
{
	return row->host->listed ? say_count(row->tally.off) : text_format("-");
}

/* Paused, in shutdown, migrating ... */
static struct safe_text say_others(const struct host_row *row)
{
	return row->host->listed ? say_count(row->tally.vms - row->tally.running - row->tally.off) : text_format("-");
}

static struct safe_text say_users(const struct host_row *row)
{
	const struct host_tally *tally = &row->tally;

	if (tally->users == 0 && (tally->users_unknown > 0 || !row->host->listed))
		return text_format("-");
	return text_format("%zu%s", tally->users, tally->users_unknown > 0 ? "+" : "");
}

static struct safe_text say_logins(const struct host_row *row)
{
	return row->tally.logins_disabled ? text_format(_("%zu disabled"), row->tally.logins_disabled)
					  : text_format("%s", "");
}

static struct safe_text say_tasks(const struct host_row *row)
{
	if (row->drains > 0)
		return text_format(_("drain %zu/%zu"), row->drained, row->drains);
	return row->running > 0 ? text_format(_("%zu running"), row->running) : text_format("%s", "");
}

static enum role role_of_name(const struct host_row *row)
{
	return row->host->production ? ROLE_DANGER : ROLE_NORMAL;
}

static enum role role_of_its_state(const struct host_row *row)
{
	return role_of_host(row->host->state);
}

static enum role role_of_logins(const struct host_row *row)
{
	(void)row;
	return ROLE_WARN;
}

static double share_of_cpu(const struct host_row *row)
{
	return row->host->figures.cpu_percent / 100;
}

static double share_of_memory(const struct host_row *row)
{
	return host_memory_share(row->host);
}

static const struct {
	const char *heading; /* N_() */
	struct safe_text (*say)(const struct host_row *row);
	enum role (*role)(const struct host_row *row);
	double (*share)(const struct host_row *row);
	bool is_number;
	int rank; /* on a narrow screen those of the highest rank go first */
} columns[] = {
	{ N_("HOST"), say_name, role_of_name, NULL, false, 0 },
	{ N_("STATE"), say_state, role_of_its_state, NULL, false, 0 },
	{ N_("CPU"), say_cpu, NULL, share_of_cpu, true, 1 },
	{ N_("MEMORY"), say_memory, NULL, share_of_memory, true, 1 },
	{ N_("VMS"), say_vms, NULL, NULL, true, 1 },
	{ N_("RUNNING"), say_running, NULL, NULL, true, 3 },
	{ N_("OFF"), say_off, NULL, NULL, true, 4 },
	{ N_("OTHER"), say_others, NULL, NULL, true, 5 },
	{ N_("USERS"), say_users, NULL, NULL, true, 1 },
	{ N_("LOGINS"), say_logins, role_of_logins, NULL, false, 2 },
	{ N_("TASKS"), say_tasks, NULL, NULL, false, 2 },
};

enum { COLUMNS = ARRAY_SIZE(columns), GUTTER = 2, GAP = 2, RANK_MAX = 5 };

/* --- the rows --- */

static size_t host_count(const struct view *view)
{
	return inventory_host_count(app_inventory(view->ui->app));
}

/* Of all hosts; free(). */
static struct host_row *read_rows(const struct view *view)
{
	const struct inventory *inventory = app_inventory(view->ui->app);
	const struct tasklist *tasks = app_tasks(view->ui->app);
	const size_t count = host_count(view);
	struct host_tally *tallies = mem_zalloc((count + 1) * sizeof(*tallies));
	struct host_row *rows = mem_zalloc((count + 1) * sizeof(*rows));

	inventory_tally(inventory, tallies);
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
	free(tallies);
	return rows;
}

/* As wide as their words; 0: no room. */
static void fit(const struct host_row *rows, size_t count, int cols, int widths[COLUMNS])
{
	int total = GUTTER;

	for (size_t i = 0; i < COLUMNS; i++) {
		widths[i] = surface_width(TEXT_TRUSTED(_(columns[i].heading)));
		for (size_t k = 0; k < count; k++) {
			struct safe_text words = columns[i].say(&rows[k]);

			widths[i] = MAX(widths[i], surface_width(words));
			text_free(&words);
		}
		widths[i] += columns[i].share ? 1 : 0;
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

static void draw_row(const struct host_row *row, const int widths[COLUMNS], struct surface line)
{
	int col = GUTTER;

	for (size_t i = 0; i < COLUMNS; i++) {
		const enum align align = columns[i].is_number ? ALIGN_RIGHT : ALIGN_LEFT;
		const int bar = columns[i].share ? 1 : 0;
		/* As in the table: what is known of a host that does not answer is from before. */
		const enum role usual = row->host->state == HOST_LIVE ? ROLE_NORMAL : ROLE_DIM;
		const enum role role = columns[i].role ? columns[i].role(row) : usual;
		struct safe_text words;

		if (!widths[i])
			continue;
		words = columns[i].say(row);
		surface_put_field(line, 0, col, widths[i] - bar, align, role, words);
		if (bar)
			draw_bar(line, 0, col + widths[i] - 1, ROLE_GAUGE, columns[i].share(row));
		text_free(&words);
		col += widths[i] + GAP;
	}
}

static void hosts_draw(struct view *view, struct surface surface)
{
	struct scroll *scroll = &view->scroll;
	struct host_row *rows = read_rows(view);
	const size_t count = host_count(view);
	struct surface list = surface_part(surface, 2, 0, -1, -1);
	int widths[COLUMNS], col = GUTTER;

	surface_put(surface, 0, 2, ROLE_TITLE, TEXT_TRUSTED(_("Hosts")));
	fit(rows, count, surface.cols - 1, widths);
	for (size_t i = 0; i < COLUMNS; i++) {
		if (!widths[i])
			continue;
		surface_put_field(surface, 1, col, widths[i], columns[i].is_number ? ALIGN_RIGHT : ALIGN_LEFT,
				  ROLE_HEADING, TEXT_TRUSTED(_(columns[i].heading)));
		col += widths[i] + GAP;
	}
	scroll_fit(scroll, count, list.rows);
	for (size_t i = scroll->top; i < MIN(count, scroll->top + (size_t)MAX(list.rows, 0)); i++)
		draw_row(&rows[i], widths,
			 draw_list_line(scroll, surface_part(list, 0, 0, -1, list.cols - 1), i, ROLE_CURSOR, GUTTER));
	scroll_draw(scroll, list, count);
	free(rows);
}

/* --- keys --- */

static void show_vms_of(struct view *view, const struct host *host)
{
	char *filter = mem_printf("host=\"%s\"", host->name);
	struct err err;

	if (!listing_set_filter(view->ui->listing, filter, &err))
		ui_say_err(view->ui, &err);
	view_close(view);
	free(filter);
}

static bool hosts_act(struct view *view, enum action_id action)
{
	const size_t at = view->scroll.cursor;

	if (action == ACTION_DETAILS && at < host_count(view))
		show_vms_of(view, inventory_host(app_inventory(view->ui->app), (int)at));
	else if (action_get(action)->needs & NEEDS_VM) /* else it would be for the row of the table behind */
		ui_say(view->ui, ROLE_NORMAL, _("This is a host; Enter shows its VMs"));
	else
		return false;
	return true;
}

/* Enter is for a host, and always possible. */
static struct safe_text hosts_label(const struct view *view, enum action_id action)
{
	(void)view;
	return action == ACTION_DETAILS ? text_format("%s", _("Show its VMs")) : (struct safe_text){ NULL };
}

static const struct view_ops hosts_ops = {
	.closed_by = ACTION_HOSTS,
	.offered = (const enum action_id[]){ ACTION_DETAILS, ACTION_REFRESH, ACTION_BACK, ACTION_NONE },
	.draw = hosts_draw,
	.count = host_count,
	.act = hosts_act,
	.label = hosts_label,
};

void view_hosts_open(struct ui *ui)
{
	view_push(view_new(ui, &hosts_ops, sizeof(struct view)));
}
