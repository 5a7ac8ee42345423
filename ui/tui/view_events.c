/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/log.h"
#include "ui/tui/screens.h"
#include "ui/tui/widget/lines.h"

#include <limits.h>
#include <stdlib.h>

enum { LOOK_MS = 500 };

struct events {
	struct view view;
	struct lines lines;
	bool follows; /* scrolled to the newest line */
};

static struct events *events_of(const struct view *view)
{
	return (struct events *)view;
}

static void show_event(const struct log_line *line, void *data)
{
	struct lines *lines = data;
	struct tm tm;
	char when[16] = "";

	if (line->level == LOG_LEVEL_DEBUG)
		return;
	if (localtime_r(&line->when, &tm))
		strftime(when, sizeof(when), "%H:%M:%S", &tm);
	if (line->level == LOG_LEVEL_ERROR)
		lines_pair(lines, when, ROLE_BAD, "%s%s", _("error: "), text_str(line->text));
	else if (line->level == LOG_LEVEL_WARNING)
		lines_pair(lines, when, ROLE_WARN, "%s%s", _("warning: "), text_str(line->text));
	else
		lines_pair(lines, when, ROLE_NORMAL, "%s", text_str(line->text));
}

static void events_draw(struct view *view, struct surface surface)
{
	struct events *events = events_of(view);
	struct lines *lines = &events->lines;

	lines_begin(lines);
	log_visit(show_event, lines);
	surface_put(surface, 0, 2, ROLE_TITLE, TEXT_TRUSTED(_("Events and errors")));
	if (lines->count == 0)
		lines_say(lines, ROLE_DIM, "%s", _("No events yet."));
	if (events->follows)
		lines->top = INT_MAX;
	lines_draw(lines, surface_part(surface, 1, 2, -1, surface.cols - 2));
}

static bool events_act(struct view *view, enum action_id action)
{
	struct events *events = events_of(view);

	if (action == ACTION_EVENTS) {
		view_close(view);
		return true;
	}
	if (!lines_act(&events->lines, action))
		return false;
	events->follows = events->lines.top + events->lines.page >= events->lines.rows;
	return true;
}

static bool events_offers(const struct view *view, enum action_id action)
{
	(void)view;
	return action == ACTION_BACK;
}

/* The log has no listeners, because other threads write to it: polled. */
static int64_t events_next_change(const struct view *view, int64_t now)
{
	(void)view;
	(void)now;
	return LOOK_MS;
}

static void events_destroy(struct view *view)
{
	lines_free(&events_of(view)->lines);
	free(view);
}

static const struct view_ops events_ops = {
	.draw = events_draw,
	.act = events_act,
	.offers = events_offers,
	.next_change = events_next_change,
	.destroy = events_destroy,
};

void view_events_open(struct ui *ui)
{
	struct events *events = mem_zalloc(sizeof(*events));

	events->view.ops = &events_ops;
	events->follows = true;
	view_push(ui, &events->view);
}
