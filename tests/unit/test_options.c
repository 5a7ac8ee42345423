/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/options.h"
#include "unit.h"

enum { WORDS_MAX = 16 };

static struct options options;
static struct err err;

/* Words between blanks. */
static bool parse(const char *line)
{
	static char buf[512];
	char *argv[WORDS_MAX + 2] = { (char *)"innkeeper" }, *save = NULL;
	int argc = 1;

	options_free(&options);
	err = (struct err){ 0 };
	snprintf(buf, sizeof(buf), "%s", line);
	for (char *word = strtok_r(buf, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		assert_true(argc <= WORDS_MAX);
		argv[argc++] = word;
	}
	return options_parse(&options, argc, argv, &err);
}

static void accepts(const char *line)
{
	if (!parse(line))
		fail_msg("%s: %s", line, err.buf);
}

static void refuses(const char *line, const char *part)
{
	assert_false(parse(line));
	assert_int_equal(err.kind, ERR_USAGE);
	assert_says(err.buf, part);
}

static void word_is(size_t index, const char *word)
{
	assert_true(index < options.words.count);
	assert_string_equal(options.words.at[index], word);
}

TEST(no_words_mean_the_dashboard)
{
	accepts("");
	assert_int_equal(options.command, COMMAND_DASHBOARD);
	assert_int_equal(options.wait_timeout_s, -1);
	assert_int_equal(options.connect.count, 0);
}

TEST(a_log_off_can_be_narrowed)
{
	accepts("logoff web01 --except-user alice --except-user bob --disconnected");
	assert_int_equal(options.except_users.count, 2);
	assert_string_equal(options.except_users.at[1], "bob");
	assert_null(options.except_users.at[2]);
	assert_true(options.disconnected);
	refuses("drain web01 --except-user alice", "--except-user does not apply to drain");
}

TEST(a_message_is_refused_without_its_text)
{
	refuses("console web01 web02", "console: needs one VM");
	refuses("console -f web", "console: needs one VM");
	refuses("message web01", "--message is required");
	accepts("message web01 --message Hello");
	assert_string_equal(options.message, "Hello");
}

TEST(every_command_is_found_by_its_name)
{
	for (int id = 0; id < COMMAND_DASHBOARD; id++) {
		const struct command_info *command = command_get((enum command_id)id);
		bool named = command->words == WORDS_VM_AND_NAME;
		bool must = named || command->words == WORDS_VMS_MUST || command->words == WORDS_VM ||
			    command->words == WORDS_VM_AND_MORE;
		char line[64];

		snprintf(line, sizeof(line), "%s%s%s%s", command->name, must ? " web01" : "", named ? " first" : "",
			 command->needs_message ? " --message Hello" : "");
		accepts(line);
		/* `help` alone is --help. */
		assert_int_equal(options.command, id == COMMAND_HELP ? COMMAND_DASHBOARD : id);
		assert_int_equal(options.words.count, must);
		assert_true(strlen(command->sentence) > 3);
	}
}

TEST(a_snapshot_is_named_behind_its_vm)
{
	accepts("snapshot-revert web01 before-update --yes");
	assert_int_equal(options.words.count, 1);
	word_is(0, "web01");
	assert_string_equal(options.name, "before-update");
	refuses("snapshot-delete web01", "the name of its snapshot");
	refuses("snapshot-delete web01 a b", "the name of its snapshot");
	refuses("snapshot-delete -f name:web01 a", "the name of its snapshot");
	refuses("snapshot-create web01 --quiesce --no-quiesce", "not both");
	refuses("snapshots --name x", "option --name does not apply to snapshots");
}

TEST(options_may_stand_before_and_behind_the_command)
{
	accepts("-c qemu:///system logoff --yes web01 -c test:///default --timeout 30 web02");
	assert_int_equal(options.command, COMMAND_LOGOFF);
	assert_int_equal(options.connect.count, 2);
	assert_string_equal(options.connect.at[1], "test:///default");
	assert_null(options.connect.at[2]);
	assert_true(options.yes);
	assert_int_equal(options.timeout_s, 30);
	word_is(0, "web01");
	word_is(1, "web02");
}

TEST(posixly_correct_changes_nothing)
{
	setenv("POSIXLY_CORRECT", "1", 1);
	accepts("logoff web01 --yes");
	unsetenv("POSIXLY_CORRECT");
	assert_true(options.yes);
	assert_int_equal(options.words.count, 1);
}

TEST(behind_check_c_is_critical_and_before_it_a_host)
{
	accepts("-c demo:/// check sessions -c 10 web01 -w 5:");
	assert_string_equal(options.connect.at[0], "demo:///");
	assert_int_equal(options.connect.count, 1);
	assert_string_equal(options.subject, "sessions");
	assert_string_equal(options.critical, "10");
	assert_string_equal(options.warning, "5:");
	assert_int_equal(options.words.count, 1);
	word_is(0, "web01");
	accepts("check hosts --connect demo:///");
	assert_int_equal(options.connect.count, 1);
	refuses("list -w 5", "option --warning does not apply to list");
}

TEST(a_name_that_looks_like_an_option_comes_behind_two_dashes)
{
	accepts("info -- --help -x");
	assert_false(options.help);
	word_is(0, "--help");
	word_is(1, "-x");
}

TEST(a_list_option_keeps_every_value_in_its_order)
{
	accepts("logoff web01 --user alice --user bob --session 3");
	assert_int_equal(options.users.count, 2);
	assert_string_equal(options.users.at[0], "alice");
	assert_string_equal(options.users.at[1], "bob");
	assert_null(options.users.at[2]);
	assert_string_equal(options.sessions.at[0], "3");
}

TEST(a_value_may_begin_with_a_dash)
{
	accepts("-s -cpu");
	assert_string_equal(options.sort, "-cpu");
	accepts("logoff web01 --wait-timeout -1");
	assert_int_equal(options.wait_timeout_s, -1);
}

TEST(demo_takes_a_scenario_behind_an_equals_sign_only)
{
	accepts("--demo list");
	assert_string_equal(options.demo, "default");
	assert_int_equal(options.command, COMMAND_LIST);
	accepts("--demo=fleet:3,4 list");
	assert_string_equal(options.demo, "fleet:3,4");
}

TEST(output_is_text_unless_said)
{
	accepts("list");
	assert_int_equal(options.output, OUTPUT_TEXT);
	accepts("list -o csv");
	assert_int_equal(options.output, OUTPUT_CSV);
	accepts("list --json");
	accepts("list --json=1");
	refuses("list --json=2", "there is only version 1");
	assert_int_equal(options.output, OUTPUT_JSON);
	refuses("list -o xml", "text, json or csv");
	refuses("--json", "needs a command");
}

TEST(numbers_keep_to_their_ranges)
{
	refuses("-d 0", "--delay: must be a whole number from 1 to 3600, not \"0\"");
	refuses("-d 3601", "3600");
	refuses("-d 1.5", "whole number");
	refuses("-d 2x", "whole number");
	refuses("-d 99999999999999999999", "whole number");
	refuses("logoff a --wait-timeout -2", "from -1 to 4000");
	refuses("logoff a --wait-timeout 4001", "from -1 to 4000");
	accepts("logoff a --wait-timeout 4000 --parallel 1 --grace 0");
	assert_int_equal(options.grace_s, 0);
}

TEST(what_was_mistyped_gets_the_nearest_name)
{
	refuses("lst", "unknown command 'lst'; did you mean 'list'?");
	refuses("logof web01", "unknown command 'logof'; did you mean 'logoff'?");
	refuses("log", "unknown command 'log'; did you mean 'logoff'?");
	refuses("list --jason", "unrecognized option '--jason'; did you mean --json?");
	refuses("frobnicate", "unknown command 'frobnicate'; innkeeper --help lists commands");
	refuses("--frobnicate", "unrecognized or ambiguous option '--frobnicate'; innkeeper --help lists options");
	refuses("-Z", "invalid option -Z");
	refuses("-c", "--connect needs an argument: URI");
	refuses("list --quiet=1", "--quiet takes no argument");
}

TEST(an_option_of_another_command_is_refused)
{
	refuses("list --force", "option --force does not apply to list");
	refuses("start web01 --user alice", "option --user does not apply to start");
	refuses("--yes", "--yes needs a command");
	accepts("start web01 --timeout 3 --dry-run --parallel 2 --yes");
	refuses("managedsave web01 --timeout 3", "option --timeout does not apply to managedsave");
	refuses("snapshot-create web01 --timeout 3", "option --timeout does not apply to snapshot-create");
	accepts("list --wait-timeout 3");
}

TEST(vms_are_named_or_filtered_but_not_both)
{
	refuses("logoff", "logoff: missing VM name (or -f EXPR)");
	accepts("logoff -f state:running");
	refuses("logoff web01 -f state:running", "not both");
	accepts("users");
	accepts("list web01 web02");
	refuses("list web01 -f web", "not both");
	refuses("tasks web01", "tasks: takes no arguments");
	refuses("tasks -f web", "option --filter does not apply to tasks");
	refuses("check-config -f web", "option --filter does not apply to check-config");
	refuses("check-config a b", "takes at most one argument");
}

/* A script's variable that is not set. */
TEST(nothing_given_is_not_everything_meant)
{
	refuses("logoff --yes --filter=", "the filter is empty and would select every VM of every host");
	refuses("logoff --yes --filter=\"\"", "the filter is empty and would select every VM of every host");
	refuses("destroy --yes --filter=~\t", "the filter is empty and would select every VM of every host");
	accepts("list --filter=");
	accepts("--filter=");
	refuses("logoff web01 --user=", "--user");
	refuses("logoff web01 --session=4 --session=", "--session");
	refuses("logoff web01 --except-user=", "--except-user");
}

TEST(help_is_given_whatever_else_is_missing)
{
	accepts("logoff --help");
	assert_true(options.help);
	assert_int_equal(options.command, COMMAND_LOGOFF);
	accepts("help logoff");
	assert_true(options.help);
	assert_int_equal(options.command, COMMAND_LOGOFF);
	accepts("help");
	assert_true(options.help);
	assert_int_equal(options.command, COMMAND_DASHBOARD);
	refuses("help logof", "unknown command 'logof'; did you mean 'logoff'?");
	accepts("-V");
	assert_true(options.version);
}

TEST(options_beat_the_configuration_only_where_they_were_given)
{
	OWN(config) struct config config;

	config_defaults(&config);
	config.delay_s = 9;
	config.parallel = 3;
	config.lock = true;
	accepts("-d 4 -r --theme dark -f web -s -cpu");
	options_apply(&options, &config);
	assert_int_equal(config.delay_s, 4);
	assert_int_equal(config.parallel, 3);
	assert_true(config.lock);
	assert_true(config.readonly);
	assert_string_equal(config.theme, "dark");
	assert_string_equal(config.filter, "web");
	assert_string_equal(config.sort, "-cpu");
}

static char *help_of(enum command_id command)
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&bytes, &len);

	assert_non_null(stream);
	options_print_help(stream, command);
	fclose(stream);
	return bytes;
}

TEST(help_tells_of_every_option_and_command_within_80_columns)
{
	size_t count;
	const struct option_info *table = option_table(&count);
	char *help = keep(help_of(COMMAND_DASHBOARD));
	size_t len = 0;

	for (size_t i = 0; i < count; i++) {
		char name[64];

		snprintf(name, sizeof(name), "--%s", table[i].name);
		assert_non_null(strstr(help, name));
	}
	for (int id = 0; id < COMMAND_DASHBOARD; id++) {
		char name[64];

		snprintf(name, sizeof(name), "\n  %s ", command_get((enum command_id)id)->name);
		assert_non_null(strstr(help, name));
	}
	for (const char *c = help; *c; c++) {
		len = *c == '\n' ? 0 : len + 1;
		assert_true(len <= 80);
	}
}

TEST(help_of_a_command_tells_of_its_own_options_alone)
{
	char *help = keep(help_of(COMMAND_START));

	assert_non_null(strstr(help, "--timeout"));
	assert_null(strstr(help, "--force"));
	assert_null(strstr(help, "--connect"));
}

TEST(no_two_options_share_a_name_or_a_letter)
{
	size_t count;
	const struct option_info *table = option_table(&count);

	assert_true(count < 64); /* options.given */
	for (size_t i = 0; i < count; i++)
		for (size_t k = i + 1; k < count; k++) {
			assert_string_not_equal(table[i].name, table[k].name);
			/* A plugin's -c is --critical, wherever it stands behind `check`. */
			assert_true(!table[i].letter || table[i].letter != table[k].letter ||
				    (!strcmp(table[i].name, "connect") && !strcmp(table[k].name, "critical")));
		}
}

TEST(every_exit_status_has_its_sentence)
{
	size_t count;
	const struct exit_info *exits = exit_table(&count);

	assert_int_equal(count, EXIT_UNREACHABLE + 1);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(exits[i].status, i);
}

FIXTURE(free_options)
{
	options_free(&options);
}

RUN_TESTS("options", NULL, free_options)
