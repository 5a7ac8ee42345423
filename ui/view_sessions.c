/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "ui/scroll.h"
#include "ui/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 3 };

struct sessions {
	struct view view;
	struct vm_id id;
	struct scroll scroll;
};

static struct sessions *sessions_of(const struct view *view)
{
	return (struct sessions *)view;
}

static struct vm *vm_of(const struct view *view)
{
	return inventory_find(app_inventory(view->ui->app), &sessions_of(view)->id);
}

/* --- one row a session --- */

static const char *locked_or(const struct session *session, const char *state)
{
	return session->locked ? _("locked") : state;
}

/* Owned. */
static struct safe_text user_words(const struct session *session)
{
	if (text_is_empty(session->domain))
		return text_copy(session->user);
	return text_format("%s\\%s", text_str(session->domain), text_str(session->user));
}

static struct safe_text from_words(const struct session *session)
{
	if (!text_is_empty(session->remote))
		return text_copy(session->remote);
	return text_format("%s", session->remote_known && !session->is_remote ? _("local") : "-");
}

/* "14:03" of today, else "Nov 21 14:03". */
static struct safe_text since_words(const struct session *session, time_t now)
{
	time_t when = (time_t)session->login_time;
	struct tm then, today;
	char buf[32];

	if (session->login_time < 0 || !localtime_r(&when, &then) || !localtime_r(&now, &today))
		return text_format("-");
	strftime(buf, sizeof(buf),
		 then.tm_yday == today.tm_yday && then.tm_year == today.tm_year ? "%H:%M" : "%b %e %H:%M", &then);
	return text_format("%s", buf);
}

enum field {
	FIELD_USER,
	FIELD_SESSION,
	FIELD_STATE,
	FIELD_TTY,
	FIELD_SINCE,
	FIELD_FROM,
	FIELD_COUNT
};

static const char *const titles[FIELD_COUNT] = {
	[FIELD_USER] = N_("USER"), [FIELD_SESSION] = N_("SESSION"), [FIELD_STATE] = N_("STATE"),
	[FIELD_TTY] = N_("TTY"),   [FIELD_SINCE] = N_("SINCE"),     [FIELD_FROM] = N_("FROM"),
};

static struct safe_text field_words(enum field field, const struct session *session)
{
	switch (field) {
	case FIELD_USER:
		return user_words(session);
	case FIELD_SESSION:
		return text_format("%s", session->id);
	case FIELD_STATE:
		return text_format("%s",
				   locked_or(session, text_is_empty(session->state) ? "-" : text_str(session->state)));
	case FIELD_TTY:
		return text_format("%s", text_is_empty(session->tty) ? "-" : text_str(session->tty));
	case FIELD_SINCE:
		return since_words(session, clock_wall());
	default:
		return from_words(session);
	}
}

/* The first to go where the screen is narrow. */
static const enum field expendable[] = { FIELD_TTY, FIELD_SESSION };

/* Each field as wide as what is in it, 0 where there is no room; too much comes off the widest. */
struct widths {
	int cells[FIELD_COUNT];
};

static struct widths fit_fields(const struct session_list *list, int room)
{
	struct widths widths;
	int total = 0;

	for (int field = 0; field < FIELD_COUNT; field++) {
		widths.cells[field] = surface_width(TEXT_OURS(_(titles[field])));
		for (size_t i = 0; i < list->count; i++) {
			struct safe_text words = field_words((enum field)field, &list->at[i]);

			widths.cells[field] = MAX(widths.cells[field], surface_width(words));
			text_free(&words);
		}
		total += widths.cells[field] + GAP;
	}
	for (size_t i = 0; i < ARRAY_SIZE(expendable) && total > room; i++) {
		total -= widths.cells[expendable[i]] + GAP;
		widths.cells[expendable[i]] = 0;
	}
	for (; total > room; total--) {
		int widest = 0;

		for (int field = 1; field < FIELD_COUNT; field++)
			widest = widths.cells[field] > widths.cells[widest] ? field : widest;
		widths.cells[widest]--;
	}
	return widths;
}

static void draw_field(struct surface line, const struct widths *widths, enum field field, enum role role,
		       struct safe_text words)
{
	int col = 2;

	for (int i = 0; i < (int)field; i++)
		col += widths->cells[i] ? widths->cells[i] + GAP : 0;
	if (widths->cells[field])
		surface_put_field(line, 0, col, widths->cells[field], ALIGN_LEFT, role, words);
}

static void draw_heading(struct surface line, const struct widths *widths)
{
	for (int field = 0; field < FIELD_COUNT; field++)
		draw_field(line, widths, (enum field)field, ROLE_HEADING, TEXT_OURS(_(titles[field])));
}

static void draw_session(struct surface line, const struct widths *widths, const struct session *session)
{
	if (line.under != ROLE_NORMAL)
		surface_clear(line);
	for (int field = 0; field < FIELD_COUNT; field++) {
		struct safe_text words = field_words((enum field)field, session);

		draw_field(line, widths, (enum field)field, field == FIELD_USER ? ROLE_NORMAL : ROLE_DIM, words);
		text_free(&words);
	}
}

/* --- above and instead of them --- */

static void draw_title(const struct view *view, const struct vm *vm, struct surface line)
{
	const struct host *host = inventory_host(app_inventory(view->ui->app), vm->id.host);
	int col = 2;

	col += surface_put(line, 0, col, ROLE_TITLE, vm->facts.name);
	col += surface_print(line, 0, col, ROLE_DIM, _(" on %s  "), host->name);
	if (vm->users_state == USERS_KNOWN) {
		size_t total = session_list_total(&vm->sessions);

		col += surface_print(line, 0, col, ROLE_NORMAL, ngettext("%zu session", "%zu sessions", total), total);
		col += surface_print(line, 0, col, ROLE_DIM, _(", asked %" PRId64 " s ago"),
				     (clock_ms() - vm->sessions_at) / 1000);
	}
	if (vm->sessions_asked)
		surface_put(line, 0, col + 2, ROLE_NEUTRAL, TEXT_OURS(_("asking…")));
}

static void draw_unknown(const struct vm *vm, struct surface surface)
{
	enum agent_state agent = vm_agent_state(vm);
	struct surface inside = surface_part(surface, 1, 2, -1, surface.cols - 4);
	int row = 0;

	if (vm->users_state == USERS_DENIED) {
		surface_wrap(inside, 0, 0, ROLE_NORMAL,
			     TEXT_OURS(_("Denied: over a read-only connection guests cannot be asked who is logged on. "
					 "Start innkeeper without --readonly, or with --lock to look and touch nothing.")));
		return;
	}
	if (vm->sessions_asked) {
		surface_put(inside, 0, 0, ROLE_NORMAL, TEXT_OURS(_("Asking the guest who is logged on…")));
		return;
	}
	row += surface_wrap(inside, row, 0, ROLE_NORMAL, TEXT_OURS(_("Nobody knows who is logged on.")));
	if (!text_is_empty(vm->sessions_note))
		row += surface_wrap(inside, row, 0, ROLE_WARN, vm->sessions_note);
	surface_wrap(inside, row, 0, ROLE_NORMAL, TEXT_OURS(_(agent_state_advice(agent))));
}

static void draw_notes(const struct vm *vm, struct surface surface, int row)
{
	struct surface inside = surface_part(surface, 0, 2, -1, surface.cols - 4);

	if (vm->sessions.more > 0)
		row += surface_print(inside, row, 0, ROLE_WARN, _("and %zu more, not kept"), vm->sessions.more) > 0;
	if (!vm->sessions.proven)
		surface_wrap(inside, row, 0, ROLE_WARN,
			     TEXT_OURS(_("Only the agent's own list says so, which proves nothing on Linux.")));
}

static void draw_list(struct view *view, const struct vm *vm, struct surface surface)
{
	struct sessions *sessions = sessions_of(view);
	struct widths widths = fit_fields(&vm->sessions, surface.cols - 3);
	size_t count = vm->sessions.count;

	if (count == 0)
		surface_put(surface, 1, 2, ROLE_NEUTRAL, TEXT_OURS(_("Nobody is logged on.")));
	else
		draw_heading(surface, &widths);
	surface = surface_part(surface, count == 0 ? 2 : 1, 0, -1, -1);
	scroll_fit(&sessions->scroll, count, surface.rows - (vm->sessions.more > 0) - !vm->sessions.proven);
	for (size_t i = 0; i < sessions->scroll.page && sessions->scroll.top + i < count; i++) {
		size_t index = sessions->scroll.top + i;
		struct surface line = surface_part(surface, (int)i, 0, 1, surface.cols - 1);

		if (index == sessions->scroll.cursor) {
			line.under = view->ui->tasks_have_focus ? ROLE_CURSOR_IDLE : ROLE_CURSOR;
			if (!view->ui->tasks_have_focus)
				surface_cursor(line, 0, 2, false);
		}
		draw_session(line, &widths, &vm->sessions.at[index]);
	}
	scroll_draw(&sessions->scroll, surface_part(surface, 0, 0, (int)sessions->scroll.page, -1), count);
	draw_notes(vm, surface, (int)MIN(count, sessions->scroll.page));
}

static void sessions_draw(struct view *view, struct surface surface)
{
	const struct vm *vm = vm_of(view);

	if (!vm) {
		surface_put(surface, 0, 2, ROLE_DIM,
			    TEXT_OURS(_("This VM is gone: it was undefined, or its host lists it no more.")));
		return;
	}
	draw_title(view, vm, surface);
	if (vm->users_state == USERS_KNOWN)
		draw_list(view, vm, surface_part(surface, 1, 0, -1, -1));
	else
		draw_unknown(vm, surface_part(surface, 1, 0, -1, -1));
}

/* --- keys --- */

static void ask(struct view *view, bool say_why_not)
{
	struct vm *vm = vm_of(view);
	struct err err;

	if (vm && !app_ask_guest(view->ui->app, vm, true, &err) && say_why_not)
		ui_say_err(view->ui, &err);
}

static bool sessions_act(struct view *view, enum action_id action)
{
	const struct vm *vm = vm_of(view);

	if (action == ACTION_REFRESH)
		ask(view, true);
	else if (action == ACTION_SESSIONS)
		view_close(view);
	else
		return scroll_act(&sessions_of(view)->scroll, action, vm ? vm->sessions.count : 0);
	return true;
}

static bool sessions_offers(const struct view *view, enum action_id action)
{
	(void)view;
	return action == ACTION_LOGOFF || action == ACTION_REFRESH || action == ACTION_BACK;
}

static bool sessions_subject(const struct view *view, struct vm_id *ret_id)
{
	*ret_id = sessions_of(view)->id;
	return true;
}

static int64_t sessions_next_change(const struct view *view, int64_t now)
{
	const struct vm *vm = vm_of(view);

	return vm && vm->users_state == USERS_KNOWN ? next_second(vm->sessions_at, now) : -1;
}

static void sessions_destroy(struct view *view)
{
	free(view);
}

static const struct view_ops sessions_ops = {
	.draw = sessions_draw,
	.act = sessions_act,
	.offers = sessions_offers,
	.subject = sessions_subject,
	.next_change = sessions_next_change,
	.destroy = sessions_destroy,
};

void view_sessions_open(struct ui *ui, const struct vm_id *id)
{
	struct sessions *sessions = mem_zalloc(sizeof(*sessions));

	sessions->view.ops = &sessions_ops;
	sessions->id = *id;
	view_push(ui, &sessions->view);
	ask(&sessions->view, false);
}
