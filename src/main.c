/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - options, wiring, exit status; nothing else.
 */
#include "base/log.h"
#include "config.h"
#include "ui/cli/cli.h"
#include "ui/cli/output.h"
#include "ui/tui/term/theme.h"
#include "ui/tui/ui.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LEAVE_MS = 500,
	FILES_WANTED = 8192, /* a host takes twenty, a fleet more than the usual 1024 */
	FILES_NEEDED = 32,   /* with fewer, libraries below us abort instead of saying so */
};

/*
 * A descriptor that the caller closed would be given to the first connection, and a message for a person
 * would go there. Opened the wrong way round, so that data which nobody can read are an error.
 */
static bool hold_standard_descriptors(void)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_RDWR };

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", flags[fd]) != fd)
			return false;
	return true;
}

static bool may_open_files(struct err *err)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return true;
	if (files.rlim_cur < FILES_WANTED && files.rlim_cur < files.rlim_max) {
		files.rlim_cur = MIN(files.rlim_max, FILES_WANTED);
		setrlimit(RLIMIT_NOFILE, &files);
	}
	if (files.rlim_cur >= FILES_NEEDED)
		return true;
	return err_set(err, ERR_SYSTEM, _("too few open files allowed (ulimit -n %d); innkeeper needs %d"),
		       (int)files.rlim_cur, FILES_NEEDED);
}

static bool has_borrowed_rights(void)
{
	return getuid() != geteuid() || getgid() != getegid();
}

static void prepare_process(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };

	umask(077);
	sigaction(SIGPIPE, &ignore, NULL);
	setlocale(LC_ALL, "");
	setlocale(LC_NUMERIC, "C"); /* 1.5 is 1.5 in CSV and JSON, and in what is read */
	bindtextdomain(PACKAGE, LOCALEDIR);
	bind_textdomain_codeset(PACKAGE, "UTF-8");
	textdomain(PACKAGE);
	output_prepare();
}

static enum exit_status fail(const struct err *err)
{
	cli_say("%s", text_str(err_text(err)));
	return cli_exit_of(err->kind);
}

static enum exit_status end_stdout(void)
{
	struct err err = { 0 };

	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_DONE;
	if (errno == EPIPE)
		return EXIT_DONE;
	err_set_errno(&err, errno, _("cannot write the output"));
	return fail(&err);
}

static enum exit_status print_version(void)
{
	printf("%s\n%s\n", PACKAGE_STRING, _("License GPL-2.0-or-later. There is no warranty."));
	return end_stdout();
}

static enum exit_status print_help(enum command_id command)
{
	options_print_help(stdout, command);
	return end_stdout();
}

/* --- wiring --- */

static void log_complaints(const struct config_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++)
		log_add(LOG_LEVEL_WARNING, "%s:%d: %s", complaints->at[i].file, complaints->at[i].line,
			text_str(complaints->at[i].text));
}

/* The dashboard starts whatever the file says; a command does not act on half a configuration. */
static bool load_config(const struct options *options, struct config *config, struct err *err)
{
	const bool dashboard = options->command == COMMAND_DASHBOARD;
	struct config_complaints complaints = { 0 };
	bool ok = config_load(config, options->config, &complaints, err);

	if (dashboard && (ok || !options->config)) {
		log_complaints(&complaints);
		ok = true;
	} else if (ok && !options->quiet) {
		cli_say_complaints(&complaints);
	}
	config_complaints_free(&complaints);
	return ok;
}

static bool is_demo(const struct options *options)
{
	for (size_t i = 0; i < options->connect.count; i++)
		if (!strncmp(options->connect.at[i], "demo:", 5))
			return true;
	return options->demo != NULL;
}

static bool add_rechecked_host(struct app *app, const struct options *options, struct err *err)
{
	char *uri = cli_recheck_uri(options, err);
	bool ok = uri && app_add_host(app, uri, err);

	free(uri);
	return ok;
}

static bool add_hosts(struct app *app, const struct options *options, struct err *err)
{
	if (options->demo) {
		char *uri = mem_printf("demo:///%s", options->demo);
		bool ok = app_add_host(app, uri, err);

		free(uri);
		if (!ok)
			return false;
	}
	if (options->command == COMMAND_TASKS && !options->demo && !options->connect.count)
		return add_rechecked_host(app, options, err);
	for (size_t i = 0; i < options->connect.count; i++)
		if (!app_add_host(app, options->connect.at[i], err))
			return false;
	return options->demo || options->connect.count || app_add_default_hosts(app, err);
}

static enum exit_status run_dashboard(struct app *app, const struct options *options)
{
	const struct config *config = app_config(app);
	const char *no_color = getenv("NO_COLOR");
	const struct ui_settings settings = {
		.theme = *config->theme ? config->theme : NULL,
		.filter = *config->filter ? config->filter : NULL,
		.sort = *config->sort ? config->sort : NULL,
		.group = *config->group ? config->group : NULL,
		.ascii = config->ascii,
		.no_color = options->no_color || (no_color && *no_color),
		.mouse = config->mouse,
		.demo = is_demo(options),
	};
	struct err err = { 0 };

	if (ui_run(app, &settings, &err))
		return EXIT_DONE;
	cli_say("%s", text_str(err_text(&err)));
	return EXIT_USAGE;
}

static enum exit_status run_app(struct app *app, const struct options *options)
{
	struct err err = { 0 };

	if (!add_hosts(app, options, &err)) {
		cli_say("%s", text_str(err_text(&err)));
		return EXIT_USAGE;
	}
	return options->command == COMMAND_DASHBOARD ? run_dashboard(app, options) : cli_run(app, options);
}

static enum exit_status run(const struct options *options, const struct config *config)
{
	const bool dashboard = options->command == COMMAND_DASHBOARD;
	/* clang-format off */
	const struct app_settings settings = {
		.mode = config->readonly ? APP_READ_ONLY : config->lock ? APP_LOCKED : APP_FULL,
		.config = config,
		.one_shot = !dashboard && !cli_goes_on(options->command),
		.want_figures = cli_wants_figures(options),
		.want_addresses = cli_wants_addresses(options, config),
		.want_uptimes = cli_wants_uptimes(options, config),
	};
	/* clang-format on */
	struct err err = { 0 };
	struct loop *loop = loop_create(&err);
	enum exit_status status;
	struct app *app;

	if (!loop)
		return fail(&err);
	app = app_create(loop, &settings);
	status = run_app(app, options);
	log_close();
	if (!app_destroy(app, LEAVE_MS))
		_exit(status); /* a thread hangs in a call that nothing can end */
	loop_destroy(loop);
	return status;
}

static enum exit_status configure_and_run(const struct options *options)
{
	enum exit_status status;
	struct config config;
	struct err err = { 0 };

	config_defaults(&config);
	if (!load_config(options, &config, &err) || (options->log && !log_open_file(options->log, &err))) {
		status = fail(&err);
	} else {
		if (options->command != COMMAND_DASHBOARD)
			config.delay_s = 1; /* somebody waits for the second sample */
		options_apply(options, &config);
		status = run(options, &config);
	}
	config_free(&config);
	return status;
}

/* The dashboard goes on without what it cannot have, and says so on the screen. */
static enum exit_status check_first(const struct options *options)
{
	struct theme theme;
	struct err err = { 0 };

	if (options->command == COMMAND_DASHBOARD)
		return EXIT_DONE;
	theme_init(&theme, 0);
	if (options->theme && !theme_load(&theme, options->theme, 0, &err))
		return fail(&err);
	return cli_check_first(options);
}

static enum exit_status serve(const struct options *options)
{
	enum exit_status status;

	if (options->help)
		return print_help(options->command);
	if (options->version)
		return print_version();
	status = check_first(options);
	if (status != EXIT_DONE)
		return status;
	if (options->command == COMMAND_CHECK_CONFIG)
		return cli_check_config(options);
	if (options->command == COMMAND_TASKS && !options->recheck)
		return cli_journal(options);
	return configure_and_run(options);
}

int main(int argc, char **argv)
{
	struct options options;
	enum exit_status status;
	struct err err = { 0 };

	if (!hold_standard_descriptors())
		return EXIT_UNEXPECTED;
	if (has_borrowed_rights()) {
		cli_say("%s", _("innkeeper must not be installed setuid or setgid; run it as the user it works for"));
		return EXIT_DENIED;
	}
	prepare_process();
	if (!may_open_files(&err))
		return fail(&err);
	status = options_parse(&options, argc, argv, &err) ? serve(&options) : fail(&err);
	if (!options.help && !options.version)
		status = cli_write_nothing(&options, status);
	options_free(&options);
	return status;
}
