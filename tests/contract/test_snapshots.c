/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_snapshots.c - what every backend promises of snapshots, asked of the simulated fleet, of libvirt in this
 * process and of libvirt behind a daemon. Their names and descriptions are somebody else's: some are hostile.
 */
#include "base/clock.h"
#include "tests/contract/each.h"
#include "tests/unit/unit.h"

#include <libvirt/libvirt.h>
#include <unistd.h>

static struct uuid vm;
static struct snapshot_list list;

FIXTURE(finish)
{
	snapshot_list_free(&list);
	if (witness)
		witness_finish(witness);
	witness = NULL;
}

/* One whose agent is connected, where there are agents: db01 of the demo's second host. */
static void start_asking(struct witness_config config)
{
	config.figures_interval_ms = 500;
	start_with(config);
	assert_non_null(witness_vm_in_state(witness, VM_STATE_RUNNING));
	vm = witness_vm_in_state(witness, VM_STATE_RUNNING)->info.uuid;
}

static void start(void)
{
	start_asking((struct witness_config){ 0 });
}

static void lists(void)
{
	struct err err = { 0 };

	snapshot_list_free(&list);
	if (!witness_snapshots(witness, &vm, &list, &err))
		fail_msg("cannot list: %s", text_str(err_text(&err)));
}

static const struct snapshot *the(const char *key)
{
	const struct snapshot *found;

	lists();
	found = snapshot_list_find(&list, key);
	if (!found)
		fail_msg("there is no snapshot %s", key);
	return found;
}

static bool is_there(const char *key)
{
	lists();
	return snapshot_list_find(&list, key) != NULL;
}

static void takes(const char *name, const char *description)
{
	const struct snapshot_order order = { .name = name, .description = description };
	struct err err = { 0 };

	if (!witness_snapshot_create(witness, &vm, &order, &err))
		fail_msg("cannot take %s: %s", name, text_str(err_text(&err)));
}

static void is_refused(struct snapshot_order order, enum err_kind kind)
{
	struct err err = { 0 };

	assert_false(witness_snapshot_create(witness, &vm, &order, &err));
	if (err.kind != kind)
		fail_msg("kind %d instead of %d: %s", err.kind, kind, text_str(err_text(&err)));
	assert_false(text_is_empty(err_text(&err)));
}

static void succeeds(bool ok, const struct err *err)
{
	if (!ok)
		fail_msg("%s", text_str(err_text(err)));
}

static bool is_running(struct witness *of)
{
	return witness_vm(of, &vm)->info.state == VM_STATE_RUNNING;
}

static bool is_off(struct witness *of)
{
	return witness_vm(of, &vm)->info.state == VM_STATE_SHUTOFF;
}

/* --- one after the other --- */

TEST(what_was_taken_is_listed_with_time_state_and_words)
{
	const struct snapshot *taken;

	start();
	takes("first <&'\">", "two words & <more>");
	taken = the("first <&'\">");
	assert_string_equal(text_str(taken->name), "first <&'\">");
	assert_string_equal(text_str(taken->description), "two words & <more>");
	assert_int_equal(taken->state, VM_STATE_RUNNING);
	assert_false(taken->disks_only);
	assert_true(taken->current);
	assert_true(llabs(taken->created - (int64_t)clock_wall()) < 600);
}

TEST(the_next_one_stands_below_and_is_the_current_one)
{
	const struct snapshot *below, *above;

	start();
	takes("above", NULL);
	takes("below", NULL);
	below = the("below");
	above = snapshot_list_find(&list, "above");
	assert_string_equal(below->parent_key, "above");
	assert_true(below->current && !above->current);
	assert_int_equal(below->depth, above->depth + 1);
	assert_true(below > above);
	assert_true(text_is_empty(below->description));
}

TEST(reverting_brings_the_state_back_and_moves_the_mark)
{
	struct err err = { 0 };

	start();
	takes("running", NULL);
	takes("later", NULL);
	assert_true(witness_verb(witness, &vm, OP_DESTROY, &err));
	assert_true(witness_until(witness, is_off, SOON_MS));
	succeeds(witness_snapshot_revert(witness, &vm, "running", &err), &err);
	assert_true(witness_until(witness, is_running, SOON_MS));
	assert_true(the("running")->current);
	assert_false(the("later")->current);
}

TEST(a_deleted_one_is_gone_and_its_children_stay)
{
	struct err err = { 0 };

	start();
	takes("root", NULL);
	takes("middle", NULL);
	takes("leaf", NULL);
	succeeds(witness_snapshot_delete(witness, &vm, "middle", &err), &err);
	assert_false(is_there("middle"));
	assert_string_equal(the("leaf")->parent_key, "root");
	assert_true(the("leaf")->current);
	succeeds(witness_snapshot_delete(witness, &vm, "leaf", &err), &err);
	assert_true(the("root")->current);
}

TEST(a_machine_that_is_off_has_snapshots_too)
{
	struct err err = { 0 };

	start();
	assert_true(witness_verb(witness, &vm, OP_DESTROY, &err));
	assert_true(witness_until(witness, is_off, SOON_MS));
	takes("cold", NULL);
	assert_int_equal(the("cold")->state, VM_STATE_SHUTOFF);
	assert_true(witness_verb(witness, &vm, OP_START, &err));
	assert_true(witness_until(witness, is_running, SOON_MS));
	succeeds(witness_snapshot_revert(witness, &vm, "cold", &err), &err);
	assert_true(witness_until(witness, is_off, SOON_MS));
}

/* --- what makes no sense --- */

TEST(a_name_twice_and_names_that_nobody_could_read_are_refused)
{
	size_t before;

	start();
	takes("once", NULL);
	before = list.count;
	lists();
	before = list.count;
	is_refused((struct snapshot_order){ .name = "once" }, ERR_UNEXPECTED);
	is_refused((struct snapshot_order){ .name = "" }, ERR_USAGE);
	is_refused((struct snapshot_order){ .name = "a/b" }, ERR_USAGE);
	is_refused((struct snapshot_order){ .name = ".hidden" }, ERR_USAGE);
	is_refused((struct snapshot_order){ .name = "esc\x1b[2J" }, ERR_USAGE);
	is_refused((struct snapshot_order){ .name = "fine", .description = "rtl \xe2\x80\xae" }, ERR_USAGE);
	lists();
	assert_int_equal(list.count, before);
}

TEST(who_is_not_there_is_neither_reverted_to_nor_deleted)
{
	static const struct uuid nobodys = { { 0xde, 0xad, 0xbe, 0xef, 1, 2, 0x43, 4, 0x85, 6, 7, 8, 9, 10, 11, 12 } };
	struct err err = { 0 };

	start();
	assert_false(witness_snapshot_revert(witness, &vm, "nowhere", &err));
	assert_non_null(strstr(text_str(err_text(&err)), "nowhere"));
	assert_false(witness_snapshot_delete(witness, &vm, "nowhere", &err));
	assert_non_null(strstr(text_str(err_text(&err)), "nowhere"));
	vm = nobodys;
	assert_err(ERR_NO_DOMAIN, witness_snapshots(witness, &vm, &list, &err));
	is_refused((struct snapshot_order){ .name = "x" }, ERR_NO_DOMAIN);
}

TEST(the_disks_alone_are_quiesced_or_it_is_said_why_not)
{
	const struct snapshot_order order = { .name = "disks", .disks_only = true, .quiesce = true };
	struct err err = { 0 };

	start();
	if (!has_agents) {
		is_refused(order, ERR_UNSUPPORTED); /* the test driver has no such snapshots */
		return;
	}
	succeeds(witness_snapshot_create(witness, &vm, &order, &err), &err);
	assert_true(the("disks")->disks_only);
	assert_true(witness_verb(witness, &vm, OP_SUSPEND, &err));
	is_refused((struct snapshot_order){ .name = "no", .disks_only = true, .quiesce = true }, ERR_PAUSED);
	assert_true(witness_verb(witness, &vm, OP_DESTROY, &err));
	is_refused((struct snapshot_order){ .name = "no", .disks_only = true, .quiesce = true }, ERR_NOT_RUNNING);
	assert_false(is_there("no"));
}

/* --- who may --- */

TEST(read_only_and_locked_let_nobody_change_them)
{
	struct err err = { 0 };

	for (int locked = 0; locked < 2; locked++) {
		start_asking((struct witness_config){ .read_only = !locked, .locked = locked });
		lists();
		is_refused((struct snapshot_order){ .name = "x" }, ERR_DENIED);
		assert_err(ERR_DENIED, witness_snapshot_revert(witness, &vm, "x", &err));
		assert_err(ERR_DENIED, witness_snapshot_delete(witness, &vm, "x", &err));
		finish(NULL);
	}
}

TEST(a_host_at_rest_has_nothing_to_tell_and_nothing_to_stop)
{
	struct err err = { 0 };

	start();
	assert_int_equal(witness_job_percent(witness, &vm, &err), -1);
	assert_false(witness_job_abort(witness, &vm, &err));
	assert_false(text_is_empty(err_text(&err)));
	finish(NULL);
	start_asking((struct witness_config){ .locked = true });
	assert_err(ERR_DENIED, witness_job_abort(witness, &vm, &err));
}

/* --- from outside --- */

static const char hostile_xml[] =
	"<domainsnapshot><name>&#x202E;evil&lt;/name&gt;&#10;\xc2\x9b[2J%s</name>"
	"<description>&lt;description&gt;&amp;amp;\nnext line &#x200B;&#xE0041;</description></domainsnapshot>";
static const char hostile_key[] = "\xe2\x80\xae"
				  "evil</name>\n\xc2\x9b[2J%s";

/* As another client of the host would. */
static void somebody_takes_a_hostile_one(void)
{
	virConnectPtr conn = virConnectOpen(uri);
	char text[UUID_TEXT_SIZE];
	virDomainPtr dom;

	uuid_format(&vm, text);
	dom = virDomainLookupByUUIDString(conn, text);
	assert_non_null(dom);
	virDomainSnapshotFree(virDomainSnapshotCreateXML(dom, hostile_xml, 0));
	virDomainFree(dom);
	virConnectClose(conn);
}

TEST(hostile_names_are_shown_harmlessly_and_still_lead_to_their_snapshot)
{
	const struct snapshot *hostile;
	struct err err = { 0 };

	start();
	if (has_agents)
		skip(); /* nobody else can reach the demo's; its own hostile one is seen in tests/screen */
	somebody_takes_a_hostile_one();
	takes("child", NULL);
	hostile = the(hostile_key);
	assert_true(text_is_safe(text_str(hostile->name)));
	assert_string_equal(text_str(hostile->name), "<U+202E>evil</name><U+000A><U+009B>[2J%s");
	assert_string_equal(text_str(hostile->description), "<description>&amp; next line <U+200B><U+E0041>");
	assert_ptr_equal(snapshot_list_match(&list, text_str(hostile->name), &err), hostile);
	assert_string_equal(the("child")->parent_key, hostile_key);
	succeeds(witness_snapshot_revert(witness, &vm, hostile_key, &err), &err);
	assert_true(the(hostile_key)->current);
	succeeds(witness_snapshot_delete(witness, &vm, hostile_key, &err), &err);
	assert_false(is_there(hostile_key));
}

static int run_all(const char *name)
{
	return run_cases_each(name, NULL, NULL, NULL, finish);
}

int main(void)
{
	return ask_each("demo:///default?host=ams2", run_all);
}
