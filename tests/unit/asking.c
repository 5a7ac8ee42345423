/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "asking.h"

#include "base/clock.h"

const struct agent_target line = { .backend = &guest.backend };
struct guest_profile profile;
struct session_list list;
bool asks_usage;
struct err err;

int a_guest_to_ask(void **state)
{
	err = (struct err){ 0 };
	return a_guest(state);
}

static void forget_answers(void)
{
	session_list_free(&list);
	asks_usage = false;
	guest_profile_free(&profile);
}

int no_guest_to_ask(void **state)
{
	forget_answers();
	return no_guest(state);
}

void this_guest_to_ask(enum fake_kind kind)
{
	forget_answers();
	this_guest(kind);
}

static enum query_outcome ask_how(bool in_background)
{
	struct session_query *query = session_query_create(&profile);
	enum query_outcome outcome;
	int64_t wait_ms;
	size_t calls = guest.log_count;

	query->wants_usage = asks_usage;
	if (in_background)
		session_query_in_background(query, &list);
	while ((outcome = session_query_step(query, &line, &wait_ms, &err)) == QUERY_AGAIN) {
		assert_true(guest.log_count - calls <= 1);
		calls = guest.log_count;
		clock_advance(wait_ms);
	}
	session_list_free(&list);
	session_list_copy(&list, session_query_result(query));
	session_query_destroy(query);
	return outcome;
}

enum query_outcome ask(void)
{
	return ask_how(false);
}

int looks(void)
{
	const int before = fake_count(&guest, "guest-exec ");

	assert_int_equal(ask_how(true), QUERY_DONE);
	return fake_count(&guest, "guest-exec ") - before;
}

void it_answers(enum query_outcome outcome, bool proven, size_t count)
{
	if (ask() != outcome)
		fail_msg("another outcome; err: %s", text_str(err_text(&err)));
	assert_int_equal(list.proven, proven);
	assert_int_equal(list.count, count);
}

void it_says(enum err_kind kind, const char *words)
{
	assert_int_equal(err.kind, kind);
	assert_says(text_str(err_text(&err)), words);
}

void session_is(size_t index, const char *id, const char *user)
{
	assert_string_equal(list.at[index].id, id);
	assert_string_equal(text_str(list.at[index].user), user);
}
