/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "base/vec.h"
#include "engine/loop.h"
#include "unit.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static struct loop *loop;
static char story[256]; /* what ran, a letter each */

FIXTURE(open_loop)
{
	clock_stop_at(1000, 0);
	story[0] = '\0';
	loop = loop_create(NULL);
	assert_non_null(loop);
}

FIXTURE(close_loop)
{
	loop_destroy(loop);
}

static void tell(void *letter)
{
	size_t len = strlen(story);

	story[len] = *(const char *)letter;
	story[len + 1] = '\0';
}

static void turn(void)
{
	loop_turn(loop, 0);
}

static void the_story_is(const char *expected)
{
	assert_string_equal(story, expected);
}

/* --- posts --- */

TEST(posts_run_in_order)
{
	loop_post(loop, tell, "a");
	loop_post(loop, tell, "b");
	loop_post(loop, tell, "c");
	the_story_is("");
	turn();
	the_story_is("abc");
}

static void post_again(void *data)
{
	tell("a");
	loop_post(loop, tell, "b");
}

TEST(a_post_from_a_post_waits_for_the_next_turn)
{
	loop_post(loop, post_again, NULL);
	turn();
	the_story_is("a");
	turn();
	the_story_is("ab");
}

static void turn_inside(void *data)
{
	loop_post(loop, tell, "b");
	turn();
	tell("c");
}

TEST(a_callback_may_turn_the_loop)
{
	loop_post(loop, turn_inside, NULL);
	loop_post(loop, tell, "d");
	turn();
	the_story_is("bcd");
	loop_post(loop, tell, "e");
	turn();
	the_story_is("bcde");
}

TEST(destroying_runs_what_was_posted)
{
	struct loop *other = loop_create(NULL);

	loop_post(other, tell, "z");
	loop_destroy(other);
	the_story_is("z");
}

enum { POSTERS = 4, POSTS_EACH = 5000 };
static int received;
static int last_of[POSTERS];
static struct number {
	int poster, number;
} numbers[POSTERS][POSTS_EACH];

static void receive(void *data)
{
	const struct number *number = data;

	assert_int_equal(number->number, last_of[number->poster]++);
	if (++received == POSTERS * POSTS_EACH)
		loop_quit(loop);
}

static void *post_many(void *data)
{
	int poster = (int)(intptr_t)data;

	for (int i = 0; i < POSTS_EACH; i++) {
		numbers[poster][i] = (struct number){ poster, i };
		loop_post(loop, receive, &numbers[poster][i]);
	}
	return NULL;
}

TEST(posts_of_many_threads_all_arrive_in_each_threads_order)
{
	pthread_t threads[POSTERS];

	received = 0;
	memset(last_of, 0, sizeof(last_of));
	for (intptr_t i = 0; i < POSTERS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, post_many, (void *)i), 0);
	loop_run(loop);
	for (int i = 0; i < POSTERS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(received, POSTERS * POSTS_EACH);
}

/* --- timers --- */

TEST(timers_fire_when_they_are_due_and_once)
{
	loop_after(loop, 100, tell, "a");
	turn();
	the_story_is("");
	clock_advance(99);
	turn();
	the_story_is("");
	clock_advance(1);
	turn();
	the_story_is("a");
	clock_advance(1000);
	turn();
	the_story_is("a");
}

TEST(timers_fire_by_due_time_then_in_the_order_set)
{
	loop_after(loop, 20, tell, "c");
	loop_after(loop, 10, tell, "a");
	loop_after(loop, 20, tell, "d");
	loop_after(loop, 10, tell, "b");
	clock_advance(50);
	turn();
	the_story_is("abcd");
}

TEST(a_cancelled_timer_does_not_fire)
{
	int id = loop_after(loop, 10, tell, "a");

	loop_after(loop, 10, tell, "b");
	loop_cancel_timer(loop, id);
	loop_cancel_timer(loop, id);
	loop_cancel_timer(loop, 0);
	clock_advance(10);
	turn();
	the_story_is("b");
}

static void set_again(void *data)
{
	tell("a");
	loop_after(loop, 0, set_again, NULL);
}

TEST(a_timer_of_no_time_cannot_hold_the_loop)
{
	loop_after(loop, 0, set_again, NULL);
	turn();
	the_story_is("a");
	turn();
	the_story_is("aa");
}

static int later_timer;

static void cancel_the_other(void *data)
{
	tell("a");
	loop_cancel_timer(loop, later_timer);
}

TEST(a_timer_may_cancel_one_that_is_due_too)
{
	loop_after(loop, 10, cancel_the_other, NULL);
	later_timer = loop_after(loop, 10, tell, "b");
	clock_advance(10);
	turn();
	the_story_is("a");
}

/* A turn without end would hang here: the due timer alone must end it. */
TEST(waiting_for_ever_ends_with_a_due_timer)
{
	loop_after(loop, 10, tell, "a");
	clock_advance(10);
	loop_turn(loop, -1);
	the_story_is("a");
}

/* --- descriptors --- */

static int ends[2];

static void read_one(void *data, int fd, short revents)
{
	char byte;

	assert_true(revents & POLLIN);
	assert_int_equal(read(fd, &byte, 1), 1);
	tell(&byte);
}

static void stop_watching(void *data, int fd, short revents)
{
	tell("s");
	loop_watch(loop, fd, 0, NULL, NULL);
}

TEST(readable_descriptors_are_told)
{
	assert_int_equal(pipe(ends), 0);
	loop_watch(loop, ends[0], POLLIN, read_one, NULL);
	turn();
	the_story_is("");
	assert_int_equal(write(ends[1], "xy", 2), 2);
	turn();
	the_story_is("x");
	turn();
	the_story_is("xy");
	loop_watch(loop, ends[0], 0, NULL, NULL);
	assert_int_equal(write(ends[1], "z", 1), 1);
	turn();
	the_story_is("xy");
	close(ends[0]);
	close(ends[1]);
}

TEST(a_watch_may_end_itself)
{
	assert_int_equal(pipe(ends), 0);
	loop_watch(loop, ends[0], POLLIN, stop_watching, NULL);
	assert_int_equal(write(ends[1], "x", 1), 1);
	turn();
	turn();
	the_story_is("s");
	close(ends[0]);
	close(ends[1]);
}

static void tell_invalid(void *data, int fd, short revents)
{
	assert_true(revents & POLLNVAL);
	tell("n");
}

TEST(a_closed_descriptor_is_told_once_and_forgotten)
{
	assert_int_equal(pipe(ends), 0);
	loop_watch(loop, ends[0], POLLIN, tell_invalid, NULL);
	close(ends[0]);
	close(ends[1]);
	turn();
	turn();
	the_story_is("n");
}

static int other_ends[2];

static void replace_the_other(void *data, int fd, short revents)
{
	char byte;

	assert_int_equal(read(fd, &byte, 1), 1);
	tell("r");
	loop_watch(loop, other_ends[0], 0, NULL, NULL);
	loop_watch(loop, other_ends[0], POLLOUT, tell_invalid, NULL);
}

TEST(a_new_watch_does_not_hear_what_came_for_the_old_one)
{
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(pipe(other_ends), 0);
	loop_watch(loop, ends[0], POLLIN, replace_the_other, NULL);
	loop_watch(loop, other_ends[0], POLLIN, read_one, NULL);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(write(other_ends[1], "y", 1), 1);
	turn();
	the_story_is("r");
	loop_watch(loop, ends[0], 0, NULL, NULL);
	loop_watch(loop, other_ends[0], 0, NULL, NULL);
	close(ends[0]);
	close(ends[1]);
	close(other_ends[0]);
	close(other_ends[1]);
}

/* --- signals, idle, quitting --- */

TEST(signals_arrive_as_callbacks)
{
	loop_on_signal(loop, SIGUSR1, tell, "u");
	loop_on_signal(loop, SIGWINCH, tell, "w");
	raise(SIGUSR1);
	raise(SIGUSR1);
	the_story_is("");
	turn();
	the_story_is("u");
	raise(SIGWINCH);
	turn();
	the_story_is("uw");
}

TEST(a_signal_that_is_let_go_does_what_it_did_before)
{
	struct sigaction now;

	sigaction(SIGUSR2, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	loop_on_signal(loop, SIGUSR2, tell, "u");
	loop_on_signal(loop, SIGUSR2, NULL, NULL);
	sigaction(SIGUSR2, NULL, &now);
	assert_true(now.sa_handler == SIG_IGN);
	raise(SIGUSR2);
	turn();
	the_story_is("");
}

TEST(idle_runs_once_after_a_batch_and_never_for_nothing)
{
	loop_on_idle(loop, tell, "-");
	turn();
	the_story_is("");
	loop_post(loop, tell, "a");
	loop_post(loop, tell, "b");
	loop_after(loop, 0, tell, "c");
	turn();
	the_story_is("abc-");
	turn();
	the_story_is("abc-");
}

static void quit(void *data)
{
	tell(data);
	loop_quit(loop);
}

TEST(running_ends_with_quit_and_can_be_run_again)
{
	loop_post(loop, quit, "q");
	loop_run(loop);
	the_story_is("q");
	loop_post(loop, quit, "r");
	loop_run(loop);
	the_story_is("qr");
}

RUN_TESTS_EACH("loop", NULL, NULL, open_loop, close_loop)
