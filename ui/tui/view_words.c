/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/view_words.h"

#include <inttypes.h>

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

int64_t next_second(int64_t since, int64_t now)
{
	return 1000 - (MAX(now - since, 0) % 1000);
}
