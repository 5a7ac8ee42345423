/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "model/sparkline.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"
#include "ui/tui/widget/lines.h"

#include <inttypes.h>
#include <stdlib.h>

enum {
	TIMELINE_SHOWN = 12,
	NOW_CELLS = 16,   /* "100% of 16 vCPUs" */
	WORDS_CELLS = 45, /* of a line with a picture: all but the picture */
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

static void pair_text(struct lines *lines, const char *label, struct safe_text text)
{
	if (text_is_empty(text))
		lines_pair(lines, label, ROLE_DIM, "-");
	else
		lines_pair(lines, label, ROLE_NORMAL, "%s", text_str(text));
}

/* A cell of the table says it already. */
static void pair_column(struct lines *lines, const char *label, enum column_id id, const struct column_row *row)
{
	struct column_cell cell;

	pair_text(lines, label, column_words(id, row, &cell));
}

/* --- figures of now and of the last minutes --- */

/* "15% of 2 vCPUs"; owned. */
static struct safe_text cpu_words(const struct column_row *row)
{
	const int vcpus = row->vm->facts.vcpus;
	struct column_cell cell;

	if (vcpus < 0)
		return text_format("%s", text_str(column_words(COLUMN_CPU, row, &cell)));
	if (row->vm->figures.cpu_percent < 0)
		return text_format(ngettext("%d vCPU", "%d vCPUs", (unsigned long)vcpus), vcpus);
	return text_format(ngettext("%s%% of %d vCPU", "%s%% of %d vCPUs", (unsigned long)vcpus),
			   text_str(column_words(COLUMN_CPU, row, &cell)), vcpus);
}

/* "2.2G of 4.0G"; owned. */
static struct safe_text memory_words(const struct column_row *row)
{
	struct column_cell now, most;

	if (row->vm->facts.max_memory_kib < 0)
		return text_format("%s", text_str(column_words(COLUMN_MEM, row, &now)));
	return text_format(_("%s of %s"), text_str(column_words(COLUMN_MEM, row, &now)),
			   text_str(column_words(COLUMN_MAXMEM, row, &most)));
}

/* now: taken over. */
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

static void tell_host(struct lines *lines, const struct host *host, int64_t now)
{
	struct safe_text words;

	lines_pair(lines, _("Host"), ROLE_NORMAL, "%s  %s", host->name, text_str(host->version));
	if (host->state == HOST_LIVE)
		return;
	words = host_state_words(host, now);
	lines_pair(lines, "", role_of_host(host->state), "%s%s%s", text_str(words),
		   text_is_empty(host->trouble) ? "" : ": ", text_str(host->trouble));
	text_free(&words);
}

static void tell_machine(struct lines *lines, const struct column_row *row, int cells)
{
	const struct vm *vm = row->vm;
	struct column_cell autostart, persistent;
	char uuid[UUID_TEXT_SIZE];

	uuid_format(&vm->id.uuid, uuid);
	lines_pair(lines, _("State"), role_of_state(vm->facts.state), "%s", vm_state_name(vm->facts.state));
	tell_host(lines, row->host, row->now);
	lines_pair(lines, _("UUID"), ROLE_NORMAL, "%s", uuid);
	if (!text_is_empty(vm->facts.title))
		pair_text(lines, _("Title"), vm->facts.title);
	if (!text_is_empty(vm->facts.tags))
		pair_text(lines, _("Tags"), vm->facts.tags);
	pair_figure(lines, _("CPU"), cpu_words(row), vm->history, history_cpu, 100, cells);
	pair_figure(lines, _("Memory"), memory_words(row), vm->history, history_memory,
		    (double)vm->facts.max_memory_kib, cells);
	lines_pair(lines, _("Autostart"), ROLE_NORMAL, _("%s, persistent: %s"),
		   text_str(column_words(COLUMN_AUTOSTART, row, &autostart)),
		   text_str(column_words(COLUMN_PERSISTENT, row, &persistent)));
}

static void tell_addresses(struct lines *lines, const struct vm *vm)
{
	struct safe_text words = vm->addresses_at ? address_list_tell(&vm->addresses) : (struct safe_text){ NULL };

	pair_text(lines, _("Addresses"), words);
	text_free(&words);
}

static void tell_uptime(struct lines *lines, const struct column_row *row)
{
	if (vm_uptime_ms(row->vm, row->now) < 0 && row->vm->sessions_asked)
		lines_pair(lines, _("Uptime"), ROLE_DIM, "%s", _("asking…"));
	else
		pair_column(lines, _("Uptime"), COLUMN_UPTIME, row);
}

/* "up 90%  version 7.2.22" */
static void tell_agent(struct lines *lines, const struct column_row *row)
{
	const enum agent_state agent = vm_agent_state(row->vm);
	const char *advice = vm_agent_advice(row->vm);
	struct column_cell cell;

	if (text_is_empty(row->vm->agent_version))
		lines_pair(lines, _("Agent"), role_of_agent(agent), "%s",
			   text_str(column_words(COLUMN_AGENT, row, &cell)));
	else
		lines_pair(lines, _("Agent"), role_of_agent(agent), _("%s  version %s"),
			   text_str(column_words(COLUMN_AGENT, row, &cell)), text_str(row->vm->agent_version));
	if (*advice)
		lines_pair(lines, "", ROLE_NORMAL, "%s", _(advice));
}

static void tell_users(struct lines *lines, const struct vm *vm, int64_t now)
{
	struct safe_text names;

	if (vm->users_state == USERS_DENIED) {
		lines_pair(lines, _("Users"), ROLE_DIM, "%s",
			   _("denied: a read-only connection may not ask the guest"));
		return;
	}
	if (vm->users_state != USERS_KNOWN) {
		lines_pair(lines, _("Users"), ROLE_DIM, "%s", vm->sessions_asked ? _("asking…") : _("unknown"));
		if (!text_is_empty(vm->sessions_note))
			lines_pair(lines, "", ROLE_NORMAL, "%s", text_str(vm->sessions_note));
		return;
	}
	names = session_list_names(&vm->sessions, 8);
	lines_pair(lines, _("Users"), ROLE_NORMAL, "%s  (%" PRId64 " s ago)",
		   text_is_empty(names) ? _("nobody is logged on") : text_str(names), (now - vm->sessions_at) / 1000);
	text_free(&names);
}

static void tell_guest(struct lines *lines, const struct column_row *row)
{
	const struct vm *vm = row->vm;

	tell_agent(lines, row);
	if (vm->door_closed)
		lines_pair(lines, _("Door"), ROLE_WARN, "%s",
			   _("closed: nobody new can log on; open-door in the menu (m) opens it"));
	tell_users(lines, vm, row->now);
	tell_uptime(lines, row);
	pair_text(lines, _("System"), vm->os_name);
	pair_text(lines, _("Kernel"), vm->kernel);
	pair_text(lines, _("Host name"), vm->hostname);
	tell_addresses(lines, vm);
}

static void tell_timeline(struct lines *lines, const struct vm *vm)
{
	const struct timeline_entry *entry = vm->timeline ? timeline_at(vm->timeline, 0) : NULL;

	if (!entry)
		return;
	lines_gap(lines);
	lines_say(lines, ROLE_HEADING, "%s", _("Who came and went while we looked"));
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
	struct column_row row;

	lines_begin(lines);
	if (!vm) {
		surface_put(surface, 0, 2, ROLE_DIM,
			    TEXT_OURS(_("This VM is gone: it was undefined, or its host lists it no more.")));
		return;
	}
	row = listing_row(ui->listing, vm, clock_ms());
	surface_put(surface, 0, 2, ROLE_TITLE, vm->facts.name);
	tell_machine(lines, &row, inside.cols);
	lines_gap(lines);
	tell_guest(lines, &row);
	tell_timeline(lines, vm);
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
