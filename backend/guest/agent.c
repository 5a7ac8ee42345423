/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_json.h"
#include "base/clock.h"

enum { POLL_FIRST_MS = 100, POLL_MOST_MS = 3200 };

/* One call; json is freed. The reply is owned by the caller, NULL: err says why there is none. */
static char *call(const struct agent_target *target, enum backend_intent intent, char *json, int timeout_ms,
		  struct err *err)
{
	char *reply = NULL;
	const bool ok = backend_agent_command(target->backend, target->slot, &target->uuid, intent, json, timeout_ms,
					      &reply, err);

	free(json);
	return ok ? reply : NULL;
}

static char *ask(const struct agent_target *target, const char *command, struct err *err)
{
	return call(target, BACKEND_LOOKS, mem_printf("{\"execute\":\"%s\"}", command), AGENT_INFO_TIMEOUT_MS, err);
}

bool agent_ping(const struct agent_target *target, struct err *err)
{
	OWN(bytes) char *reply = ask(target, "guest-ping", err);

	return reply && agent_parse_nothing(reply, strlen(reply), err);
}

bool agent_info(const struct agent_target *target, struct agent_capabilities *ret, struct err *err)
{
	OWN(bytes) char *reply = ask(target, "guest-info", err);

	return reply && agent_parse_info(reply, strlen(reply), ret, err);
}

bool agent_os(const struct agent_target *target, struct agent_os *ret, struct err *err)
{
	OWN(bytes) char *reply = ask(target, "guest-get-osinfo", err);

	return reply && agent_parse_os(reply, strlen(reply), ret, err);
}

bool agent_host_name(const struct agent_target *target, struct safe_text *ret_owned, struct err *err)
{
	OWN(bytes) char *reply = ask(target, "guest-get-host-name", err);

	return reply && agent_parse_host_name(reply, strlen(reply), ret_owned, err);
}

bool agent_users(const struct agent_target *target, struct agent_users *ret, struct err *err)
{
	OWN(bytes) char *reply = ask(target, "guest-get-users", err);

	return reply && agent_parse_users(reply, strlen(reply), ret, err);
}

bool agent_get_time(const struct agent_target *target, int64_t *ret_ns, struct err *err)
{
	char *reply = ask(target, "guest-get-time", err);
	const bool ok = reply && agent_parse_time(reply, strlen(reply), ret_ns, err);

	free(reply);
	return ok;
}

bool agent_fsfreeze_is_frozen(const struct agent_target *target, bool *ret_frozen, struct err *err)
{
	OWN(bytes) char *reply = ask(target, "guest-fsfreeze-status", err);

	return reply && agent_parse_fsfreeze(reply, strlen(reply), ret_frozen, err);
}

/* --- acting --- */

bool agent_set_time(const struct agent_target *target, int64_t ns, struct err *err)
{
	char *json = mem_printf("{\"execute\":\"guest-set-time\",\"arguments\":{\"time\":%lld}}", (long long)ns);
	OWN(bytes) char *reply = call(target, BACKEND_ACTS, json, AGENT_EXEC_TIMEOUT_MS, err);

	return reply && agent_parse_nothing(reply, strlen(reply), err);
}

bool agent_fstrim(const struct agent_target *target, int timeout_ms, int64_t *ret_bytes, struct err *err)
{
	OWN(bytes)
	char *reply = call(target, BACKEND_ACTS, mem_strdup("{\"execute\":\"guest-fstrim\"}"), timeout_ms, err);

	return reply && agent_parse_fstrim(reply, strlen(reply), ret_bytes, err);
}

/* --- a program in the guest --- */

bool agent_exec(const struct agent_target *target, const struct agent_program *program, int64_t *ret_pid,
		struct err *err)
{
	char *command = agent_exec_command(program);
	OWN(bytes) char *reply = NULL;

	if (!command)
		return err_set(err, ERR_USAGE, _("%s cannot be started: its arguments are not valid UTF-8"),
			       program->path);
	reply = call(target, program->intent, command, AGENT_EXEC_TIMEOUT_MS, err);
	return reply && agent_parse_pid(reply, strlen(reply), ret_pid, err);
}

bool agent_exec_status(const struct agent_target *target, int64_t pid, struct agent_output *ret, struct err *err)
{
	OWN(bytes) char *reply = call(target, BACKEND_LOOKS, agent_status_command(pid), AGENT_EXEC_TIMEOUT_MS, err);

	return reply && agent_parse_output(reply, strlen(reply), ret, err);
}

void agent_run_init(struct agent_run *run, int timeout_ms)
{
	*run = (struct agent_run){ .give_up_at = clock_ms() + timeout_ms, .next_poll_ms = POLL_FIRST_MS };
}

void agent_run_free(struct agent_run *run)
{
	agent_output_free(&run->output);
}

enum agent_run_outcome agent_run_step(struct agent_run *run, const struct agent_target *target,
				      const struct agent_program *program, int64_t *ret_wait_ms, struct err *err)
{
	struct err why = { 0 };
	bool goes_on;

	if (!run->pid) {
		goes_on = agent_exec(target, program, &run->pid, &why);
		run->maybe_started = goes_on || !agent_err_is_surely_unsent(&why);
	} else {
		agent_output_free(&run->output);
		goes_on = agent_exec_status(target, run->pid, &run->output, &why);
		if (goes_on && run->output.exited)
			return RUN_EXITED;
		if (goes_on)
			err_set(&why, ERR_TIMED_OUT, _("%s has not ended in the guest"), program->path);
		else /* A status that was not answered can be asked for again, as long as nobody restarted the agent. */
			goes_on = agent_err_is_passing(&why) || why.kind == ERR_NO_ANSWER || why.kind == ERR_LOST ||
				  why.kind == ERR_UNREACHABLE;
		goes_on = goes_on && clock_ms() < run->give_up_at;
	}
	if (!goes_on) {
		*err = why;
		return RUN_FAILED;
	}
	*ret_wait_ms = MIN(run->next_poll_ms, MAX(run->give_up_at - clock_ms(), 0));
	run->next_poll_ms = MIN(run->next_poll_ms * 2, POLL_MOST_MS);
	return RUN_AGAIN;
}

/* --- what an error says of a command --- */

enum fate {
	IN_FLIGHT = 1, /* nobody knows: the answer was lost, or makes no sense */
	UNSENT = 2,    /* refused by us, by the host or by the agent, or never written */
	AGENTS = 4,    /* ... and it is the agent who cannot: another way may serve */
	PASSING = 8,   /* ... and some seconds later it may */
};

/* Kinds without a row say nothing of the command: libvirt's errors that we have no kind for, system calls. */
static const unsigned char fates[ERR_KIND_COUNT] = {
	[ERR_USAGE] = UNSENT,
	[ERR_CANCELLED] = UNSENT,
	[ERR_DENIED] = UNSENT,
	[ERR_UNREACHABLE] = UNSENT,
	[ERR_LOST] = IN_FLIGHT,
	[ERR_NO_DOMAIN] = UNSENT,
	[ERR_NOT_RUNNING] = UNSENT,
	[ERR_PAUSED] = UNSENT,
	[ERR_NO_CHANNEL] = UNSENT | AGENTS,
	[ERR_NO_AGENT] = UNSENT | AGENTS,
	[ERR_AGENT_CLOSED] = UNSENT | AGENTS,
	[ERR_NOT_SENT] = UNSENT | AGENTS | PASSING,
	[ERR_NO_ANSWER] = IN_FLIGHT,
	[ERR_AGENT_REFUSED] = UNSENT | AGENTS,
	[ERR_AGENT_BLOCKED] = UNSENT | AGENTS,
	[ERR_AGENT_ABSENT] = UNSENT | AGENTS,
	[ERR_AGENT_FROZEN] = UNSENT | AGENTS,
	[ERR_AGENT_BROKEN] = IN_FLIGHT,
	[ERR_BUSY] = UNSENT | AGENTS | PASSING,
	[ERR_UNSUPPORTED] = UNSENT | AGENTS,
	[ERR_TIMED_OUT] = IN_FLIGHT,
};

bool agent_err_is_in_flight(const struct err *err)
{
	return fates[err->kind] & IN_FLIGHT;
}

bool agent_err_is_surely_unsent(const struct err *err)
{
	return fates[err->kind] & UNSENT;
}

bool agent_err_is_agents_no(const struct err *err)
{
	return fates[err->kind] & AGENTS;
}

bool agent_err_is_passing(const struct err *err)
{
	return fates[err->kind] & PASSING;
}

bool agent_err_is_refusal(const struct err *err)
{
	return err->kind == ERR_AGENT_REFUSED || err->kind == ERR_AGENT_BLOCKED || err->kind == ERR_AGENT_ABSENT;
}

/*
 * qemu-ga passes on glib's sentence and strerror(3). It sets no locale, so both are in English; were they not, the next
 * way is tried as well (any refusal to start is one), and only what follows from a program's surely missing does not.
 */
static bool failed_to_execute(const struct err *err, const char *reason)
{
	return err->kind == ERR_AGENT_REFUSED && strstr(err->buf, reason);
}

bool agent_err_is_missing_program(const struct err *err)
{
	return failed_to_execute(err, "No such file or directory");
}

bool agent_err_is_denied_program(const struct err *err)
{
	return failed_to_execute(err, "Permission denied");
}

hresult agent_err_code(const struct err *err)
{
	if (agent_err_is_denied_program(err))
		return E_ACCESS_DENIED;
	if (agent_err_is_missing_program(err))
		return VM_E_ADDITIONS_FEATURE_NOT_AVAIL;
	return result_from_err(err->kind);
}

/* --- is there a guest to talk to? --- */

bool guest_check_facts(const struct vm_info *info, struct safe_text vm_name, struct err *err)
{
	const char *name = text_str(vm_name);

	if (!vm_state_allows_guest(info->state, name, err))
		return false;
	switch (info->channel) {
	case CHANNEL_ABSENT:
		return err_set(err, ERR_NO_CHANNEL,
			       _("%s has no guest agent channel; add an org.qemu.guest_agent.0 channel to the VM"),
			       name);
	case CHANNEL_DISCONNECTED:
		return err_set(
			err, ERR_NO_AGENT,
			_("no guest agent is connected in %s: it is not installed, not started, or the guest is still "
			  "booting; install or start qemu-guest-agent in the guest"),
			name);
	case CHANNEL_DENIED:
		return err_set(err, ERR_DENIED,
			       _("the host does not allow reading the definition of %s; ask for the right to read and "
				 "write this VM"),
			       name);
	default:
		return true;
	}
}

bool guest_check(const struct agent_target *target, struct safe_text vm_name, struct err *err)
{
	OWN(vm_info) struct vm_info info = { 0 };
	struct err why = { 0 };

	if (!backend_get_info(target->backend, target->slot, &target->uuid, &info, &why))
		return err_set(err, why.kind, _("%s: cannot read its state: %s"), text_str(vm_name),
			       text_str(err_text(&why)));
	return guest_check_facts(&info, vm_name, err);
}
