/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the drivers of Linux and BSD have in common: programs, words, and logins, which pam_nologin(8), nologin(5)
 * disable. */
#include "backend/guest/guest_os_posix.h"

/*
 * qemu-ga gives its own, bare environment; guest-exec replaces it whole. UTC and C keep times and messages
 * in one form.
 */
static const char *const posix_env[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
					 "LC_ALL=C", "SYSTEMD_COLORS=0", "TZ=UTC", NULL };

void posix_program(struct session_program *ret, const char *path, enum backend_intent intent)
{
	session_program_describe(ret, path, posix_env, intent, AGENT_EXEC_TIMEOUT_MS);
}

bool take_word(const char **at, const char *end, struct piece *ret)
{
	while (*at < end && (**at == ' ' || **at == '\t'))
		++*at;
	ret->at = *at;
	while (*at < end && **at != ' ' && **at != '\t')
		++*at;
	ret->len = (size_t)(*at - ret->at);
	return ret->len > 0;
}

bool piece_is(struct piece piece, const char *words)
{
	return piece.at && piece.len == strlen(words) && memcmp(piece.at, words, piece.len) == 0;
}

/* The first line of the file: how our own is known again, also after our death. */
static const char logins_mark[] = "# innkeeper\n";

const char *guest_logins_file(const struct guest_profile *profile)
{
	return strcmp(text_str(profile->os.id), "freebsd") == 0 ? "/var/run/nologin" : "/run/nologin";
}

void posix_read_logins(struct session_program *ret, const struct guest_profile *profile)
{
	posix_program(ret, "cat", BACKEND_LOOKS);
	SET_ARGS(ret, guest_logins_file(profile));
}

void posix_change_logins(struct session_program *ret, const struct guest_profile *profile,
			 enum guest_logins_change change, const char *message)
{
	if (change == LOGINS_ENABLE) {
		posix_program(ret, "rm", BACKEND_ACTS);
		SET_ARGS(ret, "-f", guest_logins_file(profile));
		return;
	}
	posix_program(ret, "tee", BACKEND_ACTS);
	SET_ARGS(ret, guest_logins_file(profile));
	ret->owned = mem_printf("%s%s\n", logins_mark, message);
	ret->program.input = ret->owned;
}

enum guest_logins posix_parse_logins(const struct agent_output *output)
{
	if (!output->exit_code_known)
		return LOGINS_UNKNOWN;
	/* The C library's words, in cat's and in busybox', under LC_ALL=C; others leave it unknown. */
	if (output->exit_code != 0)
		return strstr(output->err_out ? output->err_out : "", "No such file") ? LOGINS_ENABLED : LOGINS_UNKNOWN;
	if (output->out_len >= sizeof(logins_mark) - 1 &&
	    memcmp(output->out, logins_mark, sizeof(logins_mark) - 1) == 0)
		return LOGINS_DISABLED_BY_US;
	return LOGINS_DISABLED_BY_OTHERS;
}

void posix_publish_logins(struct session_program *ret, const struct guest_profile *profile)
{
	posix_program(ret, "chmod", BACKEND_ACTS);
	SET_ARGS(ret, "644", guest_logins_file(profile));
}

/* The file's label, of GNU stat; "?" without SELinux, and then it exits with 1. */
void posix_verify_logins(struct session_program *ret, const struct guest_profile *profile)
{
	posix_program(ret, "stat", BACKEND_LOOKS);
	SET_ARGS(ret, "-c", "%C", guest_logins_file(profile));
}

/*
 * Fedora's policy labels what the agent makes in /run with a type of the agent's own (files_pid_filetrans in virt.te),
 * which sshd and login may not read. To pam_nologin a file that cannot be opened is no file.
 */
bool posix_judge_logins(const struct agent_output *output, const struct guest_profile *profile, struct err *err)
{
	if (!output->out || !strstr(output->out, ":virt_qemu_ga"))
		return true;
	return err_set(
		err, ERR_UNSUPPORTED,
		_("users could still log on: SELinux in the guest gives %s a label that sshd and login may not read "
		  "(virt_qemu_ga_var_run_t); add a local SELinux module with: type_transition virt_qemu_ga_t "
		  "var_run_t:file systemd_logind_var_run_t \"nologin\" (the whole module: doc/logoff.md)"),
		guest_logins_file(profile));
}

/*
 * Whose stack has pam_nologin, or includes one that has (pam.conf(5)); what agetty and greetd log on without asking; an
 * sshd without PAM, which reads /etc/nologin only (session.c).
 */
void posix_list_login_services(struct session_program *ret)
{
	posix_program(ret, "grep", BACKEND_LOOKS);
	SET_ARGS(ret, "-RHsE",
		 "^[^#]*(pam_nologin|include|substack|agetty.* (--autologin|-a) |UsePAM[[:space:]]+no|initial_session)",
		 "/etc/pam.d", "/usr/lib/pam.d", "/etc/ssh/sshd_config", "/etc/ssh/sshd_config.d", "/etc/inittab",
		 "/etc/systemd/system", "/etc/greetd");
}

/* sshd asks only the "account" lines of who has a key. */
static const char *const login_services[] = {
	"login", "remote", "sshd",           "gdm-password", "gdm-autologin", "lightdm",     "lightdm-autologin",
	"sddm",  "greetd", "sddm-autologin", "lxdm",         "xdm",           "xrdp-sesman", "cockpit",
};

/* What else lets users in: a word of that list, whose "account" lines may still ask, and how it is named. */
static const struct {
	const char *word, *service, *shown;
} login_gaps[] = {
	{ "agetty ", "login", "agetty --autologin" },
	{ "initial_session", "greetd", "greetd (initial_session)" },
	{ "UsePAM", NULL, "sshd (UsePAM no)" },
};

/* The next "PATH:LINE" of a file of this folder and name; false: there is no more. */
static bool next_of_file(const char **at, const char *end, const char *folder, struct piece name, struct piece *ret)
{
	const size_t skip = strlen(folder);
	const char *line;
	size_t len;

	while (sessions_next_line(at, end, &line, &len)) {
		if (len <= skip + name.len || memcmp(line, folder, skip) != 0 ||
		    memcmp(line + skip, name.at, name.len) != 0 || line[skip + name.len] != ':')
			continue;
		*ret = (struct piece){ line + skip + name.len + 1, len - skip - name.len - 1 };
		return true;
	}
	return false;
}

/* A guest may answer with stacks that include each other without end. */
struct stack_search {
	const char *out, *end;
	bool by_account;
	int includes_left;
};

/* ret_known: there is a stack of this name. */
static bool asks_nologin(struct stack_search *search, struct piece name, bool *ret_known)
{
	static const char *const folders[] = { "/etc/pam.d/", "/usr/lib/pam.d/" };
	bool asks = false;

	for (size_t i = 0; i < ARRAY_SIZE(folders) && !*ret_known; i++) {
		const char *at = search->out;
		struct piece line = { 0 };

		while (!asks && next_of_file(&at, search->end, folders[i], name, &line)) {
			const char *word_at = line.at, *line_end = line.at + line.len;
			struct piece word, first = { 0 }, last = { 0 };

			*ret_known = true;
			while (take_word(&word_at, line_end, &word)) {
				first = first.at ? first : word;
				last = word;
			}
			if (!first.at || (search->by_account && (piece_is(first, "auth") || piece_is(first, "-auth"))))
				continue;
			asks = memmem(line.at, line.len, "pam_nologin", 11) ||
			       (search->includes_left-- > 0 && asks_nologin(search, last, &(bool){ false }));
		}
	}
	return asks;
}

/* by_account: it logs users on without asking them, so "auth" lines say nothing. */
static bool service_asks(const char *out, size_t len, const char *name, bool by_account, bool *ret_known)
{
	enum { INCLUDES_MOST = 50 };
	struct stack_search search = { out, out + len, by_account, INCLUDES_MOST };

	*ret_known = false;
	return asks_nologin(&search, (struct piece){ name, strlen(name) }, ret_known);
}

static void add_name(struct safe_text *names, const char *name)
{
	text_set(names, text_format("%s%s%s", text_str(*names), text_is_empty(*names) ? "" : ", ", name));
}

bool sessions_parse_open_logins(const char *out, size_t len, struct safe_text *ret)
{
	bool any = false, known;

	for (size_t i = 0; len && i < ARRAY_SIZE(login_services); i++) {
		const char *name = login_services[i];

		if (!service_asks(out, len, name, strcmp(name, "sshd") == 0, &known) && known)
			add_name(ret, name);
		any |= known;
	}
	for (size_t i = 0; i < ARRAY_SIZE(login_gaps); i++) {
		const char *service = login_gaps[i].service;

		if (len && memmem(out, len, login_gaps[i].word, strlen(login_gaps[i].word)) &&
		    !(service && service_asks(out, len, service, true, &known)))
			add_name(ret, login_gaps[i].shown);
	}
	return any;
}
