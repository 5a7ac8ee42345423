/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A console is killed at every step of its work: the journal never lies, and nothing is ever done twice. */
#include "base/clock.h"
#include "engine/audit.h"
#include "engine/vm_lock.h"
#include "kill.h"
#include "model/vm.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"
#include "ui/app/app_work.h"
#include "ui/app/recheck.h"
#include "ui/cli/output.h"
#include "wrap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* ---- what is done, to which guest ---- */

struct flow {
	const char *name;
	enum fake_kind kind;
	void (*people)(struct fake_guest *guest);
	enum operation operation;
	struct logoff_options options;
	bool shut_down;
};

static const struct flow *flow;
static int null_fd = -1;

/* `./dev torture`: every point, and more people to be killed at. */
static bool is_long;

static void three(struct fake_guest *guest)
{
	char id[8], tty[16];

	fake_logon(guest, "1", "alice", "tty1");
	fake_logon(guest, "2", "bob", "tty2");
	fake_logon(guest, "3", "bob", "pts/0");
	for (int i = 4; is_long && i <= 12; i++) {
		snprintf(id, sizeof(id), "%d", i);
		snprintf(tty, sizeof(tty), "pts/%d", i);
		fake_logon(guest, id, "carol", tty);
	}
}

static void one_resists(struct fake_guest *guest)
{
	three(guest);
	guest->sessions[1].resists = true;
}

static void one_stays_for_good(struct fake_guest *guest)
{
	three(guest);
	guest->sessions[1].immortal = true;
}

static void one_comes_back(struct fake_guest *guest)
{
	three(guest);
	guest->sessions[0].comes_back = true;
}

static void one_answer_is_lost(struct fake_guest *guest)
{
	three(guest);
	fake_fault(guest, "guest-exec loginctl terminate-session 2", 1, ERR_NO_ANSWER, "no answer")->carried_out = true;
}

static void the_agent_falls_silent(struct fake_guest *guest)
{
	three(guest);
	fake_fault(guest, "guest-exec loginctl terminate-session 2", 0, ERR_NO_ANSWER, "no answer")->carried_out = true;
	fake_fault(guest, "guest-exec loginctl list-sessions", 2, ERR_NO_ANSWER, "no answer");
	fake_fault(guest, "guest-exec loginctl list-sessions", 3, ERR_NO_ANSWER, "no answer");
}

static void nobody(struct fake_guest *guest)
{
}

/* clang-format off */
static const struct flow flows[] = {
	{ .name = "log-off", .people = three, .operation = OP_LOGOFF },
	{ .name = "log-off of nobody", .people = nobody, .operation = OP_LOGOFF },
	{ .name = "log-off with a message", .people = three, .operation = OP_LOGOFF,
	  .options = { .message = "Patches", .grace_s = 5 } },
	{ .name = "log-off by force", .people = one_resists, .operation = OP_LOGOFF,
	  .options = { .force = true, .timeout_s = 30 } },
	{ .name = "log-off in vain", .people = one_stays_for_good, .operation = OP_LOGOFF, .options = { .timeout_s = 20 } },
	{ .name = "log-off, automatic log-in", .people = one_comes_back, .operation = OP_LOGOFF, .options = { .timeout_s = 20 } },
	{ .name = "log-off, an answer lost", .people = one_answer_is_lost, .operation = OP_LOGOFF },
	{ .name = "log-off, silence", .people = the_agent_falls_silent, .operation = OP_LOGOFF, .options = { .timeout_s = 20 } },
	{ .name = "log-off without logind", .people = three, .operation = OP_LOGOFF, .kind = FAKE_SYSVINIT },
	{ .name = "log-off of Windows", .people = three, .operation = OP_LOGOFF, .kind = FAKE_WINDOWS },
	{ .name = "shut down", .people = three, .operation = OP_SHUTDOWN },
	{ .name = "power off", .people = three, .operation = OP_DESTROY },
	{ .name = "reset", .people = three, .operation = OP_RESET },
	{ .name = "lock the sessions", .people = three, .operation = OP_LOCK },
	{ .name = "drain", .people = three, .operation = OP_DRAIN,
	  .options = { .message = "Patches", .grace_s = 5 }, .shut_down = true },
};
/* clang-format on */

static struct task_work *plan_work(struct kill_world *world)
{
	const struct task task = { .id = 1,
				   .operation = flow->operation,
				   .vm = { .host = 0, .uuid = world->guest.uuid },
				   .vm_name = TEXT_TRUSTED("web01"),
				   .host_name = TEXT_TRUSTED("alpha") };
	struct task_work *work = work_create(NULL, &task, &world->guest.backend);

	work_set_op(work, &(struct op_params){ .operation = flow->operation,
					       .logoff = flow->options,
					       .shut_down = flow->shut_down });
	return work;
}

/* A console at its work, from the confirmed wish to the last byte given back. */
static void console(struct kill_world *world)
{
	struct task_work *work;
	int64_t wait_ms;

	if (wrap.plan.alloc_at)
		dup2(null_fd, STDERR_FILENO); /* it says each time that it is out of memory */
	work = plan_work(world);
	while ((wait_ms = work_step(work, 0)) != WORKER_DONE) {
		kill_point();
		kill_crank(world, wait_ms);
	}
	world->ended = true;
	kill_point();
	work_free(work);
}

/* ---- what must hold afterwards ---- */

static void it_holds(bool holds, const char *what, int k)
{
	if (!holds)
		fail_msg("%s, killed at point %d: it does not hold that %s", flow->name, k, what);
}

#define says(condition, k) it_holds(condition, #condition, k)

static bool audit_has(const char *words)
{
	char *path = keep(mem_printf("%s/innkeeper/audit.log", scratch_path));
	char *bytes = keep(mem_zalloc(16384));
	FILE *file = fopen(path, "r");
	bool has = file && fread(bytes, 1, 16383, file) > 0 && strstr(bytes, words);

	if (file)
		fclose(file);
	return has;
}

/* Autostart is a setting: a drain that failed puts it back, and the next one disables it again. */
static void nothing_was_done_twice(const struct kill_world *world, int k)
{
	for (int i = 0; i < world->done_count; i++)
		if (world->done[i].times > 1 && !strstr(world->done[i].line, "autostart"))
			fail_msg("%s, killed at point %d: %s was done %d times", flow->name, k, world->done[i].line,
				 world->done[i].times);
}

static void the_entry_is_true(const struct kill_world *world, const struct journal_entry *entry, int k)
{
	says(entry->state != JOURNAL_NOT_SENT || kill_times_done(world) == 0, k);
	says(!entry->alive, k);
	says(!text_is_empty(entry->operation) && !text_is_empty(entry->vm) && !text_is_empty(entry->uuid), k);
	says(!text_is_empty(entry->planned_at) && !text_is_empty(entry->by), k);
}

static void the_journal_is_true(const struct kill_world *world, int k)
{
	OWN(journal_entries) struct journal_entries entries;
	size_t unreadable;

	says(journal_read_all(false, &entries, &unreadable, NULL), k);
	says(unreadable == 0, k);
	says(entries.count <= 1, k);
	for (size_t i = 0; i < entries.count; i++)
		the_entry_is_true(world, &entries.at[i], k);
	/* Without an entry: nothing was done, or its end was seen and is on record. */
	says(entries.count == 1 || kill_times_done(world) == 0 || world->ended || audit_has("state=\"end\""), k);
	says(kill_times_done(world) == 0 || audit_has("state=\"begin\""), k);
}

/* ---- the next start looks, and only looks ---- */

static void see_the_guest(struct kill_world *world, struct vm *vm)
{
	OWN(guest_profile) struct guest_profile profile = { 0 };
	struct session_query *query = session_query_create(&profile);
	const struct agent_target line = { .backend = &world->guest.backend, .uuid = world->guest.uuid };
	struct err err = { 0 };
	int64_t wait_ms;
	enum query_outcome outcome;

	while ((outcome = session_query_step(query, &line, &wait_ms, &err)) == QUERY_AGAIN)
		kill_crank(world, wait_ms);
	vm->info.state = world->guest.state;
	if (outcome == QUERY_DONE) {
		vm->users_state = USERS_KNOWN;
		session_list_copy(&vm->sessions, session_query_result(query));
	}
	session_query_destroy(query);
}

static bool somebody_is_still_on(struct fake_guest *guest, const struct journal_entry *entry)
{
	bool on = false;

	for (size_t i = 0; i < entry->sessions.count; i++)
		on |= fake_find(guest, text_str(entry->sessions.at[i].id)) != NULL;
	return on;
}

static bool is_rechecked_truly(struct kill_world *world, const struct journal_entry *entry)
{
	struct vm vm = { .users_state = USERS_UNKNOWN };
	struct recheck recheck;

	see_the_guest(world, &vm);
	recheck = recheck_entry(entry, &vm, NULL);
	if (text_is_empty(recheck.words))
		return false;
	if (entry->state == JOURNAL_NOT_SENT)
		return recheck.verdict == RECHECK_NOT_DONE;
	if (flow->operation != OP_LOGOFF || recheck.verdict == RECHECK_CANNOT_TELL)
		return true;
	return (recheck.verdict == RECHECK_NOT_DONE) == somebody_is_still_on(&world->guest, entry);
}

static void next_console(struct kill_world *world)
{
	struct journal_entries entries;
	size_t unreadable;
	const struct vm_lock *lock = vm_lock_take(&world->guest.uuid, false, NULL);

	if (!lock || !journal_read_all(false, &entries, &unreadable, NULL))
		_exit(2);
	kill_crank(world, 60000);
	for (size_t i = 0; i < entries.count; i++)
		if (!is_rechecked_truly(world, &entries.at[i]))
			_exit(3);
}

static void the_next_start_only_looks(struct kill_world *world, int k)
{
	const int done = kill_times_done(world);
	int status;

	world->die_at = KILL_NEVER;
	status = kill_run(world, next_console);
	says(status == 0, k);
	says(kill_times_done(world) == done, k);
}

/* ---- the tests ---- */

static void forget_files(void)
{
	scratch_teardown(NULL);
	mkdir(scratch_path, 0700);
}

static struct kill_world *new_world(void)
{
	struct kill_world *world = kill_world_create(flow->kind);

	assert_non_null(world);
	flow->people(&world->guest);
	return world;
}

/* False: it came to its end before it came to point k. */
static bool die_at(int k, bool power_cut)
{
	struct kill_world *world = new_world();
	int status;

	world->die_at = k;
	status = kill_run(world, console);
	kill_bury(world);
	if (power_cut)
		kill_cut_power(world);
	nothing_was_done_twice(world, k);
	if (!power_cut || WIFSIGNALED(status))
		the_journal_is_true(world, k);
	the_next_start_only_looks(world, k);
	nothing_was_done_twice(world, k);
	kill_world_free(world);
	forget_files();
	says(WIFSIGNALED(status) || status == 0, k);
	return WIFSIGNALED(status);
}

static void die_everywhere(bool power_cut)
{
	int deaths = 0;

	for (size_t i = 0; i < ARRAY_SIZE(flows); i++) {
		const int stride = is_long || i == 0 ? 1 : 4;

		flow = &flows[i];
		for (int k = 1 + (int)i % stride; die_at(k, power_cut); k += stride)
			deaths++;
	}
	print_message("# %d deaths in %zu flows\n", deaths, ARRAY_SIZE(flows));
	assert_true(deaths > 500);
}

TEST(a_console_killed_anywhere_leaves_a_true_journal)
{
	die_everywhere(false);
}

TEST(a_power_cut_anywhere_leaves_a_true_journal)
{
	die_everywhere(true);
}

/* ---- a drain that is run again, and undone ---- */

static enum operation again;

static void console_again(struct kill_world *world)
{
	struct flow same = *flow;

	same.operation = again;
	flow = &same;
	console(world);
}

static void run_again(struct kill_world *world, enum operation operation, int k)
{
	again = operation;
	says(kill_run(world, console_again) == 0, k);
	kill_bury(world);
}

/* False: it came to its end before it came to point k. */
static bool die_and_go_on(int k)
{
	struct kill_world *world = new_world();
	bool died;

	world->guest.autostart = true;
	world->die_at = k;
	died = WIFSIGNALED(kill_run(world, console));
	kill_bury(world);
	world->die_at = KILL_NEVER;
	/* Whether the last command went out may be unknown: the first of them watches until its time is over. */
	for (int i = 0; i < 2 && world->guest.state != VM_STATE_SHUTOFF; i++)
		run_again(world, OP_DRAIN, k);
	says(world->guest.state == VM_STATE_SHUTOFF, k);
	says(!world->guest.autostart, k);
	nothing_was_done_twice(world, k);
	run_again(world, OP_UNCORDON, k);
	says(world->guest.state == VM_STATE_RUNNING, k);
	says(world->guest.autostart, k);
	kill_world_free(world);
	forget_files();
	return died;
}

TEST(a_drain_killed_anywhere_goes_on_without_doing_anything_twice_and_is_undone)
{
	const int stride = is_long ? 1 : 7;
	int deaths = 0;

	flow = &flows[ARRAY_SIZE(flows) - 1];
	for (int k = 1; die_and_go_on(k); k += stride)
		deaths++;
	print_message("# %d deaths\n", deaths);
	assert_true(deaths > 10);
}

/* ---- what fails instead of dying ---- */

/* False: it came to its end before it came to what fails. */
static bool live_with(const struct wrap_plan *plan)
{
	struct kill_world *world = new_world();
	struct wrap_plan with_report = *plan;
	bool came_to_it;
	int status;

	with_report.failed = &world->failed;
	wrap_begin(&with_report);
	status = kill_run(world, console);
	wrap_begin(&(struct wrap_plan){ 0 });
	kill_bury(world);
	came_to_it = world->failed;
	says(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || (plan->alloc_at && WEXITSTATUS(status) == 1)),
	     plan->nth);
	nothing_was_done_twice(world, plan->nth);
	the_journal_is_true(world, plan->nth);
	the_next_start_only_looks(world, plan->nth);
	kill_world_free(world);
	forget_files();
	return came_to_it;
}

TEST(a_console_out_of_memory_anywhere_leaves_a_true_journal)
{
	int times = 0;

	for (size_t i = 0; i < ARRAY_SIZE(flows); i++) {
		const int stride = is_long ? 7 : 37;

		flow = &flows[i];
		for (int n = 1 + (int)i; live_with(&(struct wrap_plan){ .alloc_at = n, .nth = n }); n += stride)
			times++;
	}
	print_message("# memory ran out %d times in %zu flows\n", times, ARRAY_SIZE(flows));
	assert_true(times > 200);
}

TEST(whatever_call_fails_the_journal_stays_true)
{
	static const char *const calls[] = { "open",  "openat",   "mkdirat", "write",  "fsync", "renameat",
					     "flock", "unlinkat", "fstat",   "socket", "linkat" };
	static const int errors[] = { EIO, ENOSPC, EROFS, EDQUOT, EMFILE, EINTR };
	const int step = is_long ? 1 : 4;
	int times = 0;

	for (size_t i = 0; i < ARRAY_SIZE(flows); i += (size_t)step) {
		flow = &flows[i];
		for (size_t call = 0; call < ARRAY_SIZE(calls); call++)
			for (size_t error = call % (size_t)step; error < ARRAY_SIZE(errors); error += (size_t)step)
				for (int nth = 1; live_with(&(struct wrap_plan){ .call = calls[call],
										 .nth = nth,
										 .error = errors[error],
										 .for_good = true });
				     nth++)
					times++;
	}
	print_message("# %d calls failed\n", times);
	assert_true(times > 100);
}

/* ---- two consoles ---- */

/* Where the first has the VM, the second is refused and told by whom; where it has not, there is nothing left to do. */
static void second_console(struct kill_world *world)
{
	struct task_work *work = plan_work(world);
	const int done = kill_times_done(world);
	char who[32];
	int64_t wait_ms;

	snprintf(who, sizeof(who), "process %ld)", (long)getppid());
	while ((wait_ms = work_step(work, 0)) != WORKER_DONE)
		kill_crank(world, wait_ms);
	if (!work->refusal.complete)
		_exit(0);
	if (kill_times_done(world) != done)
		_exit(2);
	_exit(strstr(text_str(work->refusal.error_description), "another innkeeper") ? 1 : 3);
}

static bool second_while_first_waits_at(int k, int *refusals)
{
	struct kill_world *world = new_world();
	pid_t first;
	int status, second;

	world->stop_at = k;
	first = kill_start(world, console);
	status = kill_wait(first);
	world->stop_at = KILL_NEVER;
	if (!WIFSTOPPED(status)) {
		kill_world_free(world);
		return false;
	}
	second = kill_run(world, second_console);
	says(WIFEXITED(second) && WEXITSTATUS(second) <= 1, k);
	*refusals += WEXITSTATUS(second);
	kill(first, SIGCONT);
	says(kill_wait(first) == 0, k);
	nothing_was_done_twice(world, k);
	says(kill_times_done(world) == (int)world->guest.session_count, k);
	kill_world_free(world);
	forget_files();
	return true;
}

TEST(of_two_consoles_one_acts_and_the_other_is_told)
{
	int refusals = 0, k = 1;

	flow = &flows[0];
	while (second_while_first_waits_at(k, &refusals))
		k++;
	assert_true(refusals > k / 2);
	assert_true(refusals < k - 1);
}

/* In memory where there is such a place: ten thousand deaths are many files. */
static int a_state_directory(void **state)
{
	audit_use_socket("");
	output_prepare();
	if (null_fd < 0)
		null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	snprintf(scratch_path, sizeof(scratch_path), "/dev/shm/innkeeper-test-XXXXXX");
	if (mkdtemp(scratch_path))
		return scratch_use();
	return scratch_setup(state);
}

int main(void)
{
	is_long = getenv("INNKEEPER_TORTURE") != NULL;
	return run_cases_each("killpoints", NULL, NULL, a_state_directory, scratch_teardown);
}
