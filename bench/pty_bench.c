/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pty_bench.c - what a person at a terminal waits for, measured from outside: any program on a pseudo
 * terminal, timed by the bytes that it writes.
 *
 *	pty_bench [-s ROWSxCOLS] [-w WORDS] MEASURE -- PROGRAM [ARG...]
 *
 *	frame    ms from exec to the bytes that hold WORDS
 *	idle     after WORDS and 5 s of rest: bytes, CPU ms and wake-ups of 10 s
 *	keys     after WORDS: 400 keys (j, k), ms to the first byte of the answer: median, p99, worst
 *	memory   after WORDS and 5 s: peak resident KiB
 *
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

enum { PATIENCE_MS = 60000, KEYS = 400, REST_MS = 5000, IDLE_MS = 10000, KEPT = 1 << 20 };

static int tty;
static pid_t pid;
static char seen[KEPT + 1];
static size_t seen_len;
static size_t bytes_total;

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
	if (got <= 0)
		die("the program ended");
	bytes_total += (size_t)got;
	if (seen_len + (size_t)got > KEPT)
		seen_len = 0;
	memcpy(seen + seen_len, buf, (size_t)got);
	seen_len += (size_t)got;
	return (size_t)got;
}

static void rest(double ms)
{
	for (double until = now_ms() + ms; now_ms() < until;)
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

static double cpu_ms(void)
{
	char path[64];
	unsigned long user = 0, system = 0;
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	in = fopen(path, "r");
	if (in && fscanf(in, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system) != 2)
		user = system = 0;
	if (in)
		fclose(in);
	return (double)(user + system) * 1e3 / (double)sysconf(_SC_CLK_TCK);
}

/* All threads: the main one's status alone would miss the workers. */
static long long wakeups(void)
{
	char command[160];
	long long sum = 0;
	FILE *in;

	snprintf(command, sizeof(command), "cat /proc/%ld/task/*/status | awk '/^voluntary_ctxt/ { s += $2 } END { print s }'",
		 (long)pid);
	in = popen(command, "r");
	if (in && fscanf(in, "%lld", &sum) != 1)
		sum = -1;
	if (in)
		pclose(in);
	return sum;
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
	unsigned dice = 1;

	for (int i = 0; i < KEYS; i++) {
		double pressed;

		dice = dice * 1103515245 + 12345;
		rest(5 + dice / 65536 % 25);
		pressed = now_ms();
		if (write(tty, i / 8 % 2 ? "k" : "j", 1) != 1)
			die("the key could not be sent");
		while (!take(PATIENCE_MS - (now_ms() - pressed)))
			if (now_ms() - pressed > PATIENCE_MS)
				die("a key was not answered");
		took[i] = now_ms() - pressed;
	}
	qsort(took, KEYS, sizeof(*took), by_size);
	printf("key_median_ms %.2f\nkey_p99_ms %.2f\nkey_worst_ms %.2f\n", took[KEYS / 2], took[KEYS * 99 / 100], took[KEYS - 1]);
}

static void measure_idle(void)
{
	double cpu;
	long long woken;
	size_t bytes;

	rest(REST_MS);
	cpu = cpu_ms();
	woken = wakeups();
	bytes = bytes_total;
	rest(IDLE_MS);
	printf("idle_bytes %zu\nidle_cpu_percent %.3f\nidle_wakeups_per_s %.1f\n", bytes_total - bytes,
	       (cpu_ms() - cpu) * 100 / IDLE_MS, (double)(wakeups() - woken) * 1e3 / IDLE_MS);
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

int main(int argc, char **argv)
{
	unsigned short rows = 24, cols = 80;
	const char *measure, *words = NULL;
	double began;
	int option;

	while ((option = getopt(argc, argv, "+s:w:")) != -1) {
		if (option == 's' && sscanf(optarg, "%hux%hu", &rows, &cols) == 2)
			continue;
		if (option != 'w')
			die("usage: pty_bench [-s ROWSxCOLS] [-w WORDS] MEASURE -- PROGRAM [ARG...]");
		words = optarg;
	}
	measure = argv[optind];
	if (!measure || optind + 2 >= argc)
		die("usage: pty_bench [-s ROWSxCOLS] [-w WORDS] MEASURE -- PROGRAM [ARG...]");
	began = now_ms();
	start(argv + optind + 2, rows, cols);
	if (words)
		wait_for(words);
	if (strcmp(measure, "frame") == 0) {
		printf("frame_ms %.2f\n", now_ms() - began);
	} else if (strcmp(measure, "idle") == 0) {
		measure_idle();
	} else if (strcmp(measure, "keys") == 0) {
		rest(REST_MS / 2);
		measure_keys();
	} else if (strcmp(measure, "memory") == 0) {
		rest(REST_MS);
		printf("peak_kib %lld\n", proc_number("status", "VmHWM:"));
	} else {
		die("no such measure");
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return 0;
}
