/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/guest_os.h"

enum { SAID_CAP = 200, SCRIPT_EXIT_NO_TYPES = 5 };

bool session_id_is_valid(enum guest_family family, const char *id)
{
	return *id && strnlen(id, SESSION_ID_SIZE) < SESSION_ID_SIZE && guest_os_get(family)->id_is_valid(id);
}

enum agent_run_outcome session_program_step(struct session_program *program, const struct agent_target *target,
					    int64_t *ret_wait_ms, struct err *err)
{
	if (!program->running)
		agent_run_init(&program->run, program->timeout_ms);
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

char *session_message_copy(const char *message, const char *ours)
{
	struct safe_text text = text_sanitize_str(message && *message ? message : ours, TEXT_CAP_LINE);
	char *copy = mem_strdup(text_str(text));

	text_free(&text);
	return copy;
}

/* Its words, without the ends of its lines. */
static struct safe_text words_of(const struct agent_output *output)
{
	const char *said = output->err_len ? output->err_out : output->out;
	size_t len = output->err_len ? output->err_len : output->out_len;

	while (len && strchr(" \r\n", said[len - 1]))
		len--;
	return text_sanitize(said, len, SAID_CAP);
}

bool session_program_failed(const struct session_program *program, const struct agent_output *output, struct err *err)
{
	struct safe_text said = words_of(output);
	/* The words of loginctl and of the C library, under LC_ALL=C. Where others say it, only the list decides. */
	const bool denied = strstr(text_str(said), "Access denied") || strstr(text_str(said), "Permission denied");

	if (output->exit_code_known)
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

	if (exited_with(program, 0) && (!program->says || has_line(output, program->says)))
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

/* --- ending, warning --- */

bool session_end_program(struct session_program *ret, const struct guest_profile *profile,
			 const struct session *session, bool force, struct err *err)
{
	if (!session_id_is_valid(profile->family, session->id))
		return err_set(err, ERR_UNSUPPORTED,
			       _("the session of %s on %s cannot be ended from outside the guest"),
			       text_str(session->user),
			       text_is_empty(session->tty) ? _("an unknown display") : text_str(session->tty));
	return guest_os_get(profile->family)->end(ret, profile, session, force, err);
}

bool session_warn_program(struct session_program *ret, const struct guest_profile *profile, const char *message,
			  int seconds, struct err *err)
{
	char *text =
		seconds <= 0
			? mem_strdup(message)
			: mem_printf(ngettext("%s\nYou will be logged off in %d second.\n",
					      "%s\nYou will be logged off in %d seconds.\n", (unsigned long)seconds),
				     message, seconds);
	const bool ok = guest_os_get(profile->family)->warn(ret, profile, text, MAX(seconds, 60), err);

	free(text);
	return ok;
}

/* --- a guest of which nothing is known --- */

static bool no_id(const char *id)
{
	(void)id;
	return false;
}

static bool no_end(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
		   bool force, struct err *err)
{
	(void)ret;
	(void)profile;
	(void)force;
	return err_set(err, ERR_UNSUPPORTED, _("the session of %s cannot be ended from outside the guest"),
		       text_str(session->user));
}

static bool no_warning(struct session_program *ret, const struct guest_profile *profile, const char *text, int seconds,
		       struct err *err)
{
	(void)ret;
	(void)profile;
	(void)text;
	(void)seconds;
	return err_set(err, ERR_UNSUPPORTED, "%s", _("the users of this guest cannot be warned"));
}

bool guest_os_no_lock(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
		      struct err *err)
{
	(void)ret;
	(void)profile;
	(void)session;
	return err_set(err, ERR_UNSUPPORTED, "%s", _("sessions cannot be locked from outside without logind"));
}

bool guest_os_no_disconnect(struct session_program *ret, const struct guest_profile *profile,
			    const struct session *session, struct err *err)
{
	(void)ret;
	(void)profile;
	(void)session;
	return err_set(err, ERR_UNSUPPORTED, "%s",
		       _("only Windows sessions can be disconnected; lock the session, or log it off"));
}

static bool no_logins(struct session_program *ret, const struct guest_profile *profile, struct err *err)
{
	(void)ret;
	(void)profile;
	return err_set(err, ERR_UNSUPPORTED, "%s", _("logins cannot be disabled in this guest"));
}

static bool no_logins_change(struct session_program *ret, const struct guest_profile *profile,
			     enum guest_logins_change change, const char *message, struct err *err)
{
	(void)change;
	(void)message;
	return no_logins(ret, profile, err);
}

enum guest_logins guest_os_logins_unknown(const struct agent_output *output)
{
	(void)output;
	return LOGINS_UNKNOWN;
}

void guest_os_nothing_to_explain(const struct guest_profile *profile, struct err *err)
{
	(void)profile;
	(void)err;
}

const struct guest_os *guest_os_get(enum guest_family family)
{
	static const struct guest_os unknown = {
		.logoff_timeout_s = 150,
		.list_old_ms = 5000,
		.id_is_valid = no_id,
		.end = no_end,
		.warn = no_warning,
		.lock = guest_os_no_lock,
		.disconnect = guest_os_no_disconnect,
		.read_logins = no_logins,
		.change_logins = no_logins_change,
		.parse_logins = guest_os_logins_unknown,
		.explain_logins = guest_os_nothing_to_explain,
	};
	static const struct guest_os *const drivers[] = {
		[FAMILY_UNKNOWN] = &unknown,
		[FAMILY_LOGIND] = &guest_os_logind,
		[FAMILY_UTMP] = &guest_os_utmp,
		[FAMILY_WINDOWS] = &guest_os_windows,
	};

	return drivers[family];
}
