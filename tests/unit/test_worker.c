/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "base/vec.h"
#include "engine/worker.h"
#include "unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

static struct loop *loop;
static struct worker *worker;
static char story[256]; /* on the fake clock: what ran; a letter a step, upper case when done */

static void tell(char letter)
{
	size_t len = strlen(story);

	story[len] = letter;
	story[len + 1] = '\0';
}

static void the_story_is(const char *expected)
{
	assert_string_equal(story, expected);
}

/* --- with threads, on the real clock; first, as one that was stopped stays so --- */

enum { THREADS = 4, JOBS = 200, KEYS = 5, STEPS = 6 };

static atomic_int at_work[KEYS];
static int jobs_left;

struct labour {
	int key;
	int steps, reports, slot_seen;
	bool on_worker; /* written by both sides in turn: TSan watches the hand-over */
};

static int64_t labour_step(void *state, int slot)
{
	struct labour *labour = state;

	assert_true(slot >= 0 && slot < THREADS);
	assert_false(labour->on_worker);
	labour->on_worker = true;
	assert_int_equal(atomic_fetch_add(&at_work[labour->key], 1), 0);
	labour->steps++;
	atomic_fetch_sub(&at_work[labour->key], 1);
	return labour->steps < STEPS ? labour->steps % 2 : WORKER_DONE;
}

static void labour_progress(void *state)
{
	struct labour *labour = state;

	assert_true(labour->on_worker);
	labour->on_worker = false;
	assert_int_equal(++labour->reports, labour->steps);
}

static void labour_done(void *state)
{
	struct labour *labour = state;

	assert_int_equal(labour->steps, STEPS);
	assert_int_equal(labour->reports, STEPS - 1);
	if (--jobs_left == 0)
		loop_quit(loop);
}

TEST(threads_share_the_jobs_and_keys_exclude_each_other)
{
	struct labour *labours = keep(mem_zalloc(JOBS * sizeof(*labours)));

	loop = loop_create(NULL);
	worker = worker_create(loop, "many", THREADS);
	jobs_left = JOBS;
	for (int i = 0; i < JOBS; i++) {
		struct uuid key = { .bytes = { (unsigned char)(i % KEYS) } };

		labours[i].key = i % KEYS;
		worker_submit(worker, &(struct job_spec){
					      .step = labour_step,
					      .progress = labour_progress,
					      .done = labour_done,
					      .state = &labours[i],
					      .key = &key,
					      .priority = i % 2 ? WORKER_TASK : WORKER_BACKGROUND,
				      });
	}
	loop_run(loop);
	assert_int_equal(worker_busy(worker), 0);
	assert_int_equal(worker_stuck_for(worker), 0);
	assert_true(worker_destroy(worker, 1000));
	loop_destroy(loop);
}

static int64_t long_sleeper(void *state, int slot)
{
	return ++*(int *)state < 2 ? 3600000 : WORKER_DONE;
}

static struct job *sleeper_job;

static void wake_sleeper(void *state)
{
	worker_wake(worker, sleeper_job);
}

/* Once the job is back in the queue, to wait for an hour. */
static void wake_sleeper_soon(void *state)
{
	loop_post(loop, wake_sleeper, state);
}

static void quit_loop(void *state)
{
	loop_quit(loop);
}

TEST(a_sleeping_thread_hears_of_a_wake)
{
	int steps = 0;

	loop = loop_create(NULL);
	worker = worker_create(loop, "sleeper", 1);
	sleeper_job = worker_submit(worker, &(struct job_spec){ .step = long_sleeper,
								.progress = wake_sleeper_soon,
								.done = quit_loop,
								.state = &steps });
	loop_run(loop);
	assert_int_equal(steps, 2);
	assert_true(worker_destroy(worker, 1000));
	loop_destroy(loop);
}

static int plug[2], reached[2];

static int64_t wait_for_plug(void *state, int slot)
{
	char byte;

	assert_int_equal(write(reached[1], "r", 1), 1);
	assert_int_equal(read(plug[0], &byte, 1), 1);
	return WORKER_DONE;
}

static int finished;

static void count_finished(void *state)
{
	finished++;
}

FIXTURE(open_plug)
{
	finished = 0;
	assert_false(pipe(plug) || pipe(reached));
}

FIXTURE(close_plug)
{
	close(plug[1]);
	close(reached[0]);
}

static void pull_the_plug(void)
{
	assert_int_equal(write(plug[1], "x", 1), 1);
}

static void wait_until_a_step_blocks(void)
{
	char byte;

	assert_int_equal(read(reached[0], &byte, 1), 1);
}

static void submit_stuck_and_two_waiting(void)
{
	static const struct uuid key = { .bytes = { 7 } };

	for (int i = 0; i < 3; i++)
		worker_submit(worker, &(struct job_spec){ .step = wait_for_plug, .done = count_finished, .key = &key });
	wait_until_a_step_blocks();
}

TEST_WITH(a_step_that_ends_in_time_is_waited_for, open_plug, close_plug)
{
	loop = loop_create(NULL);
	worker = worker_create(loop, "patient", 2);
	submit_stuck_and_two_waiting();
	assert_int_equal(worker_busy(worker), 1);
	for (int i = 0; i < 3; i++)
		pull_the_plug(); /* the others may get their turn before the worker stops */
	assert_true(worker_destroy(worker, 10000));
	assert_int_equal(finished, 3);
	loop_destroy(loop);
}

static struct worker *left_to_its_thread; /* keeps the leak sanitizer informed */
static pthread_key_t last_words;

static void say_last_words(void *data)
{
	assert_int_equal(write(reached[1], "l", 1), 1);
}

static int64_t wait_for_plug_and_say_when_the_thread_ends(void *state, int slot)
{
	pthread_setspecific(last_words, "");
	return wait_for_plug(state, slot);
}

TEST_WITH(a_stuck_thread_is_left_behind_and_leaves_in_silence, open_plug, close_plug)
{
	assert_int_equal(pthread_key_create(&last_words, say_last_words), 0);
	loop = loop_create(NULL);
	worker = left_to_its_thread = worker_create(loop, "stuck", 1);
	worker_submit(worker,
		      &(struct job_spec){ .step = wait_for_plug_and_say_when_the_thread_ends, .done = count_finished });
	worker_submit(worker, &(struct job_spec){ .step = wait_for_plug, .done = count_finished });
	wait_until_a_step_blocks();
	assert_false(worker_destroy(worker, 20));
	assert_int_equal(finished, 1);
	pull_the_plug();
	wait_until_a_step_blocks(); /* the last words */
	loop_turn(loop, 0);
	assert_int_equal(finished, 1);
	loop_destroy(loop);
	pthread_key_delete(last_words);
}

static int64_t short_sleeper(void *state, int slot)
{
	return ++*(int *)state < 2 ? 20 : WORKER_DONE;
}

static void submit_blocking(void *state)
{
	worker_submit(worker, &(struct job_spec){ .step = wait_for_plug, .done = count_finished });
}

static void block_the_watching_thread(void *state)
{
	loop_post(loop, submit_blocking, state);
}

static void give_up(void *data)
{
	fail_msg("nobody serves the job that is due");
}

TEST_WITH(a_thread_that_blocks_leaves_the_watch_to_another, open_plug, close_plug)
{
	int steps = 0;

	loop = loop_create(NULL);
	worker = worker_create(loop, "watch", 2);
	worker_submit(worker, &(struct job_spec){ .step = short_sleeper,
						  .progress = block_the_watching_thread,
						  .done = quit_loop,
						  .state = &steps });
	loop_after(loop, 20000, give_up, NULL);
	loop_run(loop);
	assert_int_equal(steps, 2);
	pull_the_plug();
	assert_true(worker_destroy(worker, 10000));
	loop_destroy(loop);
}

TEST(a_worker_without_work_has_no_thread_to_wait_for)
{
	loop = loop_create(NULL);
	worker = worker_create(loop, "idle", 4);
	assert_int_equal(worker_busy(worker), 0);
	assert_true(worker_destroy(worker, 0));
	assert_true(worker_destroy(NULL, 0));
	loop_destroy(loop);
}

TEST_WITH(reports_under_way_at_the_end_are_not_delivered_twice, open_plug, close_plug)
{
	loop = loop_create(NULL);
	worker = worker_create(loop, "late", 2);
	worker_submit(worker, &(struct job_spec){ .step = wait_for_plug, .done = count_finished });
	wait_until_a_step_blocks();
	pull_the_plug();
	assert_true(worker_destroy(worker, 10000));
	assert_int_equal(finished, 1);
	loop_turn(loop, 0);
	assert_int_equal(finished, 1);
	loop_destroy(loop);
}

/* --- on the fake clock --- */

struct chore {
	char letter;
	int steps;     /* left */
	int64_t pause; /* between them */
	int reports;
	struct job *job;
};

static int64_t chore_step(void *state, int slot)
{
	struct chore *chore = state;

	assert_int_equal(slot, 0);
	tell(chore->letter);
	return --chore->steps > 0 ? chore->pause : WORKER_DONE;
}

static void chore_progress(void *state)
{
	((struct chore *)state)->reports++;
}

static void chore_done(void *state)
{
	tell((char)(((struct chore *)state)->letter - 'a' + 'A'));
}

static void submit(struct chore *chore, enum worker_priority priority, const struct uuid *key)
{
	chore->job = worker_submit(worker, &(struct job_spec){
						   .step = chore_step,
						   .progress = chore_progress,
						   .done = chore_done,
						   .state = chore,
						   .key = key,
						   .priority = priority,
					   });
}

static int64_t crank(int expected_steps)
{
	int64_t next;

	assert_int_equal(worker_crank(worker, &next), expected_steps);
	return next;
}

FIXTURE(open_cranked)
{
	clock_stop_at(1000, 0);
	story[0] = '\0';
	loop = loop_create(NULL);
	worker = worker_create(loop, "test", 0);
}

FIXTURE(close_cranked)
{
	worker_destroy(worker, 0);
	loop_destroy(loop);
}

TEST_WITH(a_job_goes_step_by_step_until_it_is_done, open_cranked, close_cranked)
{
	struct chore chore = { .letter = 'a', .steps = 3 };

	submit(&chore, WORKER_TASK, NULL);
	the_story_is("");
	assert_int_equal(crank(1), 0);
	the_story_is("a");
	assert_int_equal(chore.reports, 1);
	assert_int_equal(crank(1), 0);
	assert_int_equal(crank(1), -1);
	the_story_is("aaaA");
	assert_int_equal(chore.reports, 2);
	assert_int_equal(crank(0), -1);
}

TEST_WITH(a_step_waits_as_long_as_the_one_before_said, open_cranked, close_cranked)
{
	struct chore chore = { .letter = 'a', .steps = 2, .pause = 500 };

	submit(&chore, WORKER_TASK, NULL);
	assert_int_equal(crank(1), 500);
	clock_advance(499);
	assert_int_equal(crank(0), 1);
	clock_advance(1);
	assert_int_equal(crank(1), -1);
	the_story_is("aaA");
}

TEST_WITH(what_a_person_asked_for_goes_first, open_cranked, close_cranked)
{
	struct chore curious = { .letter = 'a', .steps = 1 }, asked = { .letter = 'b', .steps = 1 };

	submit(&curious, WORKER_BACKGROUND, NULL);
	clock_advance(1000);
	submit(&asked, WORKER_TASK, NULL);
	crank(2);
	the_story_is("bBaA");
}

TEST_WITH(jobs_of_a_kind_go_in_the_order_they_fell_due, open_cranked, close_cranked)
{
	struct chore chores[4] = {
		{ .letter = 'a', .steps = 2, .pause = 30 },
		{ .letter = 'b', .steps = 2, .pause = 10 },
		{ .letter = 'c', .steps = 2, .pause = 20 },
		{ .letter = 'd', .steps = 2, .pause = 10 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(chores); i++)
		submit(&chores[i], WORKER_TASK, NULL);
	crank(4);
	clock_advance(100);
	crank(4);
	the_story_is("abcdbBdDcCaA");
}

TEST_WITH(waking_ends_a_wait, open_cranked, close_cranked)
{
	struct chore chore = { .letter = 'a', .steps = 2, .pause = 3600000 };

	submit(&chore, WORKER_TASK, NULL);
	crank(1);
	worker_wake(worker, chore.job);
	crank(1);
	the_story_is("aaA");
}

static void wake_itself(void *state)
{
	worker_wake(worker, ((struct chore *)state)->job);
}

TEST_WITH(a_wake_that_comes_between_steps_is_not_lost, open_cranked, close_cranked)
{
	struct chore chore = { .letter = 'a', .steps = 2, .pause = 3600000 };

	chore.job = worker_submit(
		worker,
		&(struct job_spec){ .step = chore_step, .progress = wake_itself, .done = chore_done, .state = &chore });
	assert_int_equal(crank(1), 0);
	crank(1);
	the_story_is("aaA");
}

static struct chore follower;

static void submit_follower(void *state)
{
	chore_done(state);
	submit(&follower, WORKER_TASK, NULL);
}

TEST_WITH(done_may_submit_the_next_job, open_cranked, close_cranked)
{
	struct chore chore = { .letter = 'a', .steps = 1 };

	follower = (struct chore){ .letter = 'b', .steps = 1 };
	worker_submit(worker, &(struct job_spec){ .step = chore_step, .done = submit_follower, .state = &chore });
	assert_int_equal(crank(1), 0);
	crank(1);
	the_story_is("aAbB");
}

TEST_WITH(jobs_not_done_get_their_done_at_the_end, open_cranked, close_cranked)
{
	struct chore fresh = { .letter = 'a', .steps = 1 }, waiting = { .letter = 'b', .steps = 2, .pause = 10 };

	submit(&waiting, WORKER_TASK, NULL);
	crank(1);
	submit(&fresh, WORKER_TASK, NULL);
	assert_true(worker_destroy(worker, 0));
	worker = NULL;
	assert_int_equal(strlen(story), 3);
	assert_non_null(strchr(story, 'A'));
	assert_non_null(strchr(story, 'B'));
}

struct appointment {
	int64_t pause, due;
};

static int64_t last_due;
static int kept;

static int64_t appointment_step(void *state, int slot)
{
	struct appointment *appointment = state;

	if (!appointment->due) {
		appointment->due = clock_ms() + appointment->pause;
		return appointment->pause;
	}
	assert_true(appointment->due >= last_due);
	last_due = appointment->due;
	return WORKER_DONE;
}

static void count_kept(void *state)
{
	kept++;
}

TEST_WITH(many_jobs_run_in_the_order_of_their_due_times, open_cranked, close_cranked)
{
	enum { COUNT = 1000 };
	struct appointment *appointments = keep(mem_zalloc(COUNT * sizeof(*appointments)));
	unsigned seed = 1;

	last_due = kept = 0;
	for (int i = 0; i < COUNT; i++) {
		seed = seed * 1103515245 + 12345;
		appointments[i].pause = 1 + seed / 65536 % 5000;
		worker_submit(
			worker,
			&(struct job_spec){ .step = appointment_step, .done = count_kept, .state = &appointments[i] });
	}
	crank(COUNT);
	clock_advance(5000);
	crank(COUNT);
	assert_int_equal(kept, COUNT);
}

RUN_TESTS("worker", NULL, NULL)
