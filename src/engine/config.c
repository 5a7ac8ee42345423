/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/language.h"
#include "engine/argv_template.h"
#include "engine/config_internal.h"
#include "engine/grouping.h"
#include "engine/keymap.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* --- texts that have a grammar of their own --- */

static bool check_filter(const struct config *config, const char *words, struct err *err)
{
	struct filter *filter;
	bool ok = filter_parse_with(words, &config->filters, &filter, err);

	if (ok)
		filter_destroy(filter);
	return ok;
}

static bool check_sort(const struct config *config UNUSED, const char *words, struct err *err)
{
	const struct attribute *column;
	bool descending;

	return !*words || attribute_find_order(words, &column, &descending, err);
}

static bool check_group(const struct config *config UNUSED, const char *words, struct err *err)
{
	enum grouping by;

	return !*words || grouping_find(words, &by, err);
}

static bool check_columns(const struct config *config UNUSED, const char *words, struct err *err)
{
	struct columns columns;
	bool ok = columns_parse(words, &columns, err);

	if (ok)
		VEC_FREE(&columns);
	return ok;
}

static bool check_keys(const struct config *config UNUSED, const char *preset, struct err *err)
{
	OWN(keymap) struct keymap keymap = { 0 };

	return keymap_use(&keymap, preset, err);
}

bool (*config_theme_exists)(const char *name, struct err *err);

static bool check_theme(const struct config *config UNUSED, const char *name, struct err *err)
{
	return !*name || !config_theme_exists || config_theme_exists(name, err);
}

static bool check_language(const struct config *config UNUSED, const char *name, struct err *err)
{
	return !*name || language_exists(name, err);
}

/* --- the settings, one row each --- */

#define STRING(field, initial, grammar) \
	.type = CONFIG_STRING, .offset = offsetof(struct config, field), .default_string = initial, .check = grammar
#define INT(field, least, most, initial) \
	.type = CONFIG_INT, .offset = offsetof(struct config, field), .min = least, .max = most, .default_int = initial
#define BOOL(field) .type = CONFIG_BOOL, .offset = offsetof(struct config, field)

/* clang-format off */
static const struct config_setting_info settings[] = {
	{ "theme", NULL, N_("Theme of the dashboard; empty: chosen by the terminal."), STRING(theme, "", check_theme) },
	{ "language", NULL, N_("Language of texts for people, as --language; empty: the locale's."), STRING(language, "", check_language) },
	{ "delay", N_("seconds"), N_("Refresh interval of statistics."), INT(delay_s, 1, 3600, 2) },
	{ "columns", NULL, N_("Columns of the dashboard, from left to right, separated by blanks; empty: the default."),
	  STRING(columns, "", check_columns) },
	{ "sort", NULL, N_("Sort column of the dashboard; -COLUMN sorts descending."), STRING(sort, "", check_sort) },
	{ "group", NULL, N_("Group VMs in the dashboard by host, state, os or tag; empty: not grouped."), STRING(group, "", check_group) },
	{ "filter", NULL, N_("Initial filter of the dashboard."), STRING(filter, "", check_filter) },
	{ "key-preset", NULL,
	  N_("Keys of the dashboard: vi, emacs or \"function keys\"; empty: the default. The group keys changes them."),
	  STRING(key_preset, "", check_keys) },
	{ "mouse", NULL, N_("Enable mouse support."), BOOL(mouse) },
	{ "function-keys", NULL, N_("List the function keys in the last row of the dashboard."), BOOL(function_keys) },
	{ "accessible", NULL, N_("Dashboard without a screen, as lines of text, as --accessible does."), BOOL(accessible) },
	{ "ascii", NULL, N_("Use only ASCII characters."), BOOL(ascii) },
	{ "readonly", NULL, N_("Use libvirt's read-only connections, as --readonly does."), BOOL(readonly) },
	{ "lock", NULL, N_("Show users, but refuse every action, as --lock does."), BOOL(lock) },
	{ "confirm-above", N_("VMs"), N_("Ask for the number of VMs before an action on more VMs than this."), INT(confirm_above, 0, 100000, 20) },
	{ "logoff-timeout", N_("seconds"), N_("Time-out of a log-off; 0: 150, and 120 for Windows guests."), INT(logoff_timeout_s, 0, 4000, 0) },
	{ "grace", N_("seconds"), N_("Time between the warning and the log-off."), INT(grace_s, 0, 3600, 60) },
	{ "message", NULL, N_("Message to users before they are logged off; empty: the default message."), STRING(message, "", NULL) },
	{ "ssh-user", NULL, N_("User name for ssh; empty: from ssh's own configuration."), STRING(ssh_user, "", NULL) },
	{ "viewer", NULL,
	  N_("Command of the graphical viewer, arguments separated by blanks. {uri}, {uuid} and {name} are replaced. No shell is used."),
	  STRING(viewer, "virt-viewer --connect={uri} --uuid -- {uuid}", NULL) },
	{ "parallel", N_("tasks"), N_("Maximum number of tasks that run in parallel."), INT(parallel, 1, 1000, 8) },
	{ "slots", N_("calls"), N_("Maximum number of parallel agent and lifecycle calls to one host."), INT(slots, 1, 8, 4) },
	{ "users-interval", N_("seconds"),
	  N_("Shortest time until a guest on screen is asked for its sessions again; it is longer while nothing changes or "
	     "nobody presses a key; 0: guests are asked only on request."),
	  INT(users_interval_s, 0, 3600, 10) },
	{ "history", NULL,
	  N_("Keep the sessions that end while a dashboard looks, on disk, for the command history: about 2 MB at most."),
	  BOOL(history) },
	{ "guest-questions", N_("per minute"),
	  N_("Maximum number of questions for sessions that guests of one host are asked in the background."),
	  INT(guest_questions, 1, 6000, 120) },
	{ "background-share", N_("percent"),
	  N_("How much of the time configurations of VMs that are not on screen are read, about as much of a CPU core of the "
	     "host; 100 while a filter, a sort column or a group needs them."),
	  INT(background_share, 1, 100, 5) },
	{ "connect-timeout", N_("seconds"), N_("Time-out of a connection attempt."), INT(connect_timeout_s, 1, 600, 10) },
	{ "keepalive-interval", N_("seconds"), N_("Interval between keepalive messages."), INT(keepalive_interval_s, 1, 3600, 5) },
	{ "keepalive-count", NULL, N_("Missed keepalives before a host is lost."), INT(keepalive_count, 1, 1000, 3) },
};
/* clang-format on */

const struct config_setting_info *config_settings(size_t *ret_count)
{
	*ret_count = ARRAY_SIZE(settings);
	return settings;
}

void config_defaults(struct config *config)
{
	*config = (struct config){ 0 };
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		char *field = (char *)config + settings[i].offset;

		switch (settings[i].type) {
		case CONFIG_STRING:
			*(char **)field = mem_strdup(settings[i].default_string);
			break;
		case CONFIG_INT:
			*(int *)field = settings[i].default_int;
			break;
		case CONFIG_BOOL:
			*(bool *)field = settings[i].default_int;
			break;
		}
	}
}

void config_free_messages(struct config *config)
{
	for (size_t i = 0; i < config->messages.count; i++) {
		free(config->messages.at[i].name);
		free(config->messages.at[i].text);
	}
	VEC_FREE(&config->messages);
}

static char *fill_message(const char *text, const char *minutes, const char *reason, const char *vm, struct err *err)
{
	const struct argv_value values[] = { { "minutes", minutes }, { "reason", reason }, { "vm", vm } };

	return template_fill(text, values, ARRAY_SIZE(values), err);
}

bool config_message_is_valid(const char *text, struct err *err)
{
	OWN(bytes) char *filled = fill_message(text, "", "", "", err);

	return filled != NULL;
}

char *config_message(const struct config *config, const char *text, int grace_s, const char *reason, const char *vm,
		     struct err *err)
{
	OWN(bytes) char *minutes = mem_printf("%d", MAX((grace_s + 59) / 60, 1));
	const bool is_named = *text == '@' && !text[strcspn(text, " \t")];
	size_t i = 0;

	while (is_named && i < config->messages.count && strcmp(config->messages.at[i].name, text + 1) != 0)
		i++;
	if (is_named && i == config->messages.count) {
		err_set(err, ERR_USAGE, _("no message is called %s in the configuration"), text);
		return NULL;
	}
	if (is_named)
		text = config->messages.at[i].text;
	if (reason && *reason && !(is_named && strstr(text, "{reason}"))) {
		OWN(bytes) char *told = is_named ? fill_message(text, minutes, "", vm, err) : mem_strdup(text);

		return told ? mem_printf(_("%s Reason: %s"), told, reason) : NULL;
	}
	return is_named ? fill_message(text, minutes, reason ? reason : "", vm, err) : mem_strdup(text);
}

void config_free_hosts(struct config *config)
{
	for (size_t i = 0; i < config->count; i++) {
		free(config->at[i].name);
		free(config->at[i].uri);
	}
	VEC_FREE(config);
}

void config_free(struct config *config)
{
	config_free_hosts(config);
	saved_filters_free(&config->filters);
	config_free_messages(config);
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++)
		if (settings[i].type == CONFIG_STRING)
			free(*(char **)((char *)config + settings[i].offset));
	for (size_t i = 0; i < config->keys.count; i++) {
		free(config->keys.at[i].action);
		free(config->keys.at[i].keys);
	}
	VEC_FREE(&config->keys);
	*config = (struct config){ 0 };
}

bool config_set_text(struct config *config, const char *name, const char *value, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		char **field = (char **)((char *)config + settings[i].offset);

		if (settings[i].type != CONFIG_STRING || strcmp(settings[i].name, name) != 0)
			continue;
		if (settings[i].check && !settings[i].check(config, value, err))
			return false;
		free(*field);
		*field = mem_strdup(value);
		return true;
	}
	return err_set(err, ERR_USAGE, _("unknown setting %s"), name);
}

const struct config_host *config_find_host(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->count; i++)
		if (!strcmp(config->at[i].name, name))
			return &config->at[i];
	return NULL;
}

void config_complain(struct config_complaints *complaints, const char *file, int line, const char *format, ...)
{
	struct config_complaint *complaint = VEC_PUSH(complaints);
	char buf[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(buf, sizeof(buf), format, ap);
	va_end(ap);
	complaint->file = mem_strdup(file);
	complaint->line = line;
	complaint->text = text_format("%s", buf);
}

void config_complaints_free(struct config_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++) {
		free(complaints->at[i].file);
		text_free(&complaints->at[i].text);
	}
	VEC_FREE(complaints);
}

/* --- one file --- */

bool config_unusable(struct config_complaints *complaints, const char *file, int line, const struct err *why,
		     struct err *err)
{
	config_complain(complaints, file, line, "%s", err_text(why).str);
	if (line > 0)
		return err_set(err, ERR_USAGE, _("%s, line %d: %s"), file, line, err_text(why).str);
	return err_set(err, ERR_USAGE, "%s: %s", file, err_text(why).str);
}

/*
 * URIs of the file can run programs: nobody but its reader and root may have written it.
 * /dev/null is how one says that there shall be none.
 */
static bool is_trustworthy(const struct stat *st, struct err *err)
{
	if (S_ISCHR(st->st_mode) && st->st_rdev == makedev(1, 3))
		return true;
	if (!S_ISREG(st->st_mode))
		return err_set(err, ERR_USAGE, _("it is not a regular file"));
	if (st->st_size > CONFIG_BYTES_MAX)
		return err_set(err, ERR_USAGE, _("it is larger than %d KiB; is this the right file?"),
			       CONFIG_BYTES_MAX / 1024);
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return err_set(err, ERR_USAGE, _("it belongs to another user and is ignored; make your own copy"));
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return err_set(err, ERR_USAGE, _("others can write to it, so it is ignored; run: chmod go-w FILE"));
	return true;
}

static bool take_file(struct config *config, const char *path, struct config_complaints *complaints, struct err *err)
{
	OWN(text) struct safe_text shown = text_sanitize_str(path, TEXT_CAP_LINE);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	OWN(bytes) char *bytes = NULL;
	struct err why = { 0 };
	struct stat st;
	size_t len = 0;
	ssize_t got = -1;
	bool ok;

	bytes = mem_zalloc(CONFIG_BYTES_MAX + 2);
	ok = fd >= 0 && fstat(fd, &st) == 0;
	if (!ok)
		err_set_errno(&why, errno, _("cannot open it"));
	ok = ok && is_trustworthy(&st, &why);
	while (ok && got != 0) {
		got = read(fd, bytes + len, CONFIG_BYTES_MAX + 1 - len);
		len += got > 0 ? (size_t)got : 0;
		if (got < 0 && errno != EINTR)
			ok = err_set_errno(&why, errno, _("cannot read it"));
		else if (len > CONFIG_BYTES_MAX)
			ok = err_set(&why, ERR_USAGE, _("it grew while it was read; try again"));
	}
	if (ok)
		ok = config_take_bytes(config, text_str(shown), bytes, len, complaints, err);
	else
		config_unusable(complaints, text_str(shown), 0, &why, err);
	if (fd >= 0)
		close(fd);
	return ok;
}

/* --- where they are --- */

char *config_dir(void)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (dir && *dir == '/')
		return mem_printf("%s/innkeeper", dir);
	if (home && *home == '/')
		return mem_printf("%s/.config/innkeeper", home);
	return NULL;
}

/* Takes path. A file that nobody named may be missing. */
static bool add_place(struct config_places *places, char *path)
{
	struct config_place *place = VEC_PUSH(places);

	place->path = path;
	place->there = access(path, F_OK) == 0 || errno != ENOENT;
	return place->there;
}

void config_places(struct config_places *ret)
{
	const char *named = getenv("INNKEEPER_CONFIG");
	OWN(bytes) char *dir = NULL;

	*ret = (struct config_places){ 0 };
	if (named && *named) {
		*VEC_PUSH(ret) = (struct config_place){ .path = mem_strdup(named), .there = true };
		return;
	}
	if (!add_place(ret, mem_strdup(SYSCONFDIR "/innkeeper/innkeeper.conf")) && strcmp(SYSCONFDIR, "/etc") != 0)
		add_place(ret, mem_strdup("/etc/innkeeper/innkeeper.conf"));
	dir = config_dir();
	if (dir)
		add_place(ret, mem_printf("%s/innkeeper.conf", dir));
}

void config_places_free(struct config_places *places)
{
	for (size_t i = 0; i < places->count; i++)
		free(places->at[i].path);
	VEC_FREE(places);
}

bool config_load(struct config *config, const char *path, struct config_complaints *complaints, struct err *err)
{
	OWN(config_places) struct config_places places = { 0 };
	bool ok = true;

	if (path)
		return take_file(config, path, complaints, err);
	config_places(&places);
	for (size_t i = 0; i < places.count; i++)
		if (places.at[i].there && !take_file(config, places.at[i].path, complaints, err))
			ok = false;
	return ok;
}
