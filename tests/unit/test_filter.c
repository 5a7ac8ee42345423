/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/filter.h"
#include "fleet.h"
#include "unit.h"

static struct inventory *inventory;
static struct vm *vm; /* web-01 on host a: runs, Debian, alice and bob are on, 2 GiB, 50 % */

FIXTURE(open_fleet)
{
	inventory = fleet_create();
	vm = fleet_tell(inventory, 0, 1, "web-01", VM_STATE_RUNNING);
	text_set(&vm->info.title, text_format("%s", "Shop front"));
	text_set(&vm->os_id, text_format("%s", "debian"));
	text_set(&vm->os_name, text_format("%s", "Debian GNU/Linux 12"));
	text_set(&vm->hostname, text_format("%s", "shop.example.com"));
	vm->info.memory_kib = 2 * 1024 * 1024;
	fleet_log_on(vm, "alice");
	fleet_log_on(vm, "bob");
	fleet_log_on(vm, "bob");
	fleet_cpu(inventory, 0, 1, 50);
}

FIXTURE(close_fleet)
{
	inventory_destroy(inventory);
}

static bool matches_vm(const char *words)
{
	struct filter *filter = NULL;
	struct err err = { 0 };
	bool matched;

	if (!filter_parse(words, &filter, &err))
		fail_msg("%s: %s", words, err.buf);
	matched = filter_match(filter, vm, inventory_host(inventory, vm->id.host), clock_ms());
	/* Prepared, the VM answers the same. */
	inventory_touch(inventory, vm);
	filter_prepare(filter, vm, inventory_host(inventory, vm->id.host));
	assert_int_equal(filter_match(filter, vm, inventory_host(inventory, vm->id.host), clock_ms()), matched);
	filter_destroy(filter);
	return matched;
}

static void matches(const char *words)
{
	if (!matches_vm(words))
		fail_msg("\"%s\" should match", words);
}

static void misses(const char *words)
{
	if (matches_vm(words))
		fail_msg("\"%s\" should not match", words);
}

/* Nothing is known, so neither the term nor its opposite can be claimed. */
static void nobody_knows(const char *term)
{
	char *opposite = keep(mem_printf("!%s", term));

	misses(term);
	misses(opposite);
}

static void is_refused(const char *words, const char *part_of_text)
{
	struct filter *filter = NULL;
	struct err err = { 0 };

	assert_false(filter_parse(words, &filter, &err));
	assert_null(filter);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_says(err.buf, part_of_text);
}

/* --- several texts in one --- */

TEST_WITH(each_name_of_a_vm_is_searched_by_itself, open_fleet, close_fleet)
{
	FOR_EACH(const char *, found, "~^shop", "~front$", "~^web-01$", "~^Debian.GNU", "~12$", "~^debian$", "~\\`shop",
		 "~01\\'", "\"shop front\"", "~x|^shop\\.ex", "~[^a]shop|^shop", "~^[^z]*com$")
		matches(*found);
	FOR_EACH(const char *, not_found, "~01.a", "~front.debian", "~01[^x]shop", "~front\\sDebian", "~01\\WShop",
		 "~01[[:space:]]a", "~^$", "\"01\na\"")
		misses(*not_found);
}

TEST_WITH(a_name_that_is_not_ascii_is_found, open_fleet, close_fleet)
{
	text_set(&vm->info.title, text_format("%s", "B\xc3\xbcro"));
	matches("~^B.+ro$");
	matches("b\xc3\xbcro");
	misses("~^B$");
}

TEST_WITH(a_word_is_looked_for_in_the_names_of_now, open_fleet, close_fleet)
{
	matches("web-01");
	fleet_tell(inventory, 0, 1, "db-01", VM_STATE_RUNNING);
	matches("db-01");
	misses("web-01");
}

/* --- saved ones --- */

static struct saved_filter shelf[] = {
	{ (char[]){ "shop" }, (char[]){ "web | title:shop" } },
	{ (char[]){ "db" }, (char[]){ "name:db" } },
	{ (char[]){ "busy" }, (char[]){ "cpu>90 | users>5" } },
	{ (char[]){ "loop" }, (char[]){ "@loop" } },
};
static const struct saved_filters saved = { .at = shelf, .count = ARRAY_SIZE(shelf) };

static bool matches_saved(const char *words)
{
	struct filter *filter = NULL;
	struct err err = { 0 };
	bool matched;

	if (!filter_parse_with(words, &saved, &filter, &err))
		fail_msg("%s: %s", words, err.buf);
	matched = filter_match(filter, vm, inventory_host(inventory, vm->id.host), clock_ms());
	filter_destroy(filter);
	return matched;
}

TEST(a_saved_filter_is_one_term_among_others)
{
	assert_true(matches_saved("@shop"));
	assert_true(matches_saved("@SHOP state:running"));
	assert_false(matches_saved("@shop state:shutoff"));
	assert_false(matches_saved("@db"));
	assert_true(matches_saved("@db | @shop"));
	assert_true(matches_saved("!@db !@busy"));
	assert_false(matches_saved("!@shop"));
}

TEST(what_is_unknown_inside_a_saved_filter_stays_unknown_outside)
{
	vm_forget_guest(vm);
	assert_false(matches_saved("@busy"));
	assert_false(matches_saved("!@busy"));
	fleet_cpu(inventory, 0, 1, 95);
	assert_true(matches_saved("@busy"));
	assert_false(matches_saved("!@busy"));
}

TEST(a_saved_filter_that_is_not_there_is_told_with_those_that_are)
{
	struct filter *filter = NULL;
	struct err err = { 0 };

	assert_false(filter_parse_with("web @nigth", &saved, &filter, &err));
	assert_non_null(strstr(err.buf, "\"@nigth\" (character 5)"));
	assert_non_null(strstr(err.buf, "@shop @db"));
	assert_false(filter_parse_with("@loop", &saved, &filter, &err));
	is_refused("@shop", "no saved filters");
	misses("\"@shop\"");
}

TEST(what_a_saved_filter_needs_its_user_needs_too)
{
	struct filter *filter = NULL;

	assert_true(filter_parse_with("web @busy", &saved, &filter, NULL));
	assert_true(filter_uses(filter, SOURCE_STATS) && filter_uses(filter, SOURCE_GUEST));
	filter_destroy(filter);
	assert_true(filter_parse_with("@db", &saved, &filter, NULL));
	assert_false(filter_uses(filter, SOURCE_STATS) || filter_uses(filter, SOURCE_GUEST));
	filter_destroy(filter);
}

TEST(no_words_match_everything)
{
	matches("");
	matches("  \t ");
	assert_true(filter_match(NULL, vm, inventory_host(inventory, 0), clock_ms()));
}

TEST(a_word_is_looked_for_in_all_names)
{
	matches("web");
	matches("WEB-0");
	matches("shop");
	matches("front");
	matches("example.com");
	matches("gnu");
	misses("db");
	misses("alice");
}

TEST(all_terms_have_to_hold)
{
	matches("web shop debian");
	misses("web db");
}

TEST(an_exclamation_mark_turns_a_term_around)
{
	misses("!web");
	matches("!db");
	matches("!!web");
	misses("!state:running");
	matches("web !state:shutoff");
}

TEST(fields_look_in_their_own_place)
{
	matches("name:web");
	misses("name:shop");
	matches("host:a");
	misses("host:b");
	matches("title:front");
	matches("hostname:example");
	matches("os:linux");
	matches("os:debian");
	matches("uuid:0100ee00");
	matches("NAME:WEB");
	matches("name=WEB-01");
	misses("name=web");
	matches("name!=web");
}

TEST(tags_are_looked_at_one_by_one)
{
	vm->info.channel = CHANNEL_UNKNOWN; /* nobody read the XML yet */
	misses("!tag:web");
	vm->info.channel = CHANNEL_ABSENT;
	matches("!tag:web");
	text_set(&vm->info.tags, text_format("%s", "front prod-eu"));
	matches("tag:prod");
	matches("tag=front");
	misses("tag=prod");
	matches("tag~^prod");
	misses("tag:\"t p\"");
	matches("prod-eu");
	matches("!tag:test");
}

TEST(addresses_are_looked_at_one_by_one)
{
	struct address address;
	struct filter *filter;

	misses("!ip:10.");
	vm->addresses_at = clock_ms();
	matches("!ip:10.");
	assert_true(address_read("10.4.1.21", 9, &address));
	address_list_add(&vm->addresses, &address);
	matches("ip:10.4");
	matches("ip=10.4.1.21");
	misses("ip=10.4.1.2");
	matches("!ip:10.5");
	vm->addresses.more = 1;
	misses("!ip:10.5");
	assert_true(filter_parse("web | !ip:10.", &filter, NULL));
	assert_true(filter_uses(filter, SOURCE_ADDRESSES) && filter_uses(filter, SOURCE_GUEST));
	filter_destroy(filter);
	assert_false(filter_uses(NULL, SOURCE_ADDRESSES));
}

TEST(a_title_that_nobody_read_is_unknown)
{
	text_free(&vm->info.title);
	vm->info.channel = CHANNEL_DENIED;
	nobody_knows("title:shop");
	vm->info.channel = CHANNEL_ABSENT;
	matches("!title:shop");
}

TEST(a_field_is_known_by_its_json_name_too)
{
	matches("memory_kib=2g cpu_percent:50 users_state:known");
	misses("memory_kib>2g");
	nobody_knows("os_version:12");
}

TEST(rates_are_compared_in_bytes)
{
	nobody_knows("disk-read>0");
	vm->figures.disk_read_bps = 3 * 1024 * 1024;
	matches("disk-read=3m disk-read>3145727 disk-read<3073k");
	is_refused("disk-read>2x", "500k");
}

TEST(states_are_known_by_their_beginning)
{
	matches("state:running");
	matches("state:run");
	misses("state:shutoff");
	matches("agent:up");
	misses("agent:down");
	vm->trouble = TROUBLE_BLOCKED;
	matches("agent:bl");
	is_refused("state:uphill", "running");
	is_refused("agent:ill", "blocked");
	is_refused("state:runing", "did you mean running? state is one of:");
	is_refused("agent:blokced", "did you mean blocked?");
	is_refused("hots:ams1", "unknown field; did you mean host?");
}

TEST(users_are_found_by_name_and_by_number)
{
	matches("user:bob");
	misses("user:carol");
	matches("!user:carol");
	matches("users>0");
	matches("users:2");
	matches("users=2");
	misses("users!=2");
	misses("users>2");
	matches("users:known");
}

TEST(unknown_users_are_neither_some_nor_none)
{
	vm_forget_guest(vm);
	nobody_knows("users>0");
	nobody_knows("users:0");
	nobody_knows("user:bob");
	matches("users:unknown");
	vm->users_state = USERS_DENIED;
	nobody_knows("users:0");
	matches("users:denied");
}

TEST(users_that_were_not_kept_may_be_anybody)
{
	vm->sessions.more = 10;
	matches("user:bob");
	nobody_knows("user:carol");
	matches("users:12");
}

TEST(users_whom_an_unproven_list_does_not_name_may_be_on)
{
	vm->sessions.proven = false;
	matches("user:bob");
	nobody_knows("user:carol");
	nobody_knows("!user:carol");
}

TEST(a_vm_is_idle_as_long_as_its_least_idle_session)
{
	for (size_t i = 0; i < vm->sessions.count; i++)
		vm->sessions.at[i].idle_s = 7200 + 60 * (int64_t)i;
	matches("idle>=2h");
	misses("idle>2h");
	vm->sessions.at[0].idle_s = -1;
	nobody_knows("idle>1h");
	nobody_knows("idle<1h");
}

TEST(unknown_numbers_and_texts_match_nothing)
{
	vm->figures.cpu_percent = -1;
	vm->info.vcpus = -1;
	text_free(&vm->os_name);
	text_free(&vm->os_id);
	nobody_knows("cpu<50");
	nobody_knows("vcpus:2");
	nobody_knows("os:windows");
	nobody_knows("heartbeat>0");
}

TEST(yes_and_no_are_asked_for_in_words)
{
	nobody_knows("autostart:no");
	vm->info.autostart = 0;
	matches("autostart:no");
	matches("autostart=n !autostart:yes");
	misses("autostart:yes");
	matches("persistent:yes");
	is_refused("autostart:maybe", "no yes");
}

TEST(disabled_logins_are_found)
{
	misses("logins:disabled");
	matches("!logins:disabled");
	vm->logins_disabled = true;
	matches("logins:disabled logins:d");
	misses("!logins:disabled");
	is_refused("logins:enabled", "disabled");
}

TEST(what_a_guest_runs_is_found_by_a_part)
{
	nobody_knows("kernel:6.1");
	nobody_knows("agent-version:7");
	text_set(&vm->kernel, text_format("6.1.0-40-amd64"));
	text_set(&vm->agent_version, text_format("7.2.22"));
	matches("kernel:6.1 agent-version~^7");
	misses("!kernel:amd64");
}

TEST(numbers_are_compared)
{
	matches("cpu>49");
	matches("cpu>=50");
	matches("cpu>=50%");
	misses("cpu>50");
	matches("cpu<=50");
	misses("cpu<50");
	matches("cpu<50.5");
	matches("vcpus:2");
	matches("id=1");
}

TEST(sizes_have_units)
{
	matches("mem:2g");
	matches("mem=2G");
	matches("mem=2GiB");
	matches("mem=2048");
	matches("mem=2048mb");
	matches("mem=2097152k");
	matches("mem>1.5g");
	misses("mem>2g");
	misses("mem>1t");
	is_refused("mem>2x", "512m");
	is_refused("mem>g", "number");
}

TEST(times_have_units_that_cannot_be_left_out)
{
	nobody_knows("uptime>1s");
	uptime_note(&vm->uptime, 36 * 3600 * 1000, clock_ms());
	matches("uptime>1d");
	matches("uptime<2D");
	matches("uptime>=36h");
	matches("uptime>2159m uptime<129601s");
	misses("uptime>1w");
	matches("uptime>1.4d");
	is_refused("uptime>2", "2d");
	is_refused("uptime>2dd", "2d");
	is_refused("uptime~2d", "uptime is a number");
}

TEST(regular_expressions_match_any_case)
{
	matches("~^web-[0-9]+$");
	matches("~^WEB");
	misses("~^eb");
	matches("name:~1$");
	matches("name~1$");
	misses("!~^web");
	matches("user:~^(alice|carol)$");
	matches("~a|b");
}

/* More names than a regular expression keeps answers for, and names that differ only where one is too long to keep. */
TEST(each_text_gets_its_own_answer_however_often_it_is_asked)
{
	static const char *const fronts[] = {
		"vm-", "a-virtual-machine-whose-name-is-longer-than-all-names-of-hosts-and-systems-"
	};
	struct filter *filter = NULL;

	assert_true(filter_parse("name:~7$", &filter, NULL));
	for (int i = 0; i < 4000; i++) {
		const int number = i / 2 % 1000;

		text_set(&vm->info.name, text_format("%s%d", fronts[i >= 2000], number));
		assert_int_equal(filter_match(filter, vm, inventory_host(inventory, 0), clock_ms()), number % 10 == 7);
	}
	filter_destroy(filter);
}

TEST(bad_regular_expressions_are_refused)
{
	char long_one[FILTER_REGEX_MAX + 3] = "~";

	is_refused("~[", "not a regular expression");
	is_refused("web ~(", "character 5");
	is_refused("~(a)\\1", "back references");
	is_refused("~a{1,9999999999}", "too large");
	is_refused("~(abcdefghijklmnopqrstuvwxyz){100}", "too large");
	is_refused("~(a{9}){9}", "only one");
	is_refused("~", "missing");
	memset(long_one + 1, 'a', FILTER_REGEX_MAX + 1);
	is_refused(long_one, "too large");
	matches("~we{1,100}b");
	matches("~\"\"");
}

TEST(quotes_take_words_as_they_are)
{
	matches("\"shop front\"");
	misses("\"front shop\"");
	matches("title:\"p f\"");
	misses("\"state:running\"");
	misses("\"!web\"");
	matches("\"shop fr");
	matches("\"\"");
}

TEST(alternatives_stand_between_bars)
{
	matches("db | web");
	matches("web | db");
	matches("db or mail OR web");
	misses("db | mail");
	misses("db web | mail web");
	matches("db mail | web shop");
	misses("web db | mail");
	is_refused("| web", "| must stand between two terms");
	is_refused("web | | db", "| must stand between two terms");
	is_refused("web |", "missing term after |");
	misses("\"or\"");
}

TEST(complaints_name_the_term_and_its_place)
{
	is_refused("web colour:red", "\"colour:red\" (character 5)");
	is_refused("colour:red", "hostname");
	is_refused("\xc3\xa9 web state:", "(character 7)");
	is_refused("cpu>many", "number");
	is_refused("cpu:~1", "cpu is a number");
	is_refused("name>web", "name is not a number");
	is_refused("!", "missing");
	is_refused("name!web", "!=");
}

TEST(hostile_words_come_back_neutralised)
{
	is_refused("\x1b[31mred:1", "<U+001B>[31mred:1");
}

TEST(a_filter_longer_than_the_line_is_refused)
{
	char *words = keep(mem_zalloc(FILTER_WORDS_MAX + 2));

	memset(words, 'a', FILTER_WORDS_MAX + 1);
	is_refused(words, "longer");
}

TEST(a_filter_knows_whether_it_depends_on_figures)
{
	struct filter *filter;

	assert_true(filter_parse("web cpu>5", &filter, NULL));
	assert_true(filter_uses(filter, SOURCE_STATS));
	filter_destroy(filter);
	assert_true(filter_parse("web users>5", &filter, NULL));
	assert_false(filter_uses(filter, SOURCE_STATS));
	filter_destroy(filter);
	assert_true(filter_parse(" ", &filter, NULL));
	assert_false(filter_uses(filter, SOURCE_STATS));
	filter_destroy(filter);
}

TEST(a_filter_says_whether_guests_must_be_asked)
{
	struct filter *filter;

	FOR_EACH(const char *, ask, "user:bob", "web users>0", "os:windows", "!hostname:a", "agent:blocked",
		 "agent:s") {
		assert_true(filter_parse(*ask, &filter, NULL));
		assert_true(filter_uses(filter, SOURCE_GUEST));
		filter_destroy(filter);
	}
	FOR_EACH(const char *, look, "web", "state:running", "agent:up", "mem>4g", "") {
		assert_true(filter_parse(*look, &filter, NULL));
		assert_false(filter_uses(filter, SOURCE_GUEST));
		filter_destroy(filter);
	}
}

TEST(every_field_can_be_asked_and_is_explained)
{
	for (size_t i = 0; i < attribute_count(); i++) {
		const struct attribute *field = attribute_at(i);
		char *words = keep(mem_printf("%s:0", attribute_filter_name(field)));
		struct filter *filter = NULL;
		struct err err;

		if (filter_parse(words, &filter, &err))
			filter_match(filter, vm, inventory_host(inventory, 0), clock_ms());
		else
			assert_true(strstr(err.buf, "is one of") || strstr(err.buf, "needs a number, such as") ||
				    (!attribute_is_filter_field(field) &&
				     strstr(err.buf, "quote it to search for the word itself")));
		filter_destroy(filter);
	}
}

RUN_TESTS_EACH("filter", NULL, NULL, open_fleet, close_fleet)
