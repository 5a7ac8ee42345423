/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/view_words.h"

#include <inttypes.h>
#include <time.h>

#define BAR_HIGH 0.9

enum role role_of_state(enum vm_state state)
{
	static const enum role roles[VM_STATE_COUNT] = {
		[VM_STATE_UNKNOWN] = ROLE_DIM,    [VM_STATE_RUNNING] = ROLE_GOOD,     [VM_STATE_IDLE] = ROLE_GOOD,
		[VM_STATE_PAUSED] = ROLE_WARN,    [VM_STATE_IN_SHUTDOWN] = ROLE_WARN, [VM_STATE_SHUTOFF] = ROLE_DIM,
		[VM_STATE_CRASHED] = ROLE_BAD,    [VM_STATE_PMSUSPENDED] = ROLE_WARN, [VM_STATE_SAVED] = ROLE_DIM,
		[VM_STATE_MIGRATING] = ROLE_WARN, [VM_STATE_MIGRATED] = ROLE_DIM,
	};

	return roles[state];
}

enum role role_of_agent(enum agent_state state)
{
	static const enum role roles[AGENT_STATE_COUNT] = {
		[AGENT_UNKNOWN] = ROLE_DIM, [AGENT_OFF] = ROLE_DIM,     [AGENT_NONE] = ROLE_DIM,
		[AGENT_DOWN] = ROLE_WARN,   [AGENT_UP] = ROLE_NORMAL,   [AGENT_BLOCKED] = ROLE_WARN,
		[AGENT_SILENT] = ROLE_WARN, [AGENT_FROZEN] = ROLE_WARN, [AGENT_DENIED] = ROLE_DIM,
	};

	return roles[state];
}

enum role role_of_host(enum host_state state)
{
	static const enum role roles[] = {
		[HOST_CONNECTING] = ROLE_NEUTRAL,
		[HOST_LIVE] = ROLE_GOOD,
		[HOST_STALE] = ROLE_WARN,
		[HOST_LOST] = ROLE_BAD,
	};

	return roles[state];
}

enum role role_of_outcome(const struct task *task)
{
	if (!task->report.complete)
		return ROLE_NORMAL;
	if (task->report.result == TASK_RESULT_CANCELLED || task->report.error == E_NO_SUCH_LOGON_SESSION ||
	    task_was_rehearsed(task))
		return ROLE_NEUTRAL;
	return task->report.error == S_OK && task->report.result == TASK_RESULT_SUCCESS ? ROLE_GOOD : ROLE_BAD;
}

struct safe_text words_of_span(int64_t ms)
{
	int64_t seconds = MAX(ms, 0) / 1000;

	if (seconds < 3600)
		return text_format("%" PRId64 ":%02" PRId64, seconds / 60, seconds % 60);
	return text_format("%" PRId64 ":%02" PRId64 ":%02" PRId64, seconds / 3600, seconds / 60 % 60, seconds % 60);
}

struct safe_text words_of_share(double share)
{
	return share < 0 ? text_format("-") : text_format("%.0f%%", share * 100);
}

double host_memory_share(const struct host *host)
{
	const struct host_figures *figures = &host->figures;

	if (figures->memory_used_kib < 0 || figures->memory_kib <= 0)
		return -1;
	return MIN((double)figures->memory_used_kib / (double)figures->memory_kib, 1);
}

struct safe_text words_of_host_memory(const struct host *host)
{
	const double gib = 1024 * 1024;
	const double used = (double)host->figures.memory_used_kib / gib, total = (double)host->figures.memory_kib / gib;
	const int decimals = total < 9.95;

	if (total < 0)
		return text_format("-");
	if (used < 0)
		return text_format("-/%.*fG", decimals, total);
	return text_format("%.*f/%.*fG", decimals, used, decimals, total);
}

void draw_bar(struct surface surface, int row, int col, enum role role, double share)
{
	enum { LEVELS = 8 };
	const int level = share >= BAR_HIGH ? LEVELS - 1 : MIN((int)(share / BAR_HIGH * (LEVELS - 1)), LEVELS - 2);

	if (share >= 0)
		surface_glyphs(surface, row, col, 1, share >= BAR_HIGH ? ROLE_WARN : role,
			       (enum glyph)(GLYPH_BAR + level));
}

int64_t next_second(int64_t since, int64_t now)
{
	return 1000 - (MAX(now - since, 0) % 1000);
}

struct safe_text words_of_time(int64_t when, enum time_form form, const char *unknown)
{
	const time_t seconds = (time_t)when;
	char buf[32];
	struct tm tm;

	if (when < 0 || !localtime_r(&seconds, &tm) ||
	    !strftime(buf, sizeof(buf), form == TIME_OF_DAY ? "%H:%M:%S" : "%Y-%m-%d %H:%M", &tm))
		return text_format("%s", unknown);
	return text_format("%s", buf);
}

struct surface draw_list_line(const struct scroll *scroll, struct surface rows, size_t index, enum role chosen,
			      int cursor_col)
{
	struct surface line = surface_part(rows, (int)(index - scroll->top), 0, 1, -1);

	if (index != scroll->cursor)
		return line;
	line.under = chosen;
	surface_clear(line);
	if (cursor_col >= 0)
		surface_cursor(line, 0, cursor_col, false);
	return line;
}

struct surface draw_list_box(struct surface box, struct safe_text title, struct scroll *scroll, size_t count,
			     int rows_below, struct surface *ret_items)
{
	box.under = ROLE_DIALOG;
	surface_clear(box);
	surface_box(box, ROLE_BORDER);
	surface_print(surface_part(box, 0, 2, 1, box.cols - 4), 0, 0, ROLE_TITLE, " %s ", text_str(title));
	*ret_items = surface_part(box, 1, 1, box.rows - 2 - rows_below, box.cols - 2);
	scroll_fit(scroll, count, ret_items->rows);
	return box;
}

enum { BRANCH_CELLS = 3, BRANCHES_MOST = 6 }; /* deeper ones stand no further to the right */

int snapshot_branch_cells(const struct snapshot *snapshot)
{
	return BRANCH_CELLS * MIN(snapshot->depth, BRANCHES_MOST);
}

struct safe_text snapshot_branch(const struct snapshot_list *list, size_t at)
{
	const int depth = MIN(list->at[at].depth, BRANCHES_MOST);
	struct safe_text branch = { NULL };

	for (int level = 1; level <= depth; level++) {
		size_t next = at + 1; /* the first below it that is no deeper than this level */
		bool goes_on;

		while (next < list->count && list->at[next].depth > level)
			next++;
		goes_on = next < list->count && list->at[next].depth == level;
		text_set(&branch, text_format("%s%s", text_str(branch),
					      level < depth ? (goes_on ? "│  " : "   ") : (goes_on ? "├─ " : "└─ ")));
	}
	return branch;
}

void draw_vm_is_gone(struct surface surface)
{
	surface_put(surface, 0, 2, ROLE_DIM,
		    TEXT_TRUSTED(_("This VM no longer exists: it was undefined, or its host no longer lists it.")));
}
