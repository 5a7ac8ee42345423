/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/xml.h"
#include "model/snapshot.h"
#include "tests/unit/unit.h"

static struct snapshot_list list;

FIXTURE(finish)
{
	snapshot_list_free(&list);
}

static void has(const char *key, const char *parent, int64_t created)
{
	struct snapshot *snapshot = snapshot_list_add(&list, key);

	assert_non_null(snapshot);
	snapshot->parent_key = parent ? mem_strdup(parent) : NULL;
	snapshot->created = created;
}

/* "a(b c(d)) e" as the order and the depths say it. */
static void looks_like(const char *expected)
{
	char seen[256] = "";
	int depth = 0;

	snapshot_list_arrange(&list);
	for (size_t i = 0; i < list.count; i++) {
		const struct snapshot *snapshot = &list.at[i];
		size_t len = strlen(seen);

		while (depth > snapshot->depth) {
			seen[len++] = ')';
			depth--;
		}
		snprintf(seen + len, sizeof(seen) - len, "%s%s",
			 snapshot->depth > depth ? "("
			 : i                     ? " "
						 : "",
			 snapshot->key);
		depth = snapshot->depth;
	}
	while (depth-- > 0)
		strncat(seen, ")", sizeof(seen) - strlen(seen) - 1);
	assert_string_equal(seen, expected);
}

/* --- the tree --- */

TEST_WITH(children_stand_behind_their_parent_the_older_first, NULL, finish)
{
	has("leaf", "middle", 40);
	has("late", "root", 30);
	has("root", NULL, 10);
	has("middle", "root", 20);
	has("other", NULL, 5);
	looks_like("other root(middle(leaf) late)");
}

TEST_WITH(orphans_and_rings_are_shown_like_roots, NULL, finish)
{
	has("orphan", "somebody who is gone", 1);
	has("egg", "hen", 2);
	has("hen", "egg", 3);
	has("self", "self", 4);
	looks_like("orphan egg(hen) self");
	assert_int_equal(list.count, 4);
}

TEST_WITH(what_is_more_than_we_keep_is_counted, NULL, finish)
{
	char key[16];

	for (int i = 0; i < SNAPSHOTS_MAX; i++) {
		snprintf(key, sizeof(key), "%d", i);
		has(key, i ? "0" : NULL, i);
	}
	assert_null(snapshot_list_add(&list, "one more"));
	snapshot_list_arrange(&list);
	assert_int_equal(list.count, SNAPSHOTS_MAX);
	assert_int_equal(list.more, 1);
}

TEST_WITH(a_chain_as_long_as_can_be_is_no_trouble, NULL, finish)
{
	char key[16], parent[16];

	for (int i = 0; i < SNAPSHOTS_MAX; i++) {
		snprintf(key, sizeof(key), "%d", i);
		snprintf(parent, sizeof(parent), "%d", i - 1);
		has(key, i ? parent : NULL, 1000 - i);
	}
	snapshot_list_arrange(&list);
	assert_int_equal(list.at[SNAPSHOTS_MAX - 1].depth, SNAPSHOTS_MAX - 1);
}

/* --- finding --- */

TEST_WITH(a_person_may_name_it_by_its_bytes_or_by_what_is_seen, NULL, finish)
{
	struct err err = { 0 };

	has("plain", NULL, 1);
	has("\xe2\x80\xaelive", NULL, 2);
	assert_string_equal(snapshot_list_match(&list, "plain", &err)->key, "plain");
	assert_string_equal(snapshot_list_match(&list, "<U+202E>live", &err)->key, "\xe2\x80\xaelive");
	assert_string_equal(snapshot_list_match(&list, "\xe2\x80\xaelive", &err)->key, "\xe2\x80\xaelive");
}

TEST_WITH(who_is_not_there_is_named_harmlessly, NULL, finish)
{
	struct err err = { 0 };

	has("plain", NULL, 1);
	assert_null(snapshot_list_match(&list, "plai\x1b[2J", &err));
	assert_int_equal(err.kind, ERR_USAGE);
	assert_non_null(strstr(text_str(err_text(&err)), "plai<U+001B>[2J"));
}

TEST_WITH(of_two_that_look_alike_none_is_chosen, NULL, finish)
{
	char first[TEXT_CAP_NAME + 8], second[TEXT_CAP_NAME + 8];
	struct err err = { 0 };

	memset(first, 'x', sizeof(first));
	first[sizeof(first) - 1] = '\0';
	memcpy(second, first, sizeof(second));
	second[sizeof(second) - 2] = 'y';
	has(first, NULL, 1);
	has(second, NULL, 2);
	assert_string_equal(text_str(list.at[0].name), text_str(list.at[1].name));
	assert_null(snapshot_list_match(&list, text_str(list.at[0].name), &err));
	assert_non_null(strstr(text_str(err_text(&err)), "several"));
	assert_string_equal(snapshot_list_match(&list, second, &err)->key, second);
}

/* --- the XML --- */

static struct snapshot read_xml(const char *inside)
{
	char *xml = keep(mem_printf("<domainsnapshot>%s</domainsnapshot>", inside));
	struct snapshot snapshot = { .created = -1 };

	assert_true(xml_read_snapshot(xml, strlen(xml), &snapshot));
	return snapshot;
}

static void drop(struct snapshot *snapshot)
{
	text_free(&snapshot->description);
	free(snapshot->parent_key);
}

TEST(the_xml_tells_time_state_parent_and_words)
{
	struct snapshot snapshot =
		read_xml("<name>n</name><description>before\n\tthe &lt;update&gt; \n</description>"
			 "<state>shutoff</state><parent><name>a&amp;b&#10;</name></parent>"
			 "<creationTime>1700000000</creationTime>"
			 "<domain><name>x</name><description>not this</description><state>running</state></domain>");

	assert_string_equal(text_str(snapshot.description), "before  the <update>");
	assert_int_equal(snapshot.state, VM_STATE_SHUTOFF);
	assert_string_equal(snapshot.parent_key, "a&b\n");
	assert_true(snapshot.created == 1700000000);
	assert_string_equal(snapshot_state_name(&snapshot), "shutoff");
	drop(&snapshot);
}

TEST(disks_alone_are_told_from_a_machine_that_ran)
{
	struct snapshot disks = read_xml("<state>disk-snapshot</state>"), blocked = read_xml("<state>blocked</state>");
	struct snapshot odd = read_xml("<state>&#155;</state><creationTime>-1</creationTime>");

	assert_true(disks.disks_only);
	assert_string_equal(snapshot_state_name(&disks), "disk-snapshot");
	assert_int_equal(blocked.state, VM_STATE_IDLE);
	assert_int_equal(odd.state, VM_STATE_UNKNOWN);
	assert_true(odd.created == -1);
	drop(&disks);
	drop(&blocked);
	drop(&odd);
}

TEST(what_is_no_snapshot_changes_nothing)
{
	struct snapshot snapshot = { .created = 7 };

	FOR_EACH(const char *, other, "", "<domain/>", "<domainsnapshot>", "<domainsnapshot><parent></domainsnapshot>")
		assert_false(xml_read_snapshot(*other, strlen(*other), &snapshot));
	assert_true(snapshot.created == 7);
	assert_null(snapshot.parent_key);
}

TEST(an_escaped_text_comes_back_as_it_was)
{
	static const char text[] = "a<b>&amp;'\"c\xc3\xa9";
	char *escaped = keep(xml_escape(text)), *inside = keep(mem_printf("<description>%s</description>", escaped));
	struct snapshot snapshot = read_xml(inside);

	assert_null(strpbrk(escaped, "<>'\""));
	assert_string_equal(text_str(snapshot.description), text);
	drop(&snapshot);
}

/* --- an order --- */

TEST(only_what_can_be_shown_is_written)
{
	struct err err = { 0 };

	FOR_EACH(const char *, bad, "", "a/b", ".a", "a\nb", "\x1b[m", "\xff", "a\xe2\x80\x8b") {
		assert_err(ERR_USAGE, snapshot_order_check(&(struct snapshot_order){ .name = *bad }, &err));
	}
	assert_false(snapshot_order_check(&(struct snapshot_order){ .name = "a", .description = "\r" }, &err));
	assert_true(
		snapshot_order_check(&(struct snapshot_order){ .name = "Sn\xc3\xb8 1", .description = "<&>" }, &err));
}

TEST(without_a_name_it_is_called_by_the_time)
{
	char *name = keep(snapshot_name_of_now());
	struct err err = { 0 };

	assert_int_equal(strlen(name), strlen("2026-11-22_19.05.33"));
	assert_true(snapshot_order_check(&(struct snapshot_order){ .name = name }, &err));
}

RUN_TESTS("snapshot", NULL, NULL)
