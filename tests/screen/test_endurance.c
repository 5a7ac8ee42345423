/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Terminals and hosts that misbehave while somebody looks: what the dashboard bears, and how fast it still answers. */
#include "tests/paths.h"
#include "tests/screen/screen.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#define INN SCREEN_DIR "/inn.conf"

/* A sanitizer's price, in time and memory. */
#ifdef __SANITIZE_ADDRESS__
enum { TIMES = 4, GROWTH_KIB = 1 << 19 };
#else
enum { TIMES = 1, GROWTH_KIB = 4096 };
#endif

enum {
	HUNG_HOSTS = 15,
	QUIT_MS = 1000 * TIMES, /* what quitting may take, whatever hangs */
	KEY_MS = 250 * TIMES,   /* what a key may wait */
	HANG_UP_MS = 2000 * TIMES,
	STORM_MS = 3000,
	DEAF_MS = 4000,
};

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* --- what the program costs, from outside --- */

static long of_proc(pid_t pid, const char *file, const char *field)
{
	char *path = mem_printf("/proc/%d/%s", pid, file), *line = NULL;
	FILE *proc = fopen(path, "r");
	size_t room = 0;
	long value = -1;

	assert_non_null(proc);
	while (value < 0 && getline(&line, &room, proc) > 0) {
		if (!strncmp(line, field, strlen(field)))
			value = strtol(line + strlen(field), NULL, 10);
	}
	free(line);
	fclose(proc);
	free(path);
	return value;
}

static long memory_kib(void)
{
	return of_proc(screen->pid, "status", "VmRSS:");
}

static int64_t cpu_ms(void)
{
	char *path = mem_printf("/proc/%d/stat", screen->pid), stat[1024] = "";
	long user, system;
	FILE *proc = fopen(path, "r");
	const char *fields;

	assert_non_null(proc);
	assert_non_null(fgets(stat, sizeof(stat), proc));
	fclose(proc);
	free(path);
	fields = strrchr(stat, ')');
	assert_int_equal(sscanf(fields, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user, &system), 2);
	return (user + system) * 1000 / sysconf(_SC_CLK_TCK);
}

static void quits_in_time(void)
{
	int64_t begun = now_ms();

	send_bytes("q", 1);
	wait_for_end();
	assert_in_range(now_ms() - begun, 0, QUIT_MS);
	assert_int_equal(exit_status_of(), 0);
	terminal_is_as_before();
	screen_close();
}

/* --- sizes --- */

TEST(every_size_is_borne_from_the_first_moment)
{
	static const struct {
		int rows, cols;
		const char *words;
	} sizes[] = { { 1, 1, "" }, { 2, 5, "" }, { 3, 20, "small" }, { 9, 39, "small" }, { 200, 500, "web01" } };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		screen_open_demo(sizes[i].rows, sizes[i].cols, INN, NULL);
		wait_for_bytes("\033[?1049h");
		wait_for(sizes[i].words);
		press("j L Esc ? Esc");
		press_until_it_ends("q");
		assert_int_equal(exit_status_of(), 0);
		terminal_is_as_before();
		screen_close();
	}
}

TEST(a_storm_of_resizes_costs_less_than_half_a_processor)
{
	int64_t begun, cpu;

	screen_open_demo(24, 80, "fleet:4,50", NULL);
	wait_for("200 VMs");
	cpu = cpu_ms();
	begun = now_ms();
	for (int i = 0; now_ms() - begun < STORM_MS; i++) {
		kill(screen->pid, SIGWINCH);
		resize(10 + i % 40, 40 + i % 120);
		screen_pump(1);
	}
	cpu = cpu_ms() - cpu;
	resize(31, 101);
	while (row_of("q Quit") != 30)
		assert_true(screen_pump(SCREEN_PATIENCE_MS));
	assert_in_range(cpu, 0, STORM_MS / 2 * TIMES);
	press("q");
	wait_for_end();
}

/* --- readers --- */

TEST(a_reader_that_stops_costs_no_memory_and_gets_one_picture)
{
	int64_t begun;
	size_t bytes;
	long memory;

	screen_open_demo(60, 200, "fleet:4,50", "--delay=1");
	wait_for("200 VMs");
	wait_for("4.");
	memory = memory_kib();
	bytes = screen->byte_count;
	begun = now_ms();
	while (now_ms() - begun < DEAF_MS) {
		send_without_reading("\014"); /* ^L: a whole screen each time */
		poll(NULL, 0, 20);
	}
	assert_in_range(memory_kib(), 0, memory + GROWTH_KIB);
	send_bytes("?", 1);
	wait_for("Help: keys");
	assert_in_range(screen->byte_count - bytes, 0, 1 << 18);
	press("Esc");
	quits_in_time();
}

TEST(a_vanished_terminal_that_nobody_hears_of_ends_it_at_once)
{
	struct screen_options options = { .rows = 24, .cols = 80, .args = { "--demo=" INN }, .ignore_hup = true };
	int64_t begun;

	screen_open(&options);
	wait_for("web01");
	begun = now_ms();
	hang_up();
	wait_for_end_without_reading();
	assert_in_range(now_ms() - begun, 0, HANG_UP_MS);
}

TEST(without_descriptors_the_dashboard_refuses)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		for (int fd = 0; fd < 64; fd++)
			close(fd);
		execl(getenv("INNKEEPER") ? getenv("INNKEEPER") : "./innkeeper", "innkeeper", "--demo", NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
}

/* --- hosts that take connections and say nothing, or nonsense --- */

static char *socket_path(int i)
{
	return mem_printf("%s/daemon%d", scratch_path, i);
}

static int listen_at(int i)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char *path = socket_path(i);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) < (int)sizeof(address.sun_path));
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 64), 0);
	free(path);
	return fd;
}

static void open_with_daemons(int count)
{
	struct screen_options options = { .rows = 24, .cols = 80, .args = { NULL } };
	char *config = keep(mem_printf("INNKEEPER_CONFIG=%s/innkeeper.conf", scratch_path));
	const char *const env[] = { config, NULL };
	FILE *file = fopen(strchr(config, '=') + 1, "w");

	assert_non_null(file);
	fprintf(file, "hosts = ( { name = \"healthy\"; uri = \"test:///default\"; }");
	for (int i = 0; i < count; i++)
		fprintf(file, ",\n{ name = \"h%d\"; uri = \"qemu+unix:///system?socket=%s/daemon%d\"; }", i,
			scratch_path, i);
	fprintf(file, " );\n");
	assert_int_equal(fclose(file), 0);
	options.env = env;
	screen_open(&options);
}

static int compare_ms(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Opens the help, again and again; returns what nine of ten keys waited at most. */
static int key_wait_ms(void)
{
	int waits[20];

	for (size_t i = 0; i < ARRAY_SIZE(waits); i++) {
		int64_t begun = now_ms();

		send_bytes("?", 1);
		wait_for("Help: keys");
		waits[i] = (int)(now_ms() - begun);
		press_to_close("Esc", "Help: keys");
	}
	qsort(waits, ARRAY_SIZE(waits), sizeof(*waits), compare_ms);
	return waits[ARRAY_SIZE(waits) * 9 / 10];
}

TEST(fifteen_hung_hosts_hold_up_neither_the_sixteenth_nor_a_key)
{
	int sockets[HUNG_HOSTS];

	for (int i = 0; i < HUNG_HOSTS; i++)
		sockets[i] = listen_at(i);
	open_with_daemons(HUNG_HOSTS);
	wait_for_row("test", "running");
	wait_for("connecting");
	assert_in_range(key_wait_ms(), 0, KEY_MS);
	press("^Z");
	wait_for_bytes("\033[?1049l");
	wait_for_row("test", "running");
	quits_in_time();
	for (int i = 0; i < HUNG_HOSTS; i++)
		close(sockets[i]);
}

TEST(quitting_never_waits_for_hung_hosts)
{
	int sockets[HUNG_HOSTS];

	for (int i = 0; i < HUNG_HOSTS; i++)
		sockets[i] = listen_at(i);
	for (int times = 0; times < 5; times++) {
		open_with_daemons(HUNG_HOSTS);
		wait_for("connecting");
		screen_pump(times * 100);
		quits_in_time();
	}
	for (int i = 0; i < HUNG_HOSTS; i++)
		close(sockets[i]);
}

/* What daemons of nonsense say to whoever connects, in frames of libvirt's protocol: length, program, version ... */
/* clang-format off */
static const struct {
	const char *bytes;
	size_t len;
} nonsense[] = {
	{ "HTTP/1.1 400 Bad Request\r\n\r\n", 28 },
	{ "\xff\xff\xff\xff\x20\x00\x80\x86\x00\x00\x00\x01", 12 },
	{ "\x00\x00\x00\x00", 4 },
	{ "\x00\x00\x00\x1c\x20\x00\x80", 7 },
	{ "\x00\x00\x00\x1c\x20\x00\x80\x86\x00\x00\x00\x01\x00\x00\x00\x42\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00", 28 },
	{ "\x01\x00\x00\x00\x20\x00\x80\x86\x00\x00\x00\x01\x00\x00\x00\x42\x00\x00\x00\x01\xff\xff\xff\xff\x7f\xff\xff\xff", 28 },
};
/* clang-format on */

static void talk_nonsense(const int *sockets)
{
	struct pollfd polls[ARRAY_SIZE(nonsense)];

	for (size_t i = 0; i < ARRAY_SIZE(nonsense); i++)
		polls[i] = (struct pollfd){ .fd = sockets[i], .events = POLLIN };
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (poll(polls, ARRAY_SIZE(polls), -1) > 0) {
		for (size_t i = 0; i < ARRAY_SIZE(polls); i++) {
			int fd = polls[i].revents ? accept(polls[i].fd, NULL, NULL) : -1;

			if (fd < 0)
				continue;
			if (write(fd, nonsense[i].bytes, nonsense[i].len) < 0)
				_exit(1);
			shutdown(fd, SHUT_WR);
		}
	}
}

TEST(daemons_that_talk_nonsense_are_lost_and_harm_nobody)
{
	int sockets[ARRAY_SIZE(nonsense)];
	pid_t pid;

	for (size_t i = 0; i < ARRAY_SIZE(nonsense); i++)
		sockets[i] = listen_at((int)i);
	pid = fork();
	if (pid == 0)
		talk_nonsense(sockets);
	open_with_daemons(ARRAY_SIZE(nonsense));
	wait_for_row("test", "running");
	wait_for("lost");
	wait_until_gone("connecting");
	assert_in_range(key_wait_ms(), 0, KEY_MS);
	quits_in_time();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	for (size_t i = 0; i < ARRAY_SIZE(nonsense); i++)
		close(sockets[i]);
}

RUN_TESTS("endurance", scratch_setup, scratch_teardown)
