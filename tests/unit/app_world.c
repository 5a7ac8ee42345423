/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/unit/app_world.h"

#include "base/clock.h"
#include "engine/audit.h"
#include "engine/journal.h"
#include "scratch_dir.h"
#include "unit.h"

#include <sys/stat.h>

struct loop *loop;
struct config config;
struct app *app;
bool app_wants_checkups;

void app_world_begin(const char *scenario, int parallel, int64_t ms)
{
	audit_use_socket("");
	clock_stop_at(1000000, 1767268800);
	config_defaults(&config);
	config.slots = -1;
	app_world_open(scenario, APP_FULL, parallel);
	wait_ms(ms);
}

int app_world_end(void **state)
{
	app_world_close();
	config_free(&config);
	return scratch_teardown(state);
}

void app_world_open(const char *scenario, enum app_mode mode, int parallel)
{
	const struct app_settings settings = {
		.mode = mode, .config = &config, .parallel = parallel, .want_checkups = app_wants_checkups
	};
	char *uri = keep(mem_printf("demo:///%s", scenario));
	struct err err = { 0 };

	loop = loop_create(&err);
	app = app_create(loop, &settings);
	if (!app_add_host(app, uri, &err) || !app_start(app, &err))
		fail_msg("%s", err.buf);
}

void app_world_close(void)
{
	assert_true(app_destroy(app, 1000));
	loop_destroy(loop);
}

void wait_ms(int64_t ms)
{
	for (int64_t gone = 0; gone < ms; gone += 50) {
		for (size_t i = 0; i < inventory_host_count(app_inventory(app)); i++)
			worker_crank(app_backend(app, (int)i)->agents, NULL);
		loop_turn(loop, 0);
		clock_advance(50);
	}
}

struct vm *vm_named(const char *name)
{
	struct vm *found = NULL;
	struct err err = { 0 };

	if (!inventory_resolve(app_inventory(app), name, &found, &err))
		fail_msg("%s", err.buf);
	return found;
}

struct task *begin_task(const struct vm *vm, const struct op_params *params)
{
	struct task *task = NULL;
	struct err err = { 0 };

	if (app_submit(app, &vm->id, params, &task, &err) != S_OK)
		fail_msg("%s", err.buf);
	return task;
}

struct task *perform(const struct vm *vm, enum operation operation)
{
	return begin_task(vm, &(struct op_params){ .operation = operation });
}

struct task *log_off_vm(const char *name)
{
	return perform(vm_named(name), OP_LOGOFF);
}

void wait_until_told(const struct task *task)
{
	while (task->report.phase != TASK_PHASE_VERIFY)
		wait_ms(50);
}

void has_ended(const struct task *task, hresult error, enum task_result result)
{
	assert_true(task->report.complete);
	if (task->report.error != error)
		fail_msg("0x%08x: %s", task->report.error, text_str(task->report.error_description));
	assert_int_equal(task->report.result, result);
}

char *read_audit(void)
{
	char *path = mem_printf("%s/innkeeper/demo/audit.log", scratch_path), *bytes;
	FILE *file = fopen(path, "r");
	struct stat st = { 0 };

	if (file)
		assert_int_equal(fstat(fileno(file), &st), 0);
	bytes = mem_zalloc((size_t)st.st_size + 1);
	if (file) {
		assert_int_equal(fread(bytes, 1, (size_t)st.st_size, file), st.st_size);
		fclose(file);
	}
	free(path);
	return bytes;
}

size_t left_in_the_journal(void)
{
	struct journal_entries entries = { 0 };
	size_t unreadable, count;

	assert_true(journal_read_all(true, &entries, &unreadable, NULL));
	count = entries.count;
	journal_entries_free(&entries);
	return count;
}
