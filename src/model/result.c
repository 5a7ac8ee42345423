/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/result.h"

#include <inttypes.h>

/* The first row is what result_find() falls back to. */
/* clang-format off */
static const struct result_info table[] = {
	/* code, name, result, exit status, short words, meaning */
	{ DISP_E_EXCEPTION, "DISP_E_EXCEPTION", TASK_RESULT_UNEXPECTED_ERROR, EXIT_UNEXPECTED, N_("failed"),
	  N_("Unexpected error; its description follows.") },
	{ S_OK, "S_OK", TASK_RESULT_SUCCESS, EXIT_DONE, N_("done"),
	  N_("Done, verified by the guest's session list or the VM's state.") },
	/* Neutral: nothing was left to do, so the task did not fail. */
	{ E_NO_SUCH_LOGON_SESSION, "ERROR_NO_SUCH_LOGON_SESSION", TASK_RESULT_SUCCESS, EXIT_NOBODY,
	  N_("no users logged on"),
	  N_("No users were logged on.") },
	{ VM_E_TIMED_OUT, "VM_E_TIMED_OUT", TASK_RESULT_TIME_OUT, EXIT_TIMED_OUT, N_("timed out"),
	  N_("Not completed in time: the agent did not answer, or sessions remained at the deadline.") },
	{ VM_E_VM_NOT_RUNNING, "VM_E_VM_NOT_RUNNING", TASK_RESULT_UNEXPECTED_ERROR, EXIT_NOT_RUNNING, N_("not running"),
	  N_("The VM must be running: it is shut off, crashed, saved or shutting down.") },
	{ VM_E_VM_PAUSED, "VM_E_VM_PAUSED", TASK_RESULT_UNEXPECTED_ERROR, EXIT_NOT_RUNNING, N_("paused"),
	  N_("The VM is paused or suspended.") },
	{ VM_E_VM_UNKNOWN, "VM_E_VM_UNKNOWN", TASK_RESULT_UNEXPECTED_ERROR, EXIT_NO_VM, N_("no such VM"),
	  N_("No such VM, or it was undefined in the meantime.") },
	{ VM_E_ADDITIONS_NOT_AVAIL, "VM_E_ADDITIONS_NOT_AVAIL", TASK_RESULT_UNEXPECTED_ERROR, EXIT_NO_AGENT,
	  N_("no agent"),
	  N_("The guest agent channel exists, but no agent is connected.") },
	{ VM_E_ADDITIONS_FEATURE_NOT_AVAIL, "VM_E_ADDITIONS_FEATURE_NOT_AVAIL", TASK_RESULT_UNEXPECTED_ERROR,
	  EXIT_NO_AGENT, N_("not possible in this guest"),
	  N_("The VM has no agent channel, the agent refuses the command, or the guest does not support it.") },
	{ E_ACCESS_DENIED, "ERROR_ACCESS_DENIED", TASK_RESULT_UNEXPECTED_ERROR, EXIT_DENIED, N_("access denied"),
	  N_("Not permitted: the connection or the session is read-only, or the host refused.") },
	{ E_NOT_READY, "ERROR_NOT_READY", TASK_RESULT_UNEXPECTED_ERROR, EXIT_NOT_RUNNING, N_("guest not ready"),
	  N_("The guest is not ready to shut down.") },
	{ E_SHUTDOWN_IN_PROGRESS, "ERROR_SHUTDOWN_IN_PROGRESS", TASK_RESULT_UNEXPECTED_ERROR, EXIT_NOT_RUNNING,
	  N_("already shutting down"),
	  N_("The guest is already shutting down.") },
	{ E_MACHINE_LOCKED, "ERROR_MACHINE_LOCKED", TASK_RESULT_UNEXPECTED_ERROR, EXIT_DENIED, N_("session locked"),
	  N_("Locked sessions were skipped; --force includes them.") },
	{ E_FAIL, "E_FAIL", TASK_RESULT_UNEXPECTED_ERROR, EXIT_UNEXPECTED, N_("cannot be cancelled"),
	  N_("The task can no longer be cancelled.") },
	{ E_INVALIDARG, "E_INVALIDARG", TASK_RESULT_ILLEGAL_VALUE, EXIT_USAGE, N_("invalid argument"),
	  N_("A wait time must be -1, or 0 to 4000000 milliseconds; a snapshot must exist, or its name be free; an "
	     "excepted user must be logged on.") },
	{ E_POINTER, "E_POINTER", TASK_RESULT_ILLEGAL_VALUE, EXIT_UNEXPECTED, N_("no pointer for the task"),
	  N_("The caller passed no pointer for the task.") },
};
/* clang-format on */

static const char *const result_names[] = {
	[TASK_RESULT_SUCCESS] = "Success",
	[TASK_RESULT_CANCELLED] = "Cancelled",
	[TASK_RESULT_UNEXPECTED_ERROR] = "UnexpectedError",
	[TASK_RESULT_OUT_OF_MEMORY] = "OutOfMemoryError",
	[TASK_RESULT_DISK_RELATED] = "DiskRelatedError",
	[TASK_RESULT_INCOMPATIBLE_SAVED_STATE] = "IncompatibleSavedStateError",
	[TASK_RESULT_TIME_OUT] = "TimeOutError",
	[TASK_RESULT_ILLEGAL_VALUE] = "IllegalValueError",
	[TASK_RESULT_THREAD_CRASH] = "ThreadCrashError",
	[TASK_RESULT_SHUTDOWN_ABORT] = "ShutdownAbort",
};

/* Kinds that are not here have no row of their own: DISP_E_EXCEPTION. */
static const hresult code_of_kind[] = {
	[ERR_DENIED] = E_ACCESS_DENIED,
	[ERR_NO_DOMAIN] = VM_E_VM_UNKNOWN,
	[ERR_NOT_RUNNING] = VM_E_VM_NOT_RUNNING,
	[ERR_PAUSED] = VM_E_VM_PAUSED,
	[ERR_NO_CHANNEL] = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	[ERR_NO_AGENT] = VM_E_ADDITIONS_NOT_AVAIL,
	[ERR_AGENT_CLOSED] = VM_E_ADDITIONS_NOT_AVAIL,
	[ERR_NOT_SENT] = VM_E_TIMED_OUT,
	[ERR_NO_ANSWER] = VM_E_TIMED_OUT,
	[ERR_AGENT_BLOCKED] = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	[ERR_AGENT_ABSENT] = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	[ERR_AGENT_FROZEN] = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	[ERR_BUSY] = VM_E_TIMED_OUT,
	[ERR_UNSUPPORTED] = VM_E_ADDITIONS_FEATURE_NOT_AVAIL,
	[ERR_TIMED_OUT] = VM_E_TIMED_OUT,
};

const struct result_info *result_table(size_t *ret_count)
{
	*ret_count = ARRAY_SIZE(table);
	return table;
}

const struct result_info *result_find(hresult code)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].code == code)
			return &table[i];
	return &table[0];
}

const char *task_result_name(enum task_result result)
{
	return (size_t)result < ARRAY_SIZE(result_names) ? result_names[result]
							 : result_names[TASK_RESULT_UNEXPECTED_ERROR];
}

hresult result_from_err(enum err_kind kind)
{
	if (kind == ERR_NONE)
		return S_OK;
	if ((size_t)kind < ARRAY_SIZE(code_of_kind) && code_of_kind[kind] != S_OK)
		return code_of_kind[kind];
	return DISP_E_EXCEPTION;
}

enum exit_status result_exit(enum task_result result, hresult error)
{
	if (result == TASK_RESULT_CANCELLED)
		return EXIT_CANCELLED;
	if (error != S_OK)
		return result_find(error)->exit;
	if (result == TASK_RESULT_SUCCESS)
		return EXIT_DONE;
	return result == TASK_RESULT_TIME_OUT ? EXIT_TIMED_OUT : EXIT_UNEXPECTED;
}

enum exit_status result_exit_combine(const enum exit_status *each, size_t count)
{
	unsigned seen = 0;

	for (size_t i = 0; i < count; i++)
		seen |= 1U << each[i];
	if (seen & 1U << EXIT_UNREACHABLE)
		return EXIT_UNREACHABLE;
	if ((seen & ~(1U << EXIT_DONE | 1U << EXIT_NOBODY)) == 0)
		return seen == 1U << EXIT_NOBODY ? EXIT_NOBODY : EXIT_DONE;
	for (size_t i = 1; i < count; i++)
		if (each[i] != each[0])
			return EXIT_MIXED;
	return each[0];
}

void result_format(hresult code, char buf[11])
{
	snprintf(buf, 11, "0x%08" PRIx32, code);
}
