/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/config_internal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* clang-format off */
static const struct config_setting_info settings[] = {
	{ .name = "theme", .sentence = N_("Theme of the dashboard; empty: chosen by the terminal."),
	  .type = CONFIG_STRING, .offset = offsetof(struct config, theme), .default_string = "" },
	{ .name = "delay", .unit = N_("seconds"), .sentence = N_("Refresh interval of statistics."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, delay_s), .min = 1, .max = 3600, .default_int = 2 },
	{ .name = "columns",
	  .sentence = N_("Columns of the dashboard, from left to right, separated by blanks; empty: the default."),
	  .type = CONFIG_STRING, .offset = offsetof(struct config, columns), .default_string = "" },
	{ .name = "sort", .sentence = N_("Sort column of the dashboard; -COLUMN sorts descending."),
	  .type = CONFIG_STRING, .offset = offsetof(struct config, sort), .default_string = "" },
	{ .name = "group",
	  .sentence = N_("Group VMs in the dashboard by host, state, os or tag; empty: not grouped."),
	  .type = CONFIG_STRING, .offset = offsetof(struct config, group), .default_string = "" },
	{ .name = "filter", .sentence = N_("Initial filter of the dashboard."),
	  .type = CONFIG_STRING, .offset = offsetof(struct config, filter), .default_string = "" },
	{ .name = "mouse", .sentence = N_("Enable mouse support."),
	  .type = CONFIG_BOOL, .offset = offsetof(struct config, mouse) },
	{ .name = "ascii", .sentence = N_("Use only ASCII characters."),
	  .type = CONFIG_BOOL, .offset = offsetof(struct config, ascii) },
	{ .name = "readonly", .sentence = N_("Use libvirt's read-only connections, as --readonly does."),
	  .type = CONFIG_BOOL, .offset = offsetof(struct config, readonly) },
	{ .name = "lock", .sentence = N_("Show users, but refuse every action, as --lock does."),
	  .type = CONFIG_BOOL, .offset = offsetof(struct config, lock) },
	{ .name = "confirm-above", .unit = N_("VMs"),
	  .sentence = N_("Ask for the number of VMs before an action on more VMs than this."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, confirm_above), .min = 0, .max = 100000,
	  .default_int = 20 },
	{ .name = "logoff-timeout", .unit = N_("seconds"),
	  .sentence = N_("Time-out of a log-off; 0: 150, and 120 for Windows guests."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, logoff_timeout_s), .min = 0, .max = 4000 },
	{ .name = "grace", .unit = N_("seconds"), .sentence = N_("Time between the warning and the log-off."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, grace_s), .min = 0, .max = 3600, .default_int = 60 },
	{ .name = "message", .sentence = N_("Message to users before they are logged off; empty: the default message."),
	  .type = CONFIG_STRING, .offset = offsetof(struct config, message), .default_string = "" },
	{ .name = "ssh-user", .sentence = N_("User name for ssh; empty: from ssh's own configuration."),
	  .type = CONFIG_STRING, .offset = offsetof(struct config, ssh_user), .default_string = "" },
	{ .name = "viewer",
	  .sentence = N_("Command of the graphical viewer, arguments separated by blanks. {uri}, {uuid} and {name} are replaced. No shell is used."),
	  .type = CONFIG_STRING, .offset = offsetof(struct config, viewer),
	  .default_string = "virt-viewer --connect={uri} --uuid -- {uuid}" },
	{ .name = "parallel", .unit = N_("tasks"), .sentence = N_("Maximum number of tasks that run in parallel."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, parallel), .min = 1, .max = 1000, .default_int = 8 },
	{ .name = "slots", .unit = N_("calls"),
	  .sentence = N_("Maximum number of parallel agent and lifecycle calls to one host."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, slots), .min = 1, .max = 8, .default_int = 4 },
	{ .name = "users-interval", .unit = N_("seconds"),
	  .sentence = N_("How often the guests on screen are asked for their sessions; 0: only on request."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, users_interval_s), .min = 0, .max = 3600,
	  .default_int = 10 },
	{ .name = "connect-timeout", .unit = N_("seconds"),
	  .sentence = N_("Time-out of a connection attempt."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, connect_timeout_s), .min = 1, .max = 600,
	  .default_int = 10 },
	{ .name = "keepalive-interval", .unit = N_("seconds"),
	  .sentence = N_("Interval between keepalive messages."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, keepalive_interval_s), .min = 1, .max = 3600,
	  .default_int = 5 },
	{ .name = "keepalive-count", .sentence = N_("Missed keepalives before a host is lost."),
	  .type = CONFIG_INT, .offset = offsetof(struct config, keepalive_count), .min = 1, .max = 1000,
	  .default_int = 3 },
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
	char *dir;

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
	free(dir);
}

void config_places_free(struct config_places *places)
{
	for (size_t i = 0; i < places->count; i++)
		free(places->at[i].path);
	VEC_FREE(places);
}

bool config_load(struct config *config, const char *path, struct config_complaints *complaints, struct err *err)
{
	struct config_places places;
	bool ok = true;

	if (path)
		return config_take_file(config, path, complaints, err);
	config_places(&places);
	for (size_t i = 0; i < places.count; i++)
		if (places.at[i].there && !config_take_file(config, places.at[i].path, complaints, err))
			ok = false;
	config_places_free(&places);
	return ok;
}
