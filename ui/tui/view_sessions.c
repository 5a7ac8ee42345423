/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is logged on: in one VM, in those marked, or in all that the table shows. A row is a session. */
#include "base/clock.h"
#include "ui/tui/screens.h"
#include "ui/tui/session_listing.h"
#include "ui/tui/session_table.h"
#include "ui/tui/view_words.h"

#include <inttypes.h>
#include <stdlib.h>

struct sessions {
	struct view view;
	struct session_listing list;
	struct session_table table;
	uint64_t wanted; /* scope_version last passed to app_want_users() */
};

static struct sessions *sessions_of(const struct view *view)
{
	return (struct sessions *)view;
}

/* NULL when there are several. */
static struct vm *the_vm(const struct sessions *sessions)
{
	return sessions->table.of_many ? NULL : session_listing_vm(&sessions->list, 0);
}

static void sessions_prepare(struct view *view, struct surface surface)
{
	struct sessions *sessions = sessions_of(view);
	const struct vm_ids *scope = &sessions->list.scope;

	(void)surface;
	session_listing_update(&sessions->list);
	if (sessions->wanted == sessions->list.scope_version)
		return;
	sessions->wanted = sessions->list.scope_version;
	app_want_users(view->ui->app, scope->at, scope->count);
}

/* --- the title, and what replaces the list --- */

static int draw_title_of_one(const struct view *view, const struct vm *vm, struct surface line)
{
	const struct host *host = inventory_host(app_inventory(view->ui->app), vm->id.host);
	int col = 2;

	col += surface_put(line, 0, col, ROLE_TITLE, vm->info.name);
	col += surface_print(line, 0, col, ROLE_DIM, _(" on %s  "), host->name);
	if (vm->users_state == USERS_KNOWN) {
		size_t total = session_list_total(&vm->sessions);

		col += surface_print(line, 0, col, ROLE_NORMAL, ngettext("%zu session", "%zu sessions", total), total);
		col += surface_print(line, 0, col, ROLE_DIM, _(", updated %" PRId64 " s ago"),
				     (clock_ms() - vm->sessions_at) / 1000);
	}
	if (vm->sessions_asked)
		col += 2 + surface_put(line, 0, col + 2, ROLE_NEUTRAL, TEXT_TRUSTED(_("asking…")));
	return col;
}

static int draw_title_of_many(const struct session_rows *rows, struct surface line)
{
	int col = 2;

	col += surface_print(line, 0, col, ROLE_TITLE, ngettext("%zu VM", "%zu VMs", rows->vms), rows->vms);
	col += surface_print(line, 0, col, ROLE_NORMAL, ngettext("  %zu session", "  %zu sessions", rows->sessions),
			     rows->sessions);
	col += surface_print(line, 0, col, ROLE_DIM, _(" on %zu"), rows->occupied_vms);
	if (rows->unknown > 0)
		col += surface_print(line, 0, col, ROLE_WARN, _(", unknown on %zu"), rows->unknown);
	if (rows->asked > 0)
		col += surface_put(line, 0, col, ROLE_NEUTRAL, TEXT_TRUSTED(_(", asking…")));
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

/* Rows taken. */
static int draw_notes(const struct vm *vm, struct surface surface, int row)
{
	struct surface inside = surface_part(surface, 0, 2, -1, surface.cols - 4);
	int first = row;

	if (vm->sessions.more > 0)
		row += surface_print(inside, row, 0, ROLE_WARN, _("and %zu more, not listed"), vm->sessions.more) > 0;
	if (!vm->sessions.proven)
		row += surface_wrap(inside, row, 0, ROLE_WARN,
				    TEXT_TRUSTED(_("From guest-get-users only, which is not reliable on Linux.")));
	return row - first;
}

/* VMs whose users are not known. */
static void draw_where_not_known(const struct sessions *sessions, struct surface line)
{
	int col = 2 + surface_put(line, 0, 2, ROLE_WARN, TEXT_TRUSTED(_("Unknown: ")));

	for (size_t i = 0; i < sessions->list.vms.count && col < line.cols; i++) {
		const struct vm *vm = sessions->list.vms.at[i];

		if (vm_state_is_active(vm->info.state) && vm->users_state != USERS_KNOWN)
			col += surface_print(line, 0, col, ROLE_DIM, "%s (%s)  ", text_str(vm->info.name),
					     vm->users_state == USERS_DENIED ? agent_state_name(AGENT_DENIED)
									     : agent_state_name(vm_agent_state(vm)));
	}
}

/* --- the list --- */

static void draw_rows(struct sessions *sessions, struct surface surface)
{
	const struct session_listing *list = &sessions->list;
	const struct session_rows *rows = &list->rows;
	size_t top = list->scroll.top, end = MIN(rows->count, top + list->scroll.page);
	bool has_focus = ui_pane(sessions->view.ui) == &sessions->view && !sessions->view.ui->tasks_have_focus;

	for (size_t i = top; i < end; i++) {
		const struct session_row *row = &rows->at[i];
		struct surface line = surface_part(surface, (int)(i - top), 0, 1, surface.cols - 1);

		if (i == list->scroll.cursor) {
			line.under = has_focus ? ROLE_CURSOR : ROLE_CURSOR_IDLE;
			if (has_focus)
				surface_cursor(line, 0, 2, false);
		}
		session_table_draw_row(&sessions->table, line, row, session_listing_is_marked(list, row));
	}
	scroll_draw(&list->scroll, surface_part(surface, 0, 0, (int)list->scroll.page, -1), rows->count);
}

static void draw_list(struct sessions *sessions, const struct vm *vm, struct surface surface)
{
	struct session_listing *list = &sessions->list;
	const struct session_rows *rows = &list->rows;
	bool has_more = vm ? vm->sessions.more > 0 || !vm->sessions.proven : rows->unknown > 0;
	struct surface inside = surface_part(surface, 1, 0, surface.rows - 1 - has_more, -1);
	size_t top;

	scroll_fit(&list->scroll, rows->count, inside.rows);
	top = list->scroll.top;
	session_table_fit(&sessions->table, rows, top, MIN(rows->count, top + list->scroll.page), surface.cols);
	if (rows->count == 0 && *list->words && rows->sessions > 0)
		surface_print(surface, 0, 2, ROLE_NEUTRAL, _("No session matches \"%s\"."), list->words);
	else if (rows->count == 0)
		surface_put(surface, 0, 2, ROLE_NEUTRAL,
			    TEXT_TRUSTED(rows->unknown > 0 ? _("No users logged on, as far as is known.")
							   : _("No users logged on.")));
	else
		session_table_draw_heading(&sessions->table, surface, list->by, list->descending);
	draw_rows(sessions, inside);
	if (vm)
		draw_notes(vm, surface, 1 + (int)MIN(MAX(rows->count, 1), (size_t)MAX(inside.rows, 0)));
	else if (has_more)
		draw_where_not_known(sessions, surface_part(surface, surface.rows - 1, 0, 1, -1));
}

static void sessions_draw(struct view *view, struct surface surface)
{
	struct sessions *sessions = sessions_of(view);
	const struct session_listing *list = &sessions->list;
	const struct vm *vm = the_vm(sessions);
	struct surface below = surface_part(surface, 1, 0, -1, -1);
	int col;

	if (!vm && !sessions->table.of_many) {
		surface_put(
			surface, 0, 2, ROLE_DIM,
			TEXT_TRUSTED(_("This VM no longer exists: it was undefined, or its host no longer lists it.")));
		return;
	}
	col = vm ? draw_title_of_one(view, vm, surface) : draw_title_of_many(&list->rows, surface);
	if (list->marks.count > 0)
		col += surface_print(surface, 0, col, ROLE_MARK, _("  %zu marked"), list->marks.count);
	if (*list->words)
		surface_print(surface, 0, col, ROLE_KEY, _("  %zu shown: %s"), list->rows.count, list->words);
	if (!vm || vm->users_state == USERS_KNOWN)
		draw_list(sessions, vm, below);
	else
		draw_unknown(vm, below);
}

/* --- keys --- */

/* With several VMs, guests that did not answer are not asked again yet. */
static void ask_again(struct sessions *sessions)
{
	struct ui *ui = sessions->view.ui;
	struct vm *one = the_vm(sessions);
	struct err err;

	if (one && !app_ask_guest(ui->app, one, true, &err))
		ui_say_err(ui, &err);
	for (size_t i = 0; i < sessions->list.scope.count && sessions->table.of_many; i++) {
		struct vm *vm = session_listing_vm(&sessions->list, i);

		if (vm)
			app_ask_guest(ui->app, vm, false, NULL);
	}
	if (sessions->table.of_many)
		ui_say(ui, ROLE_NORMAL, _("Refreshing"));
}

static bool sort(struct sessions *sessions, enum action_id action)
{
	struct session_listing *list = &sessions->list;
	const int step = action == ACTION_SORT_LEFT ? -1 : 1;

	if (action == ACTION_SORT_INVERT)
		session_listing_sort(list, list->by, !list->descending);
	else if (action == ACTION_SORT_LEFT || action == ACTION_SORT_RIGHT)
		session_listing_sort(list, session_table_next(&sessions->table, list->by, step), list->descending);
	else
		return false;
	return true;
}

static bool sessions_act(struct view *view, enum action_id action)
{
	struct sessions *sessions = sessions_of(view);
	const bool is_of_shown = sessions->list.shown != NULL;

	switch (action) {
	case ACTION_REFRESH:
		ask_again(sessions);
		return true;
	case ACTION_BACK:
		return session_listing_clear(&sessions->list);
	case ACTION_SESSIONS:
	case ACTION_EVERYBODY:
		if (is_of_shown == (action == ACTION_EVERYBODY))
			view_close(view);
		return is_of_shown == (action == ACTION_EVERYBODY);
	case ACTION_MARK:
		if (sessions->list.rows.count > 0 && !*sessions->list.current.id)
			ui_say(view->ui, ROLE_WARN, _("The agent reports users, but not their sessions"));
		return session_listing_act(&sessions->list, action);
	default:
		return sort(sessions, action) || session_listing_act(&sessions->list, action);
	}
}

static bool sessions_offers(const struct view *view, enum action_id action)
{
	(void)view;
	return action == ACTION_LOGOFF || action == ACTION_MENU || action == ACTION_MARK || action == ACTION_FILTER ||
	       action == ACTION_REFRESH || action == ACTION_BACK;
}

static const struct session_picks *sessions_picks(const struct view *view)
{
	return session_listing_picks(&sessions_of(view)->list);
}

static bool sessions_subject(const struct view *view, struct vm_id *ret_id)
{
	const struct session_listing *list = &sessions_of(view)->list;

	if (!sessions_of(view)->table.of_many)
		*ret_id = list->scope.at[0];
	else if (list->rows.count > 0)
		*ret_id = list->rows.at[list->scroll.cursor].vm->id;
	else
		return false;
	return true;
}

static int64_t sessions_next_change(const struct view *view, int64_t now)
{
	const struct vm *vm = the_vm(sessions_of(view));

	return vm && vm->users_state == USERS_KNOWN ? next_second(vm->sessions_at, now) : -1;
}

static void sessions_destroy(struct view *view)
{
	struct sessions *sessions = sessions_of(view);

	app_want_users(view->ui->app, NULL, 0);
	session_listing_free(&sessions->list);
	free(view);
}

static const char *filter_words(const struct view *view)
{
	return sessions_of(view)->list.words;
}

static bool filter_set(struct view *view, const char *words, struct err *err)
{
	(void)err;
	session_listing_set_words(&sessions_of(view)->list, words);
	session_listing_update(&sessions_of(view)->list);
	return true;
}

static size_t filter_count(const struct view *view)
{
	return sessions_of(view)->list.rows.count;
}

static const struct view_filter filter = {
	.hint = N_("user, VM, host or address; !word"),
	.words = filter_words,
	.set = filter_set,
	.count = filter_count,
};

static const struct view_ops sessions_ops = {
	.prepare = sessions_prepare,
	.draw = sessions_draw,
	.act = sessions_act,
	.offers = sessions_offers,
	.subject = sessions_subject,
	.picks = sessions_picks,
	.filter = &filter,
	.next_change = sessions_next_change,
	.destroy = sessions_destroy,
};

static struct sessions *sessions_create(struct ui *ui, bool of_many)
{
	struct sessions *sessions = mem_zalloc(sizeof(*sessions));

	sessions->view.ops = &sessions_ops;
	sessions->view.ui = ui;
	sessions->table.of_many = of_many;
	session_listing_init(&sessions->list, app_inventory(ui->app), of_many ? SESSION_FIELD_USER : SESSION_FIELD_ID);
	return sessions;
}

static void open_it(struct sessions *sessions)
{
	view_push(sessions->view.ui, &sessions->view);
	session_listing_update(&sessions->list);
	/* Unknown lists are asked for at once; known ones are refreshed in the background. */
	for (size_t i = 0; i < sessions->list.scope.count; i++) {
		struct vm *vm = session_listing_vm(&sessions->list, i);

		if (vm && (!sessions->table.of_many || vm->users_state != USERS_KNOWN))
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
