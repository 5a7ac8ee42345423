/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_agent.h"

#include "fake_guest.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

enum { LINE_MAX_SIZE = 256 * 1024, RESULTS = 16, HUGE_REPLY = 11 * 1024 * 1024, TOO_LATE_S = 13 };

struct request {
	const char *line;
	char *name;
	struct fake_program program; /* guest-exec only */
	bool ends_session;
};

struct command {
	const char *name;
	/* Writes what stands after "return": ; false: writes what stands after "error": */
	bool (*answer)(struct fake_guest *guest, struct request *request, FILE *to);
	bool exec, newer; /* what a blocking, or an old, agent does not have */
};

struct result {
	long pid; /* 0: free */
	int exit_code;
	char *out, *err;
	size_t out_size, err_size;
};

FILE *truth;
static struct result results[RESULTS];
static long last_pid = 1000;

/* --- JSON: libvirt has checked and rewritten every command, so looking for a key will do --- */

static void write_string(FILE *to, const char *text)
{
	fputc('"', to);
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == '"' || *text == '\\')
			fprintf(to, "\\u%04x", (unsigned char)*text);
		else
			fputc(*text, to);
	}
	fputc('"', to);
}

/* Just behind "key": and blanks, or NULL. */
static const char *find_value(const char *line, const char *key)
{
	char quoted[64];
	snprintf(quoted, sizeof(quoted), "\"%s\"", key);
	const char *at = strstr(line, quoted);
	if (!at)
		return NULL;
	at += strlen(quoted);
	return at + strspn(at, " :");
}

/* The string that begins at `at`, unescaped, allocated; *ret_end just behind it. */
static char *read_string(const char *at, const char **ret_end)
{
	char *text = calloc(1, strlen(at) + 1), *to = text;

	for (at++; *at && *at != '"'; at++) {
		if (*at != '\\') {
			*to++ = *at;
			continue;
		}
		at++;
		if (*at == 'u') {
			char digits[5] = { at[1], at[2], at[3], at[4], '\0' };
			*to++ = (char)strtol(digits, NULL, 16);
			at += 4;
		} else {
			*to++ = *at == 'n' ? '\n' : *at;
		}
	}
	*ret_end = *at ? at + 1 : at;
	return text;
}

static char *find_string(const char *line, const char *key)
{
	const char *at = find_value(line, key), *end;
	return at && *at == '"' ? read_string(at, &end) : NULL;
}

static long find_number(const char *line, const char *key)
{
	const char *at = find_value(line, key);
	return at ? strtol(at, NULL, 10) : 0;
}

static struct request read_request(const char *line)
{
	struct request request = { .line = line, .name = find_string(line, "execute") };
	const char *at = find_value(line, "arg");
	size_t count = 0;

	if (!request.name || strcmp(request.name, "guest-exec") != 0)
		return request;
	request.program.args[count++] = find_string(line, "path");
	while (at && *at && *at != ']' && count < ARGS_MAX - 1) {
		if (*at == '"')
			request.program.args[count++] = read_string(at, &at);
		else
			at++;
	}
	request.ends_session = fake_program_ends_session(&request.program);
	return request;
}

static void free_request(struct request *request)
{
	for (size_t i = 0; request->program.args[i]; i++)
		free((char *)request->program.args[i]);
	free(request->name);
}

/* --- guest-exec --- */

static void write_no_such_program(FILE *to, const char *path)
{
	char words[512];

	snprintf(words, sizeof(words),
		 "Guest agent command failed, error was 'Failed to execute child process "
		 "\342\200\234%s\342\200\235 (No such file or directory)'",
		 path);
	fputs("{\"class\": \"GenericError\", \"desc\": ", to);
	write_string(to, words);
	fputc('}', to);
}

static bool answer_exec(struct fake_guest *guest, struct request *request, FILE *to)
{
	struct fake_program *program = &request->program;
	struct result *result = &results[++last_pid % RESULTS];

	free(result->out);
	free(result->err);
	*result = (struct result){ .pid = last_pid };
	program->out = open_memstream(&result->out, &result->out_size);
	program->err = open_memstream(&result->err, &result->err_size);
	bool ran = fake_program_run(guest, program);
	fclose(program->out);
	fclose(program->err);
	result->exit_code = program->exit_code;
	if (ran)
		fprintf(to, "{\"pid\": %ld}", result->pid);
	else
		write_no_such_program(to, program->args[0]);
	return ran;
}

static void write_stream(FILE *to, const char *key, const char *data, size_t size)
{
	if (size == 0)
		return;
	fprintf(to, ", \"%s\": \"", key);
	base64_write(to, data, size);
	fputc('"', to);
}

static bool answer_exec_status(struct fake_guest *guest, struct request *request, FILE *to)
{
	long pid = find_number(request->line, "pid");
	struct result *result = &results[pid > 0 ? pid % RESULTS : 0];

	(void)guest;
	if (pid <= 0 || result->pid != pid) {
		fputs("{\"class\": \"GenericError\", \"desc\": \"Invalid parameter 'pid'\"}", to);
		return false;
	}
	result->pid = 0;
	fprintf(to, "{\"exited\": true, \"exitcode\": %d", result->exit_code);
	write_stream(to, "out-data", result->out, result->out_size);
	write_stream(to, "err-data", result->err, result->err_size);
	fputc('}', to);
	return true;
}

/* --- what the guest is, and who is logged on --- */

static bool answer_nothing(struct fake_guest *guest, struct request *request, FILE *to)
{
	(void)guest, (void)request;
	fputs("{}", to);
	return true;
}

static bool answer_sync(struct fake_guest *guest, struct request *request, FILE *to)
{
	(void)guest;
	const char *id = find_value(request->line, "id");
	fprintf(to, "%lld", id ? strtoll(id, NULL, 10) : 0);
	return true;
}

static bool answer_osinfo(struct fake_guest *guest, struct request *request, FILE *to)
{
	(void)request;
	fputs("{\"id\": ", to);
	write_string(to, guest->os_id);
	fputs(", \"name\": ", to);
	write_string(to, guest->windows ? "Microsoft Windows" : "Debian GNU/Linux");
	fputs(", \"pretty-name\": ", to);
	write_string(to, guest->os_name);
	fputs(guest->windows ? ", \"version\": \"Microsoft Windows Server 2022\", \"version-id\": \"2022\""
			     : ", \"version\": \"12 (bookworm)\", \"version-id\": \"12\"",
	      to);
	fputs(", \"kernel-release\": \"6.1.0\", \"kernel-version\": \"#1 SMP\", \"machine\": \"x86_64\"}", to);
	return true;
}

static bool answer_host_name(struct fake_guest *guest, struct request *request, FILE *to)
{
	(void)request;
	fputs("{\"host-name\": ", to);
	write_string(to, guest->host_name);
	fputc('}', to);
	return true;
}

static bool is_listed_before(const struct fake_guest *guest, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (strcmp(guest->sessions[i].user, guest->sessions[index].user) == 0)
			return true;
	}
	return false;
}

/* As the real one: once a user, however many sessions; a crowd has names of its own. */
static bool answer_users(struct fake_guest *guest, struct request *request, FILE *to)
{
	(void)request;
	fputc('[', to);
	for (size_t i = 0, listed = 0; i < guest->count; i++) {
		const struct fake_session *session = &guest->sessions[i];
		if (guest->crowd == 0 && is_listed_before(guest, i))
			continue;
		fputs(listed++ ? ", {\"user\": " : "{\"user\": ", to);
		write_string(to, guest->crowd > 0 ? session->id : session->user);
		if (guest->windows) {
			fputs(", \"domain\": ", to);
			write_string(to, session->domain);
		}
		fputs(", \"login-time\": 1704164645.25}", to);
	}
	fputc(']', to);
	return true;
}

static bool answer_frozen(struct fake_guest *guest, struct request *request, FILE *to)
{
	(void)request;
	fputs(guest->frozen ? "\"frozen\"" : "\"thawed\"", to);
	return true;
}

static bool answer_shutdown(struct fake_guest *guest, struct request *request, FILE *to)
{
	(void)guest, (void)to;
	char *mode = find_string(request->line, "mode");
	sync();
	reboot(mode && strcmp(mode, "reboot") == 0 ? RB_AUTOBOOT : RB_POWER_OFF);
	free(mode);
	return true;
}

static bool answer_info(struct fake_guest *guest, struct request *request, FILE *to);

static const struct command commands[] = {
	{ .name = "guest-sync", .answer = answer_sync },
	{ .name = "guest-sync-delimited", .answer = answer_sync },
	{ .name = "guest-ping", .answer = answer_nothing },
	{ .name = "guest-info", .answer = answer_info },
	{ .name = "guest-fsfreeze-status", .answer = answer_frozen },
	{ .name = "guest-shutdown", .answer = answer_shutdown },
	{ .name = "guest-get-osinfo", .answer = answer_osinfo, .newer = true },
	{ .name = "guest-get-host-name", .answer = answer_host_name, .newer = true },
	{ .name = "guest-get-users", .answer = answer_users, .newer = true },
	{ .name = "guest-exec", .answer = answer_exec, .exec = true, .newer = true },
	{ .name = "guest-exec-status", .answer = answer_exec_status, .exec = true, .newer = true },
};

static bool is_enabled(const struct fake_guest *guest, const struct command *command)
{
	static const char *const while_frozen[] = { "guest-sync", "guest-ping", "guest-info", "guest-fsfreeze-status" };

	if (!guest->frozen)
		return !(guest->exec_blocked && command->exec);
	for (size_t i = 0; i < sizeof(while_frozen) / sizeof(while_frozen[0]); i++) {
		if (strncmp(command->name, while_frozen[i], strlen(while_frozen[i])) == 0)
			return true;
	}
	return false;
}

static bool answer_info(struct fake_guest *guest, struct request *request, FILE *to)
{
	bool first = true;

	(void)request;
	fprintf(to, "{\"version\": \"%s\", \"supported_commands\": [", guest->old ? "2.0.0" : "7.2.0");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (guest->old && commands[i].newer)
			continue;
		fprintf(to, "%s{\"enabled\": %s, \"name\": \"%s\", \"success-response\": %s}", first ? "" : ", ",
			is_enabled(guest, &commands[i]) ? "true" : "false", commands[i].name,
			commands[i].answer == answer_shutdown ? "false" : "true");
		first = false;
	}
	fputs("]}", to);
	return true;
}

/* --- one line in, one line out --- */

static bool answer_command(struct fake_guest *guest, struct request *request, FILE *to)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		const struct command *command = &commands[i];
		if (strcmp(command->name, request->name) != 0 || (guest->old && command->newer))
			continue;
		if (is_enabled(guest, command))
			return command->answer(guest, request, to);
		fprintf(to, "{\"class\": \"CommandNotFound\", \"desc\": \"Command %s has been disabled%s\"}",
			request->name, guest->frozen ? ": the agent is in frozen state" : "");
		return false;
	}
	fprintf(to, "{\"class\": \"CommandNotFound\", \"desc\": \"The command %s has not been found\"}", request->name);
	return false;
}

static void tell_truth_of(const struct request *request)
{
	fprintf(truth, "command %s", request->name);
	for (size_t i = 0; request->program.args[i] && i < 4; i++)
		fprintf(truth, " %.60s", request->program.args[i]);
	fputs(request->ends_session ? " ENDS-A-SESSION\n" : "\n", truth);
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

static void send_flood(int port)
{
	char *flood = malloc(HUGE_REPLY);
	memset(flood, 'x', HUGE_REPLY);
	send_all(port, flood, HUGE_REPLY);
	free(flood);
}

/* Whether the guest's fault leaves it able to answer; some say something else instead. */
static bool can_answer(struct fake_guest *guest, int port, const struct request *request)
{
	static const char garbage[] = "}{ \033[31mno JSON\n";

	if (guest->fault == FAULT_MUTE)
		return false;
	if (strncmp(request->name, "guest-sync", strlen("guest-sync")) == 0)
		return true;
	if (guest->fault == FAULT_STALL_AT_END && request->ends_session)
		guest->fault = FAULT_STALL;
	if (guest->fault == FAULT_GARBAGE)
		send_all(port, garbage, sizeof(garbage) - 1);
	if (guest->fault == FAULT_HUGE)
		send_flood(port);
	return guest->fault != FAULT_STALL && guest->fault != FAULT_GARBAGE && guest->fault != FAULT_HUGE &&
	       !(guest->fault == FAULT_LOSE_ANSWER && request->ends_session);
}

/* Once, in time, and in its turn: but for those who do not. Keeps the answer. */
static void send_reply(const struct fake_guest *guest, int port, const struct request *request, char *reply)
{
	static char *before;

	usleep((useconds_t)guest->answer_ms * 1000);
	if (guest->fault == FAULT_LATE && request->ends_session)
		sleep(TOO_LATE_S);
	if (guest->fault == FAULT_MIXED && before && strncmp(request->name, "guest-sync", strlen("guest-sync")) != 0)
		send_all(port, before, strlen(before));
	send_all(port, reply, strlen(reply));
	if (guest->fault == FAULT_TWICE)
		send_all(port, reply, strlen(reply));
	free(before);
	before = reply;
}

static void answer_line(struct fake_guest *guest, int port, const char *line)
{
	char *body = NULL, *reply = NULL;
	size_t size = 0;
	struct request request = read_request(line);

	if (!request.name)
		return;
	tell_truth_of(&request);
	fake_guest_settle(guest);
	FILE *to = open_memstream(&body, &size);
	bool done = answer_command(guest, &request, to);
	fclose(to);
	to = open_memstream(&reply, &size);
	fprintf(to, "%s{\"%s\": %s}\n", strcmp(request.name, "guest-sync-delimited") == 0 ? "\377" : "",
		done ? "return" : "error", body);
	fclose(to);
	if (can_answer(guest, port, &request))
		send_reply(guest, port, &request, reply);
	else
		free(reply);
	free(body);
	free_request(&request);
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
	for (int64_t until = now_ms() + 5000; port < 0 && now_ms() < until; port = find_port(wanted))
		usleep(50000);
	return port;
}

/* The port's line discipline: a command ends with a newline, 0xFF begins a new one. Returns when the port is left. */
static void serve(struct fake_guest *guest, int port, int64_t until)
{
	static char line[LINE_MAX_SIZE];
	size_t length = 0;
	char byte;

	while (until == 0 || now_ms() < until) {
		struct pollfd poll_port = { .fd = port, .events = POLLIN };
		int ready = poll(&poll_port, 1, 100);
		fake_guest_settle(guest);
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
			answer_line(guest, port, line);
			length = 0;
		} else if (length < sizeof(line) - 1) {
			line[length++] = byte;
		}
	}
}

void fake_agent_run(const char *personality)
{
	struct fake_guest *guest = fake_guest_find(personality);
	int truth_port = open_port("innkeeper.truth.0");
	truth = truth_port >= 0 ? fdopen(truth_port, "w") : fopen("/dev/null", "w");
	if (!guest || !truth)
		return;
	setvbuf(truth, NULL, _IOLBF, 0);
	fprintf(truth, "up %s\n", personality);
	for (;;) {
		int port = open_port("org.qemu.guest_agent.0");
		if (port < 0)
			return;
		serve(guest, port, guest->fault == FAULT_FLAP ? now_ms() + 50 : 0);
		close(port);
		usleep(50000);
	}
}
