/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/session_listing.h"
#include "ui/tui/view_words.h"

enum {
	SHOWN_MOST = 12, /* sessions, snapshots, tasks, log-ons: the rest is counted */
	TWO_COLUMNS = 120,
	THREE_COLUMNS = 180, /* of the screen */
	WORDS_CELLS = 45,    /* of a line with a sparkline: the rest of it */
	AMOUNT_SIZE = 16,
};

/* The VM that is drawn, and where. */
struct sheet {
	struct lines *lines;
	const struct attribute_row *row;
	int cells;
	const struct app *app;
};

static const char *words_of(const struct sheet *sheet, const struct attribute *attribute, struct attribute_cell *cell)
{
	return text_str(attribute_words(attribute, sheet->row, cell));
}

static void draw_plainly(const struct sheet *sheet, const struct attribute *attribute)
{
	struct attribute_cell cell;
	const char *words = words_of(sheet, attribute, &cell);

	lines_pair(sheet->lines, pgettext("column", attribute->label), strcmp(words, "-") == 0 ? ROLE_DIM : ROLE_NORMAL,
		   "%s", words);
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

	lines_pair(sheet->lines, pgettext("column", attribute->label), role_of_state(state), "%s",
		   vm_state_name(state));
}

static void draw_host(const struct sheet *sheet, const struct attribute *attribute)
{
	const struct host *host = sheet->row->host;
	OWN(text) struct safe_text words = host_state_words(host, sheet->row->now);

	lines_pair(sheet->lines, pgettext("column", attribute->label), ROLE_NORMAL, "%s  %s", host->name,
		   text_str(host->version));
	if (host->state != HOST_LIVE)
		lines_pair(sheet->lines, "", role_of_host(host->state), "%s%s%s", text_str(words),
			   text_is_empty(host->trouble) ? "" : ": ", text_str(host->trouble));
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
	lines_pair(sheet->lines, "", ROLE_GAUGE, _("%s  %s to %s  last %d s"), sparkline.buf, from, to,
		   (int)history_seconds(history));
}

/* "15% of 2 vCPUs" */
static void draw_cpu(const struct sheet *sheet, const struct attribute *attribute)
{
	const int vcpus = sheet->row->vm->info.vcpus;
	struct attribute_cell cell;

	if (vcpus < 0)
		lines_pair(sheet->lines, _("CPU"), ROLE_NORMAL, "%s", words_of(sheet, attribute, &cell));
	else if (sheet->row->vm->figures.cpu_percent < 0)
		lines_pair(sheet->lines, _("CPU"), ROLE_NORMAL, ngettext("%d vCPU", "%d vCPUs", (unsigned long)vcpus),
			   vcpus);
	else
		lines_pair(sheet->lines, _("CPU"), ROLE_NORMAL,
			   ngettext("%s%% of %d vCPU", "%s%% of %d vCPUs", (unsigned long)vcpus),
			   words_of(sheet, attribute, &cell), vcpus);
	draw_history(sheet, history_cpu);
}

/* "2.2G of 4.0G" */
static void draw_memory(const struct sheet *sheet, const struct attribute *attribute)
{
	const int64_t max_kib = sheet->row->vm->info.max_memory_kib;
	struct attribute_cell now, max;

	lines_pair(sheet->lines, pgettext("column", attribute->label), ROLE_NORMAL, max_kib < 0 ? "%s" : _("%s of %s"),
		   words_of(sheet, attribute, &now), words_of(sheet, attribute_get("maxmem"), &max));
	draw_history(sheet, history_memory);
}

static void draw_autostart(const struct sheet *sheet, const struct attribute *attribute)
{
	struct attribute_cell autostart, persistent;

	lines_pair(sheet->lines, pgettext("column", attribute->label), ROLE_NORMAL, _("%s, persistent: %s"),
		   words_of(sheet, attribute, &autostart), words_of(sheet, attribute_get("persistent"), &persistent));
}

/* "up 90%  version 7.2.22" */
static void draw_agent(const struct sheet *sheet, const struct attribute *attribute)
{
	const enum agent_state agent = vm_agent_state(sheet->row->vm);
	const char *advice = vm_agent_advice(sheet->row->vm), *version = text_str(sheet->row->vm->agent_version);
	struct attribute_cell cell;

	lines_pair(sheet->lines, pgettext("column", attribute->label), role_of_agent(agent),
		   *version ? _("%s  version %s") : "%s%s", words_of(sheet, attribute, &cell), version);
	if (*advice)
		lines_pair(sheet->lines, "", ROLE_NORMAL, "%s", _(advice));
}

static void draw_logins(const struct sheet *sheet, const struct attribute *attribute)
{
	if (sheet->row->vm->logins_disabled)
		lines_pair(sheet->lines, pgettext("column", attribute->label), ROLE_WARN, "%s",
			   _("disabled: no new users can log on; enable-logins in the menu (m) enables them"));
}

/* What was asked, when, and when it is asked again. */
static void draw_questions(const struct sheet *sheet)
{
	const struct vm *vm = sheet->row->vm;
	const int64_t now = sheet->row->now, next = app_next_look(sheet->app, vm);
	const char *what = vm->names_only ? _("user names") : _("session list");
	OWN(text)
	struct safe_text again = next < 0 ? text_format("%s", _("on request"))
					  : text_format(_("in %d s"), (int)(MAX(next - now, 0) / 1000));

	if (vm->sessions_full_at)
		lines_pair(sheet->lines, "", ROLE_DIM, _("asked: %s %d s ago, session states %d s ago; again %s"), what,
			   clock_seconds_since(vm->sessions_at), clock_seconds_since(vm->sessions_full_at),
			   text_str(again));
	else
		lines_pair(sheet->lines, "", ROLE_DIM, _("asked: %s %d s ago; again %s"), what,
			   clock_seconds_since(vm->sessions_at), text_str(again));
}

static void draw_users(const struct sheet *sheet, const struct attribute *attribute)
{
	const struct vm *vm = sheet->row->vm;
	const char *label = pgettext("column", attribute->label);
	OWN(text) struct safe_text names = session_list_names(&vm->sessions, 8);

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
	lines_pair(sheet->lines, label, ROLE_NORMAL, "%s", text_is_empty(names) ? _("no users") : text_str(names));
	draw_questions(sheet);
}

static void draw_uptime(const struct sheet *sheet, const struct attribute *attribute)
{
	if (attribute->get(sheet->row).number < 0 && sheet->row->vm->sessions_asked)
		lines_pair(sheet->lines, pgettext("column", attribute->label), ROLE_DIM, "%s", _("asking…"));
	else
		draw_plainly(sheet, attribute);
}

static void draw_addresses(const struct sheet *sheet, const struct attribute *attribute)
{
	OWN(text) struct safe_text words = address_list_tell(&sheet->row->vm->addresses);

	if (sheet->row->vm->addresses_at)
		lines_pair(sheet->lines, pgettext("column", attribute->label), ROLE_NORMAL, "%s", text_str(words));
	else
		draw_plainly(sheet, attribute);
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

static void tell_facts(const struct sheet *sheet)
{
	for (size_t i = 0; i < ARRAY_SIZE(layout); i++) {
		if (!layout[i].attribute)
			lines_gap(sheet->lines);
		else
			layout[i].draw(sheet, attribute_get(layout[i].attribute));
	}
	for (size_t i = 0; i < attribute_count(); i++) {
		bool is_due = attribute_at(i)->flags & ATTRIBUTE_DETAILS;

		for (size_t k = 0; k < ARRAY_SIZE(layout); k++)
			is_due &= !layout[k].attribute || attribute_get(layout[k].attribute) != attribute_at(i);
		if (is_due)
			draw_plainly(sheet, attribute_at(i));
	}
}

/* --- what it has, and what happened --- */

/* `count`: with the heading; 0: only the heading. */
static void head(const struct sheet *sheet, const char *title, size_t count)
{
	if (!sheet->lines->column_is_begun)
		lines_gap(sheet->lines);
	lines_say(sheet->lines, ROLE_HEADING, count > 0 ? "%s (%zu)" : "%s", title, count);
}

static void tell_rest(const struct sheet *sheet, size_t count)
{
	if (count > SHOWN_MOST)
		lines_say(sheet->lines, ROLE_DIM, _("and %zu more"), count - SHOWN_MOST);
}

/* With the text at its end, filled up to so many cells. */
static void append_cell(struct safe_text *line, struct safe_text text, int cells)
{
	text_set(line, text_format("%s%s%*s", text_str(*line), text_str(text), MAX(cells - text_width(text), 0), ""));
}

/* Columns as wide as what is in them; those that say the least are left out where there is no room. */
static void tell_sessions(const struct sheet *sheet)
{
	static const enum session_field shown[] = { SESSION_FIELD_USER, SESSION_FIELD_ID,    SESSION_FIELD_STATE,
						    SESSION_FIELD_TTY,  SESSION_FIELD_SINCE, SESSION_FIELD_FROM };
	static const enum session_field expendable[] = { SESSION_FIELD_TTY, SESSION_FIELD_ID, SESSION_FIELD_STATE };
	const struct vm *vm = sheet->row->vm;
	const size_t count = MIN(vm->sessions.count, SHOWN_MOST);
	int cells[SESSION_FIELD_COUNT] = { 0 }, total = 0;

	if (vm->users_state != USERS_KNOWN || count == 0)
		return;
	head(sheet, _("Sessions"), session_list_total(&vm->sessions));
	for (size_t k = 0; k < ARRAY_SIZE(shown); k++) {
		int *widest = &cells[shown[k]];

		*widest = text_width(TEXT_TRUSTED(session_field_title(shown[k])));
		for (size_t i = 0; i < count; i++) {
			struct session_row row = { sheet->row->host, vm, &vm->sessions.at[i] };
			OWN(text) struct safe_text words = session_field_words(shown[k], &row, clock_wall());

			*widest = MAX(*widest, text_width(words));
		}
		total += *widest += 2;
	}
	for (size_t k = 0; k < ARRAY_SIZE(expendable) && total > sheet->cells + 2; k++) {
		total -= cells[expendable[k]];
		cells[expendable[k]] = 0;
	}
	for (size_t i = 0; i <= count; i++) {
		OWN(text) struct safe_text line = { NULL };

		for (size_t k = 0; k < ARRAY_SIZE(shown); k++) {
			struct session_row row = { sheet->row->host, vm, &vm->sessions.at[MAX(i, 1) - 1] };
			OWN(text)
			struct safe_text words = i > 0 ? session_field_words(shown[k], &row, clock_wall())
						       : text_format("%s", session_field_title(shown[k]));

			if (cells[shown[k]] > 0)
				append_cell(&line, words, cells[shown[k]]);
		}
		lines_say(sheet->lines, i > 0 ? ROLE_NORMAL : ROLE_DIM, "%s", text_str(line));
	}
	tell_rest(sheet, session_list_total(&vm->sessions));
}

static void tell_devices(const struct sheet *sheet, bool nics, const char *title)
{
	const struct vm *vm = sheet->row->vm;
	size_t count = 0;

	head(sheet, title, 0);
	for (size_t i = 0; i < vm->info.devices.count; i++) {
		const struct device *device = &vm->info.devices.at[i];
		const bool has_name = !text_is_empty(device->name);

		if (device->is_nic != nics)
			continue;
		count++;
		lines_pair(sheet->lines, has_name ? text_str(device->name) : _("NIC"), ROLE_NORMAL, "%s  %s%s%s",
			   text_str(device->model),
			   text_is_empty(device->source) ? _("empty") : text_str(device->source), nics ? "  " : "",
			   device->mac);
		/* And the addresses that the guest told of this card. */
		for (size_t k = 0; *device->mac && k < vm->addresses.count; k++) {
			const struct address *address = &vm->addresses.at[k];

			if (strcmp(address->mac, device->mac) == 0)
				lines_pair(sheet->lines, "", ROLE_NORMAL, *address->interface ? "%s (%s)" : "%s%s",
					   address->text, address->interface);
		}
	}
	if (!vm_xml_is_known(vm))
		lines_say(sheet->lines, ROLE_DIM, "%s",
			  vm->info.channel == CHANNEL_DENIED ? _("denied: the VM's XML may not be read")
							     : _("not read yet"));
	else if (vm->info.devices.more > 0)
		lines_say(sheet->lines, ROLE_WARN, _("and %zu more, not listed"), vm->info.devices.more);
	else if (count == 0)
		lines_say(sheet->lines, ROLE_DIM, "%s", _("none"));
}

static void tell_snapshots(const struct sheet *sheet)
{
	const struct snapshot_knowledge *known = sheet->row->vm->snapshots;
	const struct snapshot_list *list = known ? &known->list : NULL;
	const size_t count = list ? MIN(list->count, SHOWN_MOST) : 0;
	int cells = 0;

	head(sheet, _("Snapshots"), list ? list->count + list->more : 0);
	for (size_t i = 0; i < count; i++)
		cells = MAX(cells, snapshot_branch_cells(&list->at[i]) + text_width(list->at[i].name) + 2);
	for (size_t i = 0; i < count; i++) {
		const struct snapshot *snapshot = &list->at[i];
		OWN(text) struct safe_text line = snapshot_branch(list, i);
		OWN(text) struct safe_text taken = words_of_time(snapshot->created, TIME_OF_DATE, "-");

		append_cell(&line, snapshot->name, cells - snapshot_branch_cells(snapshot));
		lines_say(sheet->lines, snapshot->current ? ROLE_GOOD : ROLE_NORMAL, "%s%s%s", text_str(line),
			  text_str(taken), snapshot->current ? _("  current") : "");
	}
	if (list)
		tell_rest(sheet, list->count + list->more);
	if (known && known->trouble_kind != ERR_NONE)
		lines_say(sheet->lines, ROLE_WARN, "%s", text_str(known->trouble));
	else if (!known || !known->at)
		lines_say(sheet->lines, ROLE_DIM, "%s", known && known->asked ? _("asking…") : _("unknown"));
	else if (count == 0)
		lines_say(sheet->lines, ROLE_DIM, "%s", _("none"));
}

/* The newest first. */
static void tell_tasks(const struct sheet *sheet)
{
	const struct tasklist *tasks = app_tasks(sheet->app);
	size_t count = 0;

	for (size_t i = tasks->count; i-- > 0;) {
		const struct task *task = tasks->at[i];
		OWN(text) struct safe_text when = words_of_time(task->started, TIME_OF_DAY, "");

		if (!vm_id_equal(&task->vm, &sheet->row->vm->id) || ++count > SHOWN_MOST)
			continue;
		if (count == 1)
			head(sheet, _("Recent tasks"), 0);
		lines_pair(sheet->lines, text_str(when), role_of_outcome(task), "%s: %s",
			   operation_name(task->operation),
			   !task->report.complete ? _(task_phase_name(task->report.phase))
			   : task->report.result == TASK_RESULT_CANCELLED
				   ? _("cancelled")
				   : _(result_find(task->report.error)->short_words));
	}
	tell_rest(sheet, count);
}

static void tell_timeline(const struct sheet *sheet)
{
	const struct timeline *timeline = sheet->row->vm->timeline;
	const struct timeline_entry *entry;

	for (size_t i = 0; timeline && i < SHOWN_MOST && (entry = timeline_at(timeline, i)); i++) {
		OWN(text) struct safe_text when = words_of_time(entry->when, TIME_OF_DAY, "");

		if (i == 0)
			head(sheet, _("Session history"), 0);
		lines_pair(sheet->lines, text_str(when), ROLE_NORMAL,
			   text_is_empty(entry->session) ? "%s%s %s" : "%s (%s) %s", text_str(entry->user),
			   text_str(entry->session), _(timeline_kind_name(entry->kind)));
	}
}

static void details_prepare(struct view *view, struct surface surface UNUSED)
{
	if (view_vm(view))
		app_want_uptimes(view->ui->app, false, &view->vm);
}

/* What the VM is; what it has; what happened: a column each, fewer on a narrow screen. */
static void details_tell(struct view *view, struct lines *lines)
{
	const int cols = lines->cols + 2, count = cols >= THREE_COLUMNS ? 3 : cols >= TWO_COLUMNS ? 2 : 1;
	const struct vm *vm = view_vm(view);
	const struct attribute_row row = listing_row(view->ui->listing, vm, clock_ms());
	const struct sheet sheet = { lines, &row, lines_column_cells(lines, count), view->ui->app };

	text_set(&view->title, text_copy(vm->info.name));
	tell_facts(&sheet);
	lines->column_is_begun = count > 1;
	tell_sessions(&sheet);
	tell_devices(&sheet, false, _("Disks"));
	tell_devices(&sheet, true, _("Network"));
	lines->column_is_begun = count > 2;
	tell_snapshots(&sheet);
	tell_tasks(&sheet);
	tell_timeline(&sheet);
}

static void details_draw(struct view *view, struct surface surface)
{
	if (view_vm(view))
		view_draw_page(view, surface);
	else
		draw_vm_is_gone(surface);
}

static void ask_snapshots(struct view *view, struct vm *vm)
{
	struct err err; /* is in what is known of them, too */

	app_ask_snapshots(view->ui->app, vm, &err);
}

static bool details_act(struct view *view, enum action_id action)
{
	struct vm *vm = view_vm(view);
	struct err err;

	if (action != ACTION_REFRESH || !vm)
		return false;
	ask_snapshots(view, vm);
	if (!app_ask_guest(view->ui->app, vm, true, &err))
		ui_say_err(view->ui, &err);
	return true;
}

static int64_t details_next_change(const struct view *view, int64_t now)
{
	const struct vm *vm = view_vm(view);

	if (vm && vm->users_state == USERS_KNOWN)
		return next_second(vm->sessions_at, now);
	return vm ? uptime_words_last_ms(vm_uptime_ms(vm, now)) : -1;
}

static void details_opened(struct view *view)
{
	if (view_vm(view))
		ask_snapshots(view, view_vm(view));
}

const struct view_ops details_ops = {
	.opened = details_opened,
	.closed_by = ACTION_DETAILS,
	.offered = (const enum action_id[]){ ACTION_LOGOFF, ACTION_SESSIONS, ACTION_MENU, ACTION_REFRESH, ACTION_NONE },
	.prepare = details_prepare,
	.draw = details_draw,
	.tell = details_tell,
	.act = details_act,
	.next_change = details_next_change,
};
