/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line: one row an option, one row a command.
 *
 * The rows feed getopt_long(), --help, the man page, the hint for a mistyped word and the tests.
 * What was given lands in a struct options; options_apply() lays it over the configuration, because
 * options beat the environment and the environment beats the files.
 */
#pragma once

#include "engine/config.h"
#include "model/operation.h"
#include "model/result.h"

/* The first are the operations (model/operation.h): enum operation as well. */
enum command_id {
#define OPERATION(id, ...) COMMAND_##id,
#include "model/operation_rows.h"
#undef OPERATION
	COMMAND_LIST,
	COMMAND_USERS,
	COMMAND_INFO,
	COMMAND_WATCH,
	COMMAND_SNAPSHOTS,
	COMMAND_CONSOLE,
	COMMAND_VIEWER,
	COMMAND_SSH,
	COMMAND_TASKS,
	COMMAND_HISTORY,
	COMMAND_DOCTOR,
	COMMAND_METRICS,
	COMMAND_CHECK,
	COMMAND_CHECK_CONFIG,
	COMMAND_HELP,      /* COMMAND's --help: none that runs */
	COMMAND_DASHBOARD, /* none was named; no command */
	COMMAND_COUNT
};

/* How many words may follow a command. */
enum command_words {
	WORDS_NONE,
	WORDS_ONE_OR_NONE,
	WORDS_VMS,         /* any number of VMs, none at all included */
	WORDS_VMS_MUST,    /* at least one VM, or --filter */
	WORDS_VM_AND_NAME, /* one VM; what follows it lands in options->name */
	WORDS_VM,          /* exactly one VM */
	WORDS_VM_AND_MORE, /* one VM, then words for the program that is started */
};

/* Where --help lists it. */
enum command_topic {
	TOPIC_INVENTORY,
	TOPIC_USERS,
	TOPIC_POWER,
	TOPIC_SNAPSHOTS,
	TOPIC_ACCESS,
	TOPIC_OTHER,
	TOPIC_COUNT
};

struct command_info {
	const char *name;
	const char *args;     /* N_(), "VM..." */
	const char *brief;    /* N_(), a few words for --help */
	const char *sentence; /* N_() */
	enum command_topic topic;
	enum command_words words;
	bool asks_first;     /* affects users: a question on a terminal, else --yes */
	bool needs_message;  /* nothing to do without --message */
	bool needs_terminal; /* standard input and output */
};

/* COMMAND_DASHBOARD's name is "". */
const struct command_info *command_get(enum command_id id);

enum output_format { OUTPUT_TEXT, OUTPUT_JSON, OUTPUT_CSV };

struct options_words {
	VEC(const char *); /* of argv; .at[.count] is NULL once parsed */
};

struct options {
	enum command_id command;
	struct options_words words; /* after the command */
	struct options_words connect, users, sessions, except_users, max_unavailable;
	uint64_t given; /* bit of each row of option_table() that was there */

	bool readonly, lock, ascii, no_color, mouse, accessible, no_state, quiet, help, version;
	bool force, disconnected, allow_unmatched, shut_down, dry_run, yes;
	bool disk_only, quiesce, no_quiesce, all, fix, ask, with_users, no_shutdown, skip_blocked;
	int delay_s, keepalive_interval_s, keepalive_count, grace_s, timeout_s, wait_timeout_s, parallel, max_failures;
	int64_t idle_s, disconnected_s, deadline_s; /* 0: not given */
	const char *filter, *sort, *group, *config, *theme, *language, *log, *message, *reason;
	const char *demo, *name, *description;                        /* the scenario; of a snapshot */
	const char *recheck, *forget;                                 /* ids of interrupted tasks */
	const char *textfile, *listen, *subject, *warning, *critical; /* metrics; check: of what, and its ranges */
	enum output_format output;
	int way; /* enum shutdown_mode */
};

enum option_type {
	OPTION_FLAG,
	OPTION_INT,
	OPTION_DURATION, /* "90s", "2h"; seconds, at least 1 */
	OPTION_TEXT,
	OPTION_TEXTS,  /* may be given again */
	OPTION_FORMAT, /* one of .words, by its place */
	OPTION_JSON,   /* the same format, with the version of its fields */
	OPTION_WAY,
};

struct option_info {
	const char *name; /* long, without dashes */
	char letter;      /* 0: none */
	bool argument_may_be_left_out;
	const char *argument; /* N_(), "URI"; NULL: takes none */
	const char *sentence; /* N_() */
	uint64_t commands;    /* bit of each command that it is for */
	unsigned operations;  /* and for each operation with one of these flags */
	enum option_type type;
	const char *words; /* that its argument can be, between blanks; "HOSTS": more, cli_complete.c has them */
	size_t offset;     /* in struct options */
	int min, max;      /* OPTION_INT */
};

const struct option_info *option_table(size_t *ret_count);
bool option_applies(const struct option_info *option, enum command_id command);
/* True: for the dashboard and every command alike. */
bool option_is_general(const struct option_info *option);

/* argv is permuted and must outlive *ret_options. Free with options_free(), also after failure. */
bool options_parse(struct options *options, int argc, char **argv, struct err *err);
void options_free(struct options *options);
/* True: only simulated hosts were requested. They do not write to the real journal. */
bool options_choose_demo(const struct options *options);

/* Lays options and environment over the configuration. */
void options_apply(const struct options *options, struct config *config);

/* The sentence from column `left` on, where the stream is, wrapped at blanks. */
void options_print_sentence(FILE *stream, const char *sentence, int left, int cells_most);
/* --help: of a command, or of everything. */
void options_print_help(FILE *stream, enum command_id command);

/* One row an exit status: for the man page and --help. */
struct exit_info {
	enum exit_status status;
	const char *sentence; /* N_() */
};
const struct exit_info *exit_table(size_t *ret_count);
