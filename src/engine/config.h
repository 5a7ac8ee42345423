/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - innkeeper.conf (libconfig) as a struct. One table row a setting (config.c): name, type,
 * unit, range, default, sentence; the same rows make innkeeper.conf(5).
 *
 * A bad file never stops the dashboard: each complaint carries file and line, the default holds.
 * The file must be regular, at most 256 KiB, owned by us or root, not writable by others;
 * @include is refused. Any thread may read a config once it is loaded.
 */
#pragma once

#include "base/err.h"
#include "base/vec.h"
#include "engine/filter.h"

struct config_host {
	char *name; /* safe, no '/' */
	char *uri;
	bool production; /* disruptive actions ask for the host's name to be typed */
	bool readonly;
};

struct config_key {
	char *action; /* an action's name, "logoff" */
	char *keys;   /* as in action.h: "L", "^D", "F2", "Space", several with blanks */
};

struct config_message {
	char *name, *text;
};

struct config {
	VEC(struct config_host); /* .at, .count: the hosts */
	char *theme;             /* a name, or empty: chosen by the terminal */
	char *language;          /* "pt_BR"; empty: the locale's */
	int delay_s;             /* refresh interval of figures: 1...3600 */
	int keepalive_interval_s, keepalive_count;
	int connect_timeout_s;
	int slots;            /* agent and lifecycle calls per host at the same time */
	int parallel;         /* tasks at the same time */
	int logoff_timeout_s; /* 0: by guest family */
	int grace_s;
	char *message;        /* the warning's default text */
	int users_interval_s; /* at the earliest, guests on screen are asked again who is logged on; 0: only when asked
				 to */
	int background_share; /* percent of the time: configurations of VMs that are not on screen */
	int guest_questions;  /* so many a minute and host in the background */
	int confirm_above;    /* more VMs than this: their number has to be typed */
	char *ssh_user;       /* empty: ssh's own choice */
	char *viewer;         /* a program with its arguments (words.h) */
	bool history;         /* ended sessions are kept (session_log.h) */
	bool mouse, ascii, accessible, function_keys, lock, readonly;
	char *sort, *filter, *columns, *group, *key_preset;
	struct saved_filters filters; /* what @name means */
	struct {
		VEC(struct config_message);
	} messages; /* what @name means where users are told something */
	struct {
		VEC(struct config_key);
	} keys;
};

struct config_complaint {
	char *file;
	int line;              /* 0 unknown */
	struct safe_text text; /* owned */
};
struct config_complaints {
	VEC(struct config_complaint);
};

/*
 * What users are told. text: as given, or "@name" for one of the messages, of which {minutes} (of grace_s, at least
 * 1), {reason} ("" where it is NULL) and {vm} are filled in; a reason that stands nowhere yet is added. Owned.
 * NULL: no such message; err.
 */
char *config_message(const struct config *config, const char *text, int grace_s, const char *reason, const char *vm,
		     struct err *err);
/* Does this text of a message know all of its {names}? */
bool config_message_is_valid(const char *text, struct err *err);
void config_free_messages(struct config *config);
void config_defaults(struct config *config); /* (config_init() is libconfig's) */
void config_free(struct config *config);
/*
 * Reads path; NULL: $INNKEEPER_CONFIG, else the system's file and the user's on top of it, where they exist
 * (a later setting beats an earlier one; a list of hosts or filters replaces the earlier one whole).
 * False: a file could not be used at all (this is in complaints, too), and nothing of it was.
 */
bool config_load(struct config *config, const char *path, struct config_complaints *complaints, struct err *err);
/* Whether a theme can be used, which this floor cannot know; NULL (the default): not checked. */
extern bool (*config_theme_exists)(const char *name, struct err *err);
void config_complaints_free(struct config_complaints *complaints);

/* Where config_load() looks when no path is given to it, in its order; it reads those that are there. */
struct config_place {
	char *path;
	bool there;
};
struct config_places {
	VEC(struct config_place);
};
void config_places(struct config_places *ret);
void config_places_free(struct config_places *places);
/* Gives a setting that is a text another value. False: it cannot have that one, and stays as it is. */
bool config_set_text(struct config *config, const char *name, const char *value, struct err *err);
const struct config_host *config_find_host(const struct config *config, const char *name);

/*
 * $XDG_CONFIG_HOME/innkeeper, owned by the caller; a relative or unset variable gives the standard's default.
 * NULL: there is no HOME either.
 */
char *config_dir(void);

/* One row a setting: for the man page and check-config's suggestions. */
enum config_type { CONFIG_BOOL, CONFIG_INT, CONFIG_STRING };
struct config_setting_info {
	const char *name, *unit, *sentence; /* sentence: N_() */
	enum config_type type;
	size_t offset; /* in struct config */
	int min, max, default_int;
	const char *default_string;
	/* Of a text that has a grammar of its own; err says what is wrong with it. NULL: any text. */
	bool (*check)(const struct config *config, const char *words, struct err *err);
};
const struct config_setting_info *config_settings(size_t *ret_count);
