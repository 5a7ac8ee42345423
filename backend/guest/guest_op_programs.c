/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_families.h"
#include "backend/guest/guest_op.h"

/* The file's first line: how we know our own door again, after our death too. */
static const char door_mark[] = "# innkeeper\n";

/* pam_nologin(8) on Linux, nologin(5) on FreeBSD. */
static const char *const linux_args[] = { "-f", "/run/nologin", NULL };
static const char *const freebsd_args[] = { "-f", "/var/run/nologin", NULL };

static const char *const *remove_args(const struct guest_profile *profile)
{
	return strcmp(text_str(profile->os.id), "freebsd") == 0 ? freebsd_args : linux_args;
}

static const char *const *file_args(const struct guest_profile *profile)
{
	return remove_args(profile) + 1;
}

const char *guest_door_file(const struct guest_profile *profile)
{
	return *file_args(profile);
}

bool guest_lock_program(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
			struct err *err)
{
	switch (profile->family) {
	case FAMILY_LOGIND:
		logind_lock_program(ret, session->id);
		return true;
	case FAMILY_WINDOWS:
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("Windows cannot lock a session from outside; disconnect it instead: that locks it as well"));
	default:
		return err_set(err, ERR_UNSUPPORTED, "%s", _("without logind a session cannot be locked from outside"));
	}
}

bool guest_disconnect_program(struct session_program *ret, const struct guest_profile *profile,
			      const struct session *session, struct err *err)
{
	if (profile->family != FAMILY_WINDOWS)
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("only Windows sessions can be disconnected and live on; lock the session, or log it off"));
	if (profile->no_wts)
		tsdiscon_program(ret, session->id, profile->sysnative);
	else
		wts_disconnect_program(ret, session);
	return true;
}

bool guest_door_look_program(struct session_program *ret, const struct guest_profile *profile, struct err *err)
{
	switch (profile->family) {
	case FAMILY_LOGIND:
	case FAMILY_UTMP:
		posix_run_program(ret, "cat", BACKEND_LOOKS, file_args(profile));
		return true;
	case FAMILY_WINDOWS:
		change_logon_program(ret, "/query", BACKEND_LOOKS, profile->sysnative);
		return true;
	default:
		return err_set(err, ERR_UNSUPPORTED, "%s", _("this guest has no door that could be closed"));
	}
}

bool guest_door_program(struct session_program *ret, const struct guest_profile *profile, enum guest_door_move move,
			const char *message, struct err *err)
{
	static const char *const modes[] = { [DOOR_OPENS] = "/enable",
					     [DOOR_CLOSES] = "/drain",
					     [DOOR_CLOSES_UNTIL_RESTART] = "/drainuntilrestart" };

	switch (profile->family) {
	case FAMILY_LOGIND:
	case FAMILY_UTMP:
		if (move == DOOR_OPENS) {
			posix_run_program(ret, "rm", BACKEND_ACTS, remove_args(profile));
			return true;
		}
		posix_run_program(ret, "tee", BACKEND_ACTS, file_args(profile));
		ret->owned = mem_printf("%s%s\n", door_mark, message);
		ret->program.input = ret->owned;
		return true;
	case FAMILY_WINDOWS:
		change_logon_program(ret, modes[move], BACKEND_ACTS, profile->sysnative);
		return true;
	default:
		return err_set(err, ERR_UNSUPPORTED, "%s", _("this guest has no door that could be closed"));
	}
}

/* Windows' name is not localised. Its desktop editions have chglogon.exe, too, and it fails there. */
void guest_door_explain(const struct guest_profile *profile, struct err *err)
{
	const char *name = text_str(profile->os.pretty_name);
	const bool is_missing = agent_err_is_missing_program(err);
	struct safe_text why;

	if (profile->family != FAMILY_WINDOWS || (!is_missing && err->kind != ERR_UNEXPECTED))
		return;
	why = text_copy(err_text(err));
	if (is_missing || (*name && !strstr(name, "Server")))
		err_set(err, ERR_UNSUPPORTED,
			_("%s has no door that could be closed or opened, session hosts (Windows Server) alone have one; log its "
			  "users off and shut it down, or deny them to log on in the guest (%s)"),
			*name ? name : "Windows", text_str(why));
	else
		err_set(err, ERR_UNEXPECTED,
			_("Windows did not move its door; look in the guest, as administrator: change logon /query (%s)"),
			text_str(why));
	text_free(&why);
}

/* change.exe's words are localised, so a drained Windows cannot be told from an open one by us. */
enum guest_door guest_door_judge(const struct guest_profile *profile, const struct agent_output *output)
{
	if (profile->family == FAMILY_WINDOWS || !output->exit_code_known)
		return DOOR_UNKNOWN;
	if (output->exit_code != 0)
		/* The C library's words, in cat's and in busybox', under LC_ALL=C; others leave it unknown. */
		return strstr(output->err_out ? output->err_out : "", "No such file") ? DOOR_OPEN : DOOR_UNKNOWN;
	if (output->out_len >= sizeof(door_mark) - 1 && memcmp(output->out, door_mark, sizeof(door_mark) - 1) == 0)
		return DOOR_CLOSED_BY_US;
	return DOOR_CLOSED_BY_OTHERS;
}
