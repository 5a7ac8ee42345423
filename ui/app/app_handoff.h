/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * app_handoff.h - a VM handed over to a person: its serial console, ssh, its screen.
 *
 * Whoever has a console can do in the guest what its login lets him, so it is gated like a verb, and the audit has a
 * record of its beginning and one of its end. Other programs are started with a list of arguments
 * (engine/child.h). UI thread.
 */
#pragma once

#include "ui/app/app.h"

/* Mode and host; and the VM runs (or, but for ssh, is paused). */
bool app_may_console(const struct app *app, const struct vm *vm, struct err *err);
bool app_may_view(const struct app *app, const struct vm *vm, struct err *err);
bool app_may_ssh(const struct app *app, const struct vm *vm, struct err *err);

/* Something that is asked of a host; the answer comes once, from the loop. */
struct app_request;
/* fd: of backend_console(), the callee's until app_console_over(); -1: err. */
typedef void app_console_fn(void *data, int fd, const struct err *err);
/* list: view, at least one address; NULL: err. */
typedef void app_addresses_fn(void *data, const struct address_list *list, const struct err *err);

/* force: whoever is at it is thrown out. NULL: err, and fn is not called. */
struct app_request *app_open_console(struct app *app, const struct vm_id *id, bool force, app_console_fn *fn,
				     void *data, struct err *err);
struct app_request *app_ask_addresses(struct app *app, const struct vm_id *id, app_addresses_fn *fn, void *data,
				      struct err *err);
/*
 * The console that fn was given is closed: the audit is told, in the background, and app_destroy() waits for that.
 * how: a few words, static. The request is no more.
 */
void app_console_over(struct app_request *request, const char *how);
/* Nobody waits for it any more; a console that is opened is closed again. NULL is fine. */
void app_request_forget(struct app_request *request);

/*
 * What is to be started: NULL-terminated, child_free_list(). user: "" for ssh's own choice. words: of a command
 * there, NULL-terminated, or NULL. NULL: err.
 */
char **app_ssh_argv(const char *user, const struct address *address, const char *const *words, struct err *err);
/* NULL as well where there is no graphical session to show it in. */
char **app_viewer_argv(const struct app *app, const struct vm *vm, struct err *err);
