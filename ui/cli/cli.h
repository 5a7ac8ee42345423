/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli.h - the commands: data on stdout, errors and progress on stderr, an exit status.
 */
#pragma once

#include "ui/cli/cli_commands.h"

/* What a command needs of the app. */
bool cli_goes_on(const struct options *options);      /* runs until interrupted, so a lost host is tried again */
bool cli_wants_logins(const struct options *options); /* ... that the journal says are disabled */
bool cli_wants_figures(const struct options *options);
bool cli_wants_addresses(const struct options *options, const struct config *config);
bool cli_wants_uptimes(const struct options *options, const struct config *config);

/*
 * Checks before any host is asked: a terminal for questions or --yes; columns and groups that
 * exist. Prints errors. EXIT_DONE: continue.
 */
enum exit_status cli_check_first(const struct options *options);

/* The app has its hosts and is not started yet. */
enum exit_status cli_run(struct app *app, const struct options *options);
/*
 * Where nothing was written, as something failed before there were data: what a script reads is an array, or a header,
 * all the same. status, or that of writing it.
 */
enum exit_status cli_write_nothing(const struct options *options, enum exit_status status);
/* count 0: it writes none. */
struct cli_fields cli_fields(enum command_id command);
/*
 * `innkeeper complete -- WORD...`, for the shells: what the last word could be, a candidate a line, with a tab and its
 * description. A line ":files": names of files, which shells complete. themes: their names, then NULL.
 */
void cli_complete(int argc, char **argv, const char *const *themes);
