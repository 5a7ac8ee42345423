/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_keys.c - the whole dashboard in this process, on a fake clock, under keys that nobody means: as many as a
 * terminal would carry in hours. What disrupts is counted below the gate of backend/backend.c, and where it is asked
 * for. $INNKEEPER_KEYS: how many keys for each test.
 */
#include "base/clock.h"
#include "engine/action.h"
#include "engine/audit.h"
#include "engine/child.h"
#include "tests/paths.h"
#include "tests/screen/blind_term.h"
#include "tests/screen/noise.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"
#include "ui/tui/dialog.h"
#include "ui/tui/ui.h"

#define INN   SCREEN_DIR "/inn.conf"
#define VAULT SCREEN_DIR "/vault.conf"

#ifdef __SANITIZE_ADDRESS__
enum { KEYS_OF_CHECK = 5000 };
#else
enum { KEYS_OF_CHECK = 34000 }; /* a hundred thousand together */
#endif
enum { TURN_MS = 20, KEPT = 48 };

static struct app *app;
static struct ui_settings settings;
static bool may_answer, never_disrupts;
static int disrupted;     /* calls below the gate */
static int disrupting;    /* tasks that people could mind, asked for */
static int looked, wrote; /* other calls: that there was something to count */
static char last_keys[KEPT][32];
static int pressed;

/* --- below the gate --- */

static void note_disruption(const char *what)
{
	disrupted++;
	if (!never_disrupts)
		return;
	for (int i = MAX(pressed - KEPT, 0); i < pressed; i++)
		print_message("%s\n", last_keys[i % KEPT]);
	fail_msg("%s behind key %d; the last keys stand above", what, pressed);
}

static bool disrupts(enum operation operation)
{
	return operation_get(operation)->flags & DISRUPTS;
}

bool __wrap_backend_agent_command(struct backend *be, int slot, const struct uuid *uuid, enum backend_intent intent,
				  const char *command, int timeout_ms, char **ret_reply, struct err *err);
bool __real_backend_agent_command(struct backend *be, int slot, const struct uuid *uuid, enum backend_intent intent,
				  const char *command, int timeout_ms, char **ret_reply, struct err *err);
bool __wrap_backend_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			      bool use_agent, struct err *err);
bool __real_backend_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			      bool use_agent, struct err *err);
bool __wrap_backend_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err);
bool __real_backend_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err);
bool __wrap_backend_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err);
bool __real_backend_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err);

/* No name has to be typed before a message. */
static bool only_messages_are_sent(void)
{
	const struct tasklist *tasks = app_tasks(app);
	bool sends = false;

	for (size_t i = 0; i < tasks->count; i++) {
		if (tasks->at[i]->report.complete)
			continue;
		if (tasks->at[i]->operation != OP_MESSAGE)
			return false;
		sends = true;
	}
	return sends;
}

bool __wrap_backend_agent_command(struct backend *be, int slot, const struct uuid *uuid, enum backend_intent intent,
				  const char *command, int timeout_ms, char **ret_reply, struct err *err)
{
	if (intent == BACKEND_LOOKS)
		looked++;
	else if (only_messages_are_sent())
		wrote++;
	else
		note_disruption(command);
	return __real_backend_agent_command(be, slot, uuid, intent, command, timeout_ms, ret_reply, err);
}

bool __wrap_backend_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			      bool use_agent, struct err *err)
{
	wrote++;
	if (disrupts(operation))
		note_disruption(operation_name(operation));
	return __real_backend_lifecycle(be, slot, uuid, operation, use_agent, err);
}

bool __wrap_backend_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err)
{
	note_disruption("snapshot-revert");
	return __real_backend_snapshot_revert(be, slot, uuid, key, err);
}

bool __wrap_backend_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				    struct err *err)
{
	note_disruption("snapshot-delete");
	return __real_backend_snapshot_delete(be, slot, uuid, key, err);
}

/* --- what leaves the dashboard stays away --- */

bool __wrap_backend_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd,
			    struct err *err);
struct child *__wrap_child_start(struct loop *loop, const struct child_plan *plan, child_over_fn *over, void *data,
				 struct err *err);
void __wrap_loop_quit(struct loop *loop);

bool __wrap_backend_console(struct backend *be, int slot, const struct uuid *uuid, bool force, int *ret_fd,
			    struct err *err)
{
	return err_set(err, ERR_UNSUPPORTED, "no console here");
}

struct child *__wrap_child_start(struct loop *loop, const struct child_plan *plan, child_over_fn *over, void *data,
				 struct err *err)
{
	err_set(err, ERR_UNSUPPORTED, "no programs here");
	return NULL;
}

void __wrap_loop_quit(struct loop *loop)
{
}

/* --- what is asked for, where it is asked for --- */

static uint64_t last_task;

static bool is_answer(const struct input *input)
{
	if (input->burst || input->kind == INPUT_PASTE)
		return false;
	return input->kind == INPUT_CLICK || strchr("yY\r\n ", (int)input->key.code) != NULL ||
	       input->key.code == KEYCODE_ENTER;
}

static void look_at_tasks_behind(const struct input *input)
{
	const struct tasklist *tasks = app_tasks(app);
	bool answered = is_answer(input) && clock_ms() >= blind_question_at + DIALOG_ARM_MS;

	for (size_t i = tasks->count; i-- > 0 && tasks->at[i]->id > last_task;) {
		disrupting += disrupts(tasks->at[i]->operation);
		if (disrupts(tasks->at[i]->operation) && !answered)
			fail_msg("task %d behind key %d, without an answer", tasks->at[i]->operation, pressed);
	}
	last_task = tasks->last_id;
}

/* --- fingers --- */

static void turn(int64_t ms)
{
	for (size_t i = 0; i < inventory_host_count(app_inventory(app)); i++)
		worker_crank(app_backend(app, (int)i)->agents, NULL);
	loop_turn(app_loop(app), 0);
	clock_advance(ms);
}

/* Mostly as fast as fingers are; now and then somebody reads what is asked, or goes for a while. */
static int64_t hesitation(void)
{
	switch (noise_roll(32)) {
	case 0:
		return 3000;
	case 1:
	case 2:
	case 3:
		return DIALOG_ARM_MS;
	default:
		return 1 + noise_roll(60);
	}
}

static int keys_wanted(void)
{
	const char *wanted = getenv("INNKEEPER_KEYS");

	return wanted ? (int)strtol(wanted, NULL, 10) : KEYS_OF_CHECK;
}

/* Stands in the loop's place, between the first frame and the last. */
void __wrap_loop_run(struct loop *loop);

void __wrap_loop_run(struct loop *loop)
{
	for (int i = 0; i < 100; i++)
		turn(TURN_MS);
	for (pressed = 0; pressed < keys_wanted();) {
		const char *key = noise_key();

		if (!may_answer && strpbrk(key, "yY\r\n \t"))
			continue;
		snprintf(last_keys[pressed++ % KEPT], sizeof(last_keys[0]), "%s", key);
		blind_press(key, look_at_tasks_behind);
		turn(hesitation());
	}
	never_disrupts = false;
	for (int i = 0; i < 100; i++)
		turn(TURN_MS);
}

static void press_at_random(const char *scenario, uint32_t seed)
{
	char *uri = keep(mem_printf("demo:///%s", scenario));
	OWN(config) struct config config;
	struct err err = { 0 };
	struct loop *loop = loop_create(&err);

	clock_stop_at(1000000, 1767268800);
	config_defaults(&config);
	config.slots = -1;
	noise_begin(seed);
	disrupted = disrupting = looked = wrote = 0;
	last_task = 0;
	settings = (struct ui_settings){ .demo = true, .mouse = true };
	app = app_create(loop, &(struct app_settings){ .mode = APP_FULL, .config = &config });
	if (!app_add_host(app, uri, &err) || !ui_run(app, &settings, &err))
		fail_msg("%s", err.buf);
	assert_int_equal(pressed, keys_wanted());
	assert_true(looked > 0);
	assert_true(blind_frames > pressed / 2);
	app_destroy(app, 1000);
	loop_destroy(loop);
}

static int set_up(void **state)
{
	audit_use_socket("");
	return scratch_setup(state);
}

TEST(random_keys_get_past_no_challenge)
{
	may_answer = never_disrupts = true;
	press_at_random(VAULT, 20261122);
	assert_int_equal(disrupted, 0);
	assert_true(wrote > 0); /* what disrupts nothing was done */
}

TEST(without_an_answer_no_key_disrupts_anything)
{
	may_answer = false;
	never_disrupts = true;
	press_at_random(INN, 7);
	assert_int_equal(disrupted, 0);
}

TEST(what_disrupts_was_asked_about_and_answered)
{
	may_answer = true;
	never_disrupts = false;
	press_at_random(INN, 11);
	assert_true(disrupting > 0);
	assert_true(disrupted > 0);
}

RUN_TESTS_EACH("keys", NULL, NULL, set_up, scratch_teardown)
