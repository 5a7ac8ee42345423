/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/session_program.h"

enum { SAID_CAP = 200, SCRIPT_EXIT_NO_TYPES = 5 };

/* --- the guest --- */

void guest_profile_free(struct guest_profile *profile)
{
	agent_abilities_free(&profile->capabilities);
	agent_os_free(&profile->os);
	text_free(&profile->host_name);
	VEC_FREE(&profile->no_logons);
	text_free(&profile->selinux_label);
	text_free(&profile->checkup.units);
	*profile = (struct guest_profile){ 0 };
}

struct remedy {
	const char *ids;              /* blank before and behind each */
	int from_version, to_version; /* to_version 0: any */
	const char *words;
};

static const struct remedy remedies[] = {
	{ " mswindows ", 0, 0,
	  N_("in the guest, remove guest-exec and guest-exec-status from the -b list (or add them to the -a list) in "
	     "ImagePath of HKLM\\SYSTEM\\CurrentControlSet\\Services\\QEMU-GA, then restart the service QEMU-GA") },
	{ " fedora ", 0, 0,
	  N_("in the guest, allow guest-exec and guest-exec-status in QEMU_GA_ARGS (older: BLACKLIST_RPC) of "
	     "/etc/sysconfig/qemu-ga, then: systemctl restart qemu-guest-agent") },
	{ " rhel centos almalinux rocky ol scientific ", 1, 8,
	  N_("in the guest, remove guest-exec and guest-exec-status from BLACKLIST_RPC in /etc/sysconfig/qemu-ga, "
	     "then: systemctl restart qemu-guest-agent") },
	{ " rhel centos almalinux rocky ol ", 9, 9,
	  N_("in the guest, in /etc/sysconfig/qemu-ga, add guest-exec,guest-exec-status to --allow-rpcs of "
	     "FILTER_RPC_ARGS (before 9.4: remove them from BLOCK_RPCS), then: systemctl restart qemu-guest-agent") },
	{ " rhel centos almalinux rocky ol rhcos ", 0, 0,
	  N_("in the guest, add guest-exec,guest-exec-status to --allow-rpcs of FILTER_RPC_ARGS in "
	     "/etc/sysconfig/qemu-ga, then: "
	     "systemctl restart qemu-guest-agent") },
	{ " freebsd ", 0, 0,
	  N_("in the guest, allow guest-exec and guest-exec-status where the agent is configured (OPNsense, pfSense: "
	     "\"Disabled "
	     "RPCs\" of the plugin; else qemu_guest_agent_flags in rc.conf), then restart the agent") },
	{ NULL, 0, 0,
	  N_("in the guest, remove guest-exec and guest-exec-status from block-rpcs (before 9.1: blacklist), or add "
	     "them to allow-rpcs, in [general] of /etc/qemu/qemu-ga.conf, then: systemctl restart qemu-guest-agent") },
};

bool guest_profile_explain_blocked(const struct guest_profile *profile, struct err *err)
{
	const int version = (int)strtol(text_str(profile->os.version_id), NULL, 10);
	const struct remedy *found = remedies;
	char *id;

	if (profile->capabilities.exec_known_blocked) {
		id = mem_printf(" %s ", text_str(profile->os.id));
		while (found->ids && (!strstr(found->ids, id) || (found->to_version && (version < found->from_version ||
											version > found->to_version))))
			found++;
		free(id);
		return err_set(err, ERR_AGENT_BLOCKED, _("the guest agent refuses guest-exec: %s"), _(found->words));
	}
	return err_set(err, ERR_AGENT_ABSENT,
		       _("the guest agent (version %s) does not support guest-exec; install version 2.5 or later in "
			 "the guest"),
		       text_is_empty(profile->capabilities.version) ? _("unknown")
								    : text_str(profile->capabilities.version));
}

/* --- a program in it --- */

void session_program_describe(struct session_program *ret, const char *path, const char *const *env,
			      enum backend_intent intent, int timeout_ms)
{
	*ret = (struct session_program){
		.program = { .path = path, .env = env, .capture = true, .intent = intent },
		.timeout_ms = timeout_ms,
	};
	ret->program.args = ret->args;
}

const char *session_program_keep(struct session_program *program, const char *id)
{
	snprintf(program->id, sizeof(program->id), "%s", id);
	return program->id;
}

enum agent_run_outcome session_program_step(struct session_program *program, const struct agent_target *target,
					    int64_t *ret_wait_ms, struct err *err)
{
	if (!program->running) {
		agent_run_init(&program->run, program->timeout_ms);
		program->run.next_poll_ms = MAX(program->run.next_poll_ms, program->first_poll_ms);
	}
	program->running = true;
	return agent_run_step(&program->run, target, &program->program, ret_wait_ms, err);
}

void session_program_free(struct session_program *program)
{
	agent_run_free(&program->run);
	free(program->owned);
	program->owned = NULL;
	program->running = false;
}

bool sessions_next_line(const char **at, const char *end, const char **ret_line, size_t *ret_len)
{
	const char *newline;

	if (*at == end)
		return false;
	newline = memchr(*at, '\n', (size_t)(end - *at));
	*ret_line = *at;
	*ret_len = (size_t)((newline ? newline : end) - *at);
	*at = newline ? newline + 1 : end;
	if (*ret_len && (*ret_line)[*ret_len - 1] == '\r')
		--*ret_len;
	return true;
}

bool session_program_failed(const struct session_program *program, const struct agent_output *output, struct err *err)
{
	const char *words = output->err_len ? output->err_out : output->out;
	size_t len = output->err_len ? output->err_len : output->out_len;
	struct safe_text said;
	bool denied;

	while (len && strchr(" \r\n", words[len - 1]))
		len--;
	said = text_sanitize(words, len, SAID_CAP);
	/* The words of loginctl and of the C library, under LC_ALL=C. Where others say it, only the list decides. */
	denied = strstr(text_str(said), "Access denied") || strstr(text_str(said), "Permission denied");
	if (output->exit_code_known && output->exit_code == 0 && program->is_silent)
		err_set(err, denied ? ERR_DENIED : ERR_UNEXPECTED, _("%s delivered nothing in the guest: %s"),
			program->program.path, text_str(said));
	else if (output->exit_code_known)
		err_set(err, denied ? ERR_DENIED : ERR_UNEXPECTED, _("%s failed in the guest (exit status %d): %s"),
			program->program.path, output->exit_code,
			text_is_empty(said) ? _("no output") : text_str(said));
	else
		err_set(err, ERR_UNEXPECTED, _("%s was killed in the guest: %s"), program->program.path,
			text_is_empty(said) ? _("no output") : text_str(said));
	text_free(&said);
	return false;
}

static bool exited_with(const struct session_program *program, int status)
{
	return program->run.output.exit_code_known && program->run.output.exit_code == status;
}

static bool has_line(const struct agent_output *output, const char *wanted)
{
	const char *at = output->out, *end = at + output->out_len, *line;
	size_t len;

	while (at && sessions_next_line(&at, end, &line, &len))
		if (len == strlen(wanted) && memcmp(line, wanted, len) == 0)
			return true;
	return false;
}

bool session_program_succeeded(const struct session_program *program, struct err *err)
{
	const struct agent_output *output = &program->run.output;

	if (exited_with(program, 0) && (!program->says || has_line(output, program->says)) &&
	    !(program->is_silent && output->err_len))
		return true;
	return session_program_failed(program, output, err);
}

bool session_program_found_another(const struct session_program *program)
{
	return program->exit_not_theirs && exited_with(program, program->exit_not_theirs) &&
	       !program->run.output.err_len;
}

bool session_program_needs_another_way(struct session_program *program, struct guest_profile *profile)
{
	if (!program->says || !exited_with(program, SCRIPT_EXIT_NO_TYPES) || !has_line(&program->run.output, "R"))
		return false;
	profile->no_wts = true;
	session_program_free(program);
	return true;
}
