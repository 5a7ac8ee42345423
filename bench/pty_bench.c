/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pty_bench.c - what a person at a terminal waits for, measured from outside: any program on a pseudo
 * terminal, timed by the bytes that it writes.
 *
 *	pty_bench [-s ROWSxCOLS] [-w WORDS] [-p PID] [-i KEYS] [-k KEYS] [-r SECONDS] [-x COMMAND]
 *	          MEASURE -- PROGRAM [ARG...]
 *
 *	frame    ms from exec to the bytes that hold WORDS
 *	idle     after WORDS and 5 s of rest: bytes, CPU (of its first thread, too) and wake-ups of 10 s;
 *	         of PID the CPU, too
 *	change   after WORDS and 5 s of rest: bytes of 3 s, in which COMMAND is run (-x)
 *	keys     after WORDS: 400 keys (j, k, or those of -k in turn), ms to the first byte of the answer:
 *	         median, p99, worst; CPU ms of its first thread, a key
 *	memory   after WORDS and 5 s: peak resident KiB
 *	hang     after WORDS PID is stopped; ms until a key (-k) is answered 2 s later, and until `q` ends it;
 *	         -1: not within 40 s, 10 s
 *	dead     after WORDS PID is killed: does it still run 5 s later, its exit status (or 128 + signal),
 *	         is the terminal cooked
 *	vanish   after WORDS the terminal goes, SIGHUP ignored: ms until it ends (-1: not within 10 s),
 *	         CPU ms of that time
 *	ignores-acpi     after WORDS nobody reads for 20 s while keys are pressed: growth in KiB
 *	show     after WORDS and 2 s: what it wrote, as it is
 *
 * -i: typed before anything is measured; -r: so long it is left in peace then, first of all.
 * One line "name value" a figure. The program is killed afterwards.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 60000,
	KEYS = 400,
	REST_MS = 5000,
	IDLE_MS = 10000,
	HUNG_MS = 40000,
	LEAVE_MS = 10000,
	DEAF_MS = 20000,
	KEPT = 1 << 20,
};

static int tty;
static pid_t pid;
static char seen[KEPT + 1];
static size_t seen_len;
static size_t bytes_total;
static bool may_end, has_ended;
static const char *keys = "jjjjjjjjkkkkkkkk";
static pid_t daemon_pid;
static double began_at;
static const char *first_keys = "", *change;
static double peace_ms;

static double now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static void die(const char *why)
{
	fprintf(stderr, "pty_bench: %s\n", why);
	if (pid > 0)
		kill(pid, SIGKILL);
	exit(1);
}

/* Reads what comes until something came or ms are over. Bytes read. */
static size_t take(double ms)
{
	struct pollfd fd = { .fd = tty, .events = POLLIN };
	char buf[65536];
	ssize_t got;

	if (poll(&fd, 1, ms < 0 ? 0 : (int)(ms + 0.999)) <= 0)
		return 0;
	got = read(tty, buf, sizeof(buf));
	has_ended = got <= 0;
	if (has_ended && !may_end)
		die("the program ended");
	if (has_ended)
		return 0;
	bytes_total += (size_t)got;
	if (seen_len + (size_t)got > KEPT)
		seen_len = 0;
	memcpy(seen + seen_len, buf, (size_t)got);
	seen_len += (size_t)got;
	return (size_t)got;
}

static void rest(double ms)
{
	for (double until = now_ms() + ms; now_ms() < until && !has_ended;)
		take(until - now_ms());
}

static void wait_for(const char *words)
{
	const double until = now_ms() + PATIENCE_MS;

	while (!memmem(seen, seen_len, words, strlen(words)))
		if (!take(until - now_ms()) && now_ms() >= until)
			die("the words did not come");
}

/* ---- /proc ---- */

static long long proc_number(const char *file, const char *word)
{
	char path[64], line[512];
	long long value = -1;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, file);
	in = fopen(path, "r");
	while (in && value < 0 && fgets(line, sizeof(line), in))
		if (strncmp(line, word, strlen(word)) == 0)
			value = strtoll(line + strlen(word), NULL, 10);
	if (in)
		fclose(in);
	return value;
}

/* Of all threads: the main one's files alone would miss the workers. */
static double sum_of_tasks(pid_t of, const char *file, const char *term)
{
	char command[200];
	double sum = 0;
	FILE *in;

	snprintf(command, sizeof(command),
		 "cat /proc/%ld/task/*/%s 2>/dev/null | awk '%s } END { printf \"%%.0f\", s }'", (long)of, file, term);
	in = popen(command, "r");
	if (in && fscanf(in, "%lf", &sum) != 1)
		sum = 0;
	if (in)
		pclose(in);
	return sum;
}

/* From the scheduler, in ns: a clock tick is 10 ms, which is more than most of this costs. */
static double cpu_ms_of(pid_t of)
{
	return sum_of_tasks(of, "schedstat", "{ s += $1") / 1e6;
}

/* In most programs the one that draws. */
static double first_thread_cpu_ms(void)
{
	return (double)proc_number("schedstat", "") / 1e6;
}

static double cpu_ms(void)
{
	return cpu_ms_of(pid);
}

static double wakeups(void)
{
	return sum_of_tasks(pid, "status", "/^voluntary_ctxt/ { s += $2");
}

/* ---- measures ---- */

static int by_size(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void measure_keys(void)
{
	static double took[KEYS];
	const double cpu = first_thread_cpu_ms();
	unsigned dice = 1;

	for (int i = 0; i < KEYS; i++) {
		double pressed;

		dice = dice * 1103515245 + 12345;
		rest(5 + dice / 65536 % 25);
		pressed = now_ms();
		if (write(tty, &keys[(size_t)i % strlen(keys)], 1) != 1)
			die("the key could not be sent");
		while (!take(PATIENCE_MS - (now_ms() - pressed)))
			if (now_ms() - pressed > PATIENCE_MS)
				die("a key was not answered");
		took[i] = now_ms() - pressed;
	}
	qsort(took, KEYS, sizeof(*took), by_size);
	printf("key_median_ms %.2f\nkey_p99_ms %.2f\nkey_worst_ms %.2f\n", took[KEYS / 2], took[KEYS * 99 / 100],
	       took[KEYS - 1]);
	printf("key_cpu_ms %.2f\n", (first_thread_cpu_ms() - cpu) / KEYS);
}

static void measure_idle(void)
{
	double cpu, first_cpu, daemon_cpu, woken;
	size_t bytes;

	rest(REST_MS);
	cpu = cpu_ms();
	first_cpu = first_thread_cpu_ms();
	daemon_cpu = cpu_ms_of(daemon_pid);
	woken = wakeups();
	bytes = bytes_total;
	rest(IDLE_MS);
	printf("idle_bytes %zu\nidle_cpu_percent %.3f\nidle_wakeups_per_s %.1f\n", bytes_total - bytes,
	       (cpu_ms() - cpu) * 100 / IDLE_MS, (wakeups() - woken) * 1e3 / IDLE_MS);
	printf("idle_first_thread_cpu_percent %.3f\n", (first_thread_cpu_ms() - first_cpu) * 100 / IDLE_MS);
	if (daemon_pid)
		printf("idle_daemon_cpu_percent %.3f\n", (cpu_ms_of(daemon_pid) - daemon_cpu) * 100 / IDLE_MS);
}

/* ms until the program ended, -1: it did not. Its status, as a shell has it. */
static double wait_for_end(double ms, int *ret_status)
{
	const double began = now_ms();
	int status;

	while (now_ms() - began < ms) {
		if (waitpid(pid, &status, WNOHANG) == pid) {
			pid = 0;
			*ret_status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
			return now_ms() - began;
		}
		if (tty >= 0 && !has_ended)
			take(5);
		else
			poll(NULL, 0, 5);
	}
	return -1;
}

static void measure_hang(void)
{
	double pressed, answered = -1;
	int status = -1;

	rest(REST_MS / 2);
	kill(daemon_pid, SIGSTOP);
	rest(2000);
	pressed = now_ms();
	if (write(tty, keys, 1) != 1)
		die("the key could not be sent");
	while (answered < 0 && !has_ended && now_ms() - pressed < HUNG_MS)
		if (take(100))
			answered = now_ms() - pressed;
	printf("hung_key_ms %.0f\n", answered);
	if (write(tty, "q", 1) != 1)
		die("q could not be sent");
	printf("hung_quit_ms %.0f\n", wait_for_end(LEAVE_MS, &status));
	kill(daemon_pid, SIGCONT);
}

static void measure_dead(void)
{
	struct termios now;
	int status = -1;
	double ended;

	rest(REST_MS / 2);
	kill(daemon_pid, SIGKILL);
	ended = wait_for_end(REST_MS, &status);
	printf("dead_still_runs %d\ndead_status %d\n", ended < 0, status);
	printf("dead_tty_cooked %d\n", tcgetattr(tty, &now) == 0 && (now.c_lflag & ICANON) && (now.c_lflag & ECHO));
}

static void measure_vanish(void)
{
	double cpu = cpu_ms(), ended;
	int status;

	close(tty);
	tty = -1;
	ended = wait_for_end(LEAVE_MS, &status);
	printf("vanish_ms %.0f\nvanish_cpu_ms %.0f\n", ended, ended < 0 ? cpu_ms() - cpu : 0);
}

static void measure_deaf(void)
{
	long long before = proc_number("status", "VmRSS:");

	for (double until = now_ms() + DEAF_MS; now_ms() < until; poll(NULL, 0, 50))
		if (write(tty, keys, 1) < 0)
			break;
	printf("deaf_growth_kib %lld\n", proc_number("status", "VmRSS:") - before);
}

static void start(char **argv, unsigned short rows, unsigned short cols)
{
	const struct winsize size = { .ws_row = rows, .ws_col = cols };

	pid = forkpty(&tty, NULL, NULL, &size);
	if (pid < 0)
		die("no pseudo terminal");
	if (pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[0], argv);
		_exit(127);
	}
}

static void measure_change(void)
{
	FILE *command;
	size_t bytes;

	rest(REST_MS);
	bytes = bytes_total;
	command = change ? popen(change, "r") : NULL;
	rest(3000);
	if (command)
		pclose(command);
	printf("change_bytes %zu\n", bytes_total - bytes);
}

static void measure_frame(void)
{
	printf("frame_ms %.2f\n", now_ms() - began_at);
}

static void measure_keys_rested(void)
{
	rest(REST_MS / 2);
	measure_keys();
}

static void measure_memory(void)
{
	rest(REST_MS);
	printf("peak_kib %lld\n", proc_number("status", "VmHWM:"));
}

static void show(void)
{
	rest(2000);
	fwrite(seen, 1, seen_len, stdout);
}

/* clang-format off */
static const struct {
	const char *name;
	void (*measure)(void);
	bool may_end;
} measures[] = {
	{ "frame", measure_frame, false }, { "idle", measure_idle, false }, { "keys", measure_keys_rested, false },
	{ "memory", measure_memory, false }, { "change", measure_change, false }, { "hang", measure_hang, true }, { "dead", measure_dead, true },
	{ "vanish", measure_vanish, true }, { "ignores-acpi", measure_deaf, false }, { "show", show, false },
};
/* clang-format on */

static void measure(const char *name)
{
	for (size_t i = 0; i < sizeof(measures) / sizeof(*measures); i++) {
		if (strcmp(measures[i].name, name) != 0)
			continue;
		may_end = measures[i].may_end;
		measures[i].measure();
		return;
	}
	die("no such measure");
}

int main(int argc, char **argv)
{
	static const char usage[] = "usage: pty_bench [-s ROWSxCOLS] [-w WORDS] [-p PID] [-i KEYS] [-k KEYS] [-r "
				    "SECONDS] [-x COMMAND] MEASURE -- PROGRAM [ARG...]";
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	unsigned short rows = 24, cols = 80;
	const char *words = NULL;
	int option;

	while ((option = getopt(argc, argv, "+s:w:p:k:i:r:x:")) != -1) {
		if (option == '?' || (option == 's' && sscanf(optarg, "%hux%hu", &rows, &cols) != 2))
			die(usage);
		if (option == 'w')
			words = optarg;
		if (option == 'p')
			daemon_pid = (pid_t)strtol(optarg, NULL, 10);
		if (option == 'k')
			keys = optarg;
		if (option == 'i')
			first_keys = optarg;
		if (option == 'r')
			peace_ms = strtod(optarg, NULL) * 1e3;
		if (option == 'x')
			change = optarg;
	}
	if (optind + 2 >= argc)
		die(usage);
	if (strcmp(argv[optind], "vanish") == 0)
		sigaction(SIGHUP, &ignore, NULL);
	began_at = now_ms();
	start(argv + optind + 2, rows, cols);
	if (words)
		wait_for(words);
	if (*first_keys && write(tty, first_keys, strlen(first_keys)) < 0)
		die("the first keys could not be sent");
	rest(peace_ms);
	measure(argv[optind]);
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return 0;
}
