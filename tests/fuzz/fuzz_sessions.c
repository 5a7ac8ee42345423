/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_sessions.c - what loginctl, who and PowerShell print in a hostile guest: nothing but ids of the
 * family's whitelist and safe text comes out, and never more than a list keeps.
 */
#include "backend/guest/agent_uptime.h"
#include "backend/guest/guest_checkup.h"
#include "backend/guest/guest_os_posix.h"
#include "base/clock.h"
#include "fuzz.h"

static void check_session(const struct session *session, enum guest_family family)
{
	const struct safe_text texts[] = { session->user,  session->domain, session->class_name,
					   session->state, session->tty,    session->remote };

	FUZZ_CHECK(!*session->id || session_id_is_valid(family, session->id));
	FUZZ_CHECK(session->id[0] != '-');
	FUZZ_CHECK(session->login_time >= -1);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		FUZZ_CHECK(text_is_safe(text_str(texts[i])));
}

static void check_list(struct session_list *list, enum guest_family family)
{
	FUZZ_CHECK(list->count <= SESSION_LIST_MAX);
	for (size_t i = 0; i < list->count; i++)
		check_session(&list->at[i], family);
	session_list_free(list);
}

static void check_logind(const char *out, size_t len)
{
	char ids[16][SESSION_ID_SIZE];
	struct session_list list = { 0 };
	struct session session;
	struct safe_text left;
	struct guest_checkup checkup = { 0 };
	size_t count, more;

	sessions_parse_logind_ids(out, len, ids, ARRAY_SIZE(ids), &count, &more);
	FUZZ_CHECK(count <= ARRAY_SIZE(ids));
	for (size_t i = 0; i < count; i++) {
		FUZZ_CHECK(session_id_is_valid(FAMILY_LOGIND, ids[i]));
		for (size_t k = 0; k < i; k++)
			FUZZ_CHECK(strcmp(ids[i], ids[k]) != 0);
	}
	if (sessions_parse_logind_show(out, len, "3", 1795360000, &session) == LOGIND_LOGON) {
		FUZZ_CHECK(strcmp(session.id, "3") == 0);
		FUZZ_CHECK(strncmp(text_str(session.class_name), "user", 4) == 0);
		*VEC_PUSH(&list) = session;
	}
	check_list(&list, FAMILY_LOGIND);
	left = sessions_parse_leftovers(out, len, "3");
	FUZZ_CHECK(strlen(text_str(left)) < 1024);
	text_free(&left);
	checkup_parse_processes(out, len, &checkup);
	FUZZ_CHECK(checkup.zombies >= 0 && checkup.agent_kib >= 0);
	checkup_parse_units(out, len, &checkup);
	text_free(&checkup.units);
	sessions_parse_open_logins(out, len, &left);
	FUZZ_CHECK(strlen(text_str(left)) < 1024);
	text_free(&left);
}

static void check_others(const char *out, size_t len)
{
	struct session_list list = { 0 };
	struct err err = { 0 };
	bool refused;

	sessions_parse_who(out, len, &list);
	check_list(&list, FAMILY_UTMP);
	if (!sessions_parse_wts(out, len, len % 2, &list, &refused, &err))
		FUZZ_CHECK(err.kind == ERR_AGENT_BROKEN);
	for (size_t i = 0; i < list.count; i++) {
		FUZZ_CHECK(*list.at[i].id);
		FUZZ_CHECK(session_list_find(&list, list.at[i].id) == &list.at[i]);
	}
	check_list(&list, FAMILY_WINDOWS);
}

static void check_uptime(const char *out, size_t len)
{
	int64_t ms;

	if (uptime_parse(out, len, &ms))
		FUZZ_CHECK(ms >= 0 && ms % 10 == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	clock_stop_at(0, 1795359600);
	check_logind((const char *)data, size);
	check_others((const char *)data, size);
	check_uptime((const char *)data, size);
	return 0;
}
