/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/config_internal.h"
#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct config config;
static struct config_complaints complaints;
static struct err err;
static char dir[64];

static void start_anew(void)
{
	config_free(&config);
	config_complaints_free(&complaints);
	config_defaults(&config);
	err = (struct err){ 0 };
}

static bool read_text(const char *text)
{
	char *bytes = keep(mem_strdup(text));
	bool ok;

	start_anew();
	ok = config_take_bytes(&config, "the.conf", bytes, strlen(bytes), &complaints, &err);
	return ok;
}

static void accepts(const char *text)
{
	assert_true(read_text(text));
	for (size_t i = 0; i < complaints.count; i++)
		print_message("%d: %s\n", complaints.at[i].line, text_str(complaints.at[i].text));
	assert_int_equal(complaints.count, 0);
}

static void complaint_is(size_t index, int line, const char *part)
{
	assert_true(index < complaints.count);
	assert_int_equal(complaints.at[index].line, line);
	assert_says(text_str(complaints.at[index].text), part);
}

static void complains(const char *text, int line, const char *part)
{
	assert_true(read_text(text));
	assert_int_equal(complaints.count, 1);
	complaint_is(0, line, part);
}

static void refuses(const char *text, int line, const char *part)
{
	assert_false(read_text(text));
	assert_int_equal(complaints.count, 1);
	complaint_is(0, line, part);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_int_equal(config.delay_s, 2);
}

static char *path_in_dir(const char *name)
{
	return mem_printf("%s/%s", dir, name);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static bool load(const char *path)
{
	start_anew();
	return config_load(&config, path, &complaints, &err);
}

static int make_dir(void **state)
{
	snprintf(dir, sizeof(dir), "/tmp/innkeeper-config-XXXXXX");
	return mkdtemp(dir) ? setenv("XDG_CONFIG_HOME", dir, 1) || unsetenv("INNKEEPER_CONFIG") : -1;
}

FIXTURE(remove_dir)
{
	FOR_EACH(const char *, name, "a.conf", "fifo", "link", "innkeeper/innkeeper.conf", "innkeeper") {
		char *path = keep(path_in_dir(*name));

		remove(path);
	}
	start_anew();
	config_free(&config);
	unsetenv("INNKEEPER_CONFIG");
	assert_int_equal(rmdir(dir), 0);
}

/* --- settings --- */

TEST(every_default_lies_in_its_range)
{
	size_t count;
	const struct config_setting_info *info = config_settings(&count);

	start_anew();
	for (size_t i = 0; i < count; i++) {
		const char *field = (const char *)&config + info[i].offset;

		assert_true(strlen(info[i].sentence) > 10);
		if (info[i].type == CONFIG_INT) {
			assert_in_range(*(const int *)field, info[i].min, info[i].max);
			assert_int_equal(*(const int *)field, info[i].default_int);
		} else if (info[i].type == CONFIG_STRING) {
			assert_string_equal(*(char *const *)field, info[i].default_string);
		}
	}
}

TEST(settings_of_each_type_are_read)
{
	accepts("delay = 5;\ntheme = \"dark\"; mouse = true;\n# remark\nparallel = 3L; // another\n");
	assert_int_equal(config.delay_s, 5);
	assert_int_equal(config.parallel, 3);
	assert_string_equal(config.theme, "dark");
	assert_true(config.mouse);
}

TEST(a_mistyped_setting_gets_the_nearest_name)
{
	complains("\n\ndelai = 5;\n", 3, "did you mean delay?");
	assert_int_equal(config.delay_s, 2);
}

TEST(a_setting_like_no_other_is_said_to_be_unknown)
{
	complains("favourite-colour = 5;", 1, "unknown setting favourite-colour; ignored");
}

TEST(a_number_out_of_range_is_clamped_and_reported)
{
	complains("delay = 0;", 1, "1 to 3600");
	assert_int_equal(config.delay_s, 1);
	complains("delay = -1;", 1, "not -1");
	assert_int_equal(config.delay_s, 1);
	complains("slots = 1000;", 1, "using 8");
	assert_int_equal(config.slots, 8);
}

TEST(a_number_too_large_for_the_parser_is_clamped_like_any_other)
{
	FOR_EACH(const char *, number, "9223372036854775808", "2147483648", "00000000000000000004294967298",
		 "0xFFFFFFFFFF", "0x80000000", "9999999999L") {
		char *text = keep(mem_printf("delay = %s;\nmouse = true;", *number));

		complains(text, 1, "using 3600");
		assert_int_equal(config.delay_s, 3600);
		assert_true(config.mouse);
	}
	complains("delay = -9999999999;", 1, "using 1");
}

TEST(the_largest_numbers_that_fit_stay_what_they_are)
{
	complains("delay = 2147483647;", 1, "not 2147483647");
	complains("delay = 0x7fffffff;", 1, "not 2147483647");
}

TEST(a_number_with_leading_zeros_is_decimal)
{
	accepts("delay = 0010; parallel = 08;");
	assert_int_equal(config.delay_s, 10);
	assert_int_equal(config.parallel, 8);
	accepts("delay = 010L;");
	assert_int_equal(config.delay_s, 10);
	accepts("delay = 0x0010;");
	assert_int_equal(config.delay_s, 16);
	complains("delay = -010;", 1, "not -10");
	complains("delay = 000;", 1, "not 0");
	complains("delay = 010.5;", 1, "a decimal number");
}

TEST(a_value_of_the_wrong_type_is_ignored_with_its_line)
{
	complains("mouse = true;\ndelay = \"5\";", 2, "delay: expected a whole number, got a string");
	complains("delay = 1e999;", 1, "a decimal number");
	complains("theme = 7;", 1, "theme: expected a string in quotation marks");
	complains("mouse = 1;", 1, "mouse: expected true or false");
	complains("hosts = { a = 1; };", 1, "hosts: expected a list");
	complains("keys = ( );", 1, "keys: expected a group");
}

TEST(a_setting_that_is_there_twice_is_an_error_with_its_line)
{
	refuses("delay = 3;\ndelay = 4;\n", 2, "duplicate");
}

TEST(a_syntax_error_has_its_line_and_changes_nothing)
{
	refuses("delay = 9;\n\ntheme = = 3;\n", 3, "syntax error in this line");
}

/* --- hosts and keys --- */

static void is_told(const char *text, int grace_s, const char *reason, const char *expected)
{
	OWN(bytes) char *told = config_message(&config, text, grace_s, reason, "web01", NULL);

	assert_string_equal(told, expected);
}

TEST(messages_have_names_and_places_for_what_is_known_later)
{
	accepts("messages = ( { name = \"patch\"; text = \"{vm} ends in {minutes} min: {reason}.\"; },"
		" { name = \"bye\"; text = \"Please log off.\"; } );");
	is_told("@patch", 61, "ticket 8812", "web01 ends in 2 min: ticket 8812.");
	is_told("@patch", 0, NULL, "web01 ends in 1 min: .");
	is_told("@bye", 60, "a new {vm}", "Please log off. Reason: a new {vm}");
	is_told("Log {off}", 60, NULL, "Log {off}");
	is_told("Log {off}", 60, "patch", "Log {off} Reason: patch");
	is_told("@all: log off", 60, NULL, "@all: log off");
	assert_null(config_message(&config, "@pacth", 60, NULL, "web01", &err));
	assert_says(err.buf, "no message is called @pacth");
	complains("messages = ( { name = \"a\"; text = \"{host} ends\"; } );", 1, "message a: unknown placeholder");
	complains("messages = ( { name = \"a\"; } );", 1, "a message needs a text, and a name without blanks; ignored");
	complains("messages = ( { name = \"a b\"; text = \"x\"; } );", 1, "a message needs a text");
	complains("messages = ( \"x\" );", 1, "a message must be a group");
	complains("messages = 1;", 1, "messages: expected a list of groups");
}

TEST(filters_get_names_that_the_filter_may_use)
{
	accepts("filter = \"@night\"; filters = ( { name = \"night\"; expr = \"state:running !db\"; } );");
	assert_int_equal(config.filters.count, 1);
	assert_string_equal(config.filters.at[0].words, "state:running !db");
	assert_string_equal(config.filter, "@night");
	complains("filter = \"@day\"; filters = ( { name = \"night\"; expr = \"web\"; } );", 1,
		  "unknown saved filter; valid: @night");
	assert_string_equal(config.filter, "");
}

TEST(a_filter_with_a_name_has_to_be_a_good_one)
{
	complains("filters = { a = 1; };", 1, "filters: expected a list of groups");
	complains("filters = ( \"web\" );", 1,
		  "a filter must be a group, { name = \"...\"; expr = \"...\"; }; ignored");
	complains("filters = ( { name = \"a\"; } );", 1, "a filter needs a name and an expr; ignored");
	complains("filters = ( { name = \"a b\"; expr = \"web\"; } );", 1,
		  "a name must not contain blanks or any of \"<>=!:~|@");
	complains("filters = ( { name = \"a\"; expr = \"nofield:x\"; } );", 1,
		  "quote it to search for the word itself");
	complains("filters = ( { name = \"a\"; expr = \"web\"; },\n{ name = \"A\"; expr = \"@a\"; } );", 2,
		  "the second one is ignored");
	assert_int_equal(config.filters.count, 1);
	complains("filters = ( { name = \"a\"; expr = \"web\"; },\n{ name = \"b\"; expr = \"@a\"; } );", 2,
		  "no saved filters");
	complains("filters = ( { name = \"a\"; expr = \"web\"; exp = \"x\"; } );", 1, "did you mean expr?");
}

TEST(hosts_are_read_in_their_order)
{
	accepts("hosts = ( { name = \"a\"; uri = \"qemu:///system\"; },\n"
		"  { name = \"b\"; uri = \"qemu+ssh://b/system\"; production = true; readonly = true; } );");
	assert_int_equal(config.count, 2);
	assert_string_equal(config.at[0].name, "a");
	assert_false(config.at[0].production);
	assert_string_equal(config_find_host(&config, "b")->uri, "qemu+ssh://b/system");
	assert_true(config_find_host(&config, "b")->production);
	assert_true(config_find_host(&config, "b")->readonly);
	assert_null(config_find_host(&config, "c"));
}

TEST(a_bad_host_is_left_out_and_the_others_stay)
{
	complains("hosts = (\n{ name = \"a/b\"; uri = \"x:///\"; },\n{ name = \"c\"; uri = \"x:///\"; } );", 2,
		  "contains a /; ignored");
	assert_int_equal(config.count, 1);
	complains("hosts = (\n{ name = \"a\"; },\n{ name = \"c\"; uri = \"x:///\"; } );", 2,
		  "a host needs a name and a uri; ignored");
	complains("hosts = ( { name = \"c\"; uri = \"x:///\"; },\n{ name = \"c\"; uri = \"y:///\"; } );", 2,
		  "duplicate host name c");
	assert_string_equal(config.at[0].uri, "x:///");
	complains("hosts = ( \"c\" );", 1, "a host must be a group, { name = \"...\"; uri = \"...\"; }; ignored");
	complains("hosts = ( { name = \"c\"; urj = \"x:///\"; uri = \"y:///\"; } );", 1, "did you mean uri?");
}

TEST(keys_are_read_for_actions_that_exist)
{
	accepts("keys = { logoff = \"F9 ^K\"; task-cancel = \"\"; };");
	assert_int_equal(config.keys.count, 2);
	assert_string_equal(config.keys.at[0].action, "logoff");
	assert_string_equal(config.keys.at[0].keys, "F9 ^K");
	complains("keys = {\n logof = \"L\"; };", 2, "did you mean logoff?");
	complains("keys = {\n make-coffee = \"L\"; };", 2, "unknown action make-coffee");
}

TEST(a_key_that_nobody_has_is_reported)
{
	complains("keys = {\n logoff = \"Hyper-Q\"; };", 2, "Hyper-Q");
	assert_int_equal(config.keys.count, 0);
}

TEST(two_actions_on_one_key_are_reported_with_the_one_that_has_it)
{
	complains("keys = {\n logoff = \"F9 F7\";\n shutdown = \"F7\"; };", 3, "in line 2 to logoff");
	complaint_is(0, 3, "key F7 is assigned to shutdown");
	complaint_is(0, 3, "shutdown gets it");
	complains("keys = {\n logoff = \"f9\"; destroy = \"F7\";\n shutdown = \"F9\"; };", 3, "in line 2 to logoff");
	accepts("keys = { logoff = \"F9 F9\"; shutdown = \"F7\"; };");
	accepts("keys = { logoff = \"S\"; shutdown = \"L\"; };");
}

TEST(an_action_that_loses_its_last_key_is_reported)
{
	complains("keys = {\n logoff = \"x\"; };", 2, "logoff takes the key x from task-cancel");
	accepts("keys = { logoff = \"x\"; task-cancel = \"\"; };");
	accepts("keys = { logoff = \"x\"; task-cancel = \"L\"; };");
	accepts("keys = { logoff = \"F10\"; };");
	complains("keys = {\n logoff = \"x\";\n shutdown = \"x\"; task-cancel = \"F7\"; };", 3, "in line 2 to logoff");
}

TEST(filter_sort_and_columns_are_checked_by_their_own_grammar)
{
	accepts("filter = \"state:running\"; sort = \"-cpu\"; columns = \"name users\";");
	assert_string_equal(config.sort, "-cpu");
	complains("mouse = true;\nsort = \"colour\";", 2, "sort: ");
	assert_string_equal(config.sort, "");
	complains("columns = \"name colour\";", 1, "columns: ");
	complains("filter = \"stat:running\";", 1, "filter: ");
	assert_string_equal(config.filter, "");
}

/* --- bytes --- */

TEST(bom_crlf_and_a_missing_last_newline_are_accepted)
{
	accepts("\xef\xbb\xbf"
		"delay = 7;\r\nmouse = true;\r\n\r\nslots = 2");
	assert_int_equal(config.delay_s, 7);
	assert_int_equal(config.slots, 2);
}

TEST(a_nul_byte_is_refused_with_its_line)
{
	char bytes[] = "delay = 3;\nmouse = \0true;\n";

	start_anew();
	assert_false(config_take_bytes(&config, "the.conf", bytes, sizeof(bytes) - 1, &complaints, &err));
	complaint_is(0, 2, "NUL");
	assert_int_equal(config.delay_s, 2);
}

TEST(bytes_that_are_no_text_become_visible)
{
	accepts("message = \"a\xff\x1b[2J\";");
	assert_string_equal(config.message, "a\\xFF<U+001B>[2J");
}

TEST(include_is_refused_wherever_a_line_begins_with_it)
{
	refuses("delay = 9;\n@include \"/dev/zero\"\n", 2, "@include");
	refuses("  \t@include \"x\"", 1, "@include");
	refuses("message = \"\n@include \"; delay = 9;", 2, "@include");
	refuses("/*\n\n@include \"x\" */ delay = 9;", 3, "@include");
	accepts("message = \"mail @include\";");
}

TEST(deep_nesting_is_refused_and_brackets_in_texts_do_not_count)
{
	char text[300] = "a = ";

	memset(text + 4, '(', CONFIG_DEPTH_MAX + 1);
	refuses(text, 1, "nested too deeply");
	accepts("message = \"((((((((((((((((((((((((((((((((((((((((((((((((((\"; "
		"/* {{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{ */");
}

TEST(a_hundred_thousand_brackets_are_refused_at_once)
{
	size_t len = 100000;
	char *text = keep(mem_zalloc(len + 1));

	memset(text, '{', len);
	refuses(text, 1, "nested too deeply");
}

TEST(a_text_or_comment_without_end_names_the_line_where_it_begins)
{
	refuses("mouse = true;\nmessage = \"abc\n\n\n", 2, "unterminated string");
	refuses("\n/* abc\n\n\n", 2, "unterminated comment");
	refuses("message = \"abc\\\"", 1, "unterminated string");
}

/* --- files --- */

TEST_WITH(a_file_is_read_by_its_name, make_dir, remove_dir)
{
	char *path = keep(path_in_dir("a.conf"));

	write_file(path, "delay = 11;\nmouse = 3;\n", 0600);
	assert_true(load(path));
	assert_int_equal(config.delay_s, 11);
	complaint_is(0, 2, "mouse");
	assert_string_equal(complaints.at[0].file, path);
}

TEST_WITH(a_file_that_is_not_there_is_an_error_when_it_was_named, make_dir, remove_dir)
{
	assert_false(load("/nonexistent/innkeeper.conf"));
	assert_int_equal(complaints.count, 1);
	setenv("INNKEEPER_CONFIG", "/nonexistent/innkeeper.conf", 1);
	assert_false(load(NULL));
	unsetenv("INNKEEPER_CONFIG");
	assert_true(load(NULL));
}

TEST_WITH(a_named_file_beats_the_environment_and_that_beats_the_users_file, make_dir, remove_dir)
{
	char *named = keep(path_in_dir("a.conf")), *folder = keep(path_in_dir("innkeeper")),
	     *own = keep(path_in_dir("innkeeper/innkeeper.conf"));

	assert_int_equal(mkdir(folder, 0700), 0);
	write_file(own, "delay = 21;", 0600);
	write_file(named, "delay = 22;", 0600);
	assert_true(load(NULL));
	assert_int_equal(config.delay_s, 21);
	setenv("INNKEEPER_CONFIG", named, 1);
	assert_true(load(NULL));
	assert_int_equal(config.delay_s, 22);
	assert_true(load(own));
	assert_int_equal(config.delay_s, 21);
}

TEST(a_later_file_lies_over_an_earlier_one)
{
	char first[] =
		"delay = 5; slots = 2; hosts = ( { name = \"a\"; uri = \"x:///\"; } ); keys = { logoff = \"F8\"; };";
	char second[] = "delay = 6; hosts = ( { name = \"b\"; uri = \"y:///\"; } ); keys = { logoff = \"F7\"; };";

	start_anew();
	assert_true(config_take_bytes(&config, "1", first, strlen(first), &complaints, &err));
	assert_true(config_take_bytes(&config, "2", second, strlen(second), &complaints, &err));
	assert_int_equal(complaints.count, 0);
	assert_int_equal(config.delay_s, 6);
	assert_int_equal(config.slots, 2);
	assert_int_equal(config.count, 1);
	assert_string_equal(config.at[0].name, "b");
	assert_int_equal(config.keys.count, 1);
	assert_string_equal(config.keys.at[0].keys, "F7");
}

TEST(keys_of_a_later_file_beat_those_of_an_earlier_one)
{
	char first[] = "keys = { logoff = \"F8\"; shutdown = \"F7\"; };";
	char second[] = "keys = { logoff = \"F7\"; };";

	start_anew();
	assert_true(config_take_bytes(&config, "1", first, strlen(first), &complaints, &err));
	assert_true(config_take_bytes(&config, "2", second, strlen(second), &complaints, &err));
	assert_int_equal(complaints.count, 0);
	assert_int_equal(config.keys.count, 2);
	assert_string_equal(config.keys.at[1].action, "logoff");
	assert_string_equal(config.keys.at[1].keys, "F7");
}

TEST_WITH(only_a_regular_file_is_read_and_nothing_waits, make_dir, remove_dir)
{
	char *fifo = keep(path_in_dir("fifo"));

	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_false(load(fifo));
	complaint_is(0, 0, "not a regular file");
	assert_false(load("/dev/zero"));
	complaint_is(0, 0, "not a regular file");
	assert_false(load(dir));
	complaint_is(0, 0, "not a regular file");
}

TEST(dev_null_is_how_one_says_that_there_is_none)
{
	assert_true(load("/dev/null"));
	assert_int_equal(complaints.count, 0);
}

TEST_WITH(a_file_of_more_than_256_kib_is_refused, make_dir, remove_dir)
{
	char *path = keep(path_in_dir("a.conf"));

	write_file(path, "delay = 3;", 0600);
	assert_int_equal(truncate(path, CONFIG_BYTES_MAX + 1), 0);
	assert_false(load(path));
	complaint_is(0, 0, "larger than 256 KiB");
}

TEST_WITH(a_file_that_others_can_write_to_is_refused, make_dir, remove_dir)
{
	char *path = keep(path_in_dir("a.conf"));

	write_file(path, "delay = 3;", 0620);
	assert_false(load(path));
	complaint_is(0, 0, "chmod go-w");
	assert_int_equal(chmod(path, 0602), 0);
	assert_false(load(path));
	assert_int_equal(chmod(path, 0644), 0);
	assert_true(load(path));
}

TEST_WITH(a_file_of_another_user_is_refused, make_dir, remove_dir)
{
	char *path = path_in_dir("a.conf");

	write_file(path, "delay = 3;", 0600);
	if (chown(path, 65534, 65534) != 0) {
		free(path);
		skip();
	}
	assert_false(load(path));
	complaint_is(0, 0, "belongs to another user");
	free(path);
}

TEST(relative_and_missing_folders_fall_back_to_home)
{
	char *path;

	setenv("HOME", "/home/someone", 1);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	path = keep(config_dir());
	assert_string_equal(path, "/home/someone/.config/innkeeper");
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("HOME");
	assert_null(config_dir());
}

RUN_TESTS("config", NULL, NULL)
