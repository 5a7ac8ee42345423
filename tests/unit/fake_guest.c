/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fake_guest.h"

#include "backend/backend_impl.h"
#include "backend/demo/demo_agent.h"
#include "base/base64.h"
#include "base/clock.h"

#include <inttypes.h>
#include <jansson.h>

struct fake_demo {
	struct demo_host_plan host_plan;
	struct demo_vm_plan plan;
	struct demo_failure failures[DEMO_STEP_COUNT];
	struct demo_os os;
	struct demo_host host;
	struct demo_login logins[FAKE_MAX];
};

/* --- its users --- */

struct fake_session *fake_logon(struct fake_guest *guest, const char *id, const char *user, const char *tty)
{
	struct fake_session *session = &guest->sessions[guest->session_count++];

	*session = (struct fake_session){ .since = clock_wall() - 3600 };
	snprintf(session->id, sizeof(session->id), "%s", id);
	snprintf(session->user, sizeof(session->user), "%s", user);
	snprintf(session->class_name, sizeof(session->class_name), "user");
	snprintf(session->tty, sizeof(session->tty), "%s", tty);
	return session;
}

struct fake_session *fake_find(struct fake_guest *guest, const char *id)
{
	for (size_t i = 0; i < guest->session_count; i++)
		if (strcmp(guest->sessions[i].id, id) == 0 && !guest->sessions[i].gone)
			return &guest->sessions[i];
	return NULL;
}

static void come_back(struct fake_guest *guest, const struct fake_session *old)
{
	char id[40];
	struct fake_session *again;

	snprintf(id, sizeof(id), "%d", guest->next_id++);
	again = fake_logon(guest, guest->kind == FAKE_SYSVINIT ? old->id : id, old->user, old->tty);
	again->since = clock_wall();
}

static void pass_time(struct fake_guest *guest)
{
	for (size_t i = 0; i < guest->session_count; i++) {
		struct fake_session *session = &guest->sessions[i];

		if (session->gone || !session->gone_at || clock_ms() < session->gone_at)
			continue;
		session->gone = true;
		if (session->comes_back)
			come_back(guest, session);
	}
	if (guest->wanted_at && clock_ms() >= guest->wanted_at) {
		guest->state = guest->wanted;
		guest->wanted_at = 0;
		guest->channel = guest->state == VM_STATE_RUNNING ? CHANNEL_CONNECTED : CHANNEL_DISCONNECTED;
	}
}

/* --- its log, its faults --- */

static void note_call(struct fake_guest *guest, const char *line)
{
	if (guest->log_count == ARRAY_SIZE(guest->log))
		return;
	guest->log_at[guest->log_count] = clock_ms();
	guest->log[guest->log_count++] = mem_strdup(line);
}

int fake_count(const struct fake_guest *guest, const char *call)
{
	int count = 0;

	for (size_t i = 0; i < guest->log_count; i++)
		count += strncmp(guest->log[i], call, strlen(call)) == 0;
	return count;
}

void fake_print_log(const struct fake_guest *guest)
{
	for (size_t i = 0; i < guest->log_count; i++)
		printf("%s\n", guest->log[i]);
}

struct fake_fault *fake_fault(struct fake_guest *guest, const char *call, int nth, enum err_kind kind, const char *text)
{
	struct fake_fault *fault = &guest->faults[guest->fault_count++];

	*fault = (struct fake_fault){ .call = call, .nth = nth, .kind = kind, .text = text };
	return fault;
}

static struct fake_fault *find_fault(struct fake_guest *guest, const char *line)
{
	struct fake_fault *found = NULL;

	for (size_t i = 0; i < guest->fault_count; i++) {
		struct fake_fault *fault = &guest->faults[i];

		if (strncmp(line, fault->call, strlen(fault->call)) != 0)
			continue;
		fault->seen++;
		if (!found && (!fault->nth || fault->seen == fault->nth))
			found = fault;
	}
	if (found && found->then)
		found->then(&guest->backend);
	return found;
}

/* --- its agent: the demo's --- */

static bool is_windows(const struct fake_guest *guest)
{
	return guest->kind == FAKE_WINDOWS || guest->kind == FAKE_WINDOWS_CLM;
}

/* Constrained Language Mode: types may not be added. */
static bool is_constrained(const struct fake_guest *guest)
{
	return guest->kind == FAKE_WINDOWS_CLM ||
	       (guest->types_forbidden_from && guest->scripts >= guest->types_forbidden_from);
}

static int number_of(const struct fake_guest *guest, size_t index)
{
	return is_windows(guest) ? (int)strtol(guest->sessions[index].id, NULL, 10) : (int)index + 1;
}

/* Who is on, as the demo's agent finds them. */
static void seat_sessions(struct fake_guest *guest)
{
	struct demo_guest *one = &guest->demo->host.guests[0];

	one->sessions.count = 0;
	for (size_t i = 0; i < guest->session_count; i++) {
		const struct fake_session *session = &guest->sessions[i];

		if (session->gone || (session->has_no_explorer && is_constrained(guest)))
			continue;
		guest->demo->logins[i] = (struct demo_login){
			.user = session->user,
			.domain = "WIN",
			.from = *session->host ? session->host : NULL,
			.via = session->remote || *session->host ? VIA_SSH : VIA_CONSOLE,
			.idle_s = session->idle_s,
			.leaves = session->immortal  ? LEAVES_NEVER
				  : session->resists ? LEAVES_KILLED
						     : LEAVES_SOON,
		};
		*VEC_PUSH(&one->sessions) = (struct demo_session){
			.login = &guest->demo->logins[i],
			.number = number_of(guest, i),
			.id = session->id,
			.tty = guest->kind == FAKE_SYSVINIT ? session->id : session->tty,
			.class_name = session->class_name,
			.type = session->type,
			.since = (session->since - guest->demo->host.began) * 1000,
			.closing = session->closing,
			.locked = session->locked,
			.disconnected = session->state == FAKE_WTS_DISCONNECTED,
			.disconnected_at = -(int64_t)session->idle_s * 1000,
		};
	}
}

static bool has_end(const struct demo_timeline *timeline, int number)
{
	for (size_t i = 0; i < timeline->count; i++)
		if (timeline->at[i].session == number)
			return true;
	return false;
}

/* What became of them: the demo says whether a session ends, end_takes_ms says when. */
static void heed_sessions(struct fake_guest *guest)
{
	const struct demo_guest *one = &guest->demo->host.guests[0];
	struct demo_timeline *timeline = &guest->demo->host.timeline;

	for (size_t i = 0; i < one->sessions.count; i++) {
		const struct demo_session *seen = &one->sessions.at[i];
		struct fake_session *session = &guest->sessions[seen->login - guest->demo->logins];

		session->closing = seen->closing;
		session->locked = seen->locked && !session->never_tells_locked;
		if (guest->elogind && seen->closing && !session->gone_at) {
			session->gone_at = clock_ms() + guest->end_takes_ms;
			session->has_left_processes = session->resists && !has_end(timeline, seen->number);
		}
		session->state = seen->disconnected ? FAKE_WTS_DISCONNECTED : session->state;
		for (size_t j = 0; j < timeline->count; j++)
			if (timeline->at[j].session == seen->number && !session->gone_at)
				session->gone_at = clock_ms() + guest->end_takes_ms;
	}
	timeline->count = 0;
}

/* What a program says that does nothing here and fails; NULL: it does its work. */
static const char *excuse_of(struct fake_guest *guest, const char *line)
{
	const char *id = strrchr(line, ' ') + 1;
	const struct fake_session *session = fake_find(guest, id);

	if (guest->no_logind && strncmp(line, "guest-exec loginctl", 19) == 0)
		return "Failed to connect to bus: No such file or directory\n";
	if (guest->busybox && strcmp(line, "guest-exec who -u") == 0)
		return "who: invalid option -- 'u'\n";
	if (guest->run_is_read_only && strncmp(line, "guest-exec tee", 14) == 0)
		return "tee: /run/nologin: Read-only file system\n";
	if (guest->run_is_read_only && strncmp(line, "guest-exec rm", 13) == 0)
		return "rm: /run/nologin: Read-only file system\n";
	if (session && session->has_no_process && strncmp(line, "guest-exec pkill", 16) == 0)
		return "";
	if (!guest->uptime &&
	    strcmp(line, "guest-exec cat /proc/uptime /sys/fs/selinux/enforce /proc/self/attr/current") == 0)
		return "cat: /proc/uptime: No such file or directory\n";
	return NULL;
}

/* Whatever program is about to be started. */
static void make_it_fail(struct fake_guest *guest, enum demo_how how)
{
	for (int i = 0; i < DEMO_STEP_COUNT; i++)
		guest->demo->failures[i] = (struct demo_failure){ .step = i, .how = how };
	guest->demo->plan.failures = guest->demo->failures;
	guest->demo->plan.failure_count = DEMO_STEP_COUNT;
}

/* The demo's guest, as this one is meant to be at this moment. */
static void set_the_demo(struct fake_guest *guest)
{
	struct demo_guest *one = &guest->demo->host.guests[0];

	guest->demo->host.now = clock_ms() - FAKE_START_MS;
	guest->demo->os.id = guest->os_id ? guest->os_id : "linux";
	guest->demo->os.version_id = guest->os_version;
	guest->demo->os.systemd = guest->old_loginctl ? 252 : 257;
	guest->demo->os.agent_domain = guest->fedora_policy ? "virt_qemu_ga_t" : NULL;
	guest->demo->os.elogind = guest->elogind;
	guest->demo->os.no_such_file = guest->no_program;
	guest->demo->os.agent_is_32_bit = guest->sysnative;
	guest->demo->os.variant_id = guest->is_session_host ? "server" : "client";
	guest->demo->plan.behaviour = guest->exec_disabled    ? BEHAVIOUR_BLOCKED
				      : is_constrained(guest) ? BEHAVIOUR_CONFINED
							      : BEHAVIOUR_UP;
	one->frozen = guest->frozen;
	one->nologin = guest->nologin;
	one->drained = guest->drained;
	one->last_pid = guest->last_pid;
	seat_sessions(guest);
}

static const char *script_of(const json_t *args)
{
	const char *script = json_string_value(json_array_get(args, 4));

	return script ? script : "";
}

static char *describe_exec(const char *path, const json_t *args)
{
	const char *script = script_of(args);
	char *line;

	if (strcmp(path, "powershell.exe") == 0)
		return mem_printf("guest-exec %s %.*s", path, (int)strcspn(script, "\n"), script);
	line = mem_printf("guest-exec %s", path);
	for (size_t i = 0; i < json_array_size(args); i++) {
		char *longer = mem_printf("%s %s", line, json_string_value(json_array_get(args, i)));

		free(line);
		line = longer;
	}
	return line;
}

static char **program_of(struct fake_guest *guest, int64_t pid)
{
	return &guest->programs[(size_t)(pid - FAKE_FIRST_PID) % ARRAY_SIZE(guest->programs)];
}

static char *describe(struct fake_guest *guest, const char *name, const json_t *request)
{
	const char *line;

	if (strcmp(name, "guest-exec") == 0)
		return describe_exec(json_string_value(json_object_get(request, "path")),
				     json_object_get(request, "arg"));
	if (strcmp(name, "guest-exec-status") != 0)
		return mem_strdup(name);
	line = *program_of(guest, json_integer_value(json_object_get(request, "pid")));
	return mem_printf("%s %s", name, line ? line + strlen("guest-exec ") : "?");
}

/* What was said to the users. */
static void keep_input(struct fake_guest *guest, const char *path, const json_t *request)
{
	const char *input = json_string_value(json_object_get(request, "input-data"));
	const json_t *args = json_object_get(request, "arg");
	char *words = NULL;
	size_t len;
	bool cut;

	if (strcmp(path, "wall") == 0)
		base64_decode(input, strlen(input), 65536, &words, &len, &cut);
	else if (strcmp(path, "powershell.exe") == 0)
		words = mem_strdup(script_of(args));
	if (!words || (strcmp(path, "wall") != 0 && strncmp(words, "# innkeeper warn\n", 17) != 0)) {
		free(words);
		return;
	}
	free(guest->last_input);
	guest->last_input = words;
}

/* As ps -eo pid=,comm=,cgroup= of procps 4.0.2 shows it beside elogind 246.10; one resists with two. Owned. */
static char *list_processes(const struct fake_guest *guest)
{
	char *out = mem_strdup("      1 init            0::/\n    107 elogind-daemon  0::/elogind\n");

	for (size_t i = 0; i < guest->session_count; i++) {
		const struct fake_session *session = &guest->sessions[i];
		char *longer;

		if (session->gone && !session->has_left_processes)
			continue;
		longer = mem_printf("%s    198 bash            0::/%s\n    221 sleep           0::/%s\n", out,
				    session->id, session->id);
		free(out);
		out = longer;
	}
	return out;
}

static void finish_program(struct fake_guest *guest, struct demo_process *process, const char *line, const char *excuse)
{
	process->ends_at = guest->demo->host.now + 30;
	*program_of(guest, process->pid) = mem_strdup(line);
	if (excuse) {
		free(process->err_out);
		process->err_out = mem_strdup(excuse);
		process->err_len = strlen(excuse);
		process->out_len = 0;
		process->exit_code = 1;
	} else if (strcmp(line, "guest-exec ps -eo pid=,comm=,cgroup=") == 0) {
		free(process->out);
		process->out = list_processes(guest);
		process->out_len = strlen(process->out);
	} else if (guest->lingering && strcmp(line, "guest-exec ls /var/lib/systemd/linger") == 0) {
		free(process->out);
		process->out = mem_strdup(guest->lingering);
		process->out_len = strlen(process->out);
		process->exit_code = 0;
	} else if (strcmp(line, "guest-exec cat /proc/uptime /sys/fs/selinux/enforce /proc/self/attr/current") == 0) {
		free(process->out);
		process->out = mem_printf("%s%s", guest->uptime,
					  guest->fedora_policy ? "system_u:system_r:virt_qemu_ga_t:s0" : "");
		process->out_len = strlen(process->out);
	}
}

/* guest-info: what is switched off in this guest. Takes the reply over. */
static char *switch_off(const struct fake_guest *guest, char *reply)
{
	json_t *root = json_loads(reply, 0, NULL), *command;
	size_t i;

	free(reply);
	json_array_foreach(json_object_get(json_object_get(root, "return"), "supported_commands"), i, command) {
		const char *name = json_string_value(json_object_get(command, "name"));

		if ((!guest->os_id && strcmp(name, "guest-get-osinfo") == 0) ||
		    (guest->users_unknown && strcmp(name, "guest-get-users") == 0) ||
		    (!guest->freezes && strcmp(name, "guest-fsfreeze-freeze") == 0))
			json_object_set_new(command, "enabled", json_false());
		if (guest->exec_unknown && strncmp(name, "guest-exec", 10) == 0)
			json_object_set_new(command, "name", json_string("guest-nothing"));
	}
	reply = json_dumps(root, JSON_COMPACT);
	json_decref(root);
	return reply;
}

static bool is_there(const struct fake_guest *guest, struct err *err)
{
	if (guest->state != VM_STATE_RUNNING)
		return err_set(err, guest->state == VM_STATE_PAUSED ? ERR_PAUSED : ERR_NOT_RUNNING,
			       "domain is not running");
	if (guest->channel == CHANNEL_ABSENT)
		return err_set(err, ERR_NO_CHANNEL, "QEMU guest agent is not configured");
	if (guest->channel == CHANNEL_DISCONNECTED)
		return err_set(err, ERR_NO_AGENT, "QEMU guest agent is not connected");
	return true;
}

static bool answer(struct fake_guest *guest, const char *command, const char *line, char **ret_reply, struct err *err)
{
	struct demo_guest *one = &guest->demo->host.guests[0];
	json_t *root = json_loads(command, 0, NULL);
	const char *name = json_string_value(json_object_get(root, "execute"));
	const json_t *request = json_object_get(root, "arguments");
	const char *path = json_string_value(json_object_get(request, "path"));
	const size_t programs = one->processes.count;
	const char *excuse = path ? excuse_of(guest, line) : NULL;
	bool ok = is_there(guest, err);

	guest->demo->plan.failure_count = 0;
	if (ok && path) {
		guest->scripts += strcmp(path, "powershell.exe") == 0;
		keep_input(guest, path, request);
		if (guest->kind == FAKE_NO_TOOLS)
			make_it_fail(guest, FAILS_MISSING);
		else if (is_constrained(guest) && guest->hides_explorers)
			make_it_fail(guest, FAILS_BLIND);
		else if (excuse)
			make_it_fail(guest, FAILS_SILENTLY);
	}
	set_the_demo(guest);
	ok = ok && demo_agent_answer(&guest->demo->host, one, command, ret_reply, err);
	guest->nologin = one->nologin;
	guest->drained = one->drained;
	guest->last_pid = one->last_pid;
	heed_sessions(guest);
	if (one->processes.count > programs)
		finish_program(guest, &one->processes.at[programs], line, excuse);
	if (ok && strcmp(name, "guest-info") == 0)
		*ret_reply = switch_off(guest, *ret_reply);
	if (ok && strcmp(name, "guest-set-time") == 0)
		guest->time_ns = json_integer_value(json_object_get(request, "time"));
	if (ok && strcmp(name, "guest-get-users") == 0 && guest->users) {
		free(*ret_reply);
		*ret_reply = mem_printf("{\"return\":%s}", guest->users);
	}
	json_decref(root);
	return ok;
}

static bool fake_agent_command(struct backend *be, int slot, const struct uuid *uuid, const char *command,
			       int timeout_ms, char **ret_reply, struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	json_t *root = json_loads(command, 0, NULL);
	const char *name = json_string_value(json_object_get(root, "execute"));
	const json_t *request = json_object_get(root, "arguments");
	char *line = describe(guest, name, request), *reply = NULL;
	const struct fake_fault *fault = find_fault(guest, line);
	bool ok = true;

	(void)slot;
	(void)uuid;
	(void)timeout_ms;
	clock_advance(guest->latency_ms);
	pass_time(guest);
	note_call(guest, line);
	if (fault && fault->kind == ERR_NONE && !fault->reply)
		fault = NULL;
	if (!fault || fault->carried_out)
		ok = answer(guest, command, line, &reply, err);
	if (fault && fault->kind != ERR_NONE) {
		ok = err_set(err, fault->kind, "%s", fault->text);
		free(reply);
	} else if (fault) {
		free(reply);
		reply = mem_strdup(fault->reply);
	}
	if (ok)
		*ret_reply = reply;
	free(line);
	json_decref(root);
	return ok;
}

/* --- its host --- */

/* Notes the call (its log line; taken over), lets time pass, and returns the fault that is planned for it, or NULL. */
static struct fake_fault *begin_call(struct fake_guest *guest, char *line)
{
	struct fake_fault *fault = find_fault(guest, line);

	clock_advance(guest->latency_ms);
	note_call(guest, line);
	free(line);
	return fault;
}

static bool end_call(const struct fake_fault *fault, struct err *err)
{
	return !fault || fault->kind == ERR_NONE || err_set(err, fault->kind, "%s", fault->text);
}

static bool fake_look(struct backend *be, int slot, const struct uuid *uuid, struct vm_info *ret_facts, struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = begin_call(guest, mem_strdup("look"));

	(void)slot;
	pass_time(guest);
	if (fault)
		return err_set(err, fault->kind, "%s", fault->text);
	if (guest->transient && !vm_state_has_process(guest->state))
		return err_set(err, ERR_NO_DOMAIN, "no domain with matching uuid");
	*ret_facts = (struct vm_info){ .uuid = *uuid,
				       .name = text_format("web01"),
				       .domain_id = 1,
				       .state = guest->state,
				       .channel = guest->channel,
				       .autostart = guest->autostart,
				       .persistent = -1,
				       .vcpus = -1,
				       .memory_kib = -1,
				       .max_memory_kib = -1 };
	return true;
}

static bool fake_lifecycle(struct backend *be, int slot, const struct uuid *uuid, enum operation operation,
			   bool use_agent, struct err *err)
{
	static const enum vm_state leads_to[OP_COUNT] = {
		[OP_START] = VM_STATE_RUNNING,  [OP_SHUTDOWN] = VM_STATE_SHUTOFF,  [OP_REBOOT] = VM_STATE_RUNNING,
		[OP_RESET] = VM_STATE_RUNNING,  [OP_DESTROY] = VM_STATE_SHUTOFF,   [OP_SUSPEND] = VM_STATE_PAUSED,
		[OP_RESUME] = VM_STATE_RUNNING, [OP_MANAGEDSAVE] = VM_STATE_SAVED,
	};
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault =
		begin_call(guest, mem_printf("lifecycle %s%s", operation_name(operation), use_agent ? " agent" : ""));

	(void)slot, (void)uuid;
	if (operation == OP_AUTOSTART || operation == OP_NO_AUTOSTART)
		guest->autostart = guest->ignores_verbs ? guest->autostart : operation == OP_AUTOSTART;
	else if (operation == OP_ADD_CHANNEL && (!fault || fault->carried_out))
		guest->channel = guest->ignores_verbs ? CHANNEL_ABSENT : CHANNEL_DISCONNECTED;
	else if ((!fault || fault->kind == ERR_NONE || fault->carried_out) && !guest->ignores_verbs) {
		guest->wanted = leads_to[operation];
		guest->wanted_at = clock_ms() + guest->verb_takes_ms;
		if (operation == OP_REBOOT && guest->channel == CHANNEL_CONNECTED)
			guest->channel = CHANNEL_DISCONNECTED;
	}
	return end_call(fault, err);
}

static void make_current(struct fake_guest *guest, const char *key)
{
	for (size_t i = 0; i < guest->snapshots.count; i++)
		guest->snapshots.at[i].current = strcmp(guest->snapshots.at[i].key, key) == 0;
}

static bool fake_snapshot_list(struct backend *be, int slot, const struct uuid *uuid, struct snapshot_list *ret,
			       struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = begin_call(guest, mem_strdup("snapshots"));

	(void)slot, (void)uuid;
	*ret = (struct snapshot_list){ .more = guest->snapshots.more };
	for (size_t i = 0; !fault && i < guest->snapshots.count; i++) {
		struct snapshot *copy = snapshot_list_add(ret, guest->snapshots.at[i].key);

		copy->current = guest->snapshots.at[i].current;
		copy->created = guest->snapshots.at[i].created;
	}
	return end_call(fault, err);
}

static bool fake_snapshot_create(struct backend *be, int slot, const struct uuid *uuid,
				 const struct snapshot_order *order, struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault =
		begin_call(guest, mem_printf("snapshot-create %s%s%s", order->name, order->disks_only ? " disks" : "",
					     order->quiesce ? " quiesced" : ""));

	(void)slot, (void)uuid;
	if (!fault || fault->carried_out) {
		snapshot_list_add(&guest->snapshots, order->name);
		make_current(guest, order->name);
	}
	return end_call(fault, err);
}

static bool fake_snapshot_revert(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				 struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = begin_call(guest, mem_printf("snapshot-revert %s", key));

	(void)slot, (void)uuid;
	if (!fault || fault->carried_out)
		make_current(guest, key);
	return end_call(fault, err);
}

static bool fake_snapshot_delete(struct backend *be, int slot, const struct uuid *uuid, const char *key,
				 struct err *err)
{
	struct fake_guest *guest = (struct fake_guest *)be;
	const struct fake_fault *fault = begin_call(guest, mem_printf("snapshot-delete %s", key));

	(void)slot, (void)uuid;
	for (size_t i = guest->snapshots.count; (!fault || fault->carried_out) && i-- > 0;)
		if (strcmp(guest->snapshots.at[i].key, key) == 0)
			snapshot_list_remove(&guest->snapshots, i);
	return end_call(fault, err);
}

static const struct backend_impl fake_impl = {
	.name = "fake",
	.agent_command = fake_agent_command,
	.lifecycle = fake_lifecycle,
	.look = fake_look,
	.snapshot_list = fake_snapshot_list,
	.snapshot_create = fake_snapshot_create,
	.snapshot_revert = fake_snapshot_revert,
	.snapshot_delete = fake_snapshot_delete,
};

void fake_guest_init(struct fake_guest *guest, enum fake_kind kind)
{
	static const char *const ids[] = { [FAKE_LOGIND] = "debian",
					   [FAKE_SYSVINIT] = "devuan",
					   [FAKE_WINDOWS] = "mswindows",
					   [FAKE_WINDOWS_CLM] = "mswindows",
					   [FAKE_NO_TOOLS] = "linux" };

	clock_stop_at(FAKE_START_MS, 1795359600); /* 2026-11-22 15:00 UTC */
	*guest = (struct fake_guest){
		.backend = { .impl = &fake_impl, .config = { .name = "fake" } },
		.kind = kind,
		.os_id = ids[kind],
		.os_version = "12",
		.state = VM_STATE_RUNNING,
		.channel = CHANNEL_CONNECTED,
		.end_takes_ms = 800,
		.latency_ms = 5,
		.next_id = 101,
		.verb_takes_ms = 3000,
		.freezes = true,
	};
	guest->demo = mem_zalloc(sizeof(*guest->demo));
	guest->demo->plan = (struct demo_vm_plan){ .name = "web01", .hostname = "fake" };
	guest->demo->os = demo_os_rows[guest->kind == FAKE_SYSVINIT ? OS_DEVUAN5
				       : is_windows(guest)          ? OS_WINDOWS2022
								    : OS_DEBIAN12];
	guest->demo->os.agent = "7.2.22";
	guest->demo->os.pretty_name = "Fake";
	guest->demo->host_plan = (struct demo_host_plan){ .name = "host", .vms = &guest->demo->plan, .vm_count = 1 };
	demo_host_init(&guest->demo->host, &guest->demo->host_plan, 1, clock_wall());
	guest->demo->host.guests[0].os = &guest->demo->os;
	guest->last_pid = FAKE_FIRST_PID - 1;
}

void fake_guest_forget(struct fake_guest *guest)
{
	guest->log_count = 0;
	guest->last_input = guest->nologin = NULL;
	memset(guest->programs, 0, sizeof(guest->programs));
}

void fake_guest_free(struct fake_guest *guest)
{
	if (!guest->demo)
		return;
	for (size_t i = 0; i < guest->log_count; i++)
		free(guest->log[i]);
	for (size_t i = 0; i < ARRAY_SIZE(guest->programs); i++)
		free(guest->programs[i]);
	free(guest->last_input);
	snapshot_list_free(&guest->snapshots);
	guest->demo->host.guests[0].nologin = guest->nologin;
	demo_host_finish(&guest->demo->host);
	free(guest->demo);
	*guest = (struct fake_guest){ 0 };
}
