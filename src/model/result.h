/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result.h - the contract's codes: what IVMGuestOS::Logoff and IVMTask of Virtual PC returned,
 * and our exit status for each. One row a code (result.c).
 */
#pragma once

#include "base/err.h"

typedef uint32_t hresult;

#define S_OK                             ((hresult)0x00000000)
#define E_INVALIDARG                     ((hresult)0x80000003) /* the original's own value */
#define E_POINTER                        ((hresult)0x80004003)
#define E_FAIL                           ((hresult)0x80004005)
#define DISP_E_EXCEPTION                 ((hresult)0x80020009)
#define E_ACCESS_DENIED                  ((hresult)0x80070005) /* HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED) */
#define E_NOT_READY                      ((hresult)0x80070015) /* shutdown: not ready */
#define E_SHUTDOWN_IN_PROGRESS           ((hresult)0x8007045b)
#define E_MACHINE_LOCKED                 ((hresult)0x800704f7)
#define E_NO_SUCH_LOGON_SESSION          ((hresult)0x80070520) /* nobody is logged on: neutral, no alarm */
#define VM_E_TIMED_OUT                   ((hresult)0xA0040202)
#define VM_E_VM_NOT_RUNNING              ((hresult)0xA0040206)
#define VM_E_VM_UNKNOWN                  ((hresult)0xA0040207)
#define VM_E_ADDITIONS_NOT_AVAIL         ((hresult)0xA0040504)
#define VM_E_ADDITIONS_FEATURE_NOT_AVAIL ((hresult)0xA0040505)
#define VM_E_VM_PAUSED                   ((hresult)0xA0040507)

/* VMTaskResult */
enum task_result {
	TASK_RESULT_SUCCESS = 0,
	TASK_RESULT_CANCELLED = 1,
	TASK_RESULT_UNEXPECTED_ERROR = 2,
	TASK_RESULT_OUT_OF_MEMORY = 3,
	TASK_RESULT_DISK_RELATED = 4,
	TASK_RESULT_INCOMPATIBLE_SAVED_STATE = 5,
	TASK_RESULT_TIME_OUT = 6,
	TASK_RESULT_ILLEGAL_VALUE = 7,
	TASK_RESULT_THREAD_CRASH = 8,
	TASK_RESULT_SHUTDOWN_ABORT = 9,
};

/* Exit status of the command line; of several VMs: result_exit_combine(). */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_UNEXPECTED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_VM = 3,
	EXIT_NOT_RUNNING = 4,
	EXIT_NO_AGENT = 5,
	EXIT_DENIED = 6,
	EXIT_TIMED_OUT = 7,
	EXIT_NOBODY = 8,
	EXIT_CANCELLED = 9,
	EXIT_MIXED = 10,
	EXIT_UNREACHABLE = 11,
};

struct result_info {
	hresult code;
	const char *name;        /* "VM_E_TIMED_OUT" */
	enum task_result result; /* the Result that goes with this Error */
	enum exit_status exit;
	const char *short_words; /* N_(): "timed out"; for the task pane */
	const char *meaning;     /* N_(): a sentence for the man page */
};

const struct result_info *result_find(hresult code); /* never NULL: DISP_E_EXCEPTION's row where unknown */
const struct result_info *result_table(size_t *ret_count);

const char *task_result_name(enum task_result result); /* "TimeOutError" */
hresult result_from_err(enum err_kind kind);           /* contract.md 1, "when ours does" */

/*
 * Exit status of one task, then of many: 11 where a host was not reached, else 10 where VMs ended
 * differently; done and nobody together are 0.
 */
enum exit_status result_exit(enum task_result result, hresult error);
enum exit_status result_exit_combine(const enum exit_status *each, size_t count);

/* "0x80070520" into a buffer of at least 11 bytes. */
void result_format(hresult code, char buf[11]);
