/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "base/err.h"
#include "base/log.h"
#include "base/uuid.h"
#include "base/vec.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/innkeeper-test-XXXXXX";
static char path[sizeof(folder) + 16];

/* ---- in the tests' own words ---- */

static const char *file_named(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void assert_log_opens(const char *name)
{
	struct err err = { 0 };

	if (!log_open_file(file_named(name), &err))
		fail_msg("%s", err.buf);
}

static void assert_log_is_refused(const char *at, const char *because)
{
	struct err err = { 0 };

	assert_false(log_open_file(at, &err));
	assert_says(err.buf, because);
}

static char *file_content(const char *name)
{
	FILE *f = fopen(file_named(name), "re");
	char *content = mem_zalloc(1 << 20);

	assert_non_null(f);
	content[fread(content, 1, (1 << 20) - 1, f)] = '\0';
	fclose(f);
	return content;
}

static size_t count_lines(const char *content)
{
	size_t n = 0;

	for (; (content = strchr(content, '\n')); content++)
		n++;
	return n;
}

struct seen {
	size_t count;
	struct log_line first, last;
	char first_text[64], last_text[256];
};

static void remember(const struct log_line *line, void *data)
{
	struct seen *seen = data;

	if (seen->count++ == 0) {
		seen->first = *line;
		snprintf(seen->first_text, sizeof(seen->first_text), "%s", text_str(line->text));
	}
	seen->last = *line;
	snprintf(seen->last_text, sizeof(seen->last_text), "%s", text_str(line->text));
}

static struct seen look_at_log(void)
{
	struct seen seen = { 0 };

	log_visit(remember, &seen);
	return seen;
}

/* ---- err ---- */

TEST(an_error_says_what_kind_and_why)
{
	struct err err;

	assert_err(ERR_NO_DOMAIN, err_set(&err, ERR_NO_DOMAIN, "No VM %s; see innkeeper list", "web01"));
	assert_string_equal(text_str(err_text(&err)), "No VM web01; see innkeeper list");
	assert_err(ERR_SYSTEM, err_set_errno(&err, ENOENT, "Cannot open %s", "x"));
	assert_string_equal(text_str(err_text(&err)), "Cannot open x: No such file or directory");
	assert_false(err_set_outside(&err, ERR_DENIED, "", "no"));
	assert_string_equal(text_str(err_text(&err)), "no");
}

TEST(a_sentence_from_outside_may_be_french)
{
	struct err err;

	err_set_outside(&err, ERR_LOST, "Host a", "erreur\xc2\xa0: \xc2\xab\xe2\x80\xafx\xe2\x80\xaf\xc2\xbb \r\n");
	assert_string_equal(err.buf, "Host a: erreur : \xc2\xab x \xc2\xbb");
	err_set_outside(&err, ERR_LOST, "Host a", "two\nlines\n");
	assert_string_equal(err.buf, "Host a: two<U+000A>lines");
	err_set_outside(&err, ERR_LOST, "Host a", NULL);
	assert_string_equal(err.buf, "Host a");
}

TEST(nobody_has_to_want_the_words)
{
	assert_false(err_set(NULL, ERR_SYSTEM, "%s", "unheard"));
	assert_false(err_set_errno(NULL, EIO, "%s", "unheard"));
	assert_false(err_set_outside(NULL, ERR_SYSTEM, "unheard", "by anyone"));
}

TEST(an_error_can_be_told_within_another)
{
	struct err err;

	err_set(&err, ERR_LOST, "the pipe broke");
	err_set(&err, err.kind, "Host a: %s", text_str(err_text(&err)));
	assert_string_equal(err.buf, "Host a: the pipe broke");
	assert_int_equal(err.kind, ERR_LOST);
}

/* ---- uuid ---- */

TEST(a_uuid_reads_as_people_write_it)
{
	static const char *const spellings[] = { "f2d7c5e1-0a3b-4c6d-8e9f-001122334455",
						 "F2D7C5E1-0A3B-4C6D-8E9F-001122334455",
						 "f2d7c5e10a3b4c6d8e9f001122334455" };
	struct uuid first, other;
	char text[UUID_TEXT_SIZE];

	assert_true(uuid_parse(spellings[0], &first));
	for (size_t i = 0; i < ARRAY_SIZE(spellings); i++) {
		assert_true(uuid_parse(spellings[i], &other));
		assert_true(uuid_equal(&first, &other));
		uuid_format(&other, text);
		assert_string_equal(text, spellings[0]);
	}
	assert_true(uuid_parse("f2d7c5e1-0a3b-4c6d-8e9f-001122334456", &other));
	assert_false(uuid_equal(&first, &other));
}

TEST(what_is_no_uuid_is_refused)
{
	FOR_EACH(const char *, wrong, "", "web01", "f2d7c5e1-0a3b-4c6d-8e9f-00112233445",
		 "f2d7c5e1-0a3b-4c6d-8e9f-0011223344556", "f2d7c5e1--0a3b-4c6d-8e9f-001122334455",
		 "f2d7c5e-10a3b-4c6d-8e9f-001122334455", "-f2d7c5e1-0a3b-4c6d-8e9f-001122334455",
		 "f2d7c5e1-0a3b-4c6d-8e9f-001122334455-", "f2d7c5e1-0a3b-4c6d-8e9f-00112233445g",
		 " f2d7c5e1-0a3b-4c6d-8e9f-001122334455") {
		struct uuid uuid = { .bytes = { 42 } };

		assert_false(uuid_parse(*wrong, &uuid));
		assert_int_equal(uuid.bytes[0], 42);
	}
}

/* ---- vec ---- */

TEST(an_array_grows_and_shrinks)
{
	struct {
		VEC(int);
	} list = { 0 };

	for (int i = 0; i < 1000; i++)
		*VEC_PUSH(&list) = i;
	assert_int_equal(list.count, 1000);
	VEC_REMOVE(&list, 0);
	VEC_REMOVE(&list, 500);
	VEC_REMOVE(&list, list.count - 1);
	assert_int_equal(list.count, 997);
	assert_int_equal(list.at[0], 1);
	assert_int_equal(list.at[499], 500);
	assert_int_equal(list.at[500], 502);
	assert_int_equal(list.at[996], 998);
	assert_int_equal(*VEC_PUSH(&list), 0);
	VEC_FREE(&list);
	assert_null(list.at);
	assert_int_equal(list.count + list.room, 0);
}

/* ---- clock ---- */

TEST(time_stands_still_until_cranked)
{
	char text[24];
	time_t at;

	assert_false(clock_is_cranked());
	assert_true(clock_wall() > 1700000000);
	assert_true(clock_ms() <= clock_ms());
	clock_sleep(0);
	clock_sleep(-5);
	clock_stop_at(5000, 1795359360);
	assert_true(clock_is_cranked());
	assert_int_equal(clock_ms(), 5000);
	clock_advance(1500);
	assert_int_equal(clock_ms(), 6500);
	assert_int_equal(clock_wall(), 1795359361);
	clock_sleep(500);
	assert_int_equal(clock_wall(), 1795359362);
	clock_format_utc(clock_wall(), text, sizeof(text));
	assert_string_equal(text, "2026-11-22T14:56:02Z");
	assert_true(clock_parse_utc(text, &at));
	assert_int_equal(at, clock_wall());
	assert_false(clock_parse_utc("", &at));
	assert_false(clock_parse_utc("yesterday", &at));
	assert_int_equal(at, clock_wall());
}

/* ---- mem ---- */

static void say_goodbye(void)
{
	(void)!write(STDERR_FILENO, "goodbye\n", 8);
}

static void run_out(void)
{
	/* volatile, or the compiler sees through it and warns */
	volatile size_t much = SIZE_MAX;

	mem_on_exhausted(say_goodbye);
	free(mem_realloc(NULL, much, 2));
	_exit(0);
}

TEST(without_memory_the_program_says_so_and_ends)
{
	char words[128];
	int ends[2], status;
	ssize_t len;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		run_out();
	}
	close(ends[1]);
	assert_int_equal(waitpid(child, &status, 0), child);
	len = read(ends[0], words, sizeof(words) - 1);
	close(ends[0]);
	assert_true(len >= 0);
	words[len] = '\0';
	assert_string_equal(words, "goodbye\ninnkeeper: out of memory\n");
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

TEST(memory_comes_zeroed_and_texts_are_copied)
{
	char *zeros = keep(mem_zalloc(100)), *copy = keep(mem_strdup("web01")), *start = keep(mem_strndup("web01", 3));
	char *printed = keep(mem_printf("%s-%d", "web", 7)), *nothing = keep(mem_realloc(NULL, 0, 8));

	for (int i = 0; i < 100; i++)
		assert_int_equal(zeros[i], 0);
	assert_string_equal(copy, "web01");
	assert_string_equal(start, "web");
	assert_string_equal(printed, "web-7");
	assert_non_null(nothing);
}

/* ---- log ---- */

TEST(the_log_remembers_the_last_lines)
{
	struct seen seen;

	for (int i = 1; i <= LOG_RING_LINES + 10; i++)
		log_add(LOG_LEVEL_INFO, "line %d", i);
	log_add(LOG_LEVEL_WARNING, "the last");
	seen = look_at_log();
	assert_int_equal(seen.count, LOG_RING_LINES);
	assert_string_equal(seen.first_text, "line 12");
	assert_string_equal(seen.last_text, "the last");
	assert_int_equal(seen.last.level, LOG_LEVEL_WARNING);
	assert_int_equal(seen.last.when, clock_wall());
}

TEST(debug_lines_do_not_push_others_out)
{
	log_add(LOG_LEVEL_INFO, "news");
	log_add(LOG_LEVEL_DEBUG, "chatter");
	assert_string_equal(look_at_log().last_text, "news");
}

TEST(a_guest_cannot_forge_a_record)
{
	char *content;

	assert_log_opens("forged");
	log_add(LOG_LEVEL_INFO, "user %s logged on", "bob\n2026-11-22T14:56:02Z info user root logged on");
	log_add(LOG_LEVEL_DEBUG, "done");
	log_close();
	content = keep(file_content("forged"));
	assert_string_equal(content, "2026-11-22T14:56:02Z info user bob<U+000A>2026-11-22T14:56:02Z info user root "
				     "logged on logged on\n2026-11-22T14:56:02Z debug done\n");
}

TEST(the_file_is_ours_alone_and_only_grows)
{
	mode_t mask = umask(0);
	struct stat st;
	char *content;

	for (int i = 0; i < 2; i++) {
		assert_log_opens("twice");
		log_add(LOG_LEVEL_ERROR, "run %d", i);
		log_close();
	}
	umask(mask);
	content = keep(file_content("twice"));
	assert_int_equal(count_lines(content), 2);
	assert_non_null(strstr(content, "error run 0\n"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
}

TEST(a_file_that_is_none_is_refused)
{
	char target[sizeof(path)];

	snprintf(target, sizeof(target), "%s", file_named("twice"));
	assert_int_equal(symlink(target, file_named("link")), 0);
	assert_log_is_refused(path, "symbolic link");
	assert_log_is_refused(folder, "Is a directory");
	assert_log_is_refused(file_named("no/such"), "No such file");
	assert_int_equal(mkfifo(file_named("unread"), 0600), 0);
	assert_log_is_refused(path, "unread");
}

/* Whoever made it may read it, and take it away. */
TEST(a_log_file_of_another_user_is_refused)
{
	int fd = open(file_named("another"), O_WRONLY | O_CREAT, 0666);

	assert_true(fd >= 0);
	close(fd);
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(path, 65534, 65534), 0);
	assert_log_is_refused(path, "another user");
}

/* Somebody who may write to the folder makes it now a file, now a link to another's. */
static struct {
	char at[sizeof(path)], link[sizeof(path)], fresh[sizeof(path)], victim[sizeof(path)];
	atomic_bool over;
} swapper;

static void *swap_it(void *unused)
{
	while (!atomic_load(&swapper.over)) {
		int fd;

		if (symlink(swapper.victim, swapper.link) < 0 || rename(swapper.link, swapper.at) < 0)
			break;
		fd = open(swapper.fresh, O_WRONLY | O_CREAT, 0600);
		if (fd < 0 || close(fd) < 0 || rename(swapper.fresh, swapper.at) < 0)
			break;
	}
	return unused;
}

TEST(a_file_that_is_swapped_for_a_link_is_never_followed)
{
	int opened = 0, refused = 0;
	struct stat st;
	pthread_t thread;

	snprintf(swapper.at, sizeof(swapper.at), "%s", file_named("swapped"));
	snprintf(swapper.link, sizeof(swapper.link), "%s", file_named("swap.link"));
	snprintf(swapper.fresh, sizeof(swapper.fresh), "%s", file_named("swap.file"));
	snprintf(swapper.victim, sizeof(swapper.victim), "%s", file_named("victim"));
	close(open(swapper.victim, O_WRONLY | O_CREAT, 0644));
	assert_int_equal(pthread_create(&thread, NULL, swap_it, NULL), 0);
	while (opened < 50 || refused < 50) {
		struct err err = { 0 };

		if (log_open_file(swapper.at, &err)) {
			opened++;
			log_add(LOG_LEVEL_ERROR, "somebody's secret");
			log_close();
		} else {
			refused++;
			assert_non_null(strstr(err.buf, "symbolic link"));
		}
	}
	atomic_store(&swapper.over, true);
	pthread_join(thread, NULL);
	assert_int_equal(stat(swapper.victim, &st), 0);
	assert_int_equal(st.st_size, 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	unlink(swapper.at);
	unlink(swapper.link);
	unlink(swapper.fresh);
	unlink(swapper.victim);
}

TEST(a_terminal_is_no_log_file)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	char slave[64];

	assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	assert_int_equal(ptsname_r(master, slave, sizeof(slave)), 0);
	assert_log_is_refused(slave, "terminal");
	close(master);
}

TEST(there_is_one_log_file)
{
	assert_log_opens("one");
	assert_log_is_refused(file_named("two"), "busy");
	log_close();
	log_close();
}

static void count_complaint(const struct log_line *line, void *data)
{
	*(int *)data += strstr(text_str(line->text), "cannot write the log file") != NULL;
}

TEST(a_full_disk_is_told_once)
{
	int complaints = 0;
	struct err err;

	assert_true(log_open_file("/dev/full", &err));
	for (int i = 0; i < 100; i++)
		log_add(LOG_LEVEL_INFO, "line %d", i);
	log_close();
	log_visit(count_complaint, &complaints);
	assert_int_equal(complaints, 1);
}

/* The reader's end of a pipe that nobody reads yet is the slowest disk that there is. */
static int open_slow_disk(void)
{
	int reader;

	assert_int_equal(mkfifo(file_named("slow"), 0600), 0);
	reader = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(reader >= 0);
	assert_log_opens("slow");
	return reader;
}

static char *drain(int reader)
{
	size_t len = 0, room = 4 << 20;
	char *content = mem_zalloc(room);
	ssize_t n;

	assert_int_equal(fcntl(reader, F_SETFL, 0), 0);
	while ((n = read(reader, content + len, room - 1 - len)) > 0)
		len += (size_t)n;
	close(reader);
	return content;
}

TEST(a_hung_disk_holds_up_nobody)
{
	const int lines = 10000;
	int reader = open_slow_disk();
	char *content, *told;
	unsigned long missing;

	for (int i = 0; i < lines; i++)
		log_add(LOG_LEVEL_DEBUG, "line %d, as long as lines in a log are wont to be, which is long", i);
	log_close();
	content = keep(drain(reader));
	log_close();
	told = strstr(content, "... ");
	assert_non_null(told);
	missing = strtoul(told + 4, NULL, 10);
	assert_in_range(missing, 1, lines);
	assert_int_equal(count_lines(content) - 1 + missing, lines);
}

static void *chatter(void *unused)
{
	for (int i = 0; i < 500; i++)
		log_add(LOG_LEVEL_INFO, "thread says %d", i);
	return unused;
}

static char *wait_for_lines(const char *name, size_t lines)
{
	for (;;) {
		char *content = keep(file_content(name));

		if (count_lines(content) >= lines)
			return content;
		poll(NULL, 0, 10);
	}
}

TEST(many_threads_may_log)
{
	pthread_t threads[4];
	char *content;

	assert_log_opens("threads");
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, chatter, NULL), 0);
	look_at_log();
	for (size_t i = 0; i < ARRAY_SIZE(threads); i++)
		pthread_join(threads[i], NULL);
	content = wait_for_lines("threads", 2000); /* log_close() would give up after a while */
	log_close();
	assert_int_equal(count_lines(content), 2000);
}

FIXTURE(make_folder)
{
	assert_non_null(mkdtemp(folder));
}

FIXTURE(remove_folder)
{
	FOR_EACH(const char *, name, "forged", "twice", "link", "unread", "another", "one", "two", "slow", "threads")
		unlink(file_named(*name));
	assert_int_equal(rmdir(folder), 0);
}

RUN_TESTS("base", make_folder, remove_folder)
