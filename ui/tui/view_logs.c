/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The logs of one VM: events of this run, the audit, and QEMU's log where it can be read. */
#include "base/log.h"
#include "ui/app/app_logs.h"
#include "ui/tui/screens.h"
#include "ui/tui/target.h"
#include "ui/tui/widget/lines.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_MS = 500 };

/* Starts each line of a file, so that it cannot imitate a heading. */
#define GUTTER "|"

struct logs {
	struct view view;
	struct vm_id id;
	struct safe_text vm_name;
	struct app_logs_request *request; /* NULL: read */
	struct app_logs logs;
	struct lines lines;
};

static struct logs *logs_of(const struct view *view)
{
	return (struct logs *)view;
}

/* --- reading --- */

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
	const struct vm *vm = inventory_find(app_inventory(logs->view.ui->app), &logs->id);

	if (vm && !logs->request)
		logs->request = app_read_logs(logs->view.ui->app, vm, on_read, logs);
}

/* --- showing --- */

/* "web01: ...", "ams1/web01: ...". */
static bool is_about(const char *line, const char *name)
{
	const size_t len = strlen(name);
	const char *slash = strchr(line, '/');

	return (strncmp(line, name, len) == 0 && line[len] == ':') ||
	       (slash && strncmp(slash + 1, name, len) == 0 && slash[1 + len] == ':');
}

static void show_event(const struct log_line *line, void *data)
{
	struct logs *logs = data;
	struct tm tm;
	char when[16] = "";

	if (line->level == LOG_LEVEL_DEBUG || !is_about(text_str(line->text), text_str(logs->vm_name)))
		return;
	if (localtime_r(&line->when, &tm))
		strftime(when, sizeof(when), "%H:%M:%S", &tm);
	lines_pair(&logs->lines, when, line->level == LOG_LEVEL_INFO ? ROLE_NORMAL : ROLE_WARN, "%s",
		   text_str(line->text));
}

static void show_tail(struct lines *lines, const struct tail *tail, struct safe_text trouble)
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

static void show_files(struct logs *logs)
{
	struct lines *lines = &logs->lines;

	lines_gap(lines);
	lines_say(lines, ROLE_HEADING, "%s", _("Audit"));
	show_tail(lines, &logs->logs.audit, logs->logs.audit_trouble);
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
	show_tail(lines, &logs->logs.qemu, logs->logs.qemu_trouble);
}

static void logs_draw(struct view *view, struct surface surface)
{
	struct logs *logs = logs_of(view);
	struct lines *lines = &logs->lines;
	size_t before;

	lines_begin(lines);
	lines_say(lines, ROLE_HEADING, "%s", _("Since innkeeper was started"));
	before = lines->count;
	log_visit(show_event, logs);
	if (lines->count == before)
		lines_say(lines, ROLE_DIM, "%s", _("No events yet."));
	show_files(logs);
	surface_print(surface, 0, 2, ROLE_TITLE, _("Logs of %s"), text_str(logs->vm_name));
	lines_draw(lines, surface_part(surface, 1, 2, -1, surface.cols - 2));
}

static bool logs_act(struct view *view, enum action_id action)
{
	struct logs *logs = logs_of(view);

	if (action == ACTION_LOGS) {
		view_close(view);
		return true;
	}
	if (action == ACTION_REFRESH) {
		read_again(logs);
		return false;
	}
	return lines_act(&logs->lines, action);
}

static bool logs_offers(const struct view *view, enum action_id action)
{
	(void)view;
	return action == ACTION_BACK || action == ACTION_REFRESH;
}

static bool logs_subject(const struct view *view, struct vm_id *ret_id)
{
	*ret_id = logs_of(view)->id;
	return true;
}

static int64_t logs_next_change(const struct view *view, int64_t now)
{
	(void)view;
	(void)now;
	return LOOK_MS;
}

static void logs_destroy(struct view *view)
{
	struct logs *logs = logs_of(view);

	app_logs_request_forget(logs->request);
	app_logs_free(&logs->logs);
	lines_free(&logs->lines);
	text_free(&logs->vm_name);
	free(logs);
}

static const struct view_ops logs_ops = {
	.draw = logs_draw,
	.act = logs_act,
	.offers = logs_offers,
	.subject = logs_subject,
	.next_change = logs_next_change,
	.destroy = logs_destroy,
};

void view_logs_open(struct ui *ui, const struct vm_id *id)
{
	struct logs *logs = mem_zalloc(sizeof(*logs));

	logs->view.ops = &logs_ops;
	logs->id = *id;
	logs->vm_name = ui_vm_name(ui, id);
	view_push(ui, &logs->view);
	read_again(logs);
}
