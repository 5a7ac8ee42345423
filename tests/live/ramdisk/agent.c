/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent.h"

#include "backend/demo/demo_agent.h"
#include "base/clock.h"

#include <dirent.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

enum {
	LINE_MAX_SIZE = 256 * 1024,
	HUGE_REPLY = 11 * 1024 * 1024, /* more than libvirt takes */
	SLOW_S = 2,
	TOO_LATE_S = 13,
	CROWD = 3000,
	WATCHED = 8, /* sessions, of which the truth is told */
};

static struct demo_scenario scenario;
static struct demo_host host;
static struct demo_guest *guest;
static FILE *truth; /* what the lab reads outside */
static int64_t booted_at;
static bool is_silent; /* from now on, but for the sync */

static bool is(const char *name)
{
	return strcmp(guest->plan->name, name) == 0;
}

/* --- the guest --- */

static void make_hostile(void)
{
	static struct demo_os os;

	os = *guest->os;
	os.id = "debian\033[5m";
	os.pretty_name = "\033[2J\033[31mEvil OS\r\nall users logged off";
	guest->os = &os;
	guest->sessions.at[0].tty = "tty1\033[7m";
}

static bool begin(const char *name)
{
	struct err err;

	booted_at = clock_ms();
	if (!scenario_load("/guests.conf", NULL, &scenario, &err)) {
		fprintf(stderr, "lab: %s\n", text_str(err_text(&err)));
		return false;
	}
	demo_host_init(&host, scenario.hosts, 1, clock_wall());
	for (guest = host.guests; guest < host.guests + host.guest_count && !is(name);)
		guest++;
	if (guest == host.guests + host.guest_count)
		return false;
	if (is("hostile"))
		make_hostile();
	for (int i = 1; is("many") && i < CROWD; i++) {
		struct demo_session another = guest->sessions.at[0];

		another.number = ++guest->last_session;
		*VEC_PUSH(&guest->sessions) = another;
	}
	return true;
}

static void pass_time(void)
{
	struct demo_session closing[WATCHED];
	size_t count = 0;

	for (size_t i = 0; i < guest->sessions.count && count < WATCHED; i++)
		if (guest->sessions.at[i].closing)
			closing[count++] = guest->sessions.at[i];
	demo_host_advance(&host, clock_ms() - booted_at);
	for (size_t i = 0; i < count; i++) {
		const struct demo_due again = { .what = EVENT_LOGON, .login = closing[i].login };

		if (demo_guest_session(guest, closing[i].number))
			continue;
		fprintf(truth, "ended %d %s\n", closing[i].number, closing[i].login->user);
		if (closing[i].login->returns)
			demo_guest_happens(&host, guest, &again);
	}
}

/* --- one line in, one line out --- */

static char *refusal(const struct err *err)
{
	json_t *error = json_pack("{s:{s:s, s:s}}", "error", "class", "GenericError", "desc", text_str(err_text(err)));
	char *reply = json_dumps(error, JSON_COMPACT);

	json_decref(error);
	return reply;
}

/* What the demo's agent answers (NULL: nothing), and the truth about what it did. */
static char *ask_agent(const json_t *request, const char *line, bool *ret_ends_session)
{
	const int ends = guest->steps[DEMO_STEP_END], warnings = guest->steps[DEMO_STEP_WARN];
	const json_t *arguments = json_object_get(request, "arguments");
	const char *path = json_string_value(json_object_get(arguments, "path"));
	const bool was_drained = guest->drained;
	bool was_disconnected[WATCHED] = { 0 };
	char *reply = NULL;
	struct err err;

	fprintf(truth, "command %s", json_string_value(json_object_get(request, "execute")));
	for (size_t i = 0; path && i < 4; i++) {
		fprintf(truth, " %.60s", path);
		path = json_string_value(json_array_get(json_object_get(arguments, "arg"), i));
	}
	for (size_t i = 0; i < MIN(guest->sessions.count, WATCHED); i++)
		was_disconnected[i] = guest->sessions.at[i].disconnected;
	if (!demo_agent_answer(&host, guest, line, &reply, &err))
		reply = refusal(&err);
	*ret_ends_session = guest->steps[DEMO_STEP_END] > ends;
	fputs(*ret_ends_session ? " ENDS-A-SESSION\n" : "\n", truth);
	for (size_t i = 0; i < MIN(guest->sessions.count, WATCHED); i++)
		if (guest->sessions.at[i].disconnected && !was_disconnected[i])
			fprintf(truth, "disconnected %d %s\n", guest->sessions.at[i].number,
				guest->sessions.at[i].login->user);
	if (guest->steps[DEMO_STEP_WARN] > warnings)
		fputs("message to all\n", truth);
	if (guest->drained != was_drained)
		fprintf(truth, "logins %s\n", guest->drained ? "disabled" : "enabled");
	if (guest->leaving) {
		sync();
		reboot(strstr(line, "\"reboot\"") ? RB_AUTOBOOT : RB_POWER_OFF);
	}
	return reply;
}

static void send_all(int port, const char *data, size_t size)
{
	while (size > 0) {
		ssize_t n = write(port, data, size);

		if (n <= 0)
			return;
		data += n;
		size -= (size_t)n;
	}
}

/* Once, in time, and in its turn: but for those who do not. Takes the reply over; NULL: there is none. */
static void send_reply(int port, bool is_sync, bool ends_session, char *reply)
{
	static const char garbage[] = "}{ \033[31mno JSON\n";
	static char *before;

	is_silent = is_silent || is("stall") || (is("stall-at-end") && ends_session);
	if (is("mute") || (is_silent && !is_sync))
		return;
	if (is("garbage") && !is_sync) {
		send_all(port, garbage, sizeof(garbage) - 1);
		return;
	}
	if (is("huge") && !is_sync) {
		reply = mem_realloc(reply, HUGE_REPLY, 1);
		memset(reply, 'x', HUGE_REPLY);
		send_all(port, reply, HUGE_REPLY);
		free(reply);
		return;
	}
	if (is("slow") || (is("late") && ends_session))
		sleep(is("slow") ? SLOW_S : TOO_LATE_S);
	if (is("mixed") && before && !is_sync)
		send_all(port, before, strlen(before));
	for (int times = is("twice") ? 2 : 1; reply && times > 0; times--)
		send_all(port, reply, strlen(reply));
	free(before);
	before = reply;
}

static void answer_line(int port, const char *line)
{
	json_t *request = json_loads(line, 0, NULL);
	const char *name = json_string_value(json_object_get(request, "execute"));
	const char *mark = name && strcmp(name, "guest-sync-delimited") == 0 ? "\377" : "";
	bool ends_session;

	if (name) {
		char *said = ask_agent(request, line, &ends_session);

		send_reply(port, strncmp(name, "guest-sync", strlen("guest-sync")) == 0, ends_session,
			   said ? mem_printf("%s%s\n", mark, said) : NULL);
		free(said);
	}
	json_decref(request);
}

/* --- ports --- */

static int find_port(const char *wanted)
{
	DIR *ports = opendir("/sys/class/virtio-ports");
	int found = -1;

	for (struct dirent *entry; ports && found < 0 && (entry = readdir(ports));) {
		char path[512], name[64] = "";
		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", entry->d_name);
		FILE *file = fopen(path, "r");
		if (file && fgets(name, sizeof(name), file) && strncmp(name, wanted, strlen(wanted)) == 0) {
			snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
			found = open(path, O_RDWR | O_CLOEXEC);
		}
		if (file)
			fclose(file);
	}
	if (ports)
		closedir(ports);
	return found;
}

/* A port's name comes a little later than the port. */
static int open_port(const char *wanted)
{
	int port = find_port(wanted);

	for (int64_t until = clock_ms() + 5000; port < 0 && clock_ms() < until; port = find_port(wanted))
		usleep(50000);
	return port;
}

/* The port's line discipline: a command ends with a newline, 0xFF begins a new one. Returns when the port is left. */
static void serve(int port, int64_t until)
{
	static char line[LINE_MAX_SIZE];
	size_t length = 0;
	char byte;

	while (until == 0 || clock_ms() < until) {
		struct pollfd poll_port = { .fd = port, .events = POLLIN };
		int ready = poll(&poll_port, 1, 100);

		pass_time();
		if (ready > 0 && !(poll_port.revents & POLLIN)) {
			usleep(100000); /* nobody outside */
			continue;
		}
		if (ready <= 0 || read(port, &byte, 1) != 1)
			continue;
		if (byte == '\377') {
			length = 0;
		} else if (byte == '\n') {
			line[length] = '\0';
			answer_line(port, line);
			length = 0;
		} else if (length < sizeof(line) - 1) {
			line[length++] = byte;
		}
	}
}

void agent_run(const char *name)
{
	int truth_port = open_port("innkeeper.truth.0");

	truth = truth_port >= 0 ? fdopen(truth_port, "w") : fopen("/dev/null", "w");
	if (!truth || !begin(name))
		return;
	setvbuf(truth, NULL, _IOLBF, 0);
	fprintf(truth, "up %s\n", name);
	for (;;) {
		int port = open_port("org.qemu.guest_agent.0");

		if (port < 0)
			return;
		/* It leaves its port and comes back, ten times a second. */
		serve(port, is("flap") ? clock_ms() + 50 : 0);
		close(port);
		usleep(50000);
	}
}
