/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli_commands.h - the commands, those of one kind in one file, and what they share with each other.
 */
#pragma once

#include "ui/cli/cli_context.h"

/* Rows of cli_users_fields. */
void cli_put_sessions(struct output *output, const struct host *host, const struct vm *vm);

/* Does it to cli->vms, where it was asked for first, and writes the tasks; cli->output has cli_task_fields. */
void cli_act(struct cli *cli, enum operation operation);

/*
 * cli_drain.c: what a drain looks at before anything starts. It asks the guests of cli->vms, drops those that are to be
 * left, and orders the others; false: interrupted. Then: is the VM to be shut down; and what prevents it, all of it.
 */
bool cli_drain_prepare(struct cli *cli);
bool cli_drain_shuts_down(const struct cli *cli, const struct vm *vm);
bool cli_drain_may(const struct cli *cli, const struct vm *vm, struct err *err);

/* Asks for the snapshots of cli->vms, and waits. False: interrupted. */
bool cli_ask_snapshots(struct cli *cli);
/* Once asked: the one that the command line names; NULL: err. View. */
const struct snapshot *cli_snapshot_named(const struct cli *cli, const struct vm *vm, struct err *err);

/* The fields of a command's rows, for the manual; count 0: it writes none. */
struct cli_fields {
	const struct output_column *columns;
	size_t count;
	const struct attribute *const *attributes; /* one a column; NULL: the rows are no VMs */
};

/* Of the rows that this attribute is in the JSON of `info`; count 0: it is no rows. */
struct cli_fields cli_fields_within(const struct attribute *attribute);
struct cli_fields cli_attribute_fields(enum command_id command); /* of `list` or `info` */
extern const struct cli_fields cli_users_fields, cli_task_fields, cli_watch_fields, cli_journal_fields,
	cli_history_fields, cli_doctor_fields, cli_check_config_fields, cli_snapshots_fields;

/* One command each: they fill and write cli->output. Errors are noted in cli. */
typedef void cli_fn(struct cli *cli);
cli_fn cli_console, cli_list, cli_users, cli_info, cli_tasks, cli_watch, cli_doctor, cli_recheck, cli_snapshots,
	cli_ssh, cli_viewer, cli_metrics, cli_check;

/* Need no app. */
enum exit_status cli_check_config(const struct options *options);
enum exit_status cli_history(const struct options *options);
enum exit_status cli_journal(const struct options *options); /* `tasks`, but for --recheck */
/* tasks --recheck: the URI of the host that the task was for, owned; NULL with err where there is no such task. */
char *cli_recheck_uri(const struct options *options, struct err *err);

/* A range of the monitoring plugins' guidelines: what is not in it alerts; inside (@): what is. */
struct check_range {
	double from, to;
	bool inside;
};
bool check_range_parse(const char *words, struct check_range *ret, struct err *err);
bool check_range_alerts(const struct check_range *range, double value);

/* Of `check`, once all is over: its own, or, where it came to no conclusion, UNKNOWN, which is then written, too. */
enum exit_status cli_check_status(enum exit_status status);
