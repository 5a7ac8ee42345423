/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fleet.h"
#include "model/snapshot.h"
#include "tests/unit/unit.h"
#include "ui/app/recheck.h"

static struct vm *vm;
static struct journal_entry entry;

FIXTURE(given_an_interrupted_logoff)
{
	static const char bytes[] = "innkeeper-task 1\nverb logoff\nvm web01\nplanned 2026-01-01T12:00:00Z -\n"
				    "session 4 alice\nsession 6 bob\n"
				    "sending 2026-01-01T12:00:01Z terminate-session 4\n";

	assert_true(journal_parse(bytes, sizeof(bytes) - 1, &entry));
	vm = vm_create((struct vm_id){ .host = 0 });
	vm->info.state = VM_STATE_RUNNING;
	vm->info.channel = CHANNEL_CONNECTED;
	vm->users_state = USERS_KNOWN;
	vm->sessions.proven = true;
}

static void given(const char *bytes)
{
	journal_entry_free(&entry);
	assert_true(journal_parse(bytes, strlen(bytes), &entry));
}

FIXTURE(tidy)
{
	vm_destroy(vm);
	journal_entry_free(&entry);
}

static void is_logged_on(const char *id, const char *user, int64_t since)
{
	struct session *session = VEC_PUSH(&vm->sessions);

	snprintf(session->id, sizeof(session->id), "%s", id);
	session->user = text_sanitize_str(user, TEXT_CAP_USER);
	session->login_time = since;
}

static void assert_logins_may_be_disabled(bool keeps)
{
	struct recheck seen = recheck_entry(&entry, vm, NULL);

	assert_int_equal(seen.may_leave_logins_disabled, keeps);
	text_free(&seen.words);
}

static void assert_verdict(enum recheck_verdict wanted, const char *words)
{
	struct recheck seen = recheck_entry(&entry, vm, NULL);

	assert_int_equal(seen.verdict, wanted);
	assert_says(text_str(seen.words), words);
	text_free(&seen.words);
}

TEST(when_all_named_sessions_are_gone_it_is_done)
{
	is_logged_on("9", "carol", -1);
	assert_verdict(RECHECK_DONE, "alice (4) is logged off, bob (6) is logged off");
	assert_logins_may_be_disabled(false);
}

TEST(those_who_are_not_named_are_not_said_to_be_gone)
{
	given("innkeeper-task 1\nverb logoff\nvm web01\nplanned 2026-01-01T12:00:00Z -\nsession 4 alice\nmore 6\n"
	      "sending 2026-01-01T12:00:01Z terminate-session 4\n");
	is_logged_on("9", "carol", -1);
	assert_verdict(RECHECK_CANNOT_TELL, "6 more were to be logged off");
}

TEST(where_nobody_is_on_those_who_are_not_named_are_gone_too)
{
	given("innkeeper-task 1\nverb logoff\nvm web01\nplanned 2026-01-01T12:00:00Z -\nsession 4 alice\nmore 6\n"
	      "sending 2026-01-01T12:00:01Z terminate-session 4\n");
	assert_verdict(RECHECK_DONE, "alice (4) is logged off");
}

TEST(a_name_of_escapes_is_the_one_that_was_written_down)
{
	OWN(text) struct safe_text evil = text_sanitize_str("al\x1b[31mice", TEXT_CAP_USER);
	char *journal = keep(mem_printf("innkeeper-task 1\nverb logoff\nplanned 2026-01-01T12:00:00Z -\nsession 4 %s\n"
					"sending 2026-01-01T12:00:01Z terminate-session 4\n",
					text_str(evil)));

	given(journal);
	is_logged_on("4", "al\x1b[31mice", -1);
	assert_verdict(RECHECK_NOT_DONE, "is still logged on");
}

TEST(of_a_crowd_those_who_are_left_are_named_and_most_who_are_gone_are_counted)
{
	char *journal = mem_printf("innkeeper-task 1\nverb logoff\nplanned 2026-01-01T12:00:00Z -\n"), *longer;

	for (int i = 0; i < 300; i++) {
		longer = mem_printf("%ssession %d user%d\n", journal, i, i);
		free(journal);
		journal = longer;
	}
	longer = mem_printf("%ssending 2026-01-01T12:00:01Z terminate-session 4\n", journal);
	free(journal);
	given(longer);
	free(longer);
	is_logged_on("299", "user299", -1);
	assert_verdict(RECHECK_NOT_DONE, "user299 (299) is still logged on");
	assert_verdict(RECHECK_NOT_DONE, "more are logged off");
	text_free(&vm->sessions.at[0].user);
	vm->sessions.count = 0;
	assert_verdict(RECHECK_DONE, "user0 (0) is logged off");
	assert_verdict(RECHECK_DONE, "more are logged off");
}

TEST(a_journal_that_cannot_be_read_says_nothing)
{
	entry.state = JOURNAL_UNREADABLE;
	text_set(&entry.outcome, text_format("/tasks/1: it is no journal"));
	assert_verdict(RECHECK_CANNOT_TELL, "/tasks/1: it is no journal");
}

TEST(one_who_is_left_is_named)
{
	is_logged_on("6", "bob", 1767268000); /* before noon of 2026-01-01 */
	assert_verdict(RECHECK_NOT_DONE, "bob (6) is still logged on");
}

TEST(the_same_id_after_a_reboot_is_somebody_new)
{
	is_logged_on("6", "bob", 1767355200); /* a day later */
	assert_verdict(RECHECK_DONE, "bob (6) is logged off");
}

TEST(by_the_guests_own_clock_it_is_the_same_logon)
{
	given("innkeeper-task 1\nverb logoff\nplanned 2026-01-01T12:00:00Z -\nsession 6 bob\nsince 1767355200\n"
	      "sending 2026-01-01T12:00:01Z end session 6 of bob\n");
	is_logged_on("6", "bob", 1767355200); /* a day later, where the guest's clock is a day ahead */
	assert_verdict(RECHECK_NOT_DONE, "bob (6) is still logged on");
	vm->sessions.at[0].login_time++;
	assert_verdict(RECHECK_DONE, "bob (6) is logged off");
	vm->sessions.at[0].login_time = -1;
	assert_verdict(RECHECK_NOT_DONE, "bob (6) is still logged on");
}

TEST(a_list_that_is_unreliable_or_cut_proves_nobody_gone)
{
	vm->sessions.proven = false;
	is_logged_on("", "bob", -1);
	assert_verdict(RECHECK_CANNOT_TELL,
		       "bob (6) is not in the guest's session list; but this list is not reliable");
	vm->sessions.proven = true;
	vm->sessions.more = 3;
	assert_verdict(RECHECK_CANNOT_TELL, "alice (4) is not in the guest's session list");
	is_logged_on("4", "alice", -1);
	assert_verdict(RECHECK_NOT_DONE, "alice (4) is still logged on, bob (6) is not in the guest's session list");
}

TEST(a_vm_that_stands_still_keeps_its_sessions)
{
	FOR_EACH(enum vm_state, one, VM_STATE_PAUSED, VM_STATE_PMSUSPENDED, VM_STATE_SAVED) {
		vm->info.state = *one;
		assert_verdict(RECHECK_CANNOT_TELL, "its sessions continue when it resumes");
	}
}

TEST(a_vm_that_is_on_its_way_to_somewhere_proves_nothing)
{
	vm->info.state = VM_STATE_MIGRATING;
	assert_verdict(RECHECK_CANNOT_TELL, "its sessions continue when it resumes");
	vm->info.state = VM_STATE_IN_SHUTDOWN;
	assert_verdict(RECHECK_CANNOT_TELL, "check again when it is off");
}

TEST(that_a_vm_moved_to_another_host_proves_nothing)
{
	vm->info.state = VM_STATE_MIGRATED;
	FOR_EACH(const char *, verb, "logoff", "drain", "disable-logins", "enable-logins", "maintain", "close-door",
		 "open-door", "shutdown", "destroy", "reboot", "start", "resume", "suspend", "snapshot-delete",
		 "message") {
		text_set(&entry.operation, text_format("%s", *verb));
		assert_verdict(RECHECK_CANNOT_TELL, "moved to another host");
	}
	text_set(&entry.operation, text_format("drain"));
	assert_logins_may_be_disabled(true);
	text_set(&entry.operation, text_format("autostart"));
	vm->info.autostart = 1;
	assert_verdict(RECHECK_DONE, "autostart is enabled");
}

TEST(unknown_users_prove_nothing)
{
	vm->users_state = USERS_UNKNOWN;
	assert_verdict(RECHECK_CANNOT_TELL, "cannot list sessions");
}

TEST(a_vm_that_is_off_has_nobody_logged_on)
{
	vm->info.state = VM_STATE_SHUTOFF;
	assert_verdict(RECHECK_DONE, "shutoff");
}

TEST(that_it_is_off_proves_something_only_where_its_host_knows_why)
{
	vm->info.state = VM_STATE_SHUTOFF;
	vm->info.off_unexplained = true;
	assert_verdict(RECHECK_CANNOT_TELL, "does not know why");
	text_set(&entry.operation, text_format("drain"));
	assert_verdict(RECHECK_CANNOT_TELL, "does not know why");
}

TEST(a_vm_that_is_gone_cannot_be_asked)
{
	struct recheck seen = recheck_entry(&entry, NULL, NULL);

	assert_int_equal(seen.verdict, RECHECK_CANNOT_TELL);
	assert_non_null(strstr(text_str(seen.words), "this VM is not on any connected host; it was on"));
	text_free(&seen.words);
}

TEST(a_verb_is_judged_by_the_state)
{
	text_set(&entry.operation, text_format("shutdown"));
	assert_verdict(RECHECK_NOT_DONE, "running");
	vm->info.state = VM_STATE_SHUTOFF;
	assert_verdict(RECHECK_DONE, "shutoff");
	text_set(&entry.operation, text_format("reboot"));
	assert_verdict(RECHECK_CANNOT_TELL, "uptime");
	text_set(&entry.operation, text_format("add-channel"));
	vm->info.channel = CHANNEL_ABSENT;
	assert_verdict(RECHECK_CANNOT_TELL, "check its configuration");
	vm->info.channel = CHANNEL_DISCONNECTED;
	assert_verdict(RECHECK_DONE, "the VM has the agent channel");
}

TEST(what_was_never_sent_is_not_done)
{
	entry.state = JOURNAL_NOT_SENT;
	assert_verdict(RECHECK_NOT_DONE, "nothing was sent");
}

TEST(disabled_logins_say_how_to_enable_them)
{
	vm->info.name = text_sanitize_str("web01", TEXT_CAP_LINE);
	given("innkeeper-task 1\nverb close-door\nvm web01\nplanned 2026-01-01T12:00:00Z -\n"
	      "sending 2026-01-01T12:00:01Z close-door\n"); /* as versions before 0.2 called it */
	assert_verdict(RECHECK_CANNOT_TELL, "innkeeper enable-logins web01");
	given("innkeeper-task 1\nverb disable-logins\nvm web01\nplanned 2026-01-01T12:00:00Z -\n"
	      "sending 2026-01-01T12:00:01Z disable-logins\n");
	assert_verdict(RECHECK_CANNOT_TELL, "innkeeper enable-logins web01");
	vm->info.state = VM_STATE_SHUTOFF;
	assert_verdict(RECHECK_NOT_DONE, "logins are enabled again when it starts, except on Windows");
}

TEST(an_unfinished_drain_reports_its_sessions_and_its_logins)
{
	vm->info.name = text_sanitize_str("web01", TEXT_CAP_LINE);
	given("innkeeper-task 1\nverb drain\nvm web01\nplanned 2026-01-01T12:00:00Z -\n"
	      "session 4 alice\nsending 2026-01-01T12:00:01Z end session 4 of alice\n");
	assert_verdict(RECHECK_DONE, "alice (4) is logged off; logins may still be disabled");
	assert_logins_may_be_disabled(true);
	vm->info.state = VM_STATE_SHUTOFF;
	assert_logins_may_be_disabled(false);
}

TEST(what_leaves_no_trace_is_looked_for_in_the_guest)
{
	given("innkeeper-task 1\nverb message\nvm web01\nplanned 2026-01-01T12:00:00Z -\n"
	      "sending 2026-01-01T12:00:01Z message\n");
	assert_verdict(RECHECK_CANNOT_TELL, "the result is unknown; check the guest");
}

/* --- which VM is looked at --- */

static struct inventory *inventory;

/* Of host "a". */
static void given_an_entry_and(enum vm_state here, enum vm_state there)
{
	char uuid[UUID_TEXT_SIZE], *bytes;
	const struct uuid number = fleet_uuid(1);

	uuid_format(&number, uuid);
	bytes = keep(mem_printf("innkeeper-task 1\nverb shutdown\nuri qemu+ssh://a/system\nvm web01\nuuid %s\n"
				"planned 2026-01-01T12:00:00Z -\nsending 2026-01-01T12:00:01Z shutdown\n",
				uuid));
	given(bytes);
	inventory_destroy(inventory);
	inventory = fleet_create();
	if (there != VM_STATE_COUNT)
		fleet_tell(inventory, 1, 1, "web01", there);
	if (here != VM_STATE_COUNT)
		fleet_tell(inventory, 0, 1, "web01", here);
}

static void is_found_on(int host)
{
	const struct host *elsewhere;
	const struct vm *found = recheck_find(inventory, &entry, &elsewhere);

	assert_ptr_equal(found, host < 0 ? NULL : fleet_vm(inventory, host, 1));
	assert_ptr_equal(elsewhere, host == 1 ? inventory_host(inventory, 1) : NULL);
}

TEST(a_vm_that_moved_is_looked_at_where_it_runs)
{
	struct recheck seen;

	given_an_entry_and(VM_STATE_MIGRATED, VM_STATE_RUNNING);
	is_found_on(1);
	seen = recheck_entry(&entry, fleet_vm(inventory, 1, 1), inventory_host(inventory, 1));
	assert_int_equal(seen.verdict, RECHECK_NOT_DONE);
	assert_string_equal(text_str(seen.words), "on b now: the VM is running");
	text_free(&seen.words);
	given_an_entry_and(VM_STATE_COUNT, VM_STATE_PAUSED);
	is_found_on(1);
	inventory_destroy(inventory);
	inventory = NULL;
}

TEST(what_another_host_has_of_it_proves_nothing_while_it_does_not_run_there)
{
	FOR_EACH(enum vm_state, there, VM_STATE_SHUTOFF, VM_STATE_CRASHED, VM_STATE_SAVED, VM_STATE_MIGRATED,
		 VM_STATE_UNKNOWN) {
		given_an_entry_and(VM_STATE_COUNT, *there);
		is_found_on(-1);
		given_an_entry_and(VM_STATE_MIGRATED, *there);
		is_found_on(0);
		given_an_entry_and(VM_STATE_RUNNING, *there);
		is_found_on(0);
	}
	given_an_entry_and(VM_STATE_RUNNING, VM_STATE_RUNNING);
	is_found_on(0);
	inventory_destroy(inventory);
	inventory = NULL;
}

/* --- snapshots --- */

static void has_snapshot(const char *key, bool current)
{
	if (!vm->snapshots)
		vm->snapshots = mem_zalloc(sizeof(*vm->snapshots));
	vm->snapshots->at = 1;
	snapshot_list_add(&vm->snapshots->list, key)->current = current;
}

static void given_snapshot_task(const char *operation, const char *name)
{
	char bytes[256];

	snprintf(bytes, sizeof(bytes),
		 "innkeeper-task 1\nverb %s\nvm web01\nplanned 2026-01-01T12:00:00Z -\n"
		 "sending 2026-01-01T12:00:01Z %s %s\n",
		 operation, operation, name);
	given(bytes);
}

TEST(a_snapshot_is_compared_with_the_list_of_them)
{
	has_snapshot("old", false);
	has_snapshot("now", true);
	given_snapshot_task("snapshot-create", "old");
	assert_true(recheck_needs_snapshots(&entry));
	assert_verdict(RECHECK_DONE, "the snapshot old exists");
	given_snapshot_task("snapshot-create", "never");
	assert_verdict(RECHECK_NOT_DONE, "the snapshot does not exist");
	given_snapshot_task("snapshot-revert", "now");
	assert_verdict(RECHECK_DONE, "the current one");
	given_snapshot_task("snapshot-revert", "old");
	assert_verdict(RECHECK_NOT_DONE, "not the current one");
	given_snapshot_task("snapshot-delete", "old");
	assert_verdict(RECHECK_NOT_DONE, "the snapshot old exists");
	given_snapshot_task("snapshot-delete", "never");
	assert_verdict(RECHECK_DONE, "the snapshot does not exist");
}

TEST(hostile_names_are_compared_as_they_were_seen)
{
	has_snapshot("\xe2\x80\xaeold", false);
	given_snapshot_task("snapshot-create", "<U+202E>old");
	assert_verdict(RECHECK_DONE, "the snapshot <U+202E>old exists");
}

TEST(snapshots_that_were_not_told_leave_it_open)
{
	vm->info.name = text_sanitize_str("web01", TEXT_CAP_LINE);
	given_snapshot_task("snapshot-delete", "old");
	assert_verdict(RECHECK_CANNOT_TELL, "innkeeper snapshots web01");
	has_snapshot("other", true);
	vm->snapshots->list.more = 1;
	assert_verdict(RECHECK_CANNOT_TELL, "innkeeper snapshots");
	vm->snapshots->list.more = 0;
	vm->snapshots->trouble_kind = ERR_DENIED;
	assert_verdict(RECHECK_CANNOT_TELL, "innkeeper snapshots");
}

RUN_TESTS_EACH("recheck", NULL, NULL, given_an_interrupted_logoff, tidy)
