/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/timeline.h"
#include "tests/unit/unit.h"

static struct timeline *timeline;
static struct session_list before, after;

FIXTURE(fresh)
{
	timeline = mem_zalloc(sizeof(*timeline));
}

FIXTURE(tidy)
{
	timeline_free(timeline);
	free(timeline);
	session_list_free(&before);
	session_list_free(&after);
}

static void is_on(struct session_list *list, const char *id, const char *user)
{
	struct session *session = VEC_PUSH(list);

	snprintf(session->id, sizeof(session->id), "%s", id);
	session->user = text_sanitize_str(user, TEXT_CAP_USER);
}

static void look(enum timeline_kind how)
{
	before.proven = after.proven = true;
	timeline_compare(timeline, &before, &after, how, 1000);
}

static void assert_newest(enum timeline_kind kind, const char *user)
{
	const struct timeline_entry *entry = timeline_at(timeline, 0);

	assert_non_null(entry);
	assert_string_equal(timeline_kind_name(entry->kind), timeline_kind_name(kind));
	assert_string_equal(text_str(entry->user), user);
	assert_int_equal(entry->when, 1000);
}

TEST(people_without_a_session_id_stay_on)
{
	is_on(&before, "", "dba");
	is_on(&before, "", "petra");
	is_on(&after, "", "dba");
	is_on(&after, "", "petra");
	timeline_compare(timeline, &before, &after, TIMELINE_LOGOFF_NORMAL, 1000);
	assert_null(timeline_at(timeline, 0));
	is_on(&after, "", "carol");
	timeline_compare(timeline, &before, &after, TIMELINE_LOGOFF_NORMAL, 1000);
	assert_newest(TIMELINE_LOGON, "carol");
	assert_null(timeline_at(timeline, 1));
}

TEST(one_who_came_is_noted)
{
	is_on(&after, "3", "alice");
	look(TIMELINE_LOGOFF_NORMAL);
	assert_newest(TIMELINE_LOGON, "alice");
	assert_null(timeline_at(timeline, 1));
}

TEST(one_who_went_is_noted_with_how)
{
	is_on(&before, "3", "alice");
	look(TIMELINE_LOGOFF_EXTERNAL);
	assert_newest(TIMELINE_LOGOFF_EXTERNAL, "alice");
}

TEST(who_is_missing_from_a_list_that_proves_nothing_is_not_said_to_be_gone)
{
	is_on(&before, "3", "alice");
	before.proven = true;
	timeline_compare(timeline, &before, &after, TIMELINE_LOGOFF_NORMAL, 1000);
	after.proven = true;
	after.more = 1;
	timeline_compare(timeline, &before, &after, TIMELINE_LOGOFF_NORMAL, 1000);
	assert_null(timeline_at(timeline, 0));
}

TEST(who_is_seen_by_a_better_list_alone_did_not_come_just_then)
{
	is_on(&after, "3", "alice");
	after.proven = true;
	timeline_compare(timeline, &before, &after, TIMELINE_LOGOFF_NORMAL, 1000);
	before.proven = true;
	before.more = 1;
	timeline_compare(timeline, &before, &after, TIMELINE_LOGOFF_NORMAL, 1000);
	assert_null(timeline_at(timeline, 0));
}

TEST(one_who_stays_is_not_noted)
{
	is_on(&before, "3", "alice");
	is_on(&after, "3", "alice");
	look(TIMELINE_LOGOFF_NORMAL);
	assert_null(timeline_at(timeline, 0));
}

TEST(the_same_id_for_another_user_is_another_logon)
{
	is_on(&before, "3", "alice");
	is_on(&after, "3", "bob");
	look(TIMELINE_LOGOFF_NORMAL);
	assert_newest(TIMELINE_LOGON, "bob");
	assert_string_equal(text_str(timeline_at(timeline, 1)->user), "alice");
}

TEST(the_oldest_make_room_for_the_newest)
{
	is_on(&after, "1", "alice");
	for (int i = 0; i < TIMELINE_MAX; i++)
		look(TIMELINE_LOGOFF_NORMAL);
	session_list_free(&after);
	is_on(&after, "2", "bob");
	look(TIMELINE_LOGOFF_NORMAL);
	assert_newest(TIMELINE_LOGON, "bob");
	assert_non_null(timeline_at(timeline, TIMELINE_MAX - 1));
	assert_null(timeline_at(timeline, TIMELINE_MAX));
}

RUN_TESTS_EACH("timeline", NULL, NULL, fresh, tidy)
