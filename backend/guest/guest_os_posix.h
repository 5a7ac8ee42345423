/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guest_os_posix.h - what the drivers of Linux and BSD have in common; guest_os.h has what each function is for. */
#pragma once

#include "backend/guest/session_query.h"

void posix_program(struct session_program *ret, const char *path, enum backend_intent intent);

/* The compiler refuses more than there is room for. */
#define SET_ARGS(ret, ...) \
	memcpy((ret)->args, (const char *const[SESSION_PROGRAM_ARGS - 1]){ __VA_ARGS__ }, \
	       (SESSION_PROGRAM_ARGS - 1) * sizeof(const char *))

struct piece {
	const char *at; /* NULL: not there */
	size_t len;
};
/* The next word between blanks; false: there is none. */
bool take_word(const char **at, const char *end, struct piece *ret);
bool piece_is(struct piece piece, const char *words);

void posix_read_logins(struct session_program *ret, const struct guest_profile *profile);
void posix_change_logins(struct session_program *ret, const struct guest_profile *profile,
			 enum guest_logins_change change, const char *message);
enum guest_logins posix_parse_logins(const struct agent_output *output);
void posix_publish_logins(struct session_program *ret, const struct guest_profile *profile);
void posix_verify_logins(struct session_program *ret, const struct guest_profile *profile);
bool posix_judge_logins(const struct agent_output *output, const struct guest_profile *profile, struct err *err);
void posix_list_login_services(struct session_program *ret);

/*
 * "greetd, xrdp-sesman": the services of this list that do not ask pam_nologin; owned, empty where all ask. False: it
 * names no service.
 */
bool sessions_parse_open_logins(const char *out, size_t len, struct safe_text *ret);

/* The file that disables logins on Linux (pam_nologin(8)) and FreeBSD (nologin(5)). */
const char *guest_logins_file(const struct guest_profile *profile);
