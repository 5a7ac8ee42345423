/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/tui/page.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	TIMELINE_SHOWN = 12,
	WORDS_CELLS = 45, /* of a line with a sparkline: the rest of it */
	AMOUNT_SIZE = 16,
};

struct details {
	struct page page;
	struct vm_id id;
};

static struct vm *vm_of(const struct view *view)
{
	return inventory_find(app_inventory(view->ui->app), &((const struct details *)view)->id);
}

/* The VM that is drawn, and where. */
struct sheet {
	struct lines *lines;
	const struct attribute_row *row;
	int cells;
};

static const char *words_of(const struct sheet *sheet, const struct attribute *attribute, struct attribute_cell *cell)
{
	return text_str(attribute_words(attribute, sheet->row, cell));
}

static void draw_plainly(const struct sheet *sheet, const struct attribute *attribute)
{
	struct attribute_cell cell;
	const char *words = words_of(sheet, attribute, &cell);

	lines_pair(sheet->lines, _(attribute->label), strcmp(words, "-") == 0 ? ROLE_DIM : ROLE_NORMAL, "%s", words);
}

/* --- lines that say more than the attribute --- */

static void draw_if_any(const struct sheet *sheet, const struct attribute *attribute)
{
	if (!text_is_empty(attribute->get(sheet->row).text))
		draw_plainly(sheet, attribute);
}

static void draw_state(const struct sheet *sheet, const struct attribute *attribute)
{
	const enum vm_state state = sheet->row->vm->info.state;

	lines_pair(sheet->lines, _(attribute->label), role_of_state(state), "%s", vm_state_name(state));
}

static void draw_host(const struct sheet *sheet, const struct attribute *attribute)
{
	const struct host *host = sheet->row->host;
	struct safe_text words;

	lines_pair(sheet->lines, _(attribute->label), ROLE_NORMAL, "%s  %s", host->name, text_str(host->version));
	if (host->state == HOST_LIVE)
		return;
	words = host_state_words(host, sheet->row->now);
	lines_pair(sheet->lines, "", role_of_host(host->state), "%s%s%s", text_str(words),
		   text_is_empty(host->trouble) ? "" : ": ", text_str(host->trouble));
	text_free(&words);
}

/* A line of its own, for its colour, with the range that it shows: of CPU from 0, to a round number. */
static void draw_history(const struct sheet *sheet, history_figure_fn *figure)
{
	static const double tops[] = { 1, 2, 5, 10, 20, 50, 100 };
	const struct history *history = sheet->row->vm->history;
	const size_t cells = (size_t)MIN(MAX(sheet->cells - WORDS_CELLS, 0), SPARKLINE_MAX);
	char from[AMOUNT_SIZE] = "0%", to[AMOUNT_SIZE];
	struct sparkline sparkline;
	double least, most, top = 100;

	if (!history_at(history, 1) || !history_range(history, figure, cells, &least, &most))
		return;
	if (figure == history_cpu) {
		for (size_t i = ARRAY_SIZE(tops); i-- > 0 && tops[i] >= most;)
			top = tops[i];
		least = 0;
		most = top;
		snprintf(to, sizeof(to), "%.0f%%", most);
	} else {
		attribute_write_amount(least, 1, from, sizeof(from));
		attribute_write_amount(most, 1, to, sizeof(to));
	}
	sparkline_of_history(&sparkline, history, figure, least, most, cells);
	lines_pair(sheet->lines, "", ROLE_GAUGE, _("%s  %s to %s  last %" PRId64 " s"), sparkline.buf, from, to,
		   history_seconds(history));
}

/* "15% of 2 vCPUs" */
static void draw_cpu(const struct sheet *sheet, const struct attribute *attribute)
{
	const int vcpus = sheet->row->vm->info.vcpus;
	struct attribute_cell cell;
	struct safe_text words;

	if (vcpus < 0)
		words = text_format("%s", words_of(sheet, attribute, &cell));
	else if (sheet->row->vm->figures.cpu_percent < 0)
		words = text_format(ngettext("%d vCPU", "%d vCPUs", (unsigned long)vcpus), vcpus);
	else
		words = text_format(ngettext("%s%% of %d vCPU", "%s%% of %d vCPUs", (unsigned long)vcpus),
				    words_of(sheet, attribute, &cell), vcpus);
	lines_pair(sheet->lines, _("CPU"), ROLE_NORMAL, "%s", text_str(words));
	text_free(&words);
	draw_history(sheet, history_cpu);
}

/* "2.2G of 4.0G" */
static void draw_memory(const struct sheet *sheet, const struct attribute *attribute)
{
	const int64_t max_kib = sheet->row->vm->info.max_memory_kib;
	struct attribute_cell now, max;
	struct safe_text words = max_kib < 0 ? text_format("%s", words_of(sheet, attribute, &now))
					     : text_format(_("%s of %s"), words_of(sheet, attribute, &now),
							   words_of(sheet, attribute_get("maxmem"), &max));

	lines_pair(sheet->lines, _(attribute->label), ROLE_NORMAL, "%s", text_str(words));
	text_free(&words);
	draw_history(sheet, history_memory);
}

static void draw_autostart(const struct sheet *sheet, const struct attribute *attribute)
{
	struct attribute_cell autostart, persistent;

	lines_pair(sheet->lines, _(attribute->label), ROLE_NORMAL, _("%s, persistent: %s"),
		   words_of(sheet, attribute, &autostart), words_of(sheet, attribute_get("persistent"), &persistent));
}

/* "up 90%  version 7.2.22" */
static void draw_agent(const struct sheet *sheet, const struct attribute *attribute)
{
	const enum agent_state agent = vm_agent_state(sheet->row->vm);
	const char *advice = vm_agent_advice(sheet->row->vm), *version = text_str(sheet->row->vm->agent_version);
	struct attribute_cell cell;

	lines_pair(sheet->lines, _(attribute->label), role_of_agent(agent), *version ? _("%s  version %s") : "%s%s",
		   words_of(sheet, attribute, &cell), version);
	if (*advice)
		lines_pair(sheet->lines, "", ROLE_NORMAL, "%s", _(advice));
}

static void draw_logins(const struct sheet *sheet, const struct attribute *attribute)
{
	if (sheet->row->vm->logins_disabled)
		lines_pair(sheet->lines, _(attribute->label), ROLE_WARN, "%s",
			   _("disabled: no new users can log on; enable-logins in the menu (m) enables them"));
}

static void draw_users(const struct sheet *sheet, const struct attribute *attribute)
{
	const struct vm *vm = sheet->row->vm;
	const char *label = _(attribute->label);
	struct safe_text names;

	if (vm->users_state == USERS_DENIED) {
		lines_pair(sheet->lines, label, ROLE_DIM, "%s", _("denied: not possible over a read-only connection"));
		return;
	}
	if (vm->users_state != USERS_KNOWN) {
		lines_pair(sheet->lines, label, ROLE_DIM, "%s", vm->sessions_asked ? _("asking…") : _("unknown"));
		if (!text_is_empty(vm->sessions_note))
			lines_pair(sheet->lines, "", ROLE_NORMAL, "%s", text_str(vm->sessions_note));
		return;
	}
	names = session_list_names(&vm->sessions, 8);
	lines_pair(sheet->lines, label, ROLE_NORMAL, "%s  (%" PRId64 " s ago)",
		   text_is_empty(names) ? _("no users") : text_str(names), (sheet->row->now - vm->sessions_at) / 1000);
	text_free(&names);
}

static void draw_uptime(const struct sheet *sheet, const struct attribute *attribute)
{
	if (attribute->get(sheet->row).number < 0 && sheet->row->vm->sessions_asked)
		lines_pair(sheet->lines, _(attribute->label), ROLE_DIM, "%s", _("asking…"));
	else
		draw_plainly(sheet, attribute);
}

static void draw_addresses(const struct sheet *sheet, const struct attribute *attribute)
{
	struct safe_text words = address_list_tell(&sheet->row->vm->addresses);

	if (sheet->row->vm->addresses_at)
		lines_pair(sheet->lines, _(attribute->label), ROLE_NORMAL, "%s", text_str(words));
	else
		draw_plainly(sheet, attribute);
	text_free(&words);
}

/* --- which lines --- */

/* In this order, NULL is a gap; then all other attributes that the details show. */
static const struct {
	const char *attribute;
	void (*draw)(const struct sheet *sheet, const struct attribute *attribute);
} layout[] = {
	{ "state", draw_state },
	{ "host", draw_host },
	{ "uuid", draw_plainly },
	{ "title", draw_if_any },
	{ "tags", draw_if_any },
	{ "cpu", draw_cpu },
	{ "mem", draw_memory },
	{ "autostart", draw_autostart },
	{ NULL, NULL },
	{ "agent", draw_agent },
	{ "logins", draw_logins },
	{ "users", draw_users },
	{ "uptime", draw_uptime },
	{ "os", draw_plainly },
	{ "kernel", draw_plainly },
	{ "hostname", draw_plainly },
	{ "interfaces", draw_addresses },
};

static void details_tell(struct view *view, struct lines *lines)
{
	const struct vm *vm = vm_of(view);
	const struct attribute_row row = listing_row(view->ui->listing, vm, clock_ms());
	const struct sheet sheet = { lines, &row, ((const struct page *)view)->cols };
	const struct timeline_entry *entry = vm->timeline ? timeline_at(vm->timeline, 0) : NULL;

	for (size_t i = 0; i < ARRAY_SIZE(layout); i++) {
		if (!layout[i].attribute)
			lines_gap(lines);
		else
			layout[i].draw(&sheet, attribute_get(layout[i].attribute));
	}
	for (size_t i = 0; i < attribute_count(); i++) {
		bool is_due = attribute_at(i)->flags & ATTRIBUTE_DETAILS;

		for (size_t k = 0; k < ARRAY_SIZE(layout); k++)
			is_due &= !layout[k].attribute || attribute_get(layout[k].attribute) != attribute_at(i);
		if (is_due)
			draw_plainly(&sheet, attribute_at(i));
	}
	if (!entry)
		return;
	lines_gap(lines);
	lines_say(lines, ROLE_HEADING, "%s", _("Session history"));
	for (size_t i = 0; entry && i < TIMELINE_SHOWN; entry = timeline_at(vm->timeline, ++i)) {
		char when[TIME_SIZE];

		time_format(entry->when, TIME_OF_DAY, "", when);
		lines_say(lines, ROLE_NORMAL, text_is_empty(entry->session) ? "%s  %s%s %s" : "%s  %s (%s) %s", when,
			  text_str(entry->user), text_str(entry->session), _(timeline_kind_name(entry->kind)));
	}
}

static void details_prepare(struct view *view, struct surface surface)
{
	const struct vm *vm = vm_of(view);

	(void)surface;
	if (!vm)
		return;
	text_set(&((struct page *)view)->title, text_copy(vm->info.name));
	app_want_uptimes(view->ui->app, false, &vm->id);
}

static void details_draw(struct view *view, struct surface surface)
{
	if (vm_of(view))
		page_draw(view, surface);
	else
		draw_vm_is_gone(surface);
}

static bool details_act(struct view *view, enum action_id action)
{
	struct vm *vm = vm_of(view);
	struct err err;

	if (action != ACTION_REFRESH || !vm)
		return page_act(view, action);
	if (!app_ask_guest(view->ui->app, vm, true, &err))
		ui_say_err(view->ui, &err);
	return true;
}

static bool details_subject(const struct view *view, struct vm_id *ret_id)
{
	*ret_id = ((const struct details *)view)->id;
	return true;
}

static int64_t details_next_change(const struct view *view, int64_t now)
{
	const struct vm *vm = vm_of(view);

	if (vm && vm->users_state == USERS_KNOWN)
		return next_second(vm->sessions_at, now);
	return vm ? uptime_words_last_ms(vm_uptime_ms(vm, now)) : -1;
}

static const struct view_ops details_ops = {
	.closed_by = ACTION_DETAILS,
	.offered = (const enum action_id[]){ ACTION_LOGOFF, ACTION_SESSIONS, ACTION_MENU, ACTION_REFRESH, ACTION_BACK,
					     ACTION_NONE },
	.prepare = details_prepare,
	.draw = details_draw,
	.tell = details_tell,
	.act = details_act,
	.search = &page_search,
	.subject = details_subject,
	.next_change = details_next_change,
	.destroy = page_destroy,
};

void view_details_open(struct ui *ui, const struct vm_id *id)
{
	struct details *details = view_new(ui, &details_ops, sizeof(*details));

	details->id = *id;
	view_push(&details->page.view);
}
