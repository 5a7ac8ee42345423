/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "model/inventory.h"
#include "unit.h"

#include <time.h>

static struct inventory *inventory;
static char story[512]; /* what the listener heard: "+web ~web -web" */

static void hear(void *data, enum inventory_change change, struct host *host, struct vm *vm)
{
	static const char *const signs[] = {
		[INVENTORY_HOST] = "@",    [INVENTORY_ADDED] = "+", [INVENTORY_CHANGED] = "~",
		[INVENTORY_FIGURES] = "#", [INVENTORY_GONE] = "-",
	};
	size_t len = strlen(story);

	snprintf(story + len, sizeof(story) - len, "%s%s%s", len > 0 ? " " : "", signs[change],
		 vm ? text_str(vm->info.name) : host->name);
}

static void the_story_is(const char *expected)
{
	assert_string_equal(story, expected);
	story[0] = '\0';
}

FIXTURE(open_inventory)
{
	clock_stop_at(100000, 0);
	story[0] = '\0';
	inventory = inventory_create();
	inventory_add_host(inventory, "a", "qemu+ssh://root@a/system");
	inventory_add_host(inventory, "b", "qemu+ssh://root@b/system");
}

FIXTURE(close_inventory)
{
	inventory_destroy(inventory);
}

static struct uuid uuid_of(int number)
{
	return (struct uuid){ .bytes = { (unsigned char)number, (unsigned char)(number >> 8), 0xee } };
}

static struct vm_info facts_of(int number, const char *name, enum vm_state state)
{
	return (struct vm_info){
		.uuid = uuid_of(number),
		.name = text_sanitize_str(name, TEXT_CAP_NAME),
		.domain_id = state == VM_STATE_RUNNING ? number : -1,
		.state = state,
		.autostart = -1,
		.persistent = 1,
		.vcpus = 2,
		.memory_kib = 1024,
		.max_memory_kib = -1,
	};
}

static struct vm *vm_of(int host, int number)
{
	return inventory_find(inventory, &(struct vm_id){ host, uuid_of(number) });
}

static void notify_info(int host, int number, const char *name, enum vm_state state)
{
	struct vm_info info = facts_of(number, name, state);

	inventory_apply_facts(inventory, host, &info);
}

static struct vm *a_running_vm_with_agent(void)
{
	struct uuid uuid = uuid_of(1);

	notify_info(0, 1, "web", VM_STATE_RUNNING);
	inventory_apply_channel(inventory, 0, &uuid, CHANNEL_CONNECTED);
	return vm_of(0, 1);
}

static void channel_becomes(struct vm *vm, enum agent_channel channel)
{
	inventory_apply_channel(inventory, vm->id.host, &vm->id.uuid, channel);
}

static void agent_is(const struct vm *vm, const char *word)
{
	assert_string_equal(agent_state_name(vm_agent_state(vm)), word);
}

static void log_on(struct session_list *list, const char *user, const char *id)
{
	struct session *session = VEC_PUSH(list);

	session->user = text_sanitize_str(user, TEXT_CAP_USER);
	snprintf(session->id, sizeof(session->id), "%s", id);
}

static void learn_sessions(struct vm *vm)
{
	log_on(&vm->sessions, "alice", "c1");
	vm->users_state = USERS_KNOWN;
	vm->sessions_at = clock_ms();
	vm->trouble = TROUBLE_BLOCKED;
	vm_note_ping(vm, clock_ms(), true);
}

static void guest_is_forgotten(const struct vm *vm)
{
	assert_int_equal(vm->users_state, USERS_UNKNOWN);
	assert_int_equal(vm->sessions.count, 0);
	assert_int_equal(vm->trouble, TROUBLE_NONE);
	assert_int_equal(vm_heartbeat_percent(vm, clock_ms()), -1);
}

/* --- what one word says of the agent --- */

TEST_WITH(the_agents_word_follows_state_channel_and_trouble, open_inventory, close_inventory)
{
	struct vm *vm = a_running_vm_with_agent();

	agent_is(vm, "up");
	vm->trouble = TROUBLE_BLOCKED;
	agent_is(vm, "blocked");
	vm->trouble = TROUBLE_SILENT;
	agent_is(vm, "silent");
	vm->trouble = TROUBLE_FROZEN;
	agent_is(vm, "frozen");
	channel_becomes(vm, CHANNEL_DISCONNECTED);
	agent_is(vm, "down");
	channel_becomes(vm, CHANNEL_ABSENT);
	agent_is(vm, "none");
	channel_becomes(vm, CHANNEL_DENIED);
	agent_is(vm, "denied");
	notify_info(0, 1, "web", VM_STATE_SHUTOFF);
	agent_is(vm, "off");
}

TEST_WITH(a_vm_of_which_nothing_is_known_has_a_question_mark, open_inventory, close_inventory)
{
	struct vm *vm;

	notify_info(0, 1, "web", VM_STATE_UNKNOWN);
	vm = vm_of(0, 1);
	agent_is(vm, "?");
	notify_info(0, 1, "web", VM_STATE_RUNNING);
	agent_is(vm, "?");
}

TEST(every_word_but_up_comes_with_a_next_step)
{
	for (int word = 0; word < AGENT_STATE_COUNT; word++)
		assert_int_equal(*agent_state_advice((enum agent_state)word) == '\0', word == AGENT_UP);
}

/* --- heartbeat --- */

TEST(the_heartbeat_counts_the_pings_of_the_last_minute)
{
	struct vm *vm = vm_create((struct vm_id){ 0 });

	assert_int_equal(vm_heartbeat_percent(vm, 0), -1);
	for (int i = 0; i < 10; i++)
		vm_note_ping(vm, 1000 + i * HEARTBEAT_SLOT_MS, i != 3);
	assert_int_equal(vm_heartbeat_percent(vm, 1000 + 9 * HEARTBEAT_SLOT_MS), 90);
	/* A minute after the first ping that one no longer counts. */
	assert_int_equal(vm_heartbeat_percent(vm, 1000 + 60000), 88);
	assert_int_equal(vm_heartbeat_percent(vm, 1000 + 10 * 60000), -1);
	vm_note_ping(vm, 1000 + 10 * 60000, false);
	assert_int_equal(vm_heartbeat_percent(vm, 1000 + 10 * 60000), 0);
	vm_destroy(vm);
}

/* --- facts --- */

TEST_WITH(unknown_facts_keep_what_was_known, open_inventory, close_inventory)
{
	struct vm_info info = facts_of(1, "", VM_STATE_UNKNOWN);
	struct vm *vm = a_running_vm_with_agent();

	info.domain_id = 1;
	info.vcpus = info.persistent = -1;
	info.memory_kib = -1;
	story[0] = '\0';
	assert_false(vm_apply_facts(vm, &info));
	assert_string_equal(text_str(vm->info.name), "web");
	assert_int_equal(vm->info.state, VM_STATE_RUNNING);
	assert_int_equal(vm->info.channel, CHANNEL_CONNECTED);
	assert_int_equal(vm->info.vcpus, 2);
	assert_int_equal(vm->info.persistent, 1);
	assert_int_equal(vm->info.memory_kib, 1024);
}

TEST_WITH(a_title_and_tags_go_only_when_the_xml_was_read, open_inventory, close_inventory)
{
	struct vm_info info = facts_of(1, "web", VM_STATE_RUNNING);
	struct vm *vm;

	text_set(&info.title, text_format("%s", "Shop front"));
	text_set(&info.tags, text_format("%s", "web prod"));
	info.channel = CHANNEL_ABSENT;
	inventory_apply_facts(inventory, 0, &info);
	vm = vm_of(0, 1);
	notify_info(0, 1, "web", VM_STATE_RUNNING);
	assert_string_equal(text_str(vm->info.title), "Shop front");
	assert_string_equal(text_str(vm->info.tags), "web prod");
	info = facts_of(1, "web", VM_STATE_RUNNING);
	info.channel = CHANNEL_ABSENT;
	inventory_apply_facts(inventory, 0, &info);
	assert_true(text_is_empty(vm->info.title));
	assert_true(text_is_empty(vm->info.tags));
}

TEST_WITH(a_vm_that_stops_forgets_its_guest_and_its_figures, open_inventory, close_inventory)
{
	struct vm_figures figures = { .uuid = uuid_of(1), .cpu_percent = 50, .memory_kib = 512 };
	struct vm *vm = a_running_vm_with_agent();

	inventory_apply_figures(inventory, 0, &figures, 1);
	learn_sessions(vm);
	notify_info(0, 1, "web", VM_STATE_SHUTOFF);
	guest_is_forgotten(vm);
	assert_true(vm->figures.cpu_percent < 0);
	assert_int_equal(vm->figures.memory_kib, -1);
	notify_info(0, 1, "web", VM_STATE_RUNNING);
	agent_is(vm, "down");
}

TEST_WITH(a_paused_vm_comes_back_with_its_agent, open_inventory, close_inventory)
{
	struct vm *vm = a_running_vm_with_agent();

	learn_sessions(vm);
	notify_info(0, 1, "web", VM_STATE_PAUSED);
	guest_is_forgotten(vm);
	agent_is(vm, "off");
	notify_info(0, 1, "web", VM_STATE_RUNNING);
	agent_is(vm, "up");
}

TEST_WITH(a_system_is_up_until_its_vm_stops, open_inventory, close_inventory)
{
	struct vm *vm = a_running_vm_with_agent();

	assert_int_equal(vm_uptime_ms(vm, clock_ms()), -1);
	uptime_note(&vm->uptime, 5000, clock_ms());
	notify_info(0, 1, "web", VM_STATE_PAUSED);
	clock_advance(1000);
	assert_int_equal(vm_uptime_ms(vm, clock_ms()), 6000);
	assert_false(vm->uptime.sure); /* it stood still */
	notify_info(0, 1, "web", VM_STATE_SAVED);
	notify_info(0, 1, "web", VM_STATE_RUNNING);
	assert_int_equal(vm_uptime_ms(vm, clock_ms()), -1);
}

TEST_WITH(who_was_seen_to_boot_is_up_since_then, open_inventory, close_inventory)
{
	struct vm *vm = a_running_vm_with_agent();

	notify_info(0, 1, "web", VM_STATE_SHUTOFF);
	vm_note_booted(vm, clock_ms());
	notify_info(0, 1, "web", VM_STATE_RUNNING);
	clock_advance(2000);
	assert_int_equal(vm_uptime_ms(vm, clock_ms()), 2000);
	assert_true(vm->uptime.sure);
}

TEST_WITH(an_agent_that_goes_takes_its_users_along, open_inventory, close_inventory)
{
	struct vm *vm = a_running_vm_with_agent();

	learn_sessions(vm);
	channel_becomes(vm, CHANNEL_DISCONNECTED);
	guest_is_forgotten(vm);
}

TEST_WITH(an_agent_that_is_still_there_keeps_its_users, open_inventory, close_inventory)
{
	struct vm *vm = a_running_vm_with_agent();

	learn_sessions(vm);
	channel_becomes(vm, CHANNEL_CONNECTED);
	notify_info(0, 1, "web", VM_STATE_IDLE);
	assert_int_equal(vm->sessions.count, 1);
	assert_int_equal(vm->trouble, TROUBLE_BLOCKED);
}

/* --- sessions --- */

TEST(names_are_people_with_the_number_of_their_sessions)
{
	OWN(session_list) struct session_list list = { 0 };
	OWN(text) struct safe_text names;

	log_on(&list, "alice", "c1");
	log_on(&list, "bob", "c2");
	log_on(&list, "bob", "c3");
	names = session_list_names(&list, 5);
	assert_string_equal(text_str(names), "alice, bob (2)");
	assert_int_equal(session_list_people(&list), 2);
	assert_int_equal(session_list_total(&list), 3);
}

TEST(names_beyond_the_most_are_counted)
{
	OWN(session_list) struct session_list list = { 0 };
	OWN(text) struct safe_text names;

	log_on(&list, "alice", "1");
	log_on(&list, "bob", "2");
	log_on(&list, "carol", "3");
	list.more = 4;
	names = session_list_names(&list, 2);
	assert_string_equal(text_str(names), "alice, bob, +5 more");
}

TEST(all_names_come_in_parts_each_person_once)
{
	OWN(session_list) struct session_list list = { 0 };
	OWN(text) struct safe_text all = { NULL };
	size_t at = 0;

	log_on(&list, "alice", "1");
	log_on(&list, "bob", "2");
	log_on(&list, "alice", "3");
	log_on(&list, "carol-of-the-long-name", "4");
	log_on(&list, "dora", "5");
	list.more = 2;
	do {
		struct safe_text part = session_list_names_part(&list, 12, &at);

		text_set(&all, text_format("%s[%s]", text_str(all), text_str(part)));
		text_free(&part);
	} while (at < list.count);
	assert_string_equal(text_str(all), "[alice (2), bob][carol-of-the-long-name][dora, +2 more]");
}

TEST(of_a_crowd_each_person_counts_once)
{
	OWN(session_list) struct session_list list = { 0 };
	char user[16];

	for (int i = 0; i < 1000; i++) {
		snprintf(user, sizeof(user), "user%d", i % 300);
		log_on(&list, user, "1");
	}
	assert_int_equal(session_list_people(&list), 300);
}

TEST(the_same_name_in_two_domains_is_two_people)
{
	OWN(session_list) struct session_list list = { 0 };

	log_on(&list, "admin", "1");
	log_on(&list, "admin", "2");
	list.at[0].domain = text_format("%s", "CORP");
	list.at[1].domain = text_format("%s", "WEB01");
	assert_int_equal(session_list_people(&list), 2);
}

TEST(a_copied_list_is_its_own)
{
	struct session_list list = { 0 }, copy;

	log_on(&list, "alice", "c1");
	list.proven = true;
	list.more = 7;
	session_list_copy(&copy, &list);
	session_list_free(&list);
	assert_string_equal(text_str(session_list_find(&copy, "c1")->user), "alice");
	assert_null(session_list_find(&copy, "c"));
	assert_true(copy.proven);
	assert_int_equal(copy.more, 7);
	session_list_free(&copy);
}

/* --- inventory --- */

TEST_WITH(a_list_adds_changes_and_removes, open_inventory, close_inventory)
{
	struct vm_info first[] = {
		facts_of(1, "one", VM_STATE_RUNNING),
		facts_of(2, "two", VM_STATE_RUNNING),
		facts_of(3, "three", VM_STATE_RUNNING),
	};
	struct vm_info second[] = {
		facts_of(2, "two", VM_STATE_RUNNING),
		facts_of(3, "three", VM_STATE_SHUTOFF),
		facts_of(4, "four", VM_STATE_RUNNING),
	};

	inventory_listen(inventory, hear, NULL);
	inventory_apply_list(inventory, 0, first, ARRAY_SIZE(first));
	the_story_is("+one +two +three @a");
	inventory_apply_list(inventory, 0, second, ARRAY_SIZE(second));
	the_story_is("~three +four -one");
	assert_int_equal(inventory_vm_count(inventory), 3);
	assert_null(vm_of(0, 1));
	assert_non_null(vm_of(0, 4));
}

TEST_WITH(a_hosts_list_says_nothing_of_other_hosts, open_inventory, close_inventory)
{
	notify_info(0, 1, "one", VM_STATE_RUNNING);
	notify_info(1, 1, "one", VM_STATE_RUNNING);
	inventory_apply_list(inventory, 0, NULL, 0);
	assert_null(vm_of(0, 1));
	assert_non_null(vm_of(1, 1));
	assert_true(inventory_host(inventory, 0)->listed);
	assert_false(inventory_host(inventory, 1)->listed);
}

TEST_WITH(what_did_not_change_is_not_told, open_inventory, close_inventory)
{
	struct vm_figures figures = { .uuid = uuid_of(1), .cpu_percent = 12.5 };
	struct vm *vm = a_running_vm_with_agent();

	inventory_listen(inventory, hear, NULL);
	notify_info(0, 1, "web", VM_STATE_RUNNING);
	channel_becomes(vm, CHANNEL_CONNECTED);
	the_story_is("");
	inventory_apply_figures(inventory, 0, &figures, 1);
	the_story_is("#web");
	clock_advance(2000);
	inventory_apply_figures(inventory, 0, &figures, 1);
	the_story_is("");
	assert_int_equal(vm->figures_at, clock_ms());
}

TEST_WITH(a_change_makes_a_new_version_of_that_vm_alone, open_inventory, close_inventory)
{
	struct vm_figures figures = { .uuid = uuid_of(1), .cpu_percent = 12.5 };
	struct vm *vm = a_running_vm_with_agent();
	uint64_t before;

	notify_info(0, 2, "db", VM_STATE_RUNNING);
	before = inventory_version(inventory);
	assert_int_equal(vm_of(0, 2)->version, before);
	assert_true(vm->version > 0 && vm->version < before);
	inventory_apply_figures(inventory, 0, &figures, 1);
	notify_info(0, 2, "db", VM_STATE_RUNNING);
	assert_int_equal(inventory_version(inventory), before);
	inventory_touch(inventory, vm);
	assert_true(inventory_version(inventory) > before);
	assert_int_equal(vm->version, inventory_version(inventory));
	assert_int_equal(vm_of(0, 2)->version, before);
}

TEST_WITH(events_of_vms_that_we_do_not_know_are_ignored, open_inventory, close_inventory)
{
	struct uuid uuid = uuid_of(9);
	struct vm_figures figures = { .uuid = uuid };

	inventory_listen(inventory, hear, NULL);
	inventory_apply_gone(inventory, 0, &uuid);
	inventory_apply_channel(inventory, 0, &uuid, CHANNEL_CONNECTED);
	inventory_apply_figures(inventory, 0, &figures, 1);
	the_story_is("");
}

TEST_WITH(a_host_is_told_with_its_trouble, open_inventory, close_inventory)
{
	OWN(text) struct safe_text words;

	inventory_listen(inventory, hear, NULL);
	inventory_apply_host(inventory, 0, HOST_LOST, ACCESS_UNKNOWN, clock_ms() + 8000,
			     text_format("%s", "no route to host"));
	the_story_is("@a");
	words = host_state_words(inventory_host(inventory, 0), clock_ms());
	assert_string_equal(text_str(words), "lost, next try in 8 s");
	assert_string_equal(text_str(inventory_host(inventory, 0)->trouble), "no route to host");
}

TEST(a_stale_host_says_how_old_its_answer_is)
{
	struct host host = { .state = HOST_STALE, .answered_at = 1000 };
	OWN(text) struct safe_text words = host_state_words(&host, 13999);

	assert_string_equal(text_str(words), "stale 12 s");
	assert_true(host_is_usable(&host));
	assert_false(host_allows_writes(&host));
}

static void host_named(const char *name, const char *uri, const char *expected_name, const char *expected_uri)
{
	struct host *host = inventory_add_host(inventory, name, uri);

	assert_string_equal(host->name, expected_name);
	assert_string_equal(host->uri, expected_uri);
}

TEST_WITH(hosts_get_unique_names_without_slashes, open_inventory, close_inventory)
{
	host_named("a", "qemu+ssh://x/system", "a-2", "qemu+ssh://x/system");
	host_named("a", "qemu+ssh://x/system", "a-3", "qemu+ssh://x/system");
	host_named("rack/7", "qemu+ssh://x/system", "rack-7", "qemu+ssh://x/system");
}

static void uri_names_host(const char *uri, const char *expected)
{
	char *name = keep(host_name_of_uri(uri));

	if (expected)
		assert_string_equal(name, expected);
	else
		assert_null(name);
}

TEST(a_uri_names_its_host)
{
	uri_names_host("qemu+ssh://root@kvm1.example:2222/system?no_verify=1", "kvm1.example");
	uri_names_host("qemu+tls://[2001:db8::1]:16514/system", "2001:db8::1");
	uri_names_host("esx://root:p@ss@vc/?x=1", "vc");
	uri_names_host("qemu:///system", NULL);
	uri_names_host("qemu+ssh://root@/system", NULL);
	uri_names_host("hypervisor", NULL);
}

TEST_WITH(passwords_are_not_kept, open_inventory, close_inventory)
{
	host_named("v", "esx://root:s3cret@vc/?x=1", "v", "esx://root@vc/?x=1");
	host_named("w", "esx://root:p@ss@[::1]:22/", "w", "esx://root@[::1]:22/");
	host_named("x", "qemu+ssh://root@x:22/system", "x", "qemu+ssh://root@x:22/system");
}

TEST_WITH(a_uri_is_written_down_without_password_and_without_what_a_terminal_obeys, open_inventory, close_inventory)
{
	char *uri = keep(host_uri_for_record("esx://root:s3cret@vc/?x=\x1b[2J\n"));

	assert_string_equal(uri, "esx://root@vc/?x=<U+001B>[2J<U+000A>");
}

TEST_WITH(a_uri_that_starts_a_program_is_known_however_it_is_written, open_inventory, close_inventory)
{
	static const char *const some[] = { "qemu+ext:///system?command=/tmp/x",
					    "qemu+ssh://h/system?no_tty=1&command=x",
					    "qemu+ssh://h/system?a=b;COMMAND=x", "qemu+ssh://h/s?%63omm%41nd=x" };

	for (size_t i = 0; i < ARRAY_SIZE(some); i++)
		assert_true(host_uri_starts_program(some[i]));
	FOR_EACH(const char *, uri, "qemu:///system", "qemu+ssh://h/system?netcat=nc", "qemu+ssh://command=x/system",
		 "qemu+ssh://h/?commands=x", "qemu+ssh://h/?comm", "qemu+ssh://h/?comman%", "?%6")
		assert_false(host_uri_starts_program(*uri));
}

/* --- which VM a person means --- */

static void a_fleet_with_twins(void)
{
	notify_info(0, 1, "web", VM_STATE_RUNNING);
	notify_info(0, 2, "db", VM_STATE_RUNNING);
	notify_info(1, 3, "web", VM_STATE_RUNNING);
	notify_info(1, 4, "odd/name", VM_STATE_RUNNING);
}

static void words_mean(const char *words, int host, int number)
{
	struct vm *vm = NULL;
	struct err err;

	assert_true(inventory_resolve(inventory, words, &vm, &err));
	assert_ptr_equal(vm, vm_of(host, number));
}

static void words_fail(const char *words, enum err_kind kind, const char *text)
{
	struct vm *vm = NULL;
	struct err err;

	assert_false(inventory_resolve(inventory, words, &vm, &err));
	assert_null(vm);
	assert_int_equal(err.kind, kind);
	assert_non_null(strstr(err.buf, text));
}

TEST_WITH(a_vm_is_meant_by_name_uuid_or_host_and_name, open_inventory, close_inventory)
{
	char uuid[UUID_TEXT_SIZE];
	struct uuid three = uuid_of(3);
	char *with_host;

	a_fleet_with_twins();
	uuid_format(&three, uuid);
	with_host = keep(mem_printf("b/%s", uuid));
	words_mean("db", 0, 2);
	words_mean("a/web", 0, 1);
	words_mean("b/web", 1, 3);
	words_mean(uuid, 1, 3);
	words_mean(with_host, 1, 3);
	words_mean("odd/name", 1, 4);
	words_mean("b/odd/name", 1, 4);
}

TEST_WITH(a_name_that_two_hosts_have_lists_both, open_inventory, close_inventory)
{
	a_fleet_with_twins();
	words_fail("web", ERR_USAGE, "a/web, b/web");
}

TEST_WITH(a_name_that_nobody_has_is_an_unknown_vm, open_inventory, close_inventory)
{
	a_fleet_with_twins();
	words_fail("we", ERR_NO_DOMAIN, "\"we\"");
	words_fail("a/db2", ERR_NO_DOMAIN, "a/db2");
	words_fail("b/db", ERR_NO_DOMAIN, "b/db");
	words_fail("", ERR_NO_DOMAIN, "");
}

TEST_WITH(a_hostile_name_is_meant_by_itself_and_by_what_is_shown, open_inventory, close_inventory)
{
	notify_info(0, 5,
		    "\xe2\x80\xae"
		    "bew",
		    VM_STATE_RUNNING);
	words_mean("\xe2\x80\xae"
		   "bew",
		   0, 5);
	words_mean("<U+202E>bew", 0, 5);
}

/* --- size --- */

static double apply_many(struct vm_info *info, int count)
{
	struct timespec from, to;

	for (int i = 0; i < count; i++) {
		char name[32];

		snprintf(name, sizeof(name), "vm%05d", i);
		info[i] = facts_of(i, name, VM_STATE_RUNNING);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	inventory_apply_list(inventory, 0, info, (size_t)count);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	return (double)(to.tv_sec - from.tv_sec) * 1e3 + (double)(to.tv_nsec - from.tv_nsec) / 1e6;
}

TEST_WITH(ten_thousand_machines_are_applied_in_linear_time, open_inventory, close_inventory)
{
	enum { MANY = 10000 };
	struct vm_info *info = keep(mem_zalloc(MANY * sizeof(*info)));
	double ms;

	apply_many(info, MANY);
	ms = apply_many(info, MANY);
	print_message("10000 unchanged: %.1f ms\n", ms);
	assert_int_equal(inventory_vm_count(inventory), MANY);
	/* Generous, for sanitizers and busy machines: quadratic work would take seconds. */
	assert_true(ms < 250);
	for (int i = 0; i < MANY; i++)
		assert_non_null(vm_of(0, i));
	inventory_apply_list(inventory, 0, NULL, 0);
	assert_int_equal(inventory_vm_count(inventory), 0);
}

RUN_TESTS("model", NULL, NULL)
