/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logoff.h - IVMGuestOS::Logoff: end user sessions in a guest, and prove it by the session list.
 *
 *	check -> list -> (warn, grace) -> end each session -> verify -> done
 *
 * An operation for job steps: each step makes one call at the most. Percent is made of real steps
 * (sessions gone / sessions found). It can be cancelled until the first session was told to end; users who got the
 * warning then get a second message, that the log-off is cancelled (best effort; the note says what came of it).
 * A command whose answer was lost is never sent again: the list is looked at instead.
 *
 * How it ends (contract: IVMTask's Error):
 *	S_OK                      everybody who was to go is gone from the list, however he went
 *	E_NO_SUCH_LOGON_SESSION   nobody (or none of those named) was logged on; neutral
 *	VM_E_TIMED_OUT            the agent does not answer, or sessions outlived the deadline
 *	E_MACHINE_LOCKED          locked sessions alone are left: they go only with force, or when named
 *	VM_E_VM_NOT_RUNNING ...   the guest was not there, or went while we worked: its sessions went with it
 *	VM_E_ADDITIONS_NOT_AVAIL, VM_E_ADDITIONS_FEATURE_NOT_AVAIL, E_ACCESS_DENIED, VM_E_VM_PAUSED, VM_E_VM_UNKNOWN
 *	DISP_E_EXCEPTION          all else; also where nobody can tell whether anybody is logged on
 */
#pragma once

#include "backend/guest/agent_sessions.h"
#include "backend/guest/op.h"
#include "backend/guest/session_choice.h"
#include "engine/journal.h"
#include "model/task.h"

struct logoff_options {
	struct session_selector whom; /* all where nothing is wished; copied */
	const char *message;          /* told before, NULL: none, or a sentence of ours where there is a grace period */
	int grace_s;                  /* between the message and the first session told to end */
	bool force;                   /* locked sessions, too; kill what outlives the deadline's half */
	bool all_or_nobody;           /* with whom.shown: where somebody logged on since, nobody is told */
	bool dry_run;                 /* check and list only; ends with S_OK and a note of who would go */
	int timeout_s;                /* whole task without the grace period; 0: 150, Windows 120 */
};

/* journal may be NULL. It can be cancelled until the first session is told to end. Freed by op_destroy(). */
struct op *logoff_create(struct backend *backend, const struct uuid *uuid, struct safe_text vm_name,
			 const struct logoff_options *options, const struct op_journal *journal);
/*
 * Before the first step: whom an earlier log-off, which nobody saw end, told to go is not told again, and nobody is
 * warned twice. earlier: borrowed for the call.
 */
void logoff_resume(struct op *op, const struct journal_entry *earlier);
