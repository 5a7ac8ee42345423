/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_handoff.h - a VM handed over to a person: its serial console.
 *
 * Whoever has a console can do in the guest what its login lets him, so it is gated like a verb, and a record of
 * the audit stands before it. UI thread.
 */
#ifndef INNKEEPER_APP_HANDOFF_H
#define INNKEEPER_APP_HANDOFF_H

#include "app/app.h"

/* Mode, host, and the VM runs (or is paused). */
bool app_may_console(const struct app *app, const struct vm *vm, struct err *err);

struct app_opening;
/* Once, from the loop. fd: of backend_console(), the callee's from here on; -1: err. */
typedef void app_console_fn(void *data, int fd, const struct err *err);

/* force: whoever is at it is thrown out. NULL: err, and fn is not called. */
struct app_opening *app_open_console(struct app *app, const struct vm_id *id, bool force, app_console_fn *fn, void *data,
				     struct err *err);
/* fn is not called any more; what is opened is closed again. */
void app_opening_forget(struct app_opening *opening);

#endif
