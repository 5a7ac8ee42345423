/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is logged on: in one VM, in those marked, or in all that the table shows. A row is a session. */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/session_listing.h"
#include "ui/tui/view_words.h"

/* Each column as wide as its widest value so far; the least important are hidden on a narrow screen. */
struct session_table {
	bool of_many;                  /* VM and host have columns */
	bool has_usage;                /* CPU time and memory have columns, and are asked for */
	int seen[SESSION_FIELD_COUNT]; /* widest so far, on a screen of seen_cols */
	int seen_cols;
	int width[SESSION_FIELD_COUNT];
	int gap; /* cells between columns */
};

struct sessions {
	struct view view;
	struct session_listing list;
	struct session_table table;
	uint64_t wanted; /* scope_version last passed to app_want_users() */
};

/* NULL when there are several. */
static struct vm *the_vm(const struct sessions *sessions)
{
	return sessions->table.of_many ? NULL : session_listing_vm(&sessions->list, 0);
}

static void sessions_prepare(struct view *view, struct surface surface)
{
	struct sessions *sessions = (struct sessions *)view;
	const struct vm_ids *scope = &sessions->list.scope;

	(void)surface;
	session_listing_update(&sessions->list);
	if (sessions->wanted == sessions->list.scope_version)
		return;
	sessions->wanted = sessions->list.scope_version;
	app_want_users(view->ui->app, scope->at, scope->count);
}

/* --- its table --- */

enum { GUTTER = 2, TAIL = 1, ROOMY = 100 };

/* Hidden in this order on a narrow screen. */
static const enum session_field expendable[] = { SESSION_FIELD_TTY,   SESSION_FIELD_ID,   SESSION_FIELD_HOST,
						 SESSION_FIELD_SINCE, SESSION_FIELD_IDLE, SESSION_FIELD_CPU,
						 SESSION_FIELD_MEMORY };

/* Shortened before that: names may be of any length. */
static const enum session_field gives_way[] = { SESSION_FIELD_FROM, SESSION_FIELD_USER, SESSION_FIELD_VM };

static bool has_column(const struct session_table *table, enum session_field field)
{
	if (field == SESSION_FIELD_CPU || field == SESSION_FIELD_MEMORY)
		return table->has_usage;
	return table->of_many || (field != SESSION_FIELD_VM && field != SESSION_FIELD_HOST);
}

static int total_width(const struct session_table *table)
{
	int total = GUTTER + TAIL - table->gap;

	for (int field = 0; field < SESSION_FIELD_COUNT; field++)
		total += table->width[field] ? table->width[field] + table->gap : 0;
	return total;
}

/* rows from..to will show. */
static void fit_table(struct session_table *table, const struct session_rows *rows, size_t from, size_t to, int cols)
{
	/* Leaves room for the sort arrow. */
	for (int field = 0; field < SESSION_FIELD_COUNT && table->seen_cols != cols; field++)
		table->seen[field] = 1 + surface_width(TEXT_TRUSTED(session_field_title((enum session_field)field)));
	table->seen_cols = cols;
	table->gap = cols >= ROOMY ? 2 : 1;
	for (size_t i = from; i < to; i++) {
		for (int field = 0; field < SESSION_FIELD_COUNT; field++) {
			struct safe_text words =
				session_field_words((enum session_field)field, &rows->at[i], clock_wall());

			table->seen[field] = MAX(table->seen[field], surface_width(words));
			text_free(&words);
		}
	}
	for (int field = 0; field < SESSION_FIELD_COUNT; field++)
		table->width[field] = has_column(table, (enum session_field)field) ? table->seen[field] : 0;
	for (size_t i = 0; i < ARRAY_SIZE(gives_way) && total_width(table) > cols; i++)
		table->width[gives_way[i]] = MIN(table->width[gives_way[i]], MAX(cols / 5, 12));
	for (size_t i = 0; i < ARRAY_SIZE(expendable) && total_width(table) > cols; i++)
		table->width[expendable[i]] = 0;
	while (total_width(table) > cols) {
		int widest = 0;

		for (int field = 1; field < SESSION_FIELD_COUNT; field++)
			widest = table->width[field] > table->width[widest] ? field : widest;
		table->width[widest]--;
	}
}

static void draw_heading(const struct session_table *table, struct surface line, enum session_field sorted_by,
			 bool descending)
{
	int col = GUTTER;

	for (int field = 0; field < SESSION_FIELD_COUNT; field++) {
		const bool is_sorted = field == (int)sorted_by;
		enum role role = is_sorted ? ROLE_HEADING_SORTED : ROLE_HEADING;
		struct safe_text title = TEXT_TRUSTED(session_field_title((enum session_field)field));

		if (!table->width[field])
			continue;
		surface_put_field(line, 0, col, table->width[field], ALIGN_LEFT, role, title);
		if (is_sorted)
			surface_glyphs(line, 0, col + MIN(surface_width(title), table->width[field] - 1), 1, role,
				       descending ? GLYPH_DOWN : GLYPH_UP);
		col += table->width[field] + table->gap;
	}
}

static void draw_row(const struct session_table *table, struct surface line, const struct session_row *row,
		     bool is_marked)
{
	int col = GUTTER;

	if (is_marked)
		surface_glyphs(line, 0, 0, 1, ROLE_MARK, GLYPH_MARK);
	for (int field = 0; field < SESSION_FIELD_COUNT; field++) {
		enum role role = field == SESSION_FIELD_USER ? (is_marked ? ROLE_MARK : ROLE_NORMAL) : ROLE_DIM;
		struct safe_text words;

		if (!table->width[field])
			continue;
		words = session_field_words((enum session_field)field, row, clock_wall());
		surface_put_field(line, 0, col, table->width[field], ALIGN_LEFT, role, words);
		col += table->width[field] + table->gap;
		text_free(&words);
	}
}

/* --- the title, and what replaces the list --- */

/* vm: the only one; NULL: several. Cells taken. */
static int draw_title(const struct sessions *sessions, const struct vm *vm, struct surface line)
{
	const struct inventory *inventory = app_inventory(sessions->view.ui->app);
	const struct session_rows *rows = &sessions->list.rows;
	size_t total;
	int col = 2;

	if (!vm) {
		col += surface_print(line, 0, col, ROLE_TITLE, ngettext("%zu VM", "%zu VMs", rows->vms), rows->vms);
		col += surface_print(line, 0, col, ROLE_NORMAL,
				     ngettext("  %zu session", "  %zu sessions", rows->sessions), rows->sessions);
		col += surface_print(line, 0, col, ROLE_DIM, _(" on %zu"), rows->occupied_vms);
		if (rows->unknown > 0)
			col += surface_print(line, 0, col, ROLE_WARN, _(", unknown on %zu"), rows->unknown);
		if (rows->asked > 0)
			col += surface_put(line, 0, col, ROLE_NEUTRAL, TEXT_TRUSTED(_(", asking…")));
		return col;
	}
	col += surface_put(line, 0, col, ROLE_TITLE, vm->info.name);
	col += surface_print(line, 0, col, ROLE_DIM, _(" on %s  "), inventory_host(inventory, vm->id.host)->name);
	if (vm->users_state == USERS_KNOWN) {
		total = session_list_total(&vm->sessions);
		col += surface_print(line, 0, col, ROLE_NORMAL, ngettext("%zu session", "%zu sessions", total), total);
		col += surface_print(line, 0, col, ROLE_DIM, _(", updated %d s ago"),
				     clock_seconds_since(vm->sessions_at));
		if (vm->sessions_full_at && vm->sessions_full_at != vm->sessions_at)
			col += surface_print(line, 0, col, ROLE_DIM, _(", states %d s ago"),
					     clock_seconds_since(vm->sessions_full_at));
	}
	if (vm->sessions_asked)
		col += 2 + surface_put(line, 0, col + 2, ROLE_NEUTRAL, TEXT_TRUSTED(_("asking…")));
	return col;
}

static void draw_unknown(const struct vm *vm, struct surface surface)
{
	struct surface inside = surface_part(surface, 1, 2, -1, surface.cols - 4);
	int row = 0;

	if (vm->users_state == USERS_DENIED) {
		surface_wrap(inside, 0, 0, ROLE_NORMAL,
			     TEXT_TRUSTED(_("Denied: users are not visible over a read-only connection. Restart "
					    "without --readonly, or use --lock instead.")));
		return;
	}
	if (vm->sessions_asked) {
		surface_put(inside, 0, 0, ROLE_NORMAL, TEXT_TRUSTED(_("Asking the guest for its sessions…")));
		return;
	}
	row += surface_wrap(inside, row, 0, ROLE_NORMAL, TEXT_TRUSTED(_("The sessions are unknown.")));
	if (!text_is_empty(vm->sessions_note))
		row += surface_wrap(inside, row, 0, ROLE_WARN, vm->sessions_note);
	surface_wrap(inside, row, 0, ROLE_NORMAL, TEXT_TRUSTED(_(vm_agent_advice(vm))));
}

/* --- the list --- */

/* vm: the only one, with notes below its rows; NULL: several. */
static void draw_list(struct sessions *sessions, const struct vm *vm, struct surface surface)
{
	struct session_listing *list = &sessions->list;
	struct scroll *scroll = &list->scroll;
	const struct session_rows *rows = &list->rows;
	const bool has_focus = ui_pane(sessions->view.ui) == &sessions->view && !sessions->view.ui->tasks_have_focus;
	bool has_more = vm ? vm->sessions.more > 0 || !vm->sessions.proven : rows->unknown > 0;
	struct surface inside = surface_part(surface, 1, 0, surface.rows - 1 - has_more, -1);
	struct surface notes = surface_part(surface, 0, 2, -1, surface.cols - 4);
	int row = 1 + (int)MIN(MAX(rows->count, 1), (size_t)MAX(inside.rows, 0));
	int col = 0; /* where it says on which VMs the users are not known; 0 nowhere */
	size_t end;

	scroll_fit(scroll, rows->count, inside.rows);
	end = MIN(rows->count, scroll->top + scroll->page);
	fit_table(&sessions->table, rows, scroll->top, end, surface.cols);
	if (rows->count == 0 && *list->words && rows->sessions > 0)
		surface_print(surface, 0, 2, ROLE_NEUTRAL, _("No session matches \"%s\"."), list->words);
	else if (rows->count == 0)
		surface_put(surface, 0, 2, ROLE_NEUTRAL,
			    TEXT_TRUSTED(rows->unknown > 0 ? _("No users logged on, as far as is known.")
							   : _("No users logged on.")));
	else
		draw_heading(&sessions->table, surface, list->by, list->descending);
	for (size_t i = scroll->top; i < end; i++)
		draw_row(&sessions->table,
			 draw_list_line(scroll, surface_part(inside, 0, 0, -1, inside.cols - 1), i,
					has_focus ? ROLE_CURSOR : ROLE_CURSOR_IDLE, has_focus ? 2 : -1),
			 &rows->at[i], session_listing_is_marked(list, &rows->at[i]));
	scroll_draw(scroll, surface_part(inside, 0, 0, (int)scroll->page, -1), rows->count);
	if (!vm && has_more) {
		row = surface.rows - 1;
		col = 2 + surface_put(surface, row, 2, ROLE_WARN, TEXT_TRUSTED(_("Unknown: ")));
	}
	for (size_t i = 0; i < list->vms.count && col > 0 && col < surface.cols; i++) {
		const struct vm *other = list->vms.at[i];

		if (vm_state_is_active(other->info.state) && other->users_state != USERS_KNOWN)
			col += surface_print(surface, row, col, ROLE_DIM, "%s (%s)  ", text_str(other->info.name),
					     other->users_state == USERS_DENIED
						     ? agent_state_name(AGENT_DENIED)
						     : agent_state_name(vm_agent_state(other)));
	}
	if (vm && vm->sessions.more > 0)
		row += surface_print(notes, row, 0, ROLE_WARN, _("and %zu more, not listed"), vm->sessions.more) > 0;
	if (vm && !vm->sessions.proven)
		surface_wrap(notes, row, 0, ROLE_WARN,
			     TEXT_TRUSTED(_("From guest-get-users only, which is not reliable on Linux.")));
}

static void sessions_draw(struct view *view, struct surface surface)
{
	struct sessions *sessions = (struct sessions *)view;
	const struct session_listing *list = &sessions->list;
	const struct vm *vm = the_vm(sessions);
	struct surface below = surface_part(surface, 1, 0, -1, -1);
	int col;

	if (!vm && !sessions->table.of_many) {
		draw_vm_is_gone(surface);
		return;
	}
	col = draw_title(sessions, vm, surface);
	if (list->marks.count > 0)
		col += surface_print(surface, 0, col, ROLE_MARK,
				     ngettext("  %zu marked", "  %zu marked", list->marks.count), list->marks.count);
	if (*list->words)
		surface_print(surface, 0, col, ROLE_KEY,
			      ngettext("  %zu shown: %s", "  %zu shown: %s", list->rows.count), list->rows.count,
			      list->words);
	if (!vm || vm->users_state == USERS_KNOWN)
		draw_list(sessions, vm, below);
	else
		draw_unknown(vm, below);
}

/* --- keys --- */

static void ask_again(struct sessions *sessions)
{
	struct ui *ui = sessions->view.ui;
	struct vm *one = the_vm(sessions);
	struct err err;

	if (one && !app_ask_guest(ui->app, one, true, &err))
		ui_say_err(ui, &err);
	if (!sessions->table.of_many)
		return;
	/* With several VMs, guests that did not answer are not asked again yet. */
	for (size_t i = 0; i < sessions->list.scope.count; i++) {
		struct vm *vm = session_listing_vm(&sessions->list, i);

		if (vm)
			app_ask_guest(ui->app, vm, false, NULL);
	}
	ui_say(ui, ROLE_NORMAL, _("Refreshing"));
}

static bool sessions_act(struct view *view, enum action_id action)
{
	struct sessions *sessions = (struct sessions *)view;
	struct session_listing *list = &sessions->list;
	const enum action_id closed_by = list->shown ? ACTION_EVERYBODY : ACTION_SESSIONS;
	int by = (int)list->by;

	switch (action) {
	case ACTION_REFRESH:
		ask_again(sessions);
		return true;
	case ACTION_COLUMNS:
		sessions->table.has_usage = !sessions->table.has_usage;
		app_want_usage(view->ui->app, sessions->table.has_usage);
		if (sessions->table.has_usage)
			ask_again(sessions);
		return true;
	case ACTION_BACK:
		return session_listing_clear(list);
	case ACTION_SESSIONS:
	case ACTION_EVERYBODY:
		if (action == closed_by)
			view_close(view);
		return action == closed_by;
	case ACTION_SORT_INVERT:
		session_listing_sort(list, list->by, !list->descending);
		return true;
	case ACTION_SORT_LEFT:
	case ACTION_SORT_RIGHT:
		do
			by = (by + (action == ACTION_SORT_LEFT ? SESSION_FIELD_COUNT - 1 : 1)) % SESSION_FIELD_COUNT;
		while (!has_column(&sessions->table, (enum session_field)by));
		session_listing_sort(list, (enum session_field)by, list->descending);
		return true;
	case ACTION_MARK:
		if (list->rows.count > 0 && !*list->current.id)
			ui_say(view->ui, ROLE_WARN, _("The agent reports users, but not their sessions"));
		return session_listing_act(list, action);
	default:
		return session_listing_act(list, action);
	}
}

static const struct session_picks *sessions_picks(const struct view *view)
{
	return session_listing_picks(&((struct sessions *)view)->list);
}

static bool sessions_subject(const struct view *view, struct vm_id *ret_id)
{
	const struct sessions *sessions = (const struct sessions *)view;
	const struct session_listing *list = &sessions->list;

	if (!sessions->table.of_many)
		*ret_id = list->scope.at[0];
	else if (list->rows.count > 0)
		*ret_id = list->rows.at[list->scroll.cursor].vm->id;
	else
		return false;
	return true;
}

static int64_t sessions_next_change(const struct view *view, int64_t now)
{
	const struct vm *vm = the_vm((const struct sessions *)view);

	return vm && vm->users_state == USERS_KNOWN ? next_second(vm->sessions_at, now) : -1;
}

static void sessions_destroy(struct view *view)
{
	app_want_users(view->ui->app, NULL, 0);
	app_want_usage(view->ui->app, false);
	session_listing_free(&((struct sessions *)view)->list);
}

static const char *filter_words(const struct view *view)
{
	return ((const struct sessions *)view)->list.words;
}

static bool filter_set(struct view *view, const char *words, struct err *err)
{
	struct session_listing *list = &((struct sessions *)view)->list;

	(void)err;
	session_listing_set_words(list, words);
	session_listing_update(list);
	return true;
}

static size_t filter_count(const struct view *view)
{
	return ((const struct sessions *)view)->list.rows.count;
}

static const struct view_filter filter = {
	.hint = N_("user, VM, host or address; !word"),
	.words = filter_words,
	.set = filter_set,
	.count = filter_count,
};

static struct safe_text sessions_say(const struct view *view, size_t at)
{
	const struct session_row *row = &((const struct sessions *)view)->list.rows.at[at];
	struct safe_text words[SESSION_FIELD_COUNT], all;

	for (int field = 0; field < SESSION_FIELD_COUNT; field++)
		words[field] = session_field_words((enum session_field)field, row, clock_wall());
	all = text_format(_("%s on %s, host %s, session %s; %s, terminal %s, since %s, from %s"),
			  text_str(words[SESSION_FIELD_USER]), text_str(words[SESSION_FIELD_VM]),
			  text_str(words[SESSION_FIELD_HOST]), text_str(words[SESSION_FIELD_ID]),
			  text_str(words[SESSION_FIELD_STATE]), text_str(words[SESSION_FIELD_TTY]),
			  text_str(words[SESSION_FIELD_SINCE]), text_str(words[SESSION_FIELD_FROM]));
	for (int field = 0; field < SESSION_FIELD_COUNT; field++)
		text_free(&words[field]);
	return all;
}

static const struct view_ops sessions_ops = {
	.title = N_("Sessions"),
	.offered = (const enum action_id[]){ ACTION_LOGOFF, ACTION_MENU, ACTION_MARK, ACTION_FILTER, ACTION_COLUMNS,
					     ACTION_REFRESH, ACTION_BACK, ACTION_NONE },
	.prepare = sessions_prepare,
	.draw = sessions_draw,
	.act = sessions_act,
	.subject = sessions_subject,
	.picks = sessions_picks,
	.filter = &filter,
	.say = sessions_say,
	.next_change = sessions_next_change,
	.destroy = sessions_destroy,
};

static struct sessions *sessions_create(struct ui *ui, bool of_many)
{
	struct sessions *sessions = view_new(ui, &sessions_ops, sizeof(*sessions));

	sessions->table.of_many = of_many;
	session_listing_init(&sessions->list, app_inventory(ui->app), of_many ? SESSION_FIELD_USER : SESSION_FIELD_ID);
	return sessions;
}

static void open_it(struct sessions *sessions)
{
	view_push(&sessions->view);
	session_listing_update(&sessions->list);
	/* Unknown lists are asked for at once; known ones are refreshed in the background. */
	for (size_t i = 0; i < sessions->list.scope.count; i++) {
		struct vm *vm = session_listing_vm(&sessions->list, i);

		if (vm && (!sessions->table.of_many || vm->users_state != USERS_KNOWN || vm->sessions.lacks_ids))
			app_ask_guest(sessions->view.ui->app, vm, !sessions->table.of_many, NULL);
	}
}

void view_sessions_open(struct ui *ui, const struct vm_id *ids, size_t count)
{
	struct sessions *sessions = sessions_create(ui, count > 1);

	for (size_t i = 0; i < count; i++)
		*VEC_PUSH(&sessions->list.scope) = ids[i];
	open_it(sessions);
}

void view_everybody_open(struct ui *ui)
{
	struct sessions *sessions = sessions_create(ui, true);

	sessions->list.shown = ui->listing;
	open_it(sessions);
}
