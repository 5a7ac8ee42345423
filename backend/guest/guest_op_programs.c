/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/guest/agent_families.h"
#include "backend/guest/guest_op.h"

/* The file's first line: how we know our own door again, after our death too. */
static const char logins_mark[] = "# innkeeper\n";

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

const char *guest_logins_file(const struct guest_profile *profile)
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
			       _("Windows sessions cannot be locked from outside; disconnect them instead, which locks them as well"));
	default:
		return err_set(err, ERR_UNSUPPORTED, "%s", _("sessions cannot be locked from outside without logind"));
	}
}

bool guest_disconnect_program(struct session_program *ret, const struct guest_profile *profile,
			      const struct session *session, struct err *err)
{
	if (profile->family != FAMILY_WINDOWS)
		return err_set(err, ERR_UNSUPPORTED, "%s",
			       _("only Windows sessions can be disconnected; lock the session, or log it off"));
	if (profile->no_wts)
		tsdiscon_program(ret, session->id, profile->sysnative);
	else
		wts_disconnect_program(ret, session);
	return true;
}

bool guest_logins_read_program(struct session_program *ret, const struct guest_profile *profile, struct err *err)
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
		return err_set(err, ERR_UNSUPPORTED, "%s", _("logins cannot be disabled in this guest"));
	}
}

bool guest_logins_program(struct session_program *ret, const struct guest_profile *profile,
			  enum guest_logins_change move, const char *message, struct err *err)
{
	static const char *const modes[] = { [LOGINS_ENABLE] = "/enable",
					     [LOGINS_DISABLE] = "/drain",
					     [LOGINS_DISABLE_UNTIL_RESTART] = "/drainuntilrestart" };

	switch (profile->family) {
	case FAMILY_LOGIND:
	case FAMILY_UTMP:
		if (move == LOGINS_ENABLE) {
			posix_run_program(ret, "rm", BACKEND_ACTS, remove_args(profile));
			return true;
		}
		posix_run_program(ret, "tee", BACKEND_ACTS, file_args(profile));
		ret->owned = mem_printf("%s%s\n", logins_mark, message);
		ret->program.input = ret->owned;
		return true;
	case FAMILY_WINDOWS:
		change_logon_program(ret, modes[move], BACKEND_ACTS, profile->sysnative);
		return true;
	default:
		return err_set(err, ERR_UNSUPPORTED, "%s", _("logins cannot be disabled in this guest"));
	}
}

/* Windows' name is not localised. Its desktop editions have chglogon.exe, too, and it fails there. */
void guest_logins_explain(const struct guest_profile *profile, struct err *err)
{
	const char *name = text_str(profile->os.pretty_name);
	const bool is_missing = agent_err_is_missing_program(err);
	struct safe_text why;

	if (profile->family != FAMILY_WINDOWS || (!is_missing && err->kind != ERR_UNEXPECTED))
		return;
	why = text_copy(err_text(err));
	if (is_missing || (*name && !strstr(name, "Server")))
		err_set(err, ERR_UNSUPPORTED,
			_("logins on %s cannot be disabled or enabled: only session hosts (Windows Server) support it; "
			  "log off its users and shut it down, or deny logons in the guest (%s)"),
			*name ? name : "Windows", text_str(why));
	else
		err_set(err, ERR_UNEXPECTED,
			_("Windows did not change its logon mode; check in the guest, as administrator: change logon /query (%s)"),
			text_str(why));
	text_free(&why);
}

/* change.exe's words are localised, so a drained Windows cannot be told from an open one by us. */
enum guest_logins guest_logins_parse(const struct guest_profile *profile, const struct agent_output *output)
{
	if (profile->family == FAMILY_WINDOWS || !output->exit_code_known)
		return LOGINS_UNKNOWN;
	if (output->exit_code != 0)
		/* The C library's words, in cat's and in busybox', under LC_ALL=C; others leave it unknown. */
		return strstr(output->err_out ? output->err_out : "", "No such file") ? LOGINS_ENABLED : LOGINS_UNKNOWN;
	if (output->out_len >= sizeof(logins_mark) - 1 &&
	    memcmp(output->out, logins_mark, sizeof(logins_mark) - 1) == 0)
		return LOGINS_DISABLED_BY_US;
	return LOGINS_DISABLED_BY_OTHERS;
}
