/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What passes the gate between a person and a machine, counted below it: the program of these tests notes each call by
 * which it could change anything (traced.c). $INNKEEPER_KEYS: how many random keys, where more are wanted than in
 * `make check`.
 */
#include "engine/action.h"
#include "tests/paths.h"
#include "tests/screen/noise.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#define INN    SCREEN_DIR "/inn.conf"
#define VAULT  SCREEN_DIR "/vault.conf"
#define MOVING SCREEN_DIR "/moving.conf"

enum { KEYS_OF_CHECK = 4000 };

/* --- the trace --- */

static char *trace;

static int set_up(void **state)
{
	if (scratch_setup(state) != 0)
		return -1;
	trace = keep(mem_printf("%s/trace", scratch_path));
	setenv("INNKEEPER", getenv("INNKEEPER_TRACED") ? getenv("INNKEEPER_TRACED") : "tests/screen/innkeeper-traced",
	       1);
	return setenv("INNKEEPER_TRACE", trace, 1);
}

FIXTURE(forget_trace)
{
	unlink(trace);
}

static char *read_trace(void)
{
	FILE *file = fopen(trace, "r");
	char *text = NULL;
	size_t len = 0;

	if (!file || getdelim(&text, &len, '\0', file) < 0) {
		free(text);
		text = mem_strdup("");
	}
	if (file)
		fclose(file);
	return text;
}

/* Lines that begin so. */
static int traced(const char *beginning)
{
	char *text = read_trace();
	int count = 0;

	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		count += !strncmp(line, beginning, strlen(beginning));
	free(text);
	return count;
}

static void never(const char *beginning)
{
	if (traced(beginning) == 0)
		return;
	fail_msg("\"%s\" was called %d times; the trace:\n%s", beginning, traced(beginning), read_trace());
}

/* What is done inside a guest is traced as "act", whatever its name; what the hypervisor does by its verb. */
static void nothing_disruptive_was_done(void)
{
	never("act ");
	for (enum operation operation = 0; operation < OP_COUNT; operation++) {
		const struct operation_info *info = operation_get(operation);

		if (info->flags & DISRUPTS && info->kind == OPERATION_OF_HOST) {
			char *line = mem_printf("verb %s\n", info->name);

			never(line);
			free(line);
		}
	}
}

static void nothing_was_sent(void)
{
	FOR_EACH(const char *, call, "act ", "verb ", "console ", "agent ", "obey ", "libvirt ")
		never(*call);
}

/* --- fingers --- */

static void quit(void)
{
	press("^]"); /* it may be at a console */
	for (int layers = 0; layers < 12; layers++)
		press("Esc");
	press_until_it_ends("q y y y y");
	assert_int_equal(exit_status_of(), 0);
	terminal_is_as_before();
	screen_close();
}

static bool is_way_out(const char *key)
{
	return !strcmp(key, "q") || !strcmp(key, "F10") || !strcmp(key, "^Z") || !strcmp(key, "^C");
}

/* Every key of every action, a yes behind each; whatever writes, by its name as well. */
static void press_everything(void)
{
	for (enum action_id id = 0; id < ACTION_COUNT; id++) {
		char *keys = mem_strdup(action_get(id)->keys), *rest = keys, *key;

		while ((key = strsep(&rest, " "))) {
			if (*key && !is_way_out(key)) {
				press(key);
				press("y Tab Enter Esc Esc");
			}
		}
		free(keys);
		if (!(action_get(id)->needs & NEEDS_WRITE))
			continue;
		press_and_type(":", action_get(id)->name);
		press("Enter y Esc Esc");
	}
}

static int keys_wanted(void)
{
	const char *wanted = getenv("INNKEEPER_KEYS");

	return wanted ? (int)strtol(wanted, NULL, 10) : KEYS_OF_CHECK;
}

/* One key at a time, as fingers would: what comes in one burst confirms nothing anyway. */
static void press_at_random(void (*open)(void), bool may_answer)
{
	open();
	for (int i = 0; i < keys_wanted(); i++) {
		const char *key = noise_key();

		if (!may_answer && strpbrk(key, "yY\r\n \t"))
			continue;
		send_bytes(key, strlen(key));
		screen_pump(1);
		if (noise_roll(200) == 0)
			screen_pump(400); /* long enough for a dialog to believe the next one */
		if (screen->byte_count > 1 << 20)
			screen->byte_count = 0;
		if (screen->has_ended) { /* by its name, from the palette */
			assert_int_equal(exit_status_of(), 0);
			screen_close();
			open();
		}
	}
	send_bytes("\033[201~", 6);
}

/* --- read-only --- */

static void looks_only(const char *option, const char *value, const char *vm)
{
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "-r", "--mouse", option, value } };

	screen_open(&options);
	wait_for(vm);
	press_everything();
	for (int i = 0; i < 500; i++) {
		const char *key = noise_key();

		send_bytes(key, strlen(key));
		screen_pump(1);
	}
	send_bytes("\033[201~", 6);
	quit();
	nothing_was_sent();
}

TEST(read_only_sends_nothing_whatever_is_pressed)
{
	noise_begin(1);
	looks_only("--demo=" INN, NULL, "web01");
}

TEST(read_only_calls_nothing_of_libvirts_that_writes)
{
	noise_begin(2);
	looks_only("-c", "test:///default", "test");
	assert_int_not_equal(traced("open read-only"), 0);
	never("open read-write");
}

static void open_inn(void)
{
	screen_open_demo(24, 80, INN, NULL);
	wait_for_row("web02", "running");
}

/* That the trace shows what is done at all. */
TEST(a_write_is_traced)
{
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "-c", "test:///default" } };

	open_inn();
	press_and_type_to_see("/", "web02", "1 shown");
	confirm_to_see_row("Enter D", "Destroy web02?", "web02", "shutoff");
	quit();
	assert_int_equal(traced("verb destroy"), 1);
	assert_int_equal(traced("obey destroy"), 1);
	assert_int_not_equal(traced("agent "), 0);
	screen_open(&options);
	wait_for_row("test", "running");
	confirm("D", "Destroy test?");
	while (traced("libvirt virDomainDestroyFlags") == 0)
		assert_true(screen_pump(SCREEN_PATIENCE_MS));
	quit();
	assert_int_not_equal(traced("open read-write"), 0);
}

/* --- random keys --- */

static void open_vault(void)
{
	screen_open_demo(24, 80, VAULT, "--mouse");
	wait_for_row("gold06", "running");
}

TEST(random_keys_get_past_no_challenge)
{
	noise_begin(20261122);
	press_at_random(open_vault, true);
	quit();
	assert_int_not_equal(traced("agent "), 0);
	nothing_disruptive_was_done();
}

TEST(without_an_answer_no_key_does_anything)
{
	noise_begin(7);
	press_at_random(open_inn, false);
	quit();
	never("act ");
	never("verb ");
}

/* --- whom it is for --- */

static void open_moving(const char *vm)
{
	screen_open_demo(24, 100, MOVING, "--sort=state");
	wait_for_row("twin", "running");
	press_and_type("/", vm);
	press_to_close("Enter", "Enter: apply");
}

TEST(the_answer_is_for_the_vm_that_was_asked_about_wherever_it_went)
{
	int row;

	open_moving("!twin");
	press("g");
	while ((row = row_of("target")) < 0 || cell_at(row, 3).bg.indexed.idx != cell_at(row, 70).bg.indexed.idx ||
	       cell_at(row, 3).bg.indexed.idx == cell_at(20, 3).bg.indexed.idx)
		press("j");
	press_to_see("D", "Destroy target?");
	for (int moves = 0; moves < 2; moves++) {
		wait_for_row("dance01", "paused");
		wait_for_row("dance01", "running");
	}
	yes_to_see_row("Destroy target?", "target", "shutoff");
	quit();
	assert_int_equal(traced("verb destroy"), 1);
}

TEST(one_name_on_two_hosts_is_two_vms_and_the_dialog_tells_which)
{
	open_moving("twin host:there");
	wait_for("1 shown");
	press_to_see("D", "Destroy twin?");
	shows("there");
	shows("bbbbbbbbbbbb");
	shows_not("aaaaaaaaaaaa");
	yes_to_see_row("Destroy twin?", "twin", "shutoff");
	press("/");
	press_and_type("^U", "twin host:here");
	wait_for_row("twin", "running");
	press("Enter");
	quit();
	assert_int_equal(traced("obey destroy"), 1);
}

/* --- time --- */

TEST(a_clock_that_jumps_a_day_to_and_fro_moves_no_deadline)
{
	static const char *const env[] = { "INNKEEPER_WALL_JUMPS=1", NULL };
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .env = env };

	screen_open(&options);
	wait_for_row("web01", "running");
	press_and_type_to_see("/", "web01", "1 shown");
	press_to_see("Enter L", "alice");
	yes_to_see("Log off all users of web01?", "done: 2 sessions ended");
	wait_for("● inn ");
	quit();
}

RUN_TESTS_EACH("gate", set_up, scratch_teardown, forget_trace, NULL)
