/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/options.h"

#include "backend/guest/lifecycle.h"
#include "engine/filter.h"
#include "engine/nearest.h"
#include "model/task.h"

#include <errno.h>
#include <getopt.h>

#define ON(command)   (UINT64_C(1) << COMMAND_##command)
#define ON_EVERYTHING (UINT64_MAX)
#define ON_COMMANDS   (ON_EVERYTHING & ~ON(DASHBOARD))
#define ON_DATA       (ON_COMMANDS & ~(ON(CONSOLE) | ON(VIEWER) | ON(SSH) | ON(HELP)))
#define ON_OUTPUT     (ON_DATA & ~(ON(METRICS) | ON(CHECK)))
#define ON_OPERATIONS ((UINT64_C(1) << OP_COUNT) - 1)
/* Whose work is one call of libvirt: it takes as long as it takes. */
#define ON_CALLS \
	(ON(MANAGEDSAVE) | ON(AUTOSTART) | ON(NO_AUTOSTART) | ON(SNAPSHOT_CREATE) | ON(SNAPSHOT_REVERT) | \
	 ON(SNAPSHOT_DELETE))
#define INTO(kind, field) .type = OPTION_##kind, .offset = offsetof(struct options, field)

/* clang-format off */
static const struct command_info commands[COMMAND_COUNT] = {
#define OPERATION(id, name, kind, flags, key, action, help, ...)                                                \
	[COMMAND_##id] = {                                                                                       \
		name, (flags) & NEEDS_SNAPSHOT ? N_("VM NAME") : N_("VM..."), action, help,                      \
		(kind) == OPERATION_OF_HOST ? TOPIC_POWER :                                                      \
		(kind) == OPERATION_OF_SNAPSHOT ? TOPIC_SNAPSHOTS : TOPIC_USERS,                                 \
		(flags) & NEEDS_SNAPSHOT ? WORDS_VM_AND_NAME : WORDS_VMS_MUST,                                   \
		(flags) & ASKS_ON_TERMINAL, (flags) & NEEDS_MESSAGE, false                                       \
	},
#include "model/operation_rows.h"
#undef OPERATION

	[COMMAND_LIST] = { "list", N_("[VM]..."), N_("List VMs"),
			   N_("List VMs; without VM, those of all hosts. Guests are asked who is logged on until "
			      "--wait-timeout."), TOPIC_INVENTORY, .words = WORDS_VMS },
	[COMMAND_USERS] = { "users", N_("[VM]..."), N_("List user sessions"),
			    N_("List the sessions in the guests; without VM, of all running VMs whose agent is up."),
			    TOPIC_INVENTORY, .words = WORDS_VMS },
	[COMMAND_INFO] = { "info", N_("VM..."), N_("Show all data of a VM"),
			   N_("Show all data of a VM, including data from its agent."), TOPIC_INVENTORY,
			   .words = WORDS_VMS_MUST },
	[COMMAND_WATCH] = { "watch", N_("[VM]..."), N_("Show events as they come"),
			    N_("Show events as they come, one line each, until interrupted. For VMs given by name or -f, also "
			       "who logs on and off: their guests are asked every users-interval seconds, a few at a time."),
			    TOPIC_INVENTORY, .words = WORDS_VMS },
	[COMMAND_SNAPSHOTS] = { "snapshots", N_("[VM]..."), N_("List snapshots"),
				N_("List snapshots; without VM, of all VMs."), TOPIC_SNAPSHOTS, .words = WORDS_VMS },
	[COMMAND_CONSOLE] = { "console", N_("VM"), N_("Open serial console"),
			      N_("Open the VM's serial console on this terminal; ^] leaves."), TOPIC_ACCESS, WORDS_VM,
			      .needs_terminal = true },
	[COMMAND_VIEWER] = { "viewer", N_("VM"), N_("Open graphical viewer"),
			     N_("Open the VM's display with virt-viewer, or with the viewer from the configuration."),
			     TOPIC_ACCESS, .words = WORDS_VM },
	[COMMAND_SSH] = { "ssh", N_("VM [-- ARG...]"), N_("Log in with ssh"),
			  N_("Log in to the guest with ssh, at the address reported by its agent or host. ARGs are a command to "
			     "run; the exit status is ssh's."), TOPIC_ACCESS, .words = WORDS_VM_AND_MORE },
	[COMMAND_TASKS] = { "tasks", "", N_("List unfinished tasks"),
			    N_("List unfinished tasks: innkeeper ended before they did. Re-check or forget them."),
			    .topic = TOPIC_OTHER },
	[COMMAND_HISTORY] = { "history", N_("[VM]..."), N_("List ended sessions"),
			      N_("List the sessions that ended while a dashboard with the setting history was open."),
			      TOPIC_OTHER, .words = WORDS_VMS },
	[COMMAND_DOCTOR] = { "doctor", N_("[VM]..."), N_("Check what would prevent a log-off"),
			     N_("Check what would prevent a log-off, and show what failed, with remedies."),
			     TOPIC_OTHER, .words = WORDS_VMS },
	[COMMAND_METRICS] = { "metrics", "", N_("Write metrics for Prometheus"),
			      N_("Write metrics for Prometheus (OpenMetrics) to standard output, to a file for node_exporter "
				 "(--textfile), or on request (--listen). No guest is asked without --ask."),
			      .topic = TOPIC_OTHER },
	[COMMAND_CHECK] = { "check", N_("sessions|agents|logins|hosts [VM]..."), N_("Check as a monitoring plugin"),
			    N_("Check as a monitoring plugin, of Nagios or Icinga: the number of sessions, of running VMs "
			       "whose agent is not up, of VMs whose logins are disabled, or of hosts that cannot be reached. "
			       "Writes one line; exit status 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."),
			    TOPIC_OTHER, .words = WORDS_VMS },
	[COMMAND_CHECK_CONFIG] = { "check-config", N_("[FILE]"), N_("Check a configuration file"),
				   N_("Check a configuration file."), TOPIC_OTHER, .words = WORDS_ONE_OR_NONE },
	[COMMAND_HELP] = { "help", N_("[COMMAND]"), N_("Show help"),
			   N_("Show the help of a command, same as COMMAND --help."), TOPIC_OTHER,
			   .words = WORDS_ONE_OR_NONE },
	[COMMAND_DASHBOARD] = { "", "", N_("Open the dashboard"), N_("Open the dashboard."), .topic = TOPIC_OTHER },
};

static const struct option_info table[] = {
	{ .name = "connect", .letter = 'c', .argument = N_("URI"), .commands = ON_EVERYTHING, INTO(TEXTS, connect),
	  .words = "HOSTS",
	  .sentence = N_("Connect to this host; repeat for several. A libvirt URI, a libvirt uri_aliases name, or a "
			 "host name from the configuration. Default: the configuration's hosts, else "
			 "$LIBVIRT_DEFAULT_URI or libvirt's uri_default, else qemu:///system for root and the group "
			 "libvirt, and libvirt's own default for others.") },
	{ .name = "demo", .argument = N_("SCENARIO"), .argument_may_be_left_out = true, .commands = ON_EVERYTHING,
	  INTO(TEXT, demo),
	  .words = "default fleet: FILES",
	  .sentence = N_("Simulated fleet, same as -c demo:///SCENARIO; needs no libvirt daemon. Scenarios: default, "
			 "fleet:HOSTS,VMS (number of hosts, number of VMs on each), or the path of a scenario file.") },
	{ .name = "readonly", .letter = 'r', .commands = ON_EVERYTHING, INTO(FLAG, readonly),
	  .sentence = N_("Use libvirt's read-only connections. Guest users are not visible.") },
	{ .name = "lock", .commands = ON_EVERYTHING, INTO(FLAG, lock),
	  .sentence = N_("Show users, but refuse every action.") },
	{ .name = "delay", .letter = 'd', .argument = N_("SEC"), .commands = ON_EVERYTHING, INTO(INT, delay_s),
	  .min = 1, .max = 3600,
	  .sentence = N_("Refresh interval of statistics (default 2); state changes are shown at once.") },
	{ .name = "filter", .letter = 'f', .argument = N_("EXPR"), .commands = ON_EVERYTHING, INTO(TEXT, filter),
	  .words = "FILTERS",
	  .sentence = N_("Initial filter of the dashboard; commands: act on the VMs that match, instead of VM names.") },
	{ .name = "sort", .letter = 's', .argument = N_("COLUMN"), .commands = ON_EVERYTHING, INTO(TEXT, sort),
	  .words = "COLUMNS",
	  .sentence = N_("Sort by this column; -COLUMN sorts descending.") },
	{ .name = "group", .letter = 'G', .argument = N_("BY"), .commands = ON_EVERYTHING, INTO(TEXT, group),
	  .words = "GROUPINGS",
	  .sentence = N_("Group VMs in the dashboard by host, state, os, tag or none.") },
	{ .name = "config", .argument = N_("FILE"), .commands = ON_EVERYTHING, INTO(TEXT, config),
	  .words = "FILES",
	  .sentence = N_("Configuration file to use instead of the default ones.") },
	{ .name = "theme", .argument = N_("NAME"), .commands = ON_EVERYTHING, INTO(TEXT, theme),
	  .words = "THEMES",
	  .sentence = N_("Theme of the dashboard.") },
	{ .name = "language", .argument = N_("LANG"), .commands = ON_EVERYTHING, INTO(TEXT, language),
	  .sentence = N_("Language of texts for people, as pt_BR; en: English. JSON, CSV, names of columns and fields, "
			 "configuration and audit are the same in every language. Default: the configuration's, else the "
			 "locale's.") },
	{ .name = "ascii", .commands = ON_EVERYTHING, INTO(FLAG, ascii),
	  .sentence = N_("Use only ASCII characters.") },
	{ .name = "no-color", .letter = 'C', .commands = ON_EVERYTHING, INTO(FLAG, no_color),
	  .sentence = N_("No colours.") },
	{ .name = "accessible", .commands = ON_EVERYTHING, INTO(FLAG, accessible),
	  .sentence = N_("Dashboard without a screen, as lines of text: for screen readers, pipes and expect. Also "
			 "$INNKEEPER_ACCESSIBLE and $ACCESSIBLE.") },
	{ .name = "mouse", .commands = ON_EVERYTHING, INTO(FLAG, mouse),
	  .sentence = N_("Enable mouse support.") },
	{ .name = "no-state", .commands = ON_EVERYTHING, INTO(FLAG, no_state),
	  .sentence = N_("Ignore the columns, order, groups and theme of the last time, and keep none; keep no names for "
			 "completions.") },
	{ .name = "keepalive-interval", .letter = 'k', .argument = N_("SEC"), .commands = ON_EVERYTHING,
	  INTO(INT, keepalive_interval_s), .min = 1, .max = 3600,
	  .sentence = N_("Interval between keepalive messages (default 5).") },
	{ .name = "keepalive-count", .letter = 'K', .argument = N_("N"), .commands = ON_EVERYTHING,
	  INTO(INT, keepalive_count), .min = 1, .max = 1000,
	  .sentence = N_("Missed keepalives before disconnect (default 3).") },
	{ .name = "log", .letter = 'l', .argument = N_("FILE"), .commands = ON_EVERYTHING, INTO(TEXT, log),
	  .words = "FILES",
	  .sentence = N_("Write the event log to this file.") },
	{ .name = "quiet", .letter = 'q', .commands = ON_EVERYTHING, INTO(FLAG, quiet),
	  .sentence = N_("Show only errors.") },
	{ .name = "help", .letter = 'h', .commands = ON_EVERYTHING, INTO(FLAG, help),
	  .sentence = N_("Show this help; after a command, the help of that command.") },
	{ .name = "version", .letter = 'V', .commands = ON_EVERYTHING, INTO(FLAG, version),
	  .sentence = N_("Show the version.") },
	{ .name = "output", .letter = 'o', .argument = N_("FORMAT"), .commands = ON_OUTPUT, INTO(FORMAT, output),
	  .words = "text json csv",
	  .sentence = N_("Output format: text (default), json or csv.") },
	{ .name = "json", .argument = N_("VERSION"), .argument_may_be_left_out = true, .commands = ON_OUTPUT,
	  INTO(JSON, output), .words = "1",
	  .sentence = N_("Same as -o json. VERSION is that of the fields; there is only 1. A new version may rename or "
			 "remove fields, the same version only gets new ones.") },
	{ .name = "user", .argument = N_("NAME"), .commands = ON(SSH), .operations = CHOOSES_SESSIONS,
	  INTO(TEXTS, users),
	  .words = "USERS",
	  .sentence = N_("Only sessions of this user; repeat for several. ssh: log in as this user.") },
	{ .name = "session", .argument = N_("ID"), .operations = CHOOSES_SESSIONS, INTO(TEXTS, sessions),
	  .sentence = N_("Only this session; repeat for several.") },
	{ .name = "except-user", .argument = N_("NAME"), .operations = CHOOSES_SESSIONS, INTO(TEXTS, except_users),
	  .words = "USERS",
	  .sentence = N_("Skip the sessions of this user; repeat for several. If no user with this name is logged on "
			 "to any of the VMs, nothing is done.") },
	{ .name = "allow-unmatched", .operations = CHOOSES_SESSIONS, INTO(FLAG, allow_unmatched),
	  .sentence = N_("Continue even if no user named with --except-user is logged on.") },
	{ .name = "disconnected", .commands = ON(LOGOFF), INTO(FLAG, disconnected),
	  .sentence = N_("Only disconnected sessions; Windows only.") },
	{ .name = "disconnected-for", .argument = N_("TIME"), .commands = ON(LOGOFF), INTO(DURATION, disconnected_s),
	  .sentence = N_("Only sessions that have been disconnected at least this long: 90s, 15m, 8h, 2d, 1w.") },
	{ .name = "idle", .argument = N_("TIME"), .commands = ON(LOGOFF), INTO(DURATION, idle_s),
	  .sentence = N_("Only sessions without input for at least this long: 90s, 15m, 2h, 1d. A session whose idle "
			 "time is unknown stays.") },
	{ .name = "message", .argument = N_("TEXT"),
	  .commands = ON(LOGOFF) | ON(DRAIN) | ON(MESSAGE) | ON(DISABLE_LOGINS), INTO(TEXT, message),
	  .sentence = N_("Message to the users. logoff, drain: shown before they are logged off; disable-logins: "
			 "shown when they try to log on. @NAME: a message of the configuration.") },
	{ .name = "reason", .argument = N_("TEXT"), .commands = ON_OPERATIONS, INTO(TEXT, reason),
	  .sentence = N_("Why: added to the message to the users, if there is one, and recorded in the journal and the "
			 "audit trail.") },
	{ .name = "grace", .argument = N_("SEC"), .commands = ON(LOGOFF) | ON(DRAIN), INTO(INT, grace_s), .min = 0,
	  .max = 3600,
	  .sentence = N_("Warn the users and wait this long before they are logged off; without --message, with a "
			 "default message.") },
	{ .name = "force", .commands = ON(LOGOFF) | ON(DRAIN) | ON(CONSOLE), INTO(FLAG, force),
	  .sentence = N_("Include locked sessions and kill those that resist; console: take it over from another "
			 "client.") },
	{ .name = "shutdown", .commands = ON(DRAIN), INTO(FLAG, shut_down),
	  .sentence = N_("Shut the VM down after all users are logged off; the default where a host is named.") },
	{ .name = "no-shutdown", .commands = ON(DRAIN), INTO(FLAG, no_shutdown),
	  .sentence = N_("Only log the users of the host's VMs off; the VMs keep running.") },
	{ .name = "skip-blocked", .commands = ON(DRAIN), INTO(FLAG, skip_blocked),
	  .sentence = N_("Drain the other VMs, even if some are blocked.") },
	{ .name = "max-unavailable", .argument = N_("TAG:N"), .commands = ON(DRAIN), INTO(TEXTS, max_unavailable),
	  .sentence = N_("Of the VMs with this tag, at most N may be off, without logins or drained; repeat for several "
			 "tags.") },
	{ .name = "max-failures", .argument = N_("N"), .commands = ON(DRAIN), INTO(INT, max_failures), .min = 1,
	  .max = 1000, .sentence = N_("Start no further VM after N have failed.") },
	{ .name = "deadline", .argument = N_("TIME"), .commands = ON(DRAIN), INTO(DURATION, deadline_s),
	  .sentence = N_("Cancel what is not done after this time: 90s, 30m, 2h.") },
	{ .name = "name", .argument = N_("NAME"), .commands = ON(SNAPSHOT_CREATE), INTO(TEXT, name),
	  .sentence = N_("Name of the snapshot; default: the current time.") },
	{ .name = "description", .argument = N_("TEXT"), .commands = ON(SNAPSHOT_CREATE), INTO(TEXT, description),
	  .sentence = N_("Description of the snapshot.") },
	{ .name = "disk-only", .commands = ON(SNAPSHOT_CREATE), INTO(FLAG, disk_only),
	  .sentence = N_("Snapshot of the disks only, without memory. The agent freezes the file systems meanwhile; "
			 "if it cannot, the disks are as after a power failure, and a note says so.") },
	{ .name = "quiesce", .commands = ON(SNAPSHOT_CREATE), INTO(FLAG, quiesce),
	  .sentence = N_("As --disk-only, but take no snapshot if the guest cannot be quiesced.") },
	{ .name = "no-quiesce", .commands = ON(SNAPSHOT_CREATE), INTO(FLAG, no_quiesce),
	  .sentence = N_("With --disk-only: do not ask the agent to freeze file systems.") },
	{ .name = "mode", .argument = N_("MODE"), .operations = HAS_SHUTDOWN_MODES, INTO(WAY, way),
	  .words = "agent acpi",
	  .sentence = N_("How to ask the guest: agent or acpi (power button). Default: the agent if it is up, else "
			 "ACPI.") },
	{ .name = "recheck", .argument = N_("ID"), .commands = ON(TASKS), INTO(TEXT, recheck),
	  .sentence = N_("Check the VM and show the result of this task; nothing is sent again.") },
	{ .name = "forget", .argument = N_("ID|done|all"), .commands = ON(TASKS), INTO(TEXT, forget),
	  .words = "done all",
	  .sentence = N_("Remove this task from the journal; done: those listed as done; all: all that do not run.") },
	{ .name = "all", .letter = 'a', .commands = ON(DOCTOR), INTO(FLAG, all),
	  .sentence = N_("Show also what is in order.") },
	{ .name = "fix", .commands = ON(DOCTOR), INTO(FLAG, fix),
	  .sentence = N_("Add the agent's channel to the VMs that lack it, after asking.") },
	{ .name = "ask", .commands = ON(METRICS) | ON(CHECK), INTO(FLAG, ask),
	  .sentence = N_("Ask the guests who is logged on, as list does; check sessions always does. With --listen: in the "
			 "background, as the dashboard does.") },
	{ .name = "with-users", .commands = ON(METRICS), INTO(FLAG, with_users),
	  .sentence = N_("Also write how many sessions each user has, by name.") },
	{ .name = "textfile", .argument = N_("PATH"), .commands = ON(METRICS), INTO(TEXT, textfile),
	  .sentence = N_("Replace this file, whole or not at all, for the textfile collector of node_exporter; its name ends "
			 "in .prom.") },
	{ .name = "listen", .argument = N_("ADDRESS"), .commands = ON(METRICS), INTO(TEXT, listen),
	  .sentence = N_("Stay connected, and answer a scraper over HTTP until interrupted. unix:PATH, or a loopback address "
			 "with its port: 127.0.0.1:9177, [::1]:9177; port 0 takes a free one.") },
	{ .name = "warning", .letter = 'w', .argument = N_("RANGE"), .commands = ON(CHECK), INTO(TEXT, warning),
	  .sentence = N_("WARNING outside of this range: 10 is 0 to 10, 5: is 5 or more, ~:5 is 5 or less, @1:3 alerts "
			 "inside. Default: none; agents: 0.") },
	{ .name = "critical", .letter = 'c', .argument = N_("RANGE"), .commands = ON(CHECK), INTO(TEXT, critical),
	  .sentence = N_("CRITICAL outside of this range. Default: none; hosts: 0. Behind check, -c is short for this; a "
			 "host is given before it, or with --connect.") },
	{ .name = "timeout", .argument = N_("SEC"), .commands = ON_OPERATIONS & ~ON_CALLS,
	  INTO(INT, timeout_s), .min = 1, .max = 4000,
	  .sentence = N_("Time-out of one task (log-off: 150).") },
	{ .name = "wait-timeout", .argument = N_("SEC"), .commands = ON_OPERATIONS | ON(LIST) | ON(METRICS) | ON(CHECK),
	  INTO(INT, wait_timeout_s), .min = -1, .max = 4000,
	  .sentence = N_("How long the command waits for its tasks; -1 (default): forever. It then reports their "
			 "current state and exits; commands already sent continue. list, metrics, check: how long it "
			 "waits for the guests' answers; -1 (default): 20 seconds, and 1 more for every 20 VMs.") },
	{ .name = "parallel", .argument = N_("N"), .commands = ON_OPERATIONS, INTO(INT, parallel), .min = 1,
	  .max = 1000,
	  .sentence = N_("Maximum number of tasks that run in parallel (default 8).") },
	{ .name = "dry-run", .commands = ON_OPERATIONS, INTO(FLAG, dry_run),
	  .sentence = N_("Show what would be done, without doing it.") },
	{ .name = "yes", .commands = ON_OPERATIONS | ON(DOCTOR), INTO(FLAG, yes),
	  .sentence = N_("Do not ask for confirmation; required if standard input is not a terminal.") },
};
/* clang-format on */

static const struct exit_info exits[] = {
	{ EXIT_DONE, N_("Done.") },
	{ EXIT_UNEXPECTED, N_("Unexpected error (DISP_E_EXCEPTION), or the output could not be written.") },
	{ EXIT_USAGE, N_("The command line or the configuration is wrong.") },
	{ EXIT_NO_VM, N_("No such VM (VM_E_VM_UNKNOWN).") },
	{ EXIT_NOT_RUNNING, N_("The VM is not running, or paused.") },
	{ EXIT_NO_AGENT, N_("The agent, or a feature of it, is not available.") },
	{ EXIT_DENIED, N_("Access denied.") },
	{ EXIT_TIMED_OUT, N_("Timed out.") },
	{ EXIT_NOBODY, N_("No users were logged on, and nothing else went wrong.") },
	{ EXIT_CANCELLED, N_("Cancelled, or declined at the question.") },
	{ EXIT_MIXED, N_("Several VMs with different results; 0 and 8 count as the same.") },
	{ EXIT_UNREACHABLE, N_("A host could not be reached; the others were served.") },
};

enum {
	OPTION_COUNT = ARRAY_SIZE(table),
	LONG_BASE = 256, /* getopt_long()'s val of a long option: LONG_BASE + index */
};

const struct command_info *command_get(enum command_id id)
{
	return &commands[id];
}

const struct option_info *option_table(size_t *ret_count)
{
	*ret_count = ARRAY_SIZE(table);
	return table;
}

const struct exit_info *exit_table(size_t *ret_count)
{
	*ret_count = ARRAY_SIZE(exits);
	return exits;
}

bool option_applies(const struct option_info *option, enum command_id command)
{
	if (option->commands & (UINT64_C(1) << command))
		return true;
	return (int)command < OP_COUNT && operation_get((enum operation)command)->flags & option->operations;
}

bool option_is_general(const struct option_info *option)
{
	return option->commands == ON_EVERYTHING;
}

/* --- parsing --- */

/* -1: it is none of them. */
static int place_of_word(const char *words, const char *word)
{
	for (int place = 0;; place++, words++) {
		const size_t len = strcspn(words, " ");

		if (strlen(word) == len && !strncmp(words, word, len))
			return place;
		words += len;
		if (!*words)
			return -1;
	}
}

static bool take_option(struct options *options, size_t index, const char *argument, struct err *err)
{
	const struct option_info *option = &table[index];
	char *field = (char *)options + option->offset, *end;
	long long number;
	double ms;
	int place;

	options->given |= UINT64_C(1) << index;
	switch (option->type) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return true;
	case OPTION_INT:
		errno = 0;
		number = strtoll(argument, &end, 10);
		if (!*argument || *end || errno || number < option->min || number > option->max)
			return err_set(err, ERR_USAGE, _("--%s: must be a whole number from %d to %d, not \"%s\""),
				       option->name, option->min, option->max, argument);
		*(int *)field = (int)number;
		return true;
	case OPTION_DURATION:
		if (!filter_parse_duration(argument, &ms) || ms < 1000 || ms > 1e12)
			return err_set(err, ERR_USAGE, _("--%s: must be a time such as 90s, 15m, 2h or 1d, not \"%s\""),
				       option->name, argument);
		*(int64_t *)field = (int64_t)(ms / 1000);
		return true;
	case OPTION_TEXT:
		*(const char **)field = argument ? argument : "default";
		return true;
	case OPTION_TEXTS:
		*VEC_PUSH((struct options_words *)field) = argument;
		return true;
	case OPTION_FORMAT:
		place = place_of_word(option->words, argument);
		*(enum output_format *)field = (enum output_format)MAX(place, 0);
		return place >= 0 ||
		       err_set(err, ERR_USAGE, _("--output: must be text, json or csv, not \"%s\""), argument);
	case OPTION_WAY:
		*(int *)field = WAY_AGENT + place_of_word(option->words, argument);
		return *(int *)field >= WAY_AGENT ||
		       err_set(err, ERR_USAGE, _("--mode: must be agent or acpi, not \"%s\""), argument);
	case OPTION_JSON:
		*(enum output_format *)field = OUTPUT_JSON;
		return !argument || !strcmp(argument, option->words) ||
		       err_set(err, ERR_USAGE, _("--json: there is only version 1 of the fields, not \"%s\""),
			       argument);
	}
	return true;
}

static bool refuse_option(const char *word, int code, struct err *err)
{
	const char *name = word + strspn(word, "-");
	struct nearest near;

	if (code >= LONG_BASE)
		return err_set(err, ERR_USAGE, _("--%s takes no argument"), table[code - LONG_BASE].name);
	if (code)
		return err_set(err, ERR_USAGE, _("invalid option -%c; innkeeper --help lists options"), code);
	nearest_init(&near, name);
	for (size_t i = 0; i < OPTION_COUNT; i++)
		nearest_offer(&near, table[i].name);
	if (near.name)
		return err_set(err, ERR_USAGE, _("unrecognized option '%s'; did you mean --%s?"), word, near.name);
	return err_set(err, ERR_USAGE, _("unrecognized or ambiguous option '%s'; innkeeper --help lists options"),
		       word);
}

/* The row of a code of getopt_long(). A letter of the command's own beats a general one, behind the command. */
static size_t option_of(const struct options *options, int code)
{
	const char *command = options->words.count ? options->words.at[0] : "";
	size_t found = OPTION_COUNT;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (code == LONG_BASE + (int)i)
			return i;
		if (code == table[i].letter &&
		    (found == OPTION_COUNT || !strcmp(command, commands[COMMAND_CHECK].name)))
			found = i;
	}
	return found;
}

static bool take_words(struct options *options, int argc, char **argv, struct err *err)
{
	struct option rows[OPTION_COUNT + 1] = { 0 };
	/* '-': words come in their order, whatever POSIXLY_CORRECT says; ':': a missing argument is told apart. */
	char letters[2 * OPTION_COUNT + 3] = "-:", *letter = letters + strlen(letters);
	int code;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		rows[i] = (struct option){
			.name = table[i].name,
			.has_arg = !table[i].argument                  ? no_argument
				   : table[i].argument_may_be_left_out ? optional_argument
								       : required_argument,
			.val = LONG_BASE + (int)i,
		};
		if (!table[i].letter)
			continue;
		*letter++ = table[i].letter;
		if (table[i].argument)
			*letter++ = ':';
	}
	optind = 0;
	opterr = 0;
	while ((code = getopt_long(argc, argv, letters, rows, NULL)) != -1) {
		const size_t at = option_of(options, code == ':' ? optopt : code);

		if (code == '?')
			return refuse_option(argv[optind - 1], optopt, err);
		if (code == ':')
			return err_set(err, ERR_USAGE, _("--%s needs an argument: %s"), table[at].name,
				       _(table[at].argument));
		if (code == 1)
			*VEC_PUSH(&options->words) = optarg;
		else if (!take_option(options, at, optarg, err))
			return false;
	}
	for (int i = optind; i < argc; i++)
		*VEC_PUSH(&options->words) = argv[i];
	return true;
}

/* --- what fits together --- */

static bool find_command_id(const char *word, enum command_id *ret_command, struct err *err)
{
	struct nearest near;

	nearest_init(&near, word);
	for (int id = 0; id < COMMAND_DASHBOARD; id++) {
		if (!strcmp(commands[id].name, word))
			return *ret_command = (enum command_id)id, true;
		nearest_offer(&near, commands[id].name);
	}
	if (near.name)
		return err_set(err, ERR_USAGE, _("unknown command '%s'; did you mean '%s'?"), word, near.name);
	return err_set(err, ERR_USAGE, _("unknown command '%s'; innkeeper --help lists commands"), word);
}

static bool find_command(struct options *options, struct err *err)
{
	if (!options->words.count)
		return true;
	if (!find_command_id(options->words.at[0], &options->command, err))
		return false;
	VEC_REMOVE(&options->words, 0);
	if (options->command != COMMAND_HELP || options->help)
		return true;
	options->help = true;
	options->command = COMMAND_DASHBOARD;
	return !options->words.count || find_command_id(options->words.at[0], &options->command, err);
}

/* The options that were given, against the command. */
static bool check_options(const struct options *options, struct err *err)
{
	const char *command = commands[options->command].name;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct options_words *texts = (const void *)((const char *)options + table[i].offset);

		if (!(options->given & (UINT64_C(1) << i)))
			continue;
		if (!option_applies(&table[i], options->command) && options->command == COMMAND_DASHBOARD)
			return err_set(err, ERR_USAGE, _("--%s needs a command"), table[i].name);
		if (!option_applies(&table[i], options->command))
			return err_set(err, ERR_USAGE,
				       _("option --%s does not apply to %s; innkeeper %s --help lists options"),
				       table[i].name, command, command);
		if (table[i].type != OPTION_TEXTS || option_is_general(&table[i]))
			continue;
		for (size_t k = 0; k < texts->count; k++) {
			const char *colon = strrchr(texts->at[k], ':');

			if (!*texts->at[k])
				return err_set(err, ERR_USAGE, _("--%s: empty value"), table[i].name);
			if (texts == &options->max_unavailable &&
			    (!colon || !colon[1] || colon[1 + strspn(colon + 1, "0123456789")]))
				return err_set(err, ERR_USAGE, _("--%s: must be a tag and a number, as in web:2"),
					       table[i].name);
		}
	}
	return true;
}

static bool check_words(struct options *options, struct err *err)
{
	const struct command_info *command = &commands[options->command];
	size_t count = options->words.count;

	if (options->command == COMMAND_CHECK && count) {
		options->subject = options->words.at[0];
		VEC_REMOVE(&options->words, 0);
		options->words.at[--count] = NULL;
	}

	if (options->filter && (command->words == WORDS_NONE || command->words == WORDS_ONE_OR_NONE) &&
	    options->command != COMMAND_DASHBOARD)
		return err_set(err, ERR_USAGE, _("option --filter does not apply to %s"), command->name);
	switch (command->words) {
	case WORDS_NONE:
		if (count)
			return err_set(err, ERR_USAGE, _("%s: takes no arguments"), command->name);
		return true;
	case WORDS_ONE_OR_NONE:
		if (count > 1)
			return err_set(err, ERR_USAGE, _("%s: takes at most one argument"), command->name);
		return true;
	case WORDS_VM_AND_NAME:
		if (count != 2 || options->filter)
			return err_set(err, ERR_USAGE, _("%s: needs the name of one VM and the name of its snapshot"),
				       command->name);
		options->name = options->words.at[1];
		options->words.at[--options->words.count] = NULL;
		return true;
	case WORDS_VM_AND_MORE:
		if (!count || options->filter)
			return err_set(err, ERR_USAGE, _("%s: missing VM; its name, UUID, or HOST/NAME comes first"),
				       command->name);
		return true;
	case WORDS_VM:
		if (count != 1 || options->filter)
			return err_set(err, ERR_USAGE, _("%s: needs one VM: its name, UUID, or HOST/NAME"),
				       command->name);
		return true;
	case WORDS_VMS_MUST:
		if (!count && !options->filter)
			return err_set(err, ERR_USAGE, _("%s: missing VM name (or -f EXPR)"), command->name);
		/* An unset variable in a script leaves an empty filter, which would match everything. */
		if (options->filter && !options->filter[strspn(options->filter, " \t\"~")])
			return err_set(err, ERR_USAGE,
				       _("%s: the filter is empty and would select every VM of every host"),
				       command->name);
		/* fall through */
	case WORDS_VMS:
		if (count && options->filter)
			return err_set(err, ERR_USAGE, _("use VM names or --filter, not both"));
		return true;
	}
	return true;
}

bool options_parse(struct options *options, int argc, char **argv, struct err *err)
{
	struct options_words *lists[] = { &options->words,    &options->connect,      &options->users,
					  &options->sessions, &options->except_users, &options->max_unavailable };

	*options = (struct options){ .command = COMMAND_DASHBOARD, .grace_s = -1, .wait_timeout_s = -1 };
	if (!take_words(options, argc, argv, err)) {
		find_command(options, NULL); /* whose exit status it is */
		return false;
	}
	if (!find_command(options, err))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		*VEC_PUSH(lists[i]) = NULL;
		lists[i]->count--;
	}
	if (options->help || options->version)
		return true;
	if (!check_options(options, err) || !check_words(options, err))
		return false;
	if (commands[options->command].needs_message && (!options->message || !*options->message))
		return err_set(err, ERR_USAGE, _("%s: --message is required"), commands[options->command].name);
	if (options->textfile && options->listen)
		return err_set(err, ERR_USAGE, "%s", _("use --textfile or --listen, not both"));
	if (options->shut_down && options->no_shutdown)
		return err_set(err, ERR_USAGE, "%s", _("use --shutdown or --no-shutdown, not both"));
	if (options->quiesce && options->no_quiesce)
		return err_set(err, ERR_USAGE, "%s", _("use --quiesce or --no-quiesce, not both"));
	return true;
}

void options_free(struct options *options)
{
	VEC_FREE(&options->words);
	VEC_FREE(&options->connect);
	VEC_FREE(&options->users);
	VEC_FREE(&options->sessions);
	VEC_FREE(&options->except_users);
	VEC_FREE(&options->max_unavailable);
}

bool options_choose_demo(const struct options *options)
{
	for (size_t i = 0; i < options->connect.count; i++)
		if (strncmp(options->connect.at[i], "demo:", strlen("demo:")) != 0)
			return false;
	return options->demo || options->connect.count;
}

static void override_text(char **setting, const char *text)
{
	if (!text)
		return;
	free(*setting);
	*setting = mem_strdup(text);
}

/* Set, and not to 0. */
static bool is_on(const char *variable)
{
	const char *value = getenv(variable);

	return value && *value && strcmp(value, "0") != 0;
}

void options_apply(const struct options *options, struct config *config)
{
	const struct {
		int *setting, value;
	} numbers[] = {
		{ &config->delay_s, options->delay_s },
		{ &config->keepalive_interval_s, options->keepalive_interval_s },
		{ &config->keepalive_count, options->keepalive_count },
		{ &config->parallel, options->parallel },
	};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		if (numbers[i].value)
			*numbers[i].setting = numbers[i].value;
	override_text(&config->theme, options->theme);
	override_text(&config->sort, options->sort);
	override_text(&config->group, options->group);
	override_text(&config->filter, options->filter);
	config->readonly |= options->readonly;
	config->lock |= options->lock;
	config->ascii |= options->ascii;
	config->mouse |= options->mouse;
	config->accessible |= options->accessible || is_on("INNKEEPER_ACCESSIBLE") || is_on("ACCESSIBLE");
}
