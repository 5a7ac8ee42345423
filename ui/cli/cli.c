/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli.h"

#include "engine/grouping.h"

#include <signal.h>
#include <unistd.h>

/* How each command runs (NULL: without an app), what it writes, and whether --sort orders that. */
static const struct {
	cli_fn *run;
	const struct cli_fields *fields;
	bool sorts;
} rows[COMMAND_COUNT] = {
#define OPERATION(id, ...) [COMMAND_##id] = { cli_tasks, &cli_task_fields, true },
#include "model/operation_rows.h"
#undef OPERATION
	[COMMAND_LIST] = { cli_list, NULL, true },
	[COMMAND_USERS] = { cli_users, &cli_users_fields, true },
	[COMMAND_INFO] = { cli_info, NULL, true },
	[COMMAND_SNAPSHOTS] = { cli_snapshots, &cli_snapshots_fields, true },
	[COMMAND_CONSOLE] = { cli_console, NULL, false },
	[COMMAND_VIEWER] = { cli_viewer, NULL, false },
	[COMMAND_SSH] = { cli_ssh, NULL, false },
	[COMMAND_WATCH] = { cli_watch, &cli_watch_fields, false },
	[COMMAND_TASKS] = { cli_recheck, &cli_journal_fields, true },
	[COMMAND_HISTORY] = { NULL, &cli_history_fields, false },
	[COMMAND_DOCTOR] = { cli_doctor, &cli_doctor_fields, false },
	[COMMAND_METRICS] = { cli_metrics, NULL, false },
	[COMMAND_CHECK] = { cli_check, NULL, false },
	[COMMAND_HELP] = { NULL, NULL, false },
	[COMMAND_CHECK_CONFIG] = { NULL, &cli_check_config_fields, false },
};

struct cli_fields cli_fields(enum command_id command)
{
	if (command == COMMAND_LIST || command == COMMAND_INFO)
		return cli_attribute_fields(command);
	return rows[command].fields ? *rows[command].fields : (struct cli_fields){ 0 };
}

static void init_output(struct output *output, enum command_id command)
{
	const struct cli_fields fields = cli_fields(command);

	output_init(output, fields.columns, fields.count);
	output->attributes = fields.attributes;
}

bool cli_goes_on(const struct options *options)
{
	return options->command == COMMAND_WATCH || options->listen;
}

bool cli_wants_logins(const struct options *options)
{
	return options->command == COMMAND_METRICS || options->command == COMMAND_CHECK;
}

bool cli_wants_figures(const struct options *options)
{
	return options->command == COMMAND_LIST || options->command == COMMAND_INFO || options->filter;
}

/* A wrong filter is reported elsewhere. */
static bool filter_wants(const struct options *options, const struct config *config, enum attribute_source source)
{
	struct filter *filter = NULL;
	struct err err;
	bool does;

	if (!options->filter || !filter_parse_with(options->filter, &config->filters, &filter, &err))
		return false;
	does = filter_uses(filter, source);
	filter_destroy(filter);
	return does;
}

/* The text table of `list` does not show them. */
bool cli_wants_addresses(const struct options *options, const struct config *config)
{
	return options->command == COMMAND_INFO ||
	       (options->command == COMMAND_LIST && options->output != OUTPUT_TEXT) ||
	       filter_wants(options, config, SOURCE_ADDRESSES);
}

bool cli_wants_uptimes(const struct options *options, const struct config *config)
{
	/* doctor wants what is learned with it. */
	return options->command == COMMAND_INFO || options->command == COMMAND_DOCTOR ||
	       filter_wants(options, config, SOURCE_UPTIME);
}

enum exit_status cli_check_first(const struct options *options)
{
	const struct command_info *command = command_get(options->command);
	struct err err = { 0 };
	struct output output;
	enum grouping by;
	bool ok = true;

	init_output(&output, options->command);
	if (options->sort)
		ok = rows[options->command].sorts
			     ? output_sort(&output, options->sort, &err)
			     : err_set(&err, ERR_USAGE, _("%s: --sort does not apply"), command->name);
	if (!ok || (options->group && !grouping_find(options->group, &by, &err))) {
		cli_say("%s", text_str(err_text(&err)));
		return EXIT_USAGE;
	}

	if (command->needs_terminal && !(isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))) {
		cli_say(_("%s: standard input and output must be a terminal"), command->name);
		return EXIT_USAGE;
	}
	if (!(command->asks_first || options->fix) || options->yes || options->dry_run ||
	    (isatty(STDIN_FILENO) && isatty(STDERR_FILENO)))
		return EXIT_DONE;
	cli_say(_("%s asks for confirmation, but standard input and error are not a terminal; use --yes to confirm"),
		command->name);
	return EXIT_USAGE;
}

static void on_signal(void *data)
{
	struct cli *cli = data;

	cli->interrupts++;
}

enum exit_status cli_write_nothing(const struct options *options, enum exit_status status)
{
	struct output_sink sink = output_stdout();
	struct err err = { 0 };
	struct output output;

	init_output(&output, options->command);
	if (output_has_begun() || !output.column_count || options->output == OUTPUT_TEXT || cli_goes_on(options))
		return status;
	if (output_write(&output, options->output, &sink, &err))
		return status;
	cli_say("%s", text_str(err_text(&err)));
	return cli_exit_of(err.kind);
}

/* --- the run --- */

enum exit_status cli_run(struct app *app, const struct options *options)
{
	static const int ends[] = { SIGINT, SIGTERM, SIGHUP };
	struct cli cli = {
		.status_of_child = -1,
		.app = app,
		.options = options,
		.sink = output_stdout(),
		.shows_progress = !options->quiet && isatty(STDERR_FILENO),
	};
	struct sigaction before;
	enum exit_status status;

	init_output(&cli.output, options->command);
	/* Signals ignored from the start (nohup, a shell's &) stay ignored. */
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		if (sigaction(ends[i], NULL, &before) < 0 || before.sa_handler != SIG_IGN)
			loop_on_signal(app_loop(app), ends[i], on_signal, &cli);
	rows[options->command].run(&cli);
	cli_progress_clear(&cli);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
		loop_on_signal(app_loop(app), ends[i], NULL, NULL);
	status = result_exit_combine(cli.exits.at, cli.exits.count);
	/* Usage errors and lost output take precedence over other results. */
	for (size_t i = 0; i < cli.exits.count; i++)
		if (cli.exits.at[i] == EXIT_USAGE)
			status = EXIT_USAGE;
	if (cli.write_failed)
		status = EXIT_UNEXPECTED;
	status = cli_write_nothing(options, status);
	output_finish(&cli.output);
	VEC_FREE(&cli.vms);
	VEC_FREE(&cli.exits);
	return cli.status_of_child >= 0 ? (enum exit_status)cli.status_of_child : status;
}
