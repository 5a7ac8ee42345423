/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every allocation and every system call of ours fails once: a sentence and an end, never a crash. */
#include "engine/audit.h"
#include "engine/journal.h"
#include "flows.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"
#include "ui/cli/output.h"
#include "wrap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { FATE_DONE = 0, FATE_NO_MEMORY = 1, FATE_REFUSED = 20, FATE_WORDLESS = 21, FATE_LEFT_OPEN = 22 };
enum { CLOSING_TRIES = 500, CLOSING_STEP_MS = 10 };

/* What the child tells of itself. */
static struct {
	int allocs;
	bool failed;
} * told;
static bool is_long;    /* ./dev torture */
static char said[4096]; /* on stderr */

static int open_descriptors(void)
{
	int count = 0;
	DIR *dir = opendir("/proc/self/fd");

	while (dir && readdir(dir))
		count++;
	if (dir)
		closedir(dir);
	return count;
}

/* A thread that is left behind on purpose, as one that hangs would be, closes what it has when it gets its turn. */
static bool only_these_stay_open(int count)
{
	for (int tries = 0; tries < CLOSING_TRIES && open_descriptors() != count; tries++)
		poll(NULL, 0, CLOSING_STEP_MS);
	return open_descriptors() == count;
}

static void live(const struct flow *flow, const struct wrap_plan *plan)
{
	const int open_before = open_descriptors();
	struct err err = { 0 };
	bool ok;

	wrap_begin(plan);
	ok = flow->run ? flow->run(&err) : flow->run_on(flow->words, &err);
	told->allocs = wrap.allocs;
	wrap_begin(&(struct wrap_plan){ 0 });
	if (!only_these_stay_open(open_before))
		exit(FATE_LEFT_OPEN);
	if (!ok && (!*err.buf || !text_is_safe(err.buf)))
		exit(FATE_WORDLESS);
	exit(ok ? FATE_DONE : FATE_REFUSED);
}

static void read_what_it_says(int fd)
{
	size_t len = 0;
	ssize_t more;

	while ((more = read(fd, said + len, sizeof(said) - 1 - len)) > 0)
		len += (size_t)more;
	said[len] = '\0';
	close(fd);
}

/* In a process of its own, with a state directory of its own. */
static int fate_of(const struct flow *flow, struct wrap_plan plan)
{
	int ends[2], status = -1;
	pid_t pid;

	told->failed = false;
	plan.failed = &told->failed;
	scratch_teardown(NULL);
	mkdir(scratch_path, 0700);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fflush(NULL);
	pid = fork();
	if (!pid) {
		sigaction(SIGSEGV, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
		sigaction(SIGABRT, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
		dup2(ends[1], STDERR_FILENO);
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
		live(flow, &plan);
	}
	close(ends[1]);
	read_what_it_says(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void it_ends_well(const struct flow *flow, const struct wrap_plan *plan, int status, const char *what)
{
	const int fate = WIFEXITED(status) ? WEXITSTATUS(status) : -1;

	if (fate == FATE_DONE || fate == FATE_REFUSED ||
	    (fate == FATE_NO_MEMORY && plan->alloc_at && strstr(said, "out of memory")))
		return;
	fail_msg("%s, %s %d fails (%s): status 0x%x%s%s\n%s", flow->name, what, plan->alloc_at + plan->nth,
		 strerror(plan->error), (unsigned)status, fate == FATE_WORDLESS ? ", without a word" : "",
		 fate == FATE_LEFT_OPEN ? ", a descriptor is left open" : "", said);
}

static void the_journal_is_whole(const struct flow *flow, int n)
{
	for (int is_simulated = 0; is_simulated < 2; is_simulated++) {
		OWN(journal_entries) struct journal_entries entries;
		size_t unreadable = 1;

		if (!journal_read_all(is_simulated, &entries, &unreadable, NULL) || unreadable)
			fail_msg("%s, allocation or call %d: the journal is not whole", flow->name, n);
	}
}

/* ---- memory ---- */

static int starve(const struct flow *flow)
{
	const int most = is_long ? 400 : 20;
	int count, times = 0, step;

	it_ends_well(flow, &(struct wrap_plan){ 0 }, fate_of(flow, (struct wrap_plan){ 0 }), "nothing");
	count = told->allocs;
	step = count / most + 1;
	for (int n = 1 + times % step; n <= count; n += step, times++) {
		const struct wrap_plan plan = { .alloc_at = n };

		it_ends_well(flow, &plan, fate_of(flow, plan), "allocation");
		the_journal_is_whole(flow, n);
	}
	return times;
}

static void starve_all(const struct flow *flows)
{
	int times = 0, count = 0;

	for (; flows->name; flows++, count++)
		times += starve(flows);
	print_message("# memory ran out %d times in %d flows\n", times, count);
	assert_true(times > count);
}

TEST(texts_without_memory)
{
	starve_all(flows_of_texts);
}

TEST(files_without_memory)
{
	starve_all(flows_of_files);
}

TEST(tasks_without_memory)
{
	starve_all(flows_of_app);
}

/* ---- system calls ---- */

static const char *const calls[] = { "open",  "openat",   "mkdirat", "write",  "fsync",  "renameat",
				     "flock", "unlinkat", "fstat",   "socket", "linkat", "sendto" };

/* How often it came to that. */
static int refuse_call(const struct flow *flow, const char *call, int error, bool for_good)
{
	int nth = 0;

	do {
		const struct wrap_plan plan = { .call = call, .nth = ++nth, .error = error, .for_good = for_good };

		it_ends_well(flow, &plan, fate_of(flow, plan), call);
		the_journal_is_whole(flow, nth);
	} while (told->failed && nth < 200);
	return nth - 1;
}

/* The short run takes one error in `of`. */
static int refuse_calls(const struct flow *flow, size_t flow_index, size_t of)
{
	static const int errors[] = { EIO, ENOSPC, EROFS, EDQUOT, EMFILE, EACCES, EINTR };
	int times = 0;

	for (size_t call = 0; call < ARRAY_SIZE(calls); call++)
		for (size_t error = 0; error < ARRAY_SIZE(errors); error++)
			if (is_long || (error + call + flow_index) % of == 0)
				times += refuse_call(flow, calls[call], errors[error], (error + call) % 2);
	return times;
}

static void refuse_in_all(const struct flow *flows, size_t of)
{
	int times = 0;

	for (size_t i = 0; flows[i].name; i++)
		times += refuse_calls(&flows[i], i, of);
	print_message("# %d calls failed\n", times);
	assert_true(times > 0);
}

TEST(files_where_calls_fail)
{
	refuse_in_all(flows_of_files, 7);
}

TEST(tasks_where_calls_fail)
{
	refuse_in_all(flows_of_app, 5);
}

/* A signal in the middle of what may take long changes nothing. */
TEST(an_interrupted_call_is_made_again)
{
	for (const struct flow *flow = flows_of_files; flow->name; flow++) {
		const int usual = WEXITSTATUS(fate_of(flow, (struct wrap_plan){ 0 }));

		FOR_EACH(const char *, patient, "write", "fsync") {
			const int fate = WEXITSTATUS(
				fate_of(flow, (struct wrap_plan){ .call = *patient, .nth = 1, .error = EINTR }));

			if (fate != usual)
				fail_msg("%s: %s is interrupted, and that changes what comes of it: %s", flow->name,
					 *patient, said);
		}
	}
}

/* ---- */

static int a_place_and_a_witness(void **state)
{
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	audit_use_socket("");
	is_long = getenv("INNKEEPER_TORTURE") != NULL;
	output_prepare();
	snprintf(scratch_path, sizeof(scratch_path), "/dev/shm/innkeeper-test-XXXXXX");
	if (!mkdtemp(scratch_path))
		return scratch_setup(state);
	scratch_use();
	return setenv("XDG_CONFIG_HOME", scratch_path, 1);
}

/* test_failing FLOW N: the N-th allocation fails in that flow, here and now, for a debugger. */
static int live_here(const char *name, int n)
{
	a_place_and_a_witness(NULL);
	FOR_EACH(const struct flow *, all, flows_of_texts, flows_of_files, flows_of_app)
		for (const struct flow *flow = *all; flow->name; flow++)
			if (strcmp(flow->name, name) == 0)
				live(flow, &(struct wrap_plan){ .alloc_at = n });
	return 2;
}

int main(int argc, char **argv)
{
	if (argc == 3)
		return live_here(argv[1], (int)strtol(argv[2], NULL, 10));
	return run_cases("failing", a_place_and_a_witness, scratch_teardown);
}
