/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_logs.h - what is written down of a VM on this machine: our audit file, and QEMU's log where its host is this
 * one. Read in the background, because a disk may hang. UI thread.
 */
#pragma once

#include "engine/tail.h"
#include "ui/app/app.h"

struct app_logs {
	struct tail audit, qemu;
	struct safe_text audit_trouble, qemu_trouble; /* why there is none; empty: there is */
	struct safe_text qemu_path;                   /* empty: not of this machine */
};

struct app_logs_request;
/* Once, from the loop; takes the logs over: app_logs_free(). */
typedef void app_logs_fn(void *data, struct app_logs *logs);

struct app_logs_request *app_read_logs(struct app *app, const struct vm *vm, app_logs_fn *fn, void *data);
void app_logs_request_forget(struct app_logs_request *request); /* NULL is fine */
void app_logs_free(struct app_logs *logs);

/* Where libvirt keeps QEMU's log of a domain of this name. Owned; NULL: elsewhere, or nowhere. */
char *app_qemu_log_path(const char *uri, const char *name);
