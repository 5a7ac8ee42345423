/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was logged: the events of this run; and of one VM the audit, and QEMU's log where it can be read. */
#include "base/log.h"
#include "ui/app/app_logs.h"
#include "ui/tui/screens.h"
#include "ui/tui/view_words.h"

enum { LOOK_MS = 500 };

/* Starts each line of a file, so that it cannot imitate a heading. */
#define GUTTER "|"

/* Of one VM. */
struct logs {
	struct view view;
	struct safe_text vm_name;
	struct app_logs_request *request; /* NULL: read */
	struct app_logs logs;
};

/* The log has no listeners, because other threads write to it: polled. */
static int64_t next_look(const struct view *view UNUSED, int64_t now UNUSED)
{
	return LOOK_MS;
}

/* --- of this run --- */

static void tell_event(const struct log_line *line, void *data)
{
	struct lines *lines = data;
	OWN(text) struct safe_text when = words_of_time(line->when, TIME_OF_DAY, "");

	if (line->level == LOG_LEVEL_DEBUG)
		return;
	if (line->level == LOG_LEVEL_ERROR)
		lines_pair(lines, text_str(when), ROLE_BAD, "%s%s", _("error: "), text_str(line->text));
	else if (line->level == LOG_LEVEL_WARNING)
		lines_pair(lines, text_str(when), ROLE_WARN, "%s%s", _("warning: "), text_str(line->text));
	else
		lines_pair(lines, text_str(when), ROLE_NORMAL, "%s", text_str(line->text));
}

static void events_tell(struct view *view UNUSED, struct lines *lines)
{
	log_visit(tell_event, lines);
	if (lines->count == 0)
		lines_say(lines, ROLE_DIM, "%s", _("No events yet."));
}

static bool events_act(struct view *view, enum action_id action)
{
	struct lines *lines = &view->lines;

	if (!lines_act(lines, action))
		return false;
	lines->follows = lines->top + lines->page >= lines->rows;
	return true;
}

static void events_opened(struct view *view)
{
	view->lines.follows = true;
}

const struct view_ops events_ops = {
	.title = N_("Events and errors"),
	.opened = events_opened,
	.closed_by = ACTION_EVENTS,
	.draw = view_draw_page,
	.tell = events_tell,
	.act = events_act,
	.next_change = next_look,
};

/* --- of one VM: reading --- */

static void on_read(void *data, struct app_logs *read)
{
	struct logs *logs = data;

	logs->request = NULL;
	app_logs_free(&logs->logs);
	logs->logs = *read;
	ui_dirty(logs->view.ui);
}

static void read_again(struct logs *logs)
{
	const struct vm *vm = view_vm(&logs->view);

	if (vm && !logs->request)
		logs->request = app_read_logs(logs->view.ui->app, vm, on_read, logs);
}

/* --- of one VM: showing --- */

/* "web01: ...", "ams1/web01: ...". */
static void tell_own_event(const struct log_line *line, void *data)
{
	struct logs *logs = data;
	const char *words = text_str(line->text), *name = text_str(logs->vm_name), *slash = strchr(words, '/');
	const size_t len = strlen(name);
	OWN(text) struct safe_text when = words_of_time(line->when, TIME_OF_DAY, "");

	if (line->level == LOG_LEVEL_DEBUG || (!(strncmp(words, name, len) == 0 && words[len] == ':') &&
					       !(slash && strncmp(slash + 1, name, len) == 0 && slash[1 + len] == ':')))
		return;
	lines_pair(&logs->view.lines, text_str(when), line->level == LOG_LEVEL_INFO ? ROLE_NORMAL : ROLE_WARN, "%s",
		   words);
}

static void tell_tail(struct lines *lines, const struct tail *tail, struct safe_text trouble)
{
	if (!text_is_empty(trouble)) {
		lines_say(lines, ROLE_DIM, "%s", text_str(trouble));
		return;
	}
	if (tail->is_cut)
		lines_say(lines, ROLE_DIM, "%s", _("(earlier lines are omitted)"));
	for (size_t i = 0; i < tail->count; i++)
		lines_pair(lines, GUTTER, ROLE_NORMAL, "%s", text_str(tail->at[i]));
	if (tail->count == 0)
		lines_say(lines, ROLE_DIM, "%s", _("Empty."));
}

static void logs_tell(struct view *view, struct lines *lines)
{
	struct logs *logs = (struct logs *)view;

	lines_say(lines, ROLE_HEADING, "%s", _("Since innkeeper was started"));
	log_visit(tell_own_event, logs);
	if (lines->count == 1)
		lines_say(lines, ROLE_DIM, "%s", _("No events yet."));
	lines_gap(lines);
	lines_say(lines, ROLE_HEADING, "%s", _("Audit"));
	tell_tail(lines, &logs->logs.audit, logs->logs.audit_trouble);
	lines_say(lines, ROLE_DIM, "%s",
		  _("With journald, the audit is in its journal: journalctl SYSLOG_IDENTIFIER=innkeeper"));
	lines_gap(lines);
	if (text_is_empty(logs->logs.qemu_path)) {
		lines_say(lines, ROLE_HEADING, "%s", _("QEMU log"));
		lines_say(lines, ROLE_DIM, "%s",
			  _("Only for local VMs; for others see /var/log/libvirt/qemu/ on their host."));
		return;
	}
	lines_say(lines, ROLE_HEADING, _("QEMU log, %s"), text_str(logs->logs.qemu_path));
	tell_tail(lines, &logs->logs.qemu, logs->logs.qemu_trouble);
}

static bool logs_act(struct view *view, enum action_id action)
{
	if (action == ACTION_REFRESH)
		read_again((struct logs *)view);
	return action == ACTION_REFRESH;
}

static void logs_destroy(struct view *view)
{
	struct logs *logs = (struct logs *)view;

	app_logs_request_forget(logs->request);
	app_logs_free(&logs->logs);
	text_free(&logs->vm_name);
}

static void logs_opened(struct view *view)
{
	struct logs *logs = (struct logs *)view;

	logs->vm_name = ui_vm_name(view->ui, &view->vm);
	view->title = text_format(_("Logs of %s"), text_str(logs->vm_name));
	read_again(logs);
}

const struct view_ops logs_ops = {
	.size = sizeof(struct logs),
	.opened = logs_opened,
	.closed_by = ACTION_LOGS,
	.offered = (const enum action_id[]){ ACTION_REFRESH, ACTION_NONE },
	.draw = view_draw_page,
	.tell = logs_tell,
	.act = logs_act,
	.next_change = next_look,
	.destroy = logs_destroy,
};
