/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/options.h"

#include "backend/guest/lifecycle.h"
#include "engine/nearest.h"
#include "model/task.h"

#include <errno.h>
#include <getopt.h>

#define ON(command)    (UINT64_C(1) << COMMAND_##command)
#define ON_EVERYTHING  (UINT64_MAX)
#define ON_COMMANDS    (ON_EVERYTHING & ~ON(DASHBOARD))
#define ON_DATA        (ON_COMMANDS & ~(ON(CONSOLE) | ON(VIEWER) | ON(SSH)))
#define ON_VERBS       (ON(START) | ON(SHUTDOWN) | ON(REBOOT) | ON(RESET) | ON(DESTROY) | ON(SUSPEND) | ON(RESUME) | \
			ON(MANAGEDSAVE) | ON(AUTOSTART) | ON(NO_AUTOSTART))
#define ON_GUEST_OPS   (ON(MESSAGE) | ON(LOCK) | ON(DISCONNECT) | ON(CLOSE_DOOR) | ON(OPEN_DOOR) | ON(SET_TIME) | \
			ON(TRIM))
#define ON_SNAPSHOTS   (ON(SNAPSHOT_CREATE) | ON(SNAPSHOT_REVERT) | ON(SNAPSHOT_DELETE))
#define ON_TASKS       (ON(LOGOFF) | ON(MAINTAIN) | ON_GUEST_OPS | ON_VERBS | ON_SNAPSHOTS)
#define FIELD(name)    offsetof(struct options, name)

static const struct command_info commands[COMMAND_COUNT] = {
	[COMMAND_DASHBOARD] = { .name = "", .args = "", .sentence = N_("The dashboard.") },
	[COMMAND_LIST] = { .name = "list", .args = "", .sentence = N_("List every VM of every host.") },
	[COMMAND_USERS] = { .name = "users", .args = N_("[VM]..."), .words = WORDS_VMS,
			    .sentence = N_("List the sessions in the guests; without VM, in every running one whose agent is up.") },
	[COMMAND_INFO] = { .name = "info", .args = N_("VM..."), .words = WORDS_VMS_MUST,
			   .sentence = N_("Tell all that is known of a VM, its agent's data included.") },
	[COMMAND_LOGOFF] = { .name = "logoff", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
			     .sentence = N_("Log off users of the guest, and prove it by the session list.") },
	[COMMAND_MAINTAIN] = { .name = "maintain", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
			       .sentence = N_("Clear the VM for maintenance: close its door to new log-ons, warn, log everybody off, prove it, "
					      "and shut down if wished. Cancelled or failed, it opens the door again.") },
	[COMMAND_MESSAGE] = { .name = "message", .args = N_("VM..."), .words = WORDS_VMS_MUST, .needs_message = true,
			      .sentence = N_("Show --message to everybody logged on.") },
	[COMMAND_LOCK] = { .name = "lock", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
			   .sentence = N_("Lock sessions; Linux with logind alone.") },
	[COMMAND_DISCONNECT] = { .name = "disconnect", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
				 .sentence = N_("Disconnect sessions, which live on without a client; Windows alone.") },
	[COMMAND_CLOSE_DOOR] = { .name = "close-door", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
				 .sentence = N_("Let nobody new log on until open-door; who is on stays on.") },
	[COMMAND_OPEN_DOOR] = { .name = "open-door", .args = N_("VM..."), .words = WORDS_VMS_MUST,
				.sentence = N_("Let people log on again; a door that somebody else closed is left alone.") },
	[COMMAND_SET_TIME] = { .name = "set-time", .args = N_("VM..."), .words = WORDS_VMS_MUST,
			       .sentence = N_("Set the guest's clock to the time of this machine.") },
	[COMMAND_TRIM] = { .name = "trim", .args = N_("VM..."), .words = WORDS_VMS_MUST,
			   .sentence = N_("Give the unused blocks of the guest's file systems back to the storage.") },
	[COMMAND_START] = { .name = "start", .args = N_("VM..."), .words = WORDS_VMS_MUST,
			    .sentence = N_("Start, or restore what managedsave saved.") },
	[COMMAND_SHUTDOWN] = { .name = "shutdown", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
			       .sentence = N_("Shut down, through the agent where it is up, else through ACPI.") },
	[COMMAND_REBOOT] = { .name = "reboot", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
			     .sentence = N_("Reboot, through the agent where it is up, else through ACPI.") },
	[COMMAND_RESET] = { .name = "reset", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
			    .sentence = N_("Reset, like the button: nothing is saved.") },
	[COMMAND_DESTROY] = { .name = "destroy", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
			      .sentence = N_("Pull the plug: nothing is saved.") },
	[COMMAND_SUSPEND] = { .name = "suspend", .args = N_("VM..."), .words = WORDS_VMS_MUST, .asks_first = true,
			      .sentence = N_("Pause.") },
	[COMMAND_RESUME] = { .name = "resume", .args = N_("VM..."), .words = WORDS_VMS_MUST,
			     .sentence = N_("Go on after suspend.") },
	[COMMAND_MANAGEDSAVE] = { .name = "managedsave", .args = N_("VM..."), .words = WORDS_VMS_MUST,
				  .asks_first = true,
				  .sentence = N_("Save the memory to disk and stop; start restores it.") },
	[COMMAND_AUTOSTART] = { .name = "autostart", .args = N_("VM..."), .words = WORDS_VMS_MUST,
				.sentence = N_("Start it whenever its host starts.") },
	[COMMAND_NO_AUTOSTART] = { .name = "no-autostart", .args = N_("VM..."), .words = WORDS_VMS_MUST,
				   .sentence = N_("Do not start it with its host any more.") },
	[COMMAND_SNAPSHOTS] = { .name = "snapshots", .args = N_("[VM]..."), .words = WORDS_VMS,
				.sentence = N_("List the snapshots; without VM, of every one.") },
	[COMMAND_SNAPSHOT_CREATE] = { .name = "snapshot-create", .args = N_("VM..."), .words = WORDS_VMS_MUST,
				      .asks_first = true,
				      .sentence = N_("Take a snapshot. A VM that runs stands still while its memory is kept, too; "
						     "--disk-only keeps the disks alone.") },
	[COMMAND_SNAPSHOT_REVERT] = { .name = "snapshot-revert", .args = N_("VM NAME"), .words = WORDS_VM_AND_NAME,
				      .asks_first = true,
				      .sentence = N_("Go back to a snapshot: what the VM is now is lost.") },
	[COMMAND_SNAPSHOT_DELETE] = { .name = "snapshot-delete", .args = N_("VM NAME"), .words = WORDS_VM_AND_NAME,
				      .asks_first = true,
				      .sentence = N_("Delete a snapshot; the VM, and the snapshots below it, stay as they are.") },
	[COMMAND_CONSOLE] = { .name = "console", .args = N_("VM"), .words = WORDS_VM, .needs_terminal = true,
			      .sentence = N_("The VM's serial console on this terminal, until ^].") },
	[COMMAND_VIEWER] = { .name = "viewer", .args = N_("VM"), .words = WORDS_VM,
			     .sentence = N_("The VM's screen in a window of its own: virt-viewer, or what the configuration says.") },
	[COMMAND_SSH] = { .name = "ssh", .args = N_("VM [-- ARG...]"), .words = WORDS_VM_AND_MORE,
			  .sentence = N_("Log in to the guest with ssh, at the address that its agent or its host tells. ARGs are a "
					 "command there; the exit status is ssh's.") },
	[COMMAND_WATCH] = { .name = "watch", .args = N_("[VM]..."), .words = WORDS_VMS,
			    .sentence = N_("Tell events as they come, one line each, until interrupted. Of VMs that are named, "
					   "or chosen by -f at the start, also who logs on and off: their guests are asked "
					   "every users-interval seconds, a few at a time.") },
	[COMMAND_TASKS] = { .name = "tasks", .args = "",
			    .sentence = N_("List the tasks whose end nobody saw, because innkeeper died or was left; look at one again, "
					   "or forget it.") },
	[COMMAND_DOCTOR] = { .name = "doctor", .args = N_("[VM]..."), .words = WORDS_VMS,
			     .sentence = N_("Tell what would stop a log-off, and the remedy for each.") },
	[COMMAND_CHECK_CONFIG] = { .name = "check-config", .args = N_("[FILE]"), .words = WORDS_ONE_OR_NONE,
				   .sentence = N_("Complain about a configuration file, line by line.") },
};

static const struct option_info table[] = {
	{ .name = "connect", .letter = 'c', .argument = N_("URI"), .commands = ON_EVERYTHING, .type = OPTION_TEXTS,
	  .offset = FIELD(connect),
	  .sentence = N_("A host; repeat it for several. A libvirt URI, a libvirt uri_aliases name, or a host's name from the "
			 "configuration. Without it: the configuration's hosts, else $LIBVIRT_DEFAULT_URI or libvirt's uri_default, "
			 "else qemu:///system for root and the group libvirt, and libvirt's own choice for others.") },
	{ .name = "demo", .argument = N_("SCENARIO"), .argument_may_be_left_out = true, .commands = ON_EVERYTHING,
	  .type = OPTION_TEXT, .offset = FIELD(demo),
	  .sentence = N_("The simulated fleet, same as -c demo:///SCENARIO; needs no libvirt daemon. Scenarios: default, "
			 "fleet:HOSTS,VMS (that many hosts, that many VMs each), or the path of a scenario file.") },
	{ .name = "readonly", .letter = 'r', .commands = ON_EVERYTHING, .type = OPTION_FLAG, .offset = FIELD(readonly),
	  .sentence = N_("Strict: libvirt's own read-only connections. Guest users cannot be seen.") },
	{ .name = "lock", .commands = ON_EVERYTHING, .type = OPTION_FLAG, .offset = FIELD(lock),
	  .sentence = N_("Look, do not touch: users are seen, every action is refused.") },
	{ .name = "delay", .letter = 'd', .argument = N_("SEC"), .commands = ON_EVERYTHING, .type = OPTION_INT,
	  .offset = FIELD(delay_s), .min = 1, .max = 3600,
	  .sentence = N_("Refresh interval of the figures (2); changes of state come at once.") },
	{ .name = "filter", .letter = 'f', .argument = N_("EXPR"), .commands = ON_EVERYTHING, .type = OPTION_TEXT,
	  .offset = FIELD(filter),
	  .sentence = N_("Start with this filter; a command takes the VMs that match instead of names.") },
	{ .name = "sort", .letter = 's', .argument = N_("COLUMN"), .commands = ON_EVERYTHING, .type = OPTION_TEXT,
	  .offset = FIELD(sort), .sentence = N_("Sort by this column; -COLUMN sorts descending.") },
	{ .name = "group", .letter = 'G', .argument = N_("BY"), .commands = ON_EVERYTHING, .type = OPTION_TEXT,
	  .offset = FIELD(group),
	  .sentence = N_("Group the VMs of the dashboard by host, state, os or tag; none: do not.") },
	{ .name = "config", .argument = N_("FILE"), .commands = ON_EVERYTHING, .type = OPTION_TEXT,
	  .offset = FIELD(config), .sentence = N_("Configuration file, instead of the usual ones.") },
	{ .name = "theme", .argument = N_("NAME"), .commands = ON_EVERYTHING, .type = OPTION_TEXT,
	  .offset = FIELD(theme), .sentence = N_("Colours of the dashboard.") },
	{ .name = "ascii", .commands = ON_EVERYTHING, .type = OPTION_FLAG, .offset = FIELD(ascii),
	  .sentence = N_("Draw with ASCII characters only.") },
	{ .name = "no-color", .letter = 'C', .commands = ON_EVERYTHING, .type = OPTION_FLAG, .offset = FIELD(no_color),
	  .sentence = N_("No colours.") },
	{ .name = "mouse", .commands = ON_EVERYTHING, .type = OPTION_FLAG, .offset = FIELD(mouse),
	  .sentence = N_("Let the terminal send mouse clicks.") },
	{ .name = "keepalive-interval", .letter = 'k', .argument = N_("SEC"), .commands = ON_EVERYTHING,
	  .type = OPTION_INT, .offset = FIELD(keepalive_interval_s), .min = 1, .max = 3600,
	  .sentence = N_("Time between two signs of life of a connection (5).") },
	{ .name = "keepalive-count", .letter = 'K', .argument = N_("N"), .commands = ON_EVERYTHING, .type = OPTION_INT,
	  .offset = FIELD(keepalive_count), .min = 1, .max = 1000,
	  .sentence = N_("Signs of life that may be missed (3).") },
	{ .name = "log", .letter = 'l', .argument = N_("FILE"), .commands = ON_EVERYTHING, .type = OPTION_TEXT,
	  .offset = FIELD(log), .sentence = N_("Write the event log to this file.") },
	{ .name = "quiet", .letter = 'q', .commands = ON_EVERYTHING, .type = OPTION_FLAG, .offset = FIELD(quiet),
	  .sentence = N_("No progress, no remarks; errors only.") },
	{ .name = "help", .letter = 'h', .commands = ON_EVERYTHING, .type = OPTION_FLAG, .offset = FIELD(help),
	  .sentence = N_("This help; after a command, the help of that command.") },
	{ .name = "version", .letter = 'V', .commands = ON_EVERYTHING, .type = OPTION_FLAG, .offset = FIELD(version),
	  .sentence = N_("The version.") },

	{ .name = "output", .letter = 'o', .argument = N_("FORMAT"), .commands = ON_DATA, .type = OPTION_FORMAT,
	  .offset = FIELD(output), .sentence = N_("How data are written: text (the default), json or csv.") },
	{ .name = "json", .commands = ON_DATA, .type = OPTION_JSON, .offset = FIELD(output),
	  .sentence = N_("Same as -o json.") },
	{ .name = "user", .argument = N_("NAME"), .commands = ON(LOGOFF) | ON(LOCK) | ON(DISCONNECT) | ON(SSH),
	  .type = OPTION_TEXTS, .offset = FIELD(users),
	  .sentence = N_("Only sessions of this user; repeat it for several. ssh: log in as this user.") },
	{ .name = "session", .argument = N_("ID"), .commands = ON(LOGOFF) | ON(LOCK) | ON(DISCONNECT),
	  .type = OPTION_TEXTS,
	  .offset = FIELD(sessions), .sentence = N_("Only this session; repeat it for several.") },
	{ .name = "except-user", .argument = N_("NAME"), .commands = ON(LOGOFF) | ON(LOCK) | ON(DISCONNECT),
	  .type = OPTION_TEXTS, .offset = FIELD(except_users),
	  .sentence = N_("Leave the sessions of this user alone; repeat it for several. Where nobody of that name is logged on to any "
			 "of the VMs, nothing is done.") },
	{ .name = "allow-unmatched", .commands = ON(LOGOFF) | ON(LOCK) | ON(DISCONNECT), .type = OPTION_FLAG,
	  .offset = FIELD(allow_unmatched),
	  .sentence = N_("Go on although nobody is logged on who is called as --except-user says.") },
	{ .name = "disconnected", .commands = ON(LOGOFF), .type = OPTION_FLAG, .offset = FIELD(disconnected),
	  .sentence = N_("Only sessions that are disconnected; Windows alone has such.") },
	{ .name = "message", .argument = N_("TEXT"),
	  .commands = ON(LOGOFF) | ON(MAINTAIN) | ON(MESSAGE) | ON(CLOSE_DOOR), .type = OPTION_TEXT,
	  .offset = FIELD(message),
	  .sentence = N_("Tell the users this: before they are logged off, or when they find the door closed.") },
	{ .name = "grace", .argument = N_("SEC"), .commands = ON(LOGOFF) | ON(MAINTAIN), .type = OPTION_INT,
	  .offset = FIELD(grace_s),
	  .min = 0, .max = 3600,
	  .sentence = N_("Warn the users, and give them this long to save their work; without --message in words of ours.") },
	{ .name = "force", .commands = ON(LOGOFF) | ON(MAINTAIN) | ON(CONSOLE), .type = OPTION_FLAG,
	  .offset = FIELD(force),
	  .sentence = N_("End locked sessions, too, and kill what does not end by itself; console: throw out whoever is there.") },
	{ .name = "shutdown", .commands = ON(MAINTAIN), .type = OPTION_FLAG, .offset = FIELD(shut_down),
	  .sentence = N_("Shut the VM down when everybody is gone.") },
	{ .name = "name", .argument = N_("NAME"), .commands = ON(SNAPSHOT_CREATE), .type = OPTION_TEXT,
	  .offset = FIELD(name), .sentence = N_("What the snapshot is called; without it, by the time.") },
	{ .name = "description", .argument = N_("TEXT"), .commands = ON(SNAPSHOT_CREATE), .type = OPTION_TEXT,
	  .offset = FIELD(description), .sentence = N_("What the snapshot is for.") },
	{ .name = "disk-only", .commands = ON(SNAPSHOT_CREATE), .type = OPTION_FLAG, .offset = FIELD(disk_only),
	  .sentence = N_("Keep the disks alone, without memory. The agent freezes the file systems meanwhile, where it can; where it "
			 "cannot, the disks are as after a power cut, and that is said.") },
	{ .name = "quiesce", .commands = ON(SNAPSHOT_CREATE), .type = OPTION_FLAG, .offset = FIELD(quiesce),
	  .sentence = N_("As --disk-only, and no snapshot where the guest cannot be quiesced.") },
	{ .name = "no-quiesce", .commands = ON(SNAPSHOT_CREATE), .type = OPTION_FLAG, .offset = FIELD(no_quiesce),
	  .sentence = N_("With --disk-only: take the disks as they are, without asking the agent.") },
	{ .name = "mode", .argument = N_("WAY"), .commands = ON(SHUTDOWN) | ON(REBOOT), .type = OPTION_WAY,
	  .offset = FIELD(way),
	  .sentence = N_("How the guest is asked: agent, or acpi (the power button). Without it: the agent where it is up, else "
			 "ACPI.") },
	{ .name = "recheck", .argument = N_("ID"), .commands = ON(TASKS), .type = OPTION_TEXT, .offset = FIELD(recheck),
	  .sentence = N_("Look at the VM again and tell what came of this task; nothing is sent again.") },
	{ .name = "forget", .argument = N_("ID"), .commands = ON(TASKS), .type = OPTION_TEXT, .offset = FIELD(forget),
	  .sentence = N_("Remove this task from the journal.") },
	{ .name = "timeout", .argument = N_("SEC"), .commands = ON_TASKS, .type = OPTION_INT,
	  .offset = FIELD(timeout_s),
	  .min = 1, .max = 4000, .sentence = N_("How long one task may take (a log-off: 150).") },
	{ .name = "wait-timeout", .argument = N_("SEC"), .commands = ON_TASKS, .type = OPTION_INT,
	  .offset = FIELD(wait_timeout_s), .min = -1, .max = 4000,
	  .sentence = N_("How long the command waits for its tasks; -1, the default: for ever. "
			 "The outcome is then reported as it stands, and what has not ended is left.") },
	{ .name = "parallel", .argument = N_("N"), .commands = ON_TASKS, .type = OPTION_INT, .offset = FIELD(parallel),
	  .min = 1, .max = 1000, .sentence = N_("Tasks that run at the same time (8).") },
	{ .name = "dry-run", .commands = ON_TASKS, .type = OPTION_FLAG, .offset = FIELD(dry_run),
	  .sentence = N_("Tell what would be done, and do nothing.") },
	{ .name = "yes", .commands = ON_TASKS, .type = OPTION_FLAG, .offset = FIELD(yes),
	  .sentence = N_("Do not ask; needed where standard input is no terminal.") },
};

static const struct exit_info exits[] = {
	{ EXIT_DONE, N_("Done.") },
	{ EXIT_UNEXPECTED, N_("An unexpected error (DISP_E_EXCEPTION), or the output could not be written.") },
	{ EXIT_USAGE, N_("The command line or the configuration is wrong.") },
	{ EXIT_NO_VM, N_("There is no such VM (VM_E_VM_UNKNOWN).") },
	{ EXIT_NOT_RUNNING, N_("The VM is not running, or paused.") },
	{ EXIT_NO_AGENT, N_("The agent, or a feature of it, is not available.") },
	{ EXIT_DENIED, N_("Access denied.") },
	{ EXIT_TIMED_OUT, N_("Timed out.") },
	{ EXIT_NOBODY, N_("Nobody was logged on, and nothing else went wrong.") },
	{ EXIT_CANCELLED, N_("Cancelled, or declined at the question.") },
	{ EXIT_MIXED, N_("Several VMs that ended differently; done and nobody was logged on count as the same.") },
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

bool option_is_general(const struct option_info *option)
{
	return option->commands == ON_EVERYTHING;
}

/* --- parsing --- */

static bool take_int(const struct option_info *option, const char *word, int *ret_value, struct err *err)
{
	char *end;
	long long value;

	errno = 0;
	value = strtoll(word, &end, 10);
	if (!*word || *end || errno || value < option->min || value > option->max)
		return err_set(err, ERR_USAGE, _("--%s takes a whole number from %d to %d, not \"%s\""), option->name,
			       option->min, option->max, word);
	*ret_value = (int)value;
	return true;
}

static bool take_format(const char *word, enum output_format *ret_format, struct err *err)
{
	static const char *const names[] = { [OUTPUT_TEXT] = "text", [OUTPUT_JSON] = "json", [OUTPUT_CSV] = "csv" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(word, names[i])) {
			*ret_format = (enum output_format)i;
			return true;
		}
	}
	return err_set(err, ERR_USAGE, _("--output takes text, json or csv, not \"%s\""), word);
}

static bool take_option(struct options *options, size_t index, const char *argument, struct err *err)
{
	const struct option_info *option = &table[index];
	char *field = (char *)options + option->offset;

	options->given |= UINT64_C(1) << index;
	switch (option->type) {
	case OPTION_FLAG:
		*(bool *)field = true;
		return true;
	case OPTION_INT:
		return take_int(option, argument, (int *)field, err);
	case OPTION_TEXT:
		*(const char **)field = argument ? argument : "default";
		return true;
	case OPTION_TEXTS:
		*VEC_PUSH((struct options_words *)field) = argument;
		return true;
	case OPTION_FORMAT:
		return take_format(argument, (enum output_format *)field, err);
	case OPTION_WAY:
		*(int *)field = strcmp(argument, "agent") == 0 ? WAY_AGENT : WAY_ACPI;
		return strcmp(argument, "agent") == 0 || strcmp(argument, "acpi") == 0 ||
		       err_set(err, ERR_USAGE, _("--mode takes agent or acpi, not \"%s\""), argument);
	case OPTION_JSON:
		*(enum output_format *)field = OUTPUT_JSON;
		return true;
	}
	return true;
}

static size_t find_letter(int letter)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (table[i].letter == letter)
			return i;
	return OPTION_COUNT;
}

static bool refuse_option(const char *word, int code, struct err *err)
{
	const char *name = word + strspn(word, "-");
	struct nearest near;

	if (code >= LONG_BASE)
		return err_set(err, ERR_USAGE, _("--%s takes no argument"), table[code - LONG_BASE].name);
	if (code)
		return err_set(err, ERR_USAGE, _("-%c is no option; innkeeper --help lists them"), code);
	nearest_init(&near, name);
	for (size_t i = 0; i < OPTION_COUNT; i++)
		nearest_offer(&near, table[i].name);
	if (near.name)
		return err_set(err, ERR_USAGE, _("%s is no option; did you mean --%s?"), word, near.name);
	return err_set(err, ERR_USAGE, _("%s is no option, or the beginning of several; innkeeper --help lists them"),
		       word);
}

static void make_getopt_rows(struct option rows[OPTION_COUNT + 1], char letters[2 * OPTION_COUNT + 3])
{
	/* '-': words come in their order, whatever POSIXLY_CORRECT says; ':': a missing argument is told apart. */
	*letters++ = '-';
	*letters++ = ':';
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		rows[i] = (struct option){
			.name = table[i].name,
			.has_arg = !table[i].argument ? no_argument :
				   table[i].argument_may_be_left_out ? optional_argument : required_argument,
			.val = LONG_BASE + (int)i,
		};
		if (!table[i].letter)
			continue;
		*letters++ = table[i].letter;
		if (table[i].argument)
			*letters++ = ':';
	}
	rows[OPTION_COUNT] = (struct option){ 0 };
	*letters = '\0';
}

static bool take_words(struct options *options, int argc, char **argv, struct err *err)
{
	struct option rows[OPTION_COUNT + 1];
	char letters[2 * OPTION_COUNT + 3];
	int code;

	make_getopt_rows(rows, letters);
	optind = 0;
	opterr = 0;
	while ((code = getopt_long(argc, argv, letters, rows, NULL)) != -1) {
		const int named = code == ':' ? optopt : code;
		const size_t at = named >= LONG_BASE ? (size_t)(named - LONG_BASE) : find_letter(named);

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

static bool find_command(struct options *options, struct err *err)
{
	struct nearest near;
	const char *word;

	if (!options->words.count)
		return true;
	word = options->words.at[0];
	nearest_init(&near, word);
	for (int id = COMMAND_DASHBOARD + 1; id < COMMAND_COUNT; id++) {
		if (!strcmp(commands[id].name, word)) {
			options->command = (enum command_id)id;
			VEC_REMOVE(&options->words, 0);
			return true;
		}
		nearest_offer(&near, commands[id].name);
	}
	if (near.name)
		return err_set(err, ERR_USAGE, _("there is no command %s; did you mean %s?"), word, near.name);
	return err_set(err, ERR_USAGE, _("there is no command %s; innkeeper --help lists them"), word);
}

static bool check_scope(const struct options *options, struct err *err)
{
	const char *command = commands[options->command].name;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (!(options->given & (UINT64_C(1) << i)) || table[i].commands & (UINT64_C(1) << options->command))
			continue;
		if (options->command == COMMAND_DASHBOARD)
			return err_set(err, ERR_USAGE, _("--%s needs a command"), table[i].name);
		return err_set(err, ERR_USAGE, _("--%s is no option of %s; innkeeper %s --help lists them"),
			       table[i].name, command, command);
	}
	return true;
}

static bool check_names(const struct options *options, struct err *err)
{
	const struct {
		const struct options_words *names;
		const char *option;
	} lists[] = {
		{ &options->users, "user" },
		{ &options->sessions, "session" },
		{ &options->except_users, "except-user" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		for (size_t k = 0; k < lists[i].names->count; k++)
			if (!*lists[i].names->at[k])
				return err_set(err, ERR_USAGE, _("--%s of whom? What it was given is empty"),
					       lists[i].option);
	return true;
}

static bool check_words(struct options *options, struct err *err)
{
	const struct command_info *command = &commands[options->command];
	size_t count = options->words.count;

	switch (command->words) {
	case WORDS_NONE:
		if (count)
			return err_set(err, ERR_USAGE, _("%s takes no names; use --filter to choose"), command->name);
		return true;
	case WORDS_ONE_OR_NONE:
		if (count > 1)
			return err_set(err, ERR_USAGE, _("%s takes one name at the most"), command->name);
		return true;
	case WORDS_VM_AND_NAME:
		if (count != 2 || options->filter)
			return err_set(err, ERR_USAGE, _("%s takes the name of one VM and the name of its snapshot"),
				       command->name);
		options->name = options->words.at[1];
		options->words.at[--options->words.count] = NULL;
		return true;
	case WORDS_VM_AND_MORE:
		if (!count || options->filter)
			return err_set(err, ERR_USAGE, _("%s which VM? Its name, its UUID, or HOST/NAME comes first"),
				       command->name);
		return true;
	case WORDS_VM:
		if (count != 1 || options->filter)
			return err_set(err, ERR_USAGE, _("%s takes one VM: its name, its UUID, or HOST/NAME"),
				       command->name);
		return true;
	case WORDS_VMS_MUST:
		if (!count && !options->filter)
			return err_set(err, ERR_USAGE, _("%s which VM? Name it, or choose with --filter"),
				       command->name);
		/* What a script's variable that is not set leaves of a filter matches everything. */
		if (options->filter && !options->filter[strspn(options->filter, " \t\"~")])
			return err_set(err, ERR_USAGE,
				       _("%s which VM? The filter is empty, and would mean every VM of every host"),
				       command->name);
		/* fall through */
	case WORDS_VMS:
		if (count && options->filter)
			return err_set(err, ERR_USAGE, _("give names of VMs or --filter, not both"));
		return true;
	}
	return true;
}

bool options_parse(struct options *options, int argc, char **argv, struct err *err)
{
	struct options_words *lists[] = { &options->words, &options->connect, &options->users, &options->sessions,
					  &options->except_users };

	*options = (struct options){ .grace_s = -1, .wait_timeout_s = -1 };
	if (!take_words(options, argc, argv, err) || !find_command(options, err))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		*VEC_PUSH(lists[i]) = NULL;
		lists[i]->count--;
	}
	if (options->help || options->version)
		return true;
	if (!check_scope(options, err) || !check_words(options, err) || !check_names(options, err))
		return false;
	if (commands[options->command].needs_message && (!options->message || !*options->message))
		return err_set(err, ERR_USAGE, _("%s what? Say it with --message TEXT"),
			       commands[options->command].name);
	if (options->quiesce && options->no_quiesce)
		return err_set(err, ERR_USAGE, "%s", _("give --quiesce or --no-quiesce, not both"));
	return true;
}

void options_free(struct options *options)
{
	VEC_FREE(&options->words);
	VEC_FREE(&options->connect);
	VEC_FREE(&options->users);
	VEC_FREE(&options->sessions);
	VEC_FREE(&options->except_users);
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
}
