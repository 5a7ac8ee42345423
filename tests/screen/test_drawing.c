/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_drawing.c - the whole dashboard in this process, screen by screen: what is drawn asks nothing of hosts and
 * guests. What has to be asked because of what shows is asked before the frame.
 */
#include "base/clock.h"
#include "engine/audit.h"
#include "engine/worker.h"
#include "tests/paths.h"
#include "tests/screen/blind_term.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"
#include "ui/app/app.h"
#include "ui/tui/screens.h"
#include "ui/tui/ui.h"

#define INN    SCREEN_DIR "/inn.conf"
#define VM_OFF "gone01" /* in it */

enum { TURN_MS = 20, TURNS = 150 };

/* Keys from the table to a screen, and what it shows; Esc goes back. */
static const struct {
	const char *name, *keys, *shows;
} screens[] = {
	{ "the table", "", "web01" },
	{ "its last row", "G", "till01" },
	{ "the table in groups", "b", "running" },
	{ "the details of a VM", "/web01\r\r", "UUID" },
	{ "the sessions of a VM", "/web01\ru", "updated" },
	{ "the sessions of all", "w", " sessions" },
	{ "the snapshots of a VM", "/web01\rV", "snapshots" },
	{ "the logs of a VM", "/web01\rl", "Logs of" },
	{ "the keys", "?", "Help: keys" },
	{ "the events", "e", "Events and errors" },
	{ "unfinished tasks", "J", "No unfinished tasks." },
	{ "the task pane", "t", "No tasks yet" },
	{ "the menu", "/web01\rm", "Log off users" },
	{ "the palette", ":", "logoff" },
	{ "the chooser of columns", "\033OQ", "[x]" },
	{ "the filter", "/web", "2 shown" },
	{ "the log-off of one VM", "/web01\rL", "Log off all users of web01" },
	{ "the log-off of many", "*L", "Log off all users of" },
	{ "the shutdown of many", "*S", "Shut down" },
	{ "a message to many", "*:message\r", "Message" },
	{ "a snapshot of a VM that is off", "/" VM_OFF "\rT", "the current state of its disks" },
	{ "a snapshot of many", "*T", "Take a snapshot of" },
};

static struct app *app;
static bool is_drawing;
static int asked, asked_while_drawing;
static const char *first_asked; /* while drawing */

/* --- the frame --- */

void __wrap_header_draw(struct ui *ui, struct surface surface);
void __real_header_draw(struct ui *ui, struct surface surface);
void __wrap_surface_place_cursor(void);
void __real_surface_place_cursor(void);

/* What is drawn first, ... */
void __wrap_header_draw(struct ui *ui, struct surface surface)
{
	is_drawing = true;
	__real_header_draw(ui, surface);
}

/* ... and last. */
void __wrap_surface_place_cursor(void)
{
	is_drawing = false;
	__real_surface_place_cursor();
}

/* --- what is asked --- */

static void note_question(const char *what)
{
	asked++;
	if (is_drawing && !asked_while_drawing++)
		first_asked = what;
}

void __wrap_app_watch(struct app *of, const struct vm_id *ids, size_t count);
void __real_app_watch(struct app *of, const struct vm_id *ids, size_t count);
void __wrap_app_want_users(struct app *of, const struct vm_id *ids, size_t count);
void __real_app_want_users(struct app *of, const struct vm_id *ids, size_t count);
void __wrap_app_focus(struct app *of, const struct vm_id *id);
void __real_app_focus(struct app *of, const struct vm_id *id);
void __wrap_app_want_uptimes(struct app *of, bool of_watched, const struct vm_id *of_one);
void __real_app_want_uptimes(struct app *of, bool of_watched, const struct vm_id *of_one);
bool __wrap_app_ask_guest(struct app *of, struct vm *vm, bool insist, struct err *err);
bool __real_app_ask_guest(struct app *of, struct vm *vm, bool insist, struct err *err);
bool __wrap_app_ask_snapshots(struct app *of, struct vm *vm, struct err *err);
bool __real_app_ask_snapshots(struct app *of, struct vm *vm, struct err *err);

void __wrap_app_watch(struct app *of, const struct vm_id *ids, size_t count)
{
	note_question("app_watch");
	__real_app_watch(of, ids, count);
}

void __wrap_app_want_users(struct app *of, const struct vm_id *ids, size_t count)
{
	note_question("app_want_users");
	__real_app_want_users(of, ids, count);
}

void __wrap_app_focus(struct app *of, const struct vm_id *id)
{
	note_question("app_focus");
	__real_app_focus(of, id);
}

void __wrap_app_want_uptimes(struct app *of, bool of_watched, const struct vm_id *of_one)
{
	note_question("app_want_uptimes");
	__real_app_want_uptimes(of, of_watched, of_one);
}

bool __wrap_app_ask_guest(struct app *of, struct vm *vm, bool insist, struct err *err)
{
	note_question("app_ask_guest");
	return __real_app_ask_guest(of, vm, insist, err);
}

bool __wrap_app_ask_snapshots(struct app *of, struct vm *vm, struct err *err)
{
	note_question("app_ask_snapshots");
	return __real_app_ask_snapshots(of, vm, err);
}

/* --- what leaves for a host --- */

static int sent;

void __wrap_backend_watch(struct backend *be, const struct uuid *uuids, size_t count);
void __real_backend_watch(struct backend *be, const struct uuid *uuids, size_t count);
struct job *__wrap_worker_submit(struct worker *worker, const struct job_spec *spec);
struct job *__real_worker_submit(struct worker *worker, const struct job_spec *spec);

void __wrap_backend_watch(struct backend *be, const struct uuid *uuids, size_t count)
{
	sent++;
	__real_backend_watch(be, uuids, count);
}

struct job *__wrap_worker_submit(struct worker *worker, const struct job_spec *spec)
{
	sent++;
	return __real_worker_submit(worker, spec);
}

/* --- from screen to screen --- */

static void turn(void)
{
	for (size_t i = 0; i < inventory_host_count(app_inventory(app)); i++)
		worker_crank(app_backend(app, (int)i)->agents, NULL);
	loop_turn(app_loop(app), 0);
}

static void settle(void)
{
	for (int i = 0; i < TURNS; i++) {
		turn();
		clock_advance(TURN_MS);
	}
	turn();
}

static void draw_again(void)
{
	const int frames = blind_frames;

	blind_press("\014", NULL); /* ^L */
	turn();
	assert_int_equal(blind_frames, frames + 1);
}

static void (*visit)(const char *screen);

/* Stands in the loop's place, between the first frame and the last. */
void __wrap_loop_run(struct loop *loop);

void __wrap_loop_run(struct loop *loop)
{
	settle();
	for (size_t i = 0; i < ARRAY_SIZE(screens); i++) {
		for (const char *key = screens[i].keys; *key; key += *key == '\033' ? strlen(key) : 1) {
			char one[2] = { *key, '\0' };

			blind_press(*key == '\033' ? key : one, NULL);
			turn();
		}
		settle();
		if (!blind_shows(screens[i].shows))
			fail_msg("%s does not show \"%s\"", screens[i].name, screens[i].shows);
		visit(screens[i].name);
		blind_press("\033", NULL);
		blind_press("\033", NULL);
		blind_press("\033", NULL);
		settle();
	}
}

static void visit_all(void (*each)(const char *screen))
{
	OWN(config) struct config config;
	struct err err = { 0 };
	struct loop *loop = loop_create(&err);

	visit = each;
	asked = asked_while_drawing = 0;
	clock_stop_at(1000000, 1767268800);
	config_defaults(&config);
	config.slots = -1;
	app = app_create(loop, &(struct app_settings){ .mode = APP_FULL, .config = &config });
	if (!app_add_host(app, "demo:///" INN, &err) ||
	    !ui_run(app, &(struct ui_settings){ .demo = true, .mouse = true }, &err))
		fail_msg("%s", err.buf);
	app_destroy(app, 1000);
	loop_destroy(loop);
}

/* The dialog was opened without a box for "disks only". */
static void start_what_is_off(const char *screen)
{
	const struct inventory *inventory = app_inventory(app);
	const struct op_params start = { .operation = OP_START };
	struct task *task;
	struct err err = { 0 };

	if (strcmp(screen, "a snapshot of a VM that is off") != 0)
		return;
	for (size_t i = 0; i < inventory_vm_count(inventory); i++) {
		const struct vm *vm = inventory_vm_at(inventory, i);

		if (strcmp(text_str(vm->info.name), VM_OFF) == 0 &&
		    app_submit(app, &vm->id, &start, &task, &err) != S_OK)
			fail_msg("%s", err.buf);
	}
	settle();
	assert_true(blind_shows("Saves disks and memory"));
}

static int set_up(void **state)
{
	audit_use_socket("");
	return scratch_setup(state);
}

static void nothing_was_asked_while_drawing(const char *screen)
{
	if (asked_while_drawing)
		fail_msg("%s, drawn, called %s()", screen, first_asked);
}

TEST(drawing_asks_nothing)
{
	visit_all(nothing_was_asked_while_drawing);
	assert_true(asked > 0);
}

static void nothing_is_sent_for_a_second_frame(const char *screen)
{
	int before;

	draw_again();
	before = sent;
	draw_again();
	draw_again();
	if (sent != before)
		fail_msg("%s, drawn again, sent %d requests", screen, sent - before);
}

TEST(a_screen_drawn_again_sends_no_request)
{
	sent = 0;
	visit_all(nothing_is_sent_for_a_second_frame);
	assert_true(sent > 0);
}

TEST(a_vm_may_start_while_its_snapshot_is_asked_about)
{
	visit_all(start_what_is_off);
}

RUN_TESTS_EACH("drawing", NULL, NULL, set_up, scratch_teardown)
