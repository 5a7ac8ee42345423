/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cli_context.h - what the commands share: struct cli, the run of one command.
 *
 *	cli_context.c  stderr: sentences and the progress line; waiting for hosts; exit status
 *	cli_select.c   names and filters -> UUIDs; asking the guests
 *	cli_ask.c      the question before something is done to people, and the line that answers it
 */
#pragma once

#include "ui/app/app_tasks.h"
#include "ui/cli/options.h"
#include "ui/cli/output.h"

struct cli_vms {
	VEC(struct vm_id);
};

struct cli {
	struct app *app;
	const struct options *options;
	struct output output; /* the command's rows, in its fields */
	struct cli_vms vms;   /* of the command line */
	size_t unasked;       /* of the last cli_ask_guests(): its time was over before they could answer */
	struct output_sink sink;
	bool shows_progress; /* stderr is a terminal, and not --quiet */
	int progress_cells;  /* of the line that stands there now */
	int64_t progress_at; /* clock_ms() of it */
	int64_t written_at;  /* clock_ms() of the last rows of a table that is written as they come */
	bool write_failed;
	int interrupts; /* SIGINT, SIGTERM, SIGHUP so far */
	struct {
		VEC(enum exit_status);
	} exits;             /* of each thing done; the worst is the exit status */
	int status_of_child; /* its exit status is then ours; -1: there was no child */
};

/* "innkeeper: ..." on stderr; non-ASCII as <U+XXXX> on a terminal without UTF-8. */
void cli_say(const char *format, ...) PRINTF_LIKE(1, 2);
/* FILE:LINE: TEXT, one line each. */
void cli_say_complaints(const struct config_complaints *complaints);

enum exit_status cli_exit_of(enum err_kind kind);
void cli_note_exit(struct cli *cli, enum exit_status status);
/* Prints and notes an error. */
void cli_note_error(struct cli *cli, const struct err *err);

/* Turns the loop until over() is true. False: interrupted, or ms (-1: no limit) have passed. */
typedef bool cli_over_fn(struct cli *cli, void *data);
bool cli_wait(struct cli *cli, cli_over_fn *over, void *data, int64_t ms);
cli_over_fn cli_is_set; /* data: a bool */
/* Starts the app and waits for its hosts; reports and notes those that cannot be reached. False: interrupted. */
bool cli_settle(struct cli *cli);

void cli_progress(struct cli *cli, const char *format, ...) PRINTF_LIKE(2, 3);
void cli_progress_clear(struct cli *cli);

/* Fills cli->vms, in the order given, or by host and name. False: reported and noted. */
bool cli_select(struct cli *cli);
/* Which sessions --user, --session, --except-user and --disconnected mean; borrowed. */
struct session_selector cli_selector(const struct options *options);
/* True after an interrupt; notes it. An interrupt before the start means: do not start. */
bool cli_is_interrupted(struct cli *cli);
/* Waits until it is known whether their agents are connected, for a short time. False: interrupted. */
bool cli_wait_for_channels(struct cli *cli, const struct cli_vms *vms);
/* ... and until figures have come: two samples, so this takes a moment. False: interrupted. */
bool cli_wait_for_figures(struct cli *cli, const struct cli_vms *vms);
/* ... or until it is known of which VMs innkeeper disabled logins. */
void cli_wait_for_journal(struct cli *cli);
int64_t cli_guests_ms(const struct cli *cli); /* for guests of cli->vms: --wait-timeout, else by their number */
/*
 * Asks their guests who is logged on, once it is known that they have an agent, and waits (ms -1: until each has
 * answered or its time is over).
 * Those that cannot be asked stay unknown. False: interrupted.
 *
 * answer (NULL: none) is called once for each VM: at the end, in order; where rows stream, as soon as the answer is
 * there, and a guest that is slow comes later. One that has not answered by the end of ms then counts as silent.
 */
typedef void cli_answer_fn(struct cli *cli, const struct vm_id *id);
bool cli_ask_guests(struct cli *cli, const struct cli_vms *vms, int64_t ms, cli_answer_fn *answer);
/* False: it is not known who is logged on there, err says why. */
bool cli_users_known(const struct cli *cli, const struct vm_id *id, struct err *err);

/* The next step for its agent, translated; "" for up. */
const char *cli_advice(const struct vm *vm);
struct vm *cli_vm(const struct cli *cli, const struct vm_id *id); /* NULL: gone meanwhile */
const struct host *cli_host(const struct cli *cli, const struct vm_id *id);

/* Prints part of a question on stderr; a newline only at the very end. */
void cli_ask_line(const char *format, ...) PRINTF_LIKE(1, 2);
/* True: yes. False: declined, or interrupted. verb: enum operation. Shows who is on before it turns the loop. */
bool cli_ask(struct cli *cli, const struct cli_vms *vms, enum operation operation);

/*
 * Writes cli->output in the --output format, ordered by --sort if given (cli_check_first() has checked the column);
 * reports and notes a failure.
 */
void cli_write(struct cli *cli);
/* A table on a terminal that nothing has to be sorted in: rows may be written as they come. */
bool cli_streams(const struct cli *cli);
/* Then the columns of host and VM are wide enough from the beginning. */
void cli_reserve(struct cli *cli, size_t host_column, size_t vm_column);
/* The rows that there are, every now and then; cli_write() writes the rest. */
void cli_write_so_far(struct cli *cli);
void cli_note_written(struct cli *cli, bool written, const struct err *err);
