/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agent.h - the QEMU guest agent's protocol: JSON out, JSON in, above backend_agent_command().
 *
 * Source of the rules: QEMU, "QEMU Guest Agent Protocol Reference" (qga/qapi-schema.json).
 * Everything that a guest says is hostile: replies are capped, every field is type-checked, texts
 * pass text_sanitize(). Worker thread; each function makes exactly one agent call.
 */
#pragma once

#include "backend/backend.h"
#include "model/result.h"

enum {
	AGENT_INFO_TIMEOUT_MS = 3000,
	AGENT_EXEC_TIMEOUT_MS = 10000,
	AGENT_REPLY_MAX = 4 * 1024 * 1024, /* libvirt's own limit of a string */
	AGENT_OUTPUT_MAX = 256 * 1024,     /* what we keep of a program's output */
	AGENT_JSON_DEPTH_MAX = 32,
};

/*
 * What a failure says of the command that was to be carried out. A kind of error that is neither in flight nor
 * surely unsent (no row of its own, a system call) says nothing: who sent a program into a guest takes it for
 * sent, who asked the host to start or stop a VM takes it for the host's no.
 */
bool agent_err_is_in_flight(const struct err *err);     /* it may be carried out, or was: lost answer, or nonsense */
bool agent_err_is_surely_unsent(const struct err *err); /* refused by us, the host or the agent, or never written */
bool agent_err_is_agents_no(const struct err *err);     /* surely unsent, and only the agent cannot: ACPI still may */
bool agent_err_is_passing(const struct err *err);       /* surely unsent, and worth another try, some seconds later */
bool agent_err_is_refusal(const struct err *err);       /* it answered, and the answer is no */

/* One guest, as one step of a job sees it: where to send. A value on the step's stack. */
struct agent_target {
	struct backend *backend;
	int slot;
	struct uuid uuid;
};

/* guest-info: which commands there are, and which are enabled. */
struct agent_capabilities {
	bool known;
	struct safe_text version;
	bool exec;               /* guest-exec and guest-exec-status enabled */
	bool exec_known_blocked; /* listed, enabled: false */
	bool get_users;
	bool osinfo;
	bool host_name;
	bool shutdown;
	bool get_time, set_time, fstrim, fsfreeze_status, fsfreeze;
	bool interfaces; /* agent_network.h */
};

struct agent_os {
	struct safe_text id, name, pretty_name, version, version_id, kernel, machine;
};

/* What one program in the guest left behind. Output is raw bytes: a parser's, or text_sanitize()'s. */
struct agent_output {
	bool exited;
	bool exit_code_known;
	int exit_code;
	bool signalled;
	bool truncated;
	char *out, *err_out; /* NUL-terminated, owned */
	size_t out_len, err_len;
};

struct agent_user {
	struct safe_text name, domain;
	int64_t login_time;
};
struct agent_users {
	VEC(struct agent_user);
	size_t more;
};

bool agent_ping(const struct agent_target *target, struct err *err);
bool agent_info(const struct agent_target *target, struct agent_capabilities *ret, struct err *err);
bool agent_os(const struct agent_target *target, struct agent_os *ret, struct err *err);
bool agent_host_name(const struct agent_target *target, struct safe_text *ret_owned, struct err *err);
bool agent_users(const struct agent_target *target, struct agent_users *ret, struct err *err); /* guest-get-users */
bool agent_get_time(const struct agent_target *target, int64_t *ret_ns, struct err *err);      /* since 1970 */
/* The guest's clock is set to ours, in ns since 1970. Acts. */
bool agent_set_time(const struct agent_target *target, int64_t ns, struct err *err);
/* guest-fstrim of all file systems; may take minutes. ret_bytes: trimmed, -1 where the guest does not tell. Acts. */
bool agent_fstrim(const struct agent_target *target, int timeout_ms, int64_t *ret_bytes, struct err *err);
bool agent_fsfreeze_is_frozen(const struct agent_target *target, bool *ret_frozen, struct err *err);

void agent_abilities_free(struct agent_capabilities *capabilities);
void agent_os_free(struct agent_os *os);
void agent_users_free(struct agent_users *users);
void agent_output_free(struct agent_output *output);

/* --- a program in the guest: one call starts it, each further call asks how it is doing --- */

struct agent_program {
	const char *path;
	const char *const *args; /* NULL-terminated, without the program itself */
	const char *const *env;  /* NULL: the agent's own. Never on Windows. */
	const char *input;       /* standard input, NULL none */
	bool capture;
	enum backend_intent intent;
};

bool agent_exec(const struct agent_target *target, const struct agent_program *program, int64_t *ret_pid,
		struct err *err);
/* exited=false: still running. The first answer with exited=true is the only one: a lost reply means unknown. */
bool agent_exec_status(const struct agent_target *target, int64_t pid, struct agent_output *ret, struct err *err);

/*
 * Both as a machine for job steps: agent_run_step() makes one call a step, polls at 100, 200, 400 ... 3200 ms,
 * and says RUN_AGAIN (call again in *ret_wait_ms), RUN_EXITED (output is there) or RUN_FAILED (err).
 * maybe_started is true from the moment guest-exec was sent: after a failure then, what it does is unknown.
 */
enum agent_run_outcome { RUN_AGAIN, RUN_EXITED, RUN_FAILED };

struct agent_run {
	int64_t pid;        /* 0: not started */
	int64_t give_up_at; /* clock_ms() */
	int next_poll_ms;
	bool maybe_started;
	struct agent_output output;
};

void agent_run_init(struct agent_run *run, int timeout_ms);
void agent_run_free(struct agent_run *run);
enum agent_run_outcome agent_run_step(struct agent_run *run, const struct agent_target *target,
				      const struct agent_program *program, int64_t *ret_wait_ms, struct err *err);

/* The program is not in the guest ("No such file or directory"), as qemu-ga 7.2 and 10 word it. */
bool agent_err_is_missing_program(const struct err *err);
/* The guest's own rules (SELinux, file modes) kept the agent from starting it ("Permission denied"). */
bool agent_err_is_denied_program(const struct err *err);
hresult agent_err_code(const struct err *err); /* result_from_err(), and the two above */

/*
 * Is there a guest to talk to at all? One look at the domain; the first step of every machine that works through the
 * agent. False: err's kind is the contract's reason (not running, paused, no channel ...), its text the next step.
 */
bool guest_check(const struct agent_target *target, struct safe_text vm_name, struct err *err);
/* The same of facts that were looked at already. */
bool guest_check_facts(const struct vm_info *info, struct safe_text vm_name, struct err *err);
