/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"
#include "ui/tui/widget/lines.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	TIMELINE_SHOWN = 12,
	NOW_CELLS = 16,   /* "100% of 16 vCPUs" */
	WORDS_CELLS = 45, /* of a line with a sparkline: the rest of it */
};

struct details {
	struct view view;
	struct vm_id id;
	struct lines lines;
};

static struct details *details_of(const struct view *view)
{
	return (struct details *)view;
}

/* The VM that is drawn, and where. */
struct page {
	struct lines *lines;
	const struct attribute_row *row;
	int cells;
};

static const char *words_of(const struct page *page, const struct attribute *attribute, struct attribute_cell *cell)
{
	return text_str(attribute_words(attribute, page->row, cell));
}

static void draw_plainly(const struct page *page, const struct attribute *attribute)
{
	struct attribute_cell cell;
	const char *words = words_of(page, attribute, &cell);

	lines_pair(page->lines, _(attribute->label), strcmp(words, "-") == 0 ? ROLE_DIM : ROLE_NORMAL, "%s", words);
}

/* --- lines that say more than the attribute --- */

static void draw_if_any(const struct page *page, const struct attribute *attribute)
{
	if (!text_is_empty(attribute->get(page->row).text))
		draw_plainly(page, attribute);
}

static void draw_state(const struct page *page, const struct attribute *attribute)
{
	const enum vm_state state = page->row->vm->info.state;

	lines_pair(page->lines, _(attribute->label), role_of_state(state), "%s", vm_state_name(state));
}

static void draw_host(const struct page *page, const struct attribute *attribute)
{
	const struct host *host = page->row->host;
	struct safe_text words;

	lines_pair(page->lines, _(attribute->label), ROLE_NORMAL, "%s  %s", host->name, text_str(host->version));
	if (host->state == HOST_LIVE)
		return;
	words = host_state_words(host, page->row->now);
	lines_pair(page->lines, "", role_of_host(host->state), "%s%s%s", text_str(words),
		   text_is_empty(host->trouble) ? "" : ": ", text_str(host->trouble));
	text_free(&words);
}

/* The current value and a sparkline of the last minutes. now: taken over. */
static void pair_figure(struct lines *lines, const char *label, struct safe_text now, const struct history *history,
			history_figure_fn *figure, double most, int cells)
{
	struct sparkline sparkline;

	sparkline_of_history(&sparkline, history, figure, most, (size_t)MAX(cells - WORDS_CELLS, 0));
	if (sparkline.known && history_at(history, 1))
		lines_pair(lines, label, ROLE_NORMAL, _("%s%*s  %s  last %" PRId64 " s"), text_str(now),
			   MAX(NOW_CELLS - text_width(now), 0), "", sparkline.buf, history_seconds(history));
	else
		lines_pair(lines, label, ROLE_NORMAL, "%s", text_str(now));
	text_free(&now);
}

/* "15% of 2 vCPUs" */
static void draw_cpu(const struct page *page, const struct attribute *attribute)
{
	const int vcpus = page->row->vm->info.vcpus;
	struct attribute_cell cell;
	struct safe_text words;

	if (vcpus < 0)
		words = text_format("%s", words_of(page, attribute, &cell));
	else if (page->row->vm->figures.cpu_percent < 0)
		words = text_format(ngettext("%d vCPU", "%d vCPUs", (unsigned long)vcpus), vcpus);
	else
		words = text_format(ngettext("%s%% of %d vCPU", "%s%% of %d vCPUs", (unsigned long)vcpus),
				    words_of(page, attribute, &cell), vcpus);
	pair_figure(page->lines, _("CPU"), words, page->row->vm->history, history_cpu, 100, page->cells);
}

/* "2.2G of 4.0G" */
static void draw_memory(const struct page *page, const struct attribute *attribute)
{
	const int64_t max_kib = page->row->vm->info.max_memory_kib;
	struct attribute_cell now, max;
	struct safe_text words = max_kib < 0 ? text_format("%s", words_of(page, attribute, &now))
					     : text_format(_("%s of %s"), words_of(page, attribute, &now),
							   words_of(page, attribute_get("maxmem"), &max));

	pair_figure(page->lines, _(attribute->label), words, page->row->vm->history, history_memory, (double)max_kib,
		    page->cells);
}

static void draw_autostart(const struct page *page, const struct attribute *attribute)
{
	struct attribute_cell autostart, persistent;

	lines_pair(page->lines, _(attribute->label), ROLE_NORMAL, _("%s, persistent: %s"),
		   words_of(page, attribute, &autostart), words_of(page, attribute_get("persistent"), &persistent));
}

/* "up 90%  version 7.2.22" */
static void draw_agent(const struct page *page, const struct attribute *attribute)
{
	const enum agent_state agent = vm_agent_state(page->row->vm);
	const char *advice = vm_agent_advice(page->row->vm), *version = text_str(page->row->vm->agent_version);
	struct attribute_cell cell;

	lines_pair(page->lines, _(attribute->label), role_of_agent(agent), *version ? _("%s  version %s") : "%s%s",
		   words_of(page, attribute, &cell), version);
	if (*advice)
		lines_pair(page->lines, "", ROLE_NORMAL, "%s", _(advice));
}

static void draw_logins(const struct page *page, const struct attribute *attribute)
{
	if (page->row->vm->logins_disabled)
		lines_pair(page->lines, _(attribute->label), ROLE_WARN, "%s",
			   _("disabled: no new users can log on; enable-logins in the menu (m) enables them"));
}

static void draw_users(const struct page *page, const struct attribute *attribute)
{
	const struct vm *vm = page->row->vm;
	const char *label = _(attribute->label);
	struct safe_text names;

	if (vm->users_state == USERS_DENIED) {
		lines_pair(page->lines, label, ROLE_DIM, "%s", _("denied: not possible over a read-only connection"));
		return;
	}
	if (vm->users_state != USERS_KNOWN) {
		lines_pair(page->lines, label, ROLE_DIM, "%s", vm->sessions_asked ? _("asking…") : _("unknown"));
		if (!text_is_empty(vm->sessions_note))
			lines_pair(page->lines, "", ROLE_NORMAL, "%s", text_str(vm->sessions_note));
		return;
	}
	names = session_list_names(&vm->sessions, 8);
	lines_pair(page->lines, label, ROLE_NORMAL, "%s  (%" PRId64 " s ago)",
		   text_is_empty(names) ? _("no users") : text_str(names), (page->row->now - vm->sessions_at) / 1000);
	text_free(&names);
}

static void draw_uptime(const struct page *page, const struct attribute *attribute)
{
	if (attribute->get(page->row).number < 0 && page->row->vm->sessions_asked)
		lines_pair(page->lines, _(attribute->label), ROLE_DIM, "%s", _("asking…"));
	else
		draw_plainly(page, attribute);
}

static void draw_addresses(const struct page *page, const struct attribute *attribute)
{
	struct safe_text words = address_list_tell(&page->row->vm->addresses);

	if (page->row->vm->addresses_at)
		lines_pair(page->lines, _(attribute->label), ROLE_NORMAL, "%s", text_str(words));
	else
		draw_plainly(page, attribute);
	text_free(&words);
}

/* --- which lines --- */

/* In this order, NULL is a gap; then all other attributes that the details show. */
static const struct {
	const char *attribute;
	void (*draw)(const struct page *page, const struct attribute *attribute);
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

static bool is_laid_out(const struct attribute *attribute)
{
	for (size_t i = 0; i < ARRAY_SIZE(layout); i++)
		if (layout[i].attribute && attribute_get(layout[i].attribute) == attribute)
			return true;
	return false;
}

static void draw_attributes(const struct page *page)
{
	for (size_t i = 0; i < ARRAY_SIZE(layout); i++) {
		if (!layout[i].attribute)
			lines_gap(page->lines);
		else
			layout[i].draw(page, attribute_get(layout[i].attribute));
	}
	for (size_t i = 0; i < attribute_count(); i++)
		if ((attribute_at(i)->flags & ATTRIBUTE_DETAILS) && !is_laid_out(attribute_at(i)))
			draw_plainly(page, attribute_at(i));
}

static void show_timeline(struct lines *lines, const struct vm *vm)
{
	const struct timeline_entry *entry = vm->timeline ? timeline_at(vm->timeline, 0) : NULL;

	if (!entry)
		return;
	lines_gap(lines);
	lines_say(lines, ROLE_HEADING, "%s", _("Session history"));
	for (size_t i = 0; entry && i < TIMELINE_SHOWN; entry = timeline_at(vm->timeline, ++i)) {
		struct tm tm;
		char when[16] = "";

		if (localtime_r(&entry->when, &tm))
			strftime(when, sizeof(when), "%H:%M:%S", &tm);
		lines_say(lines, ROLE_NORMAL, text_is_empty(entry->session) ? "%s  %s%s %s" : "%s  %s (%s) %s", when,
			  text_str(entry->user), text_str(entry->session), _(timeline_kind_name(entry->kind)));
	}
}

static void details_prepare(struct view *view, struct surface surface)
{
	const struct vm_id *id = &details_of(view)->id;

	(void)surface;
	if (inventory_find(app_inventory(view->ui->app), id))
		app_want_uptimes(view->ui->app, false, id);
}

static void details_draw(struct view *view, struct surface surface)
{
	struct details *details = details_of(view);
	struct ui *ui = view->ui;
	const struct vm *vm = inventory_find(app_inventory(ui->app), &details->id);
	struct surface inside = surface_part(surface, 1, 2, -1, surface.cols - 2);
	struct lines *lines = &details->lines;
	struct attribute_row row;

	lines_begin(lines);
	if (!vm) {
		surface_put(
			surface, 0, 2, ROLE_DIM,
			TEXT_TRUSTED(_("This VM no longer exists: it was undefined, or its host no longer lists it.")));
		return;
	}
	row = listing_row(ui->listing, vm, clock_ms());
	surface_put(surface, 0, 2, ROLE_TITLE, vm->info.name);
	draw_attributes(&(struct page){ lines, &row, inside.cols });
	show_timeline(lines, vm);
	lines_draw(lines, inside);
}

static bool details_act(struct view *view, enum action_id action)
{
	struct details *details = details_of(view);
	struct vm *vm = inventory_find(app_inventory(view->ui->app), &details->id);

	if (action == ACTION_REFRESH && vm) {
		struct err err;

		if (!app_ask_guest(view->ui->app, vm, true, &err))
			ui_say_err(view->ui, &err);
		return true;
	}
	if (action == ACTION_DETAILS) {
		view_close(view);
		return true;
	}
	return lines_act(&details->lines, action);
}

static bool details_offers(const struct view *view, enum action_id action)
{
	(void)view;
	return action == ACTION_LOGOFF || action == ACTION_SESSIONS || action == ACTION_MENU ||
	       action == ACTION_REFRESH || action == ACTION_BACK;
}

static bool details_subject(const struct view *view, struct vm_id *ret_id)
{
	*ret_id = details_of(view)->id;
	return true;
}

static int64_t details_next_change(const struct view *view, int64_t now)
{
	const struct vm *vm = inventory_find(app_inventory(view->ui->app), &details_of(view)->id);

	if (vm && vm->users_state == USERS_KNOWN)
		return next_second(vm->sessions_at, now);
	return vm ? uptime_words_last_ms(vm_uptime_ms(vm, now)) : -1;
}

static void details_destroy(struct view *view)
{
	lines_free(&details_of(view)->lines);
	free(view);
}

static const struct view_ops details_ops = {
	.prepare = details_prepare,
	.draw = details_draw,
	.act = details_act,
	.offers = details_offers,
	.subject = details_subject,
	.next_change = details_next_change,
	.destroy = details_destroy,
};

void view_details_open(struct ui *ui, const struct vm_id *id)
{
	struct details *details = mem_zalloc(sizeof(*details));

	details->view.ops = &details_ops;
	details->id = *id;
	view_push(ui, &details->view);
}
