/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session_choice.h - which of a guest's sessions are meant: those of some users, some by id, all but some users',
 * the disconnected ones alone, those that a question showed. Every wish narrows what the others leave; no wish means
 * all.
 */
#pragma once

#include "base/err.h"
#include "model/session.h"

/* As asked for; borrowed. Lists are NULL-terminated; NULL or empty: no such wish. */
struct session_selector {
	const char *const *users;         /* these, or ... */
	const char *const *sessions;      /* ... these ids */
	const uint64_t *stamps;           /* of each id, session_stamp() of whom it has to be; NULL: whoever has it */
	const char *const *except_users;  /* beats the two above */
	bool allow_unmatched;             /* ... also where nobody is called so; else that is a typo, and nobody goes */
	bool only_disconnected;           /* Windows alone knows such sessions */
	int64_t disconnected_s, idle_s;   /* ... at least so long, as far as is known; 0: no such wish */
	const struct session_list *shown; /* who was asked about: nobody else; NULL: whoever is on */
};

struct session_name {
	struct safe_text text;
	uint64_t stamp; /* of an id; 0: whoever has it */
	bool found;
};
struct session_names {
	VEC(struct session_name);
};

struct session_choice {
	struct session_names users, sessions, except_users;
	bool only_disconnected, allow_unmatched;
	int64_t disconnected_s, idle_s;
	bool is_bound; /* to those in `shown` */
	struct session_list shown;
};

void session_choice_init(struct session_choice *choice, const struct session_selector *wishes);
void session_choice_free(struct session_choice *choice);
/* Is this session meant? Notes which names were found. */
bool session_choice_takes(struct session_choice *choice, const struct session *session, enum guest_family family);
/* It would be meant, had it been there when somebody was asked. */
bool session_choice_is_newcomer(struct session_choice *choice, const struct session *session, enum guest_family family);
/* "2 logged on after you were asked and stay: carol, dora; run it again"; owned, empty where there are no newcomers. */
struct safe_text session_choice_tell_newcomers(struct session_choice *choice, const struct session_list *list);
/* By its state, which changes: disconnected, idle long enough. False also where it is not known. */
bool session_choice_is_unused(const struct session_choice *choice, const struct session *session);
/* Of those whom it does not take, who are meant but for an idle time that is not known. */
bool session_choice_is_unclear(struct session_choice *choice, const struct session *session, enum guest_family family);
bool session_choice_is_narrowed(const struct session_choice *choice); /* not simply all */
bool session_choice_has_names(const struct session_choice *choice);   /* users or ids were named, each on purpose */
/* "carol, dave": named, never found, each once; owned, may be empty. */
struct safe_text session_names_missing(const struct session_names *names);

/* Once all have been looked at: an exception that matches none of them, which is not allowed. err says who is on. */
bool session_choice_check_exceptions(const struct session_choice *choice, const struct session_list *list,
				     struct safe_text vm_name, struct err *err);

/*
 * What a person typed: names between commas or blanks, each once. Users of Windows may have blanks in theirs, so of
 * "John Smith, bob" John Smith is a name, and John and Smith are as well. Owned, NULL-terminated; session_free_typed().
 */
char **session_names_typed(const char *words);
void session_free_typed(char **names);
/* Of what was typed, what matched nobody: "carol, dave"; owned, may be empty. names: made of session_names_typed(). */
struct safe_text session_typed_missing(const struct session_names *names, const char *words);
