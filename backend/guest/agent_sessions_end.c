/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_families.h"

#include <ctype.h>

enum { SAID_CAP = 200, SCRIPT_EXIT_NO_TYPES = 5 };

static bool is_number_behind(const char *id, const char *prefix, size_t max_digits)
{
	const size_t skip = strlen(prefix);
	size_t digits = 0;

	if (strncmp(id, prefix, skip) != 0)
		return false;
	for (id += skip; isdigit((unsigned char)*id); id++)
		digits++;
	return !*id && digits > 0 && digits <= max_digits;
}

static bool is_logind_id(const char *id)
{
	if (!isalnum((unsigned char)*id))
		return false;
	for (; *id; id++)
		if (!isalnum((unsigned char)*id) && *id != '_' && *id != '-')
			return false;
	return true;
}

bool session_id_is_valid(enum guest_family family, const char *id)
{
	if (!*id || strnlen(id, SESSION_ID_SIZE) >= SESSION_ID_SIZE)
		return false;
	switch (family) {
	case FAMILY_LOGIND:
		return is_logind_id(id);
	case FAMILY_UTMP:
		return is_number_behind(id, "ttyS", 3) || is_number_behind(id, "tty", 3) ||
		       is_number_behind(id, "pts/", 7);
	case FAMILY_WINDOWS:
		return is_number_behind(id, "", 5) && *id != '0' && strtol(id, NULL, 10) < 65536;
	default:
		return false;
	}
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
	switch (profile->family) {
	case FAMILY_LOGIND:
		logind_end_program(ret, session->id, force);
		return true;
	case FAMILY_UTMP:
		if (!session_user_is_plain(session->user))
			return err_set(err, ERR_UNSUPPORTED,
				       _("%s's session on %s cannot be ended from outside the guest: pkill would take the name "
					 "for a number, or for several users"),
				       text_str(session->user), session->id);
		pkill_program(ret, text_str(session->user), session->id, force);
		return true;
	default:
		break;
	}
	if (force)
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("Windows has no stronger means: its log-off already ends programs"));
	if (profile->no_wts)
		logoff_exe_program(ret, session->id, profile->sysnative);
	else
		wts_end_program(ret, session);
	return true;
}

static char *warning_text(const char *message, int seconds)
{
	if (seconds <= 0)
		return mem_strdup(message);
	return mem_printf(ngettext("%s\nYou will be logged off in %d second.\n",
				   "%s\nYou will be logged off in %d seconds.\n", (unsigned long)seconds),
			  message, seconds);
}

bool session_warn_program(struct session_program *ret, const struct guest_profile *profile, const char *message,
			  int seconds, struct err *err)
{
	char *text = warning_text(message, seconds);
	bool ok = true;

	switch (profile->family) {
	case FAMILY_LOGIND:
	case FAMILY_UTMP:
		wall_program(ret, text);
		break;
	case FAMILY_WINDOWS:
		if (profile->no_wts)
			msg_exe_program(ret, text, MAX(seconds, 60), profile->sysnative);
		else
			wts_warn_program(ret, text, MAX(seconds, 60));
		break;
	default:
		ok = err_set(err, ERR_UNSUPPORTED, "%s", _("the users of this guest cannot be warned"));
	}
	free(text);
	return ok;
}
