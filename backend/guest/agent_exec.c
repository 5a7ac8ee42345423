/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_json.h"
#include "base/clock.h"

enum { POLL_FIRST_MS = 100, POLL_MOST_MS = 800 };

bool agent_exec(const struct agent_target *target, const struct agent_program *program, int64_t *ret_pid,
		struct err *err)
{
	char *command = agent_exec_command(program), *reply = NULL;
	bool ok;

	if (!command)
		return err_set(err, ERR_USAGE, _("%s cannot be started: its arguments are not valid UTF-8"),
			       program->path);
	ok = backend_agent_command(target->backend, target->slot, &target->uuid, program->intent, command,
				   AGENT_EXEC_TIMEOUT_MS, &reply, err) &&
	     agent_parse_pid(reply, strlen(reply), ret_pid, err);
	free(command);
	free(reply);
	return ok;
}

bool agent_exec_status(const struct agent_target *target, int64_t pid, struct agent_output *ret, struct err *err)
{
	char *command = agent_status_command(pid), *reply = NULL;
	bool ok = backend_agent_command(target->backend, target->slot, &target->uuid, BACKEND_LOOKS, command,
					AGENT_EXEC_TIMEOUT_MS, &reply, err);

	ok = ok && agent_parse_output(reply, strlen(reply), ret, err);
	free(command);
	free(reply);
	return ok;
}

void agent_run_init(struct agent_run *run, int timeout_ms)
{
	*run = (struct agent_run){ .give_up_at = clock_ms() + timeout_ms, .next_poll_ms = POLL_FIRST_MS };
}

void agent_run_free(struct agent_run *run)
{
	agent_output_free(&run->output);
}

static enum agent_run_outcome again(struct agent_run *run, int64_t *ret_wait_ms)
{
	*ret_wait_ms = run->next_poll_ms;
	run->next_poll_ms = MIN(run->next_poll_ms * 2, POLL_MOST_MS);
	return RUN_AGAIN;
}

static enum agent_run_outcome start(struct agent_run *run, const struct agent_target *target,
				    const struct agent_program *program, int64_t *ret_wait_ms, struct err *err)
{
	struct err why = { 0 };

	if (agent_exec(target, program, &run->pid, &why)) {
		run->maybe_started = true;
		return again(run, ret_wait_ms);
	}
	run->maybe_started = !agent_err_is_surely_unsent(&why);
	*err = why;
	return RUN_FAILED;
}

/* A status that was not answered can be asked for again, as long as nobody restarted the agent. */
static bool may_ask_again(const struct err *err)
{
	return agent_err_is_passing(err) || err->kind == ERR_NO_ANSWER || err->kind == ERR_LOST ||
	       err->kind == ERR_UNREACHABLE;
}

enum agent_run_outcome agent_run_step(struct agent_run *run, const struct agent_target *target,
				      const struct agent_program *program, int64_t *ret_wait_ms, struct err *err)
{
	struct err why = { 0 };

	if (!run->pid)
		return start(run, target, program, ret_wait_ms, err);
	agent_output_free(&run->output);
	if (agent_exec_status(target, run->pid, &run->output, &why)) {
		if (run->output.exited)
			return RUN_EXITED;
		err_set(&why, ERR_TIMED_OUT, _("%s has not ended in the guest"), program->path);
	} else if (!may_ask_again(&why)) {
		*err = why;
		return RUN_FAILED;
	}
	if (clock_ms() < run->give_up_at)
		return again(run, ret_wait_ms);
	*err = why;
	return RUN_FAILED;
}
