/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli.h - the commands that need no screen: one job, data on stdout, errors and progress on stderr, an exit status.
 */
#ifndef INNKEEPER_CLI_H
#define INNKEEPER_CLI_H

#include "ui/app/app_tasks.h"
#include "ui/cli/options.h"
#include "ui/cli/output.h"

/* What a command needs of the app. */
bool cli_goes_on(enum command_id command);     /* runs until interrupted, so a lost host is tried again */
bool cli_wants_figures(const struct options *options);
bool cli_wants_addresses(const struct options *options, const struct config *config);
bool cli_wants_uptimes(const struct options *options, const struct config *config);

/*
 * What can be refused before any host is asked: no terminal to ask on, and no --yes; a column or a group that is
 * not there. Said; EXIT_DONE: go on.
 */
enum exit_status cli_check_first(const struct options *options);

/* The app has its hosts and is not started yet. */
enum exit_status cli_run(struct app *app, const struct options *options);
/* Need no app. */
enum exit_status cli_check_config(const struct options *options);
enum exit_status cli_journal(const struct options *options); /* `tasks`, but for --recheck */
/* tasks --recheck: the URI of the host that the task was for, owned; NULL with err where there is no such task. */
char *cli_recheck_uri(const struct options *options, struct err *err);

/* The fields of a command's rows, for the manual; count 0: it writes none. */
struct cli_fields {
	const struct output_column *columns;
	size_t count;
};
struct cli_fields cli_fields(enum command_id command);

enum exit_status cli_exit_of(enum err_kind kind);

/* "innkeeper: ..." on stderr; what is not ASCII is spelled out on a terminal that is no UTF-8 one. */
void cli_say(const char *format, ...) PRINTF_LIKE(1, 2);
/* FILE:LINE: TEXT, one line each. */
void cli_say_complaints(const struct config_complaints *complaints);

#endif
