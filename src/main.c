/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - options, wiring, exit status; nothing else.
 */
#include "base/language.h"
#include "base/log.h"
#include "config.h"
#include "engine/choices.h"
#include "engine/names.h"
#include "ui/cli/cli.h"
#include "ui/cli/output.h"
#include "ui/linear/linear.h"
#include "ui/tui/term/theme.h"
#include "ui/tui/ui.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	LEAVE_MS = 500,
	FILES_WANTED = 8192, /* a host takes twenty, a fleet more than the usual 1024 */
	FILES_NEEDED = 32,   /* with fewer, libraries below us abort instead of saying so */
};

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

static enum exit_status fail(const struct err *err)
{
	cli_say("%s", text_str(err_text(err)));
	return cli_exit_of(err->kind);
}

/* Of the option, else of the setting. A damaged catalogue is a warning, and English. */
static bool use_language(const struct options *options, const char *setting, struct err *err)
{
	const char *name = options->language ? options->language : setting;

	if (name && *name && !language_use(name, err)) {
		if (err->kind == ERR_USAGE)
			return false;
		cli_say(_("warning: %s"), text_str(err_text(err)));
	}
	/* What programs read is the same in every language, sentences included, and so are libvirt's and strerror's. */
	if (options->output != OUTPUT_TEXT) {
		language_use("en", err);
		setlocale(LC_MESSAGES, "C");
	}
	return true;
}

/* --- wiring --- */

static bool add_hosts(struct app *app, const struct options *options, struct err *err)
{
	const bool rechecks = options->command == COMMAND_TASKS && !options->demo && !options->connect.count;

	if (options->demo || rechecks) {
		OWN(bytes)
		char *uri = rechecks ? cli_recheck_uri(options, err) : mem_printf("demo:///%s", options->demo);
		bool ok = uri && app_add_host(app, uri, err);

		if (!ok || rechecks)
			return ok;
	}
	for (size_t i = 0; i < options->connect.count; i++)
		if (!app_add_host(app, options->connect.at[i], err))
			return false;
	return options->demo || options->connect.count || app_add_default_hosts(app, err);
}

/* Of this configuration and these hosts. Options that were given beat them. */
static void take_choices(struct choices *choices, const struct options *options, struct config *config)
{
	const char *named = options->config ? options->config : getenv("INNKEEPER_CONFIG");
	OWN(bytes) char *path = named ? realpath(named, NULL) : NULL;
	char *of = mem_printf("%s\n%s", path ? path : "", options->demo ? options->demo : "");
	struct err err = { 0 };

	for (size_t i = 0; i < options->connect.count; i++) {
		char *longer = mem_printf("%s\n%s", of, options->connect.at[i]);

		free(of);
		of = longer;
	}
	if (!choices_open(choices, options_choose_demo(options), of, &err))
		log_add(LOG_LEVEL_WARNING, _("the choices of the last time are ignored: %s"), text_str(err_text(&err)));
	choices_apply(choices, config);
	free(of);
}

static enum exit_status run_dashboard(struct app *app, const struct options *options, struct choices *choices)
{
	const struct config *config = app_config(app);
	const char *no_color = getenv("NO_COLOR");
	struct ui_settings settings = {
		.theme = *config->theme ? config->theme : NULL,
		.filter = *config->filter ? config->filter : NULL,
		.sort = *config->sort ? config->sort : NULL,
		.group = *config->group ? config->group : NULL,
		.choices = options->no_state ? NULL : choices,
		.ascii = config->ascii,
		.no_color = options->no_color || (no_color && *no_color),
		.mouse = config->mouse,
		.demo = options->demo != NULL,
	};
	struct err err = { 0 };

	for (size_t i = 0; i < options->connect.count; i++)
		settings.demo |= !strncmp(options->connect.at[i], "demo:", 5);
	if (config->accessible)
		return linear_run(app, &settings);
	if (ui_run(app, &settings, &err))
		return EXIT_DONE;
	cli_say("%s", text_str(err_text(&err)));
	return EXIT_USAGE;
}

static struct app_settings settings_of(const struct options *options, const struct config *config)
{
	return (struct app_settings){
		.config = config,
		.one_shot = options->command != COMMAND_DASHBOARD && !cli_goes_on(options),
		.mode = config->readonly ? APP_READ_ONLY
			: config->lock   ? APP_LOCKED
					 : APP_FULL,
		.want_figures = cli_wants_figures(options),
		.want_addresses = cli_wants_addresses(options, config),
		.want_journal = cli_wants_logins(options),
		.want_uptimes = cli_wants_uptimes(options, config),
		.want_checkups = options->command == COMMAND_DOCTOR,
		.want_jobs = options->command == COMMAND_DRAIN,
		.max_failures = options->max_failures,
	};
}

static enum exit_status run(const struct options *options, struct config *config)
{
	const bool dashboard = options->command == COMMAND_DASHBOARD;
	struct app_settings settings;
	OWN(config_complaints) struct config_complaints complaints = { 0 };
	struct err err = { 0 };
	enum exit_status status;
	OWN(choices) struct choices choices = { 0 };
	struct filter *filter;
	struct loop *loop;
	struct app *app;
	bool ok;

	ok = config_load(config, options->config, &complaints, &err);
	/* The dashboard starts whatever the file says; a command does not act on half a configuration. */
	if (dashboard && (ok || !options->config)) {
		for (size_t i = 0; i < complaints.count; i++)
			log_add(LOG_LEVEL_WARNING, "%s:%d: %s", complaints.at[i].file, complaints.at[i].line,
				text_str(complaints.at[i].text));
		ok = true;
	} else if (ok && !options->quiet) {
		cli_say_complaints(&complaints);
	}
	ok = ok && use_language(options, config->language, &err);
	if (!ok || (options->log && !log_open_file(options->log, &err)))
		return fail(&err);
	if (!dashboard)
		config->delay_s = 1; /* somebody waits for the second sample */
	if (dashboard && !options->no_state)
		take_choices(&choices, options, config);
	options_apply(options, config);
	/* Without it the dashboard would show, and act on, more VMs than were asked for. */
	if (dashboard && options->filter) {
		if (!filter_parse_with(options->filter, &config->filters, &filter, &err))
			return fail(&err);
		filter_destroy(filter);
	}
	settings = settings_of(options, config);
	loop = loop_create(&err);
	if (!loop)
		return fail(&err);
	app = app_create(loop, &settings);
	if (add_hosts(app, options, &err)) {
		status = dashboard ? run_dashboard(app, options, &choices) : cli_run(app, options);
		if (!options->no_state)
			names_write(options_choose_demo(options), app_inventory(app), app_disk(app));
	} else {
		cli_say("%s", text_str(err_text(&err)));
		status = EXIT_USAGE;
	}
	log_close();
	if (!app_destroy(app, LEAVE_MS))
		_exit(status); /* a thread hangs in a call that nothing can end */
	loop_destroy(loop);
	return status;
}

static bool theme_exists(const char *name, struct err *err)
{
	struct theme theme;

	theme_init(&theme, 0);
	return theme_load(&theme, name, 0, err);
}

static void print_version(void)
{
	printf("%s\n%s\n", PACKAGE_STRING,
	       _("Copyright (C) 2026 the innkeeper authors\n"
		 "License GPL-2.0-or-later <https://gnu.org/licenses/old-licenses/gpl-2.0.html>\n"
		 "This is free software: you are free to change and redistribute it.\n"
		 "There is NO WARRANTY, to the extent permitted by law."));
	if (!language_is_reviewed())
		printf(_("Language: %s. No native speaker has reviewed these texts yet.\n"), language_name());
}

static enum exit_status complete(int argc, char **argv)
{
	struct theme_names themes;

	theme_names_read(&themes);
	*VEC_PUSH(&themes) = NULL;
	cli_complete(argc, argv, (const char *const *)themes.at);
	theme_names_free(&themes);
	return fflush(stdout) == 0 ? EXIT_DONE : EXIT_UNEXPECTED;
}

static enum exit_status serve(const struct options *options)
{
	enum exit_status status = EXIT_DONE;
	OWN(config) struct config config = { 0 };
	struct err err = { 0 };

	if (options->help || options->version) {
		if (options->help)
			options_print_help(stdout, options->command);
		else
			print_version();
		if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
			return EXIT_DONE;
		err_set_errno(&err, errno, _("cannot write the output"));
		return fail(&err);
	}
	/* The dashboard goes on without what it cannot have, and says so on the screen. */
	if (options->command != COMMAND_DASHBOARD) {
		if (options->theme && !theme_exists(options->theme, &err))
			return fail(&err);
		status = cli_check_first(options);
	}
	if (status != EXIT_DONE)
		return status;
	if (options->command == COMMAND_CHECK_CONFIG) {
		config_theme_exists = theme_exists; /* the dashboard itself says on its screen that it has none */
		return cli_check_config(options);
	}
	if (options->command == COMMAND_TASKS && !options->recheck)
		return cli_journal(options);
	if (options->command == COMMAND_HISTORY)
		return cli_history(options);
	config_defaults(&config);
	return run(options, &config);
}

int main(int argc, char **argv)
{
	static const int flags[] = { O_WRONLY, O_RDONLY, O_RDWR };
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	OWN(options) struct options options = { 0 };
	enum exit_status status;
	struct err err = { 0 };

	/*
	 * A descriptor that the caller closed would be given to the first connection, and a message for a person
	 * would go there. Opened the wrong way round, so that data which nobody can read are an error.
	 */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", flags[fd]) != fd)
			return EXIT_UNEXPECTED;
	if (getuid() != geteuid() || getgid() != getegid()) {
		cli_say("%s", _("innkeeper must not be installed setuid or setgid; run it as the user it works for"));
		return EXIT_DENIED;
	}
	umask(077);
	sigaction(SIGPIPE, &ignore, NULL);
	if (!language_use_locale(&err))
		cli_say(_("warning: %s"), text_str(err_text(&err)));
	output_prepare();
	if (argc > 2 && !strcmp(argv[1], "complete") && !strcmp(argv[2], "--"))
		return complete(argc - 3, argv + 3);
	if (!may_open_files(&err))
		return fail(&err);
	status = options_parse(&options, argc, argv, &err) && use_language(&options, NULL, &err) ? serve(&options)
												 : fail(&err);
	if (!options.help && !options.version)
		status = options.command == COMMAND_CHECK ? cli_check_status(status)
							  : cli_write_nothing(&options, status);
	return status;
}
