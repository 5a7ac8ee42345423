/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linux and BSD: sessions by logind, or by who and pkill. What is known of both, and from where:
 *
 * logind (systemd 219 to 257, elogind). `loginctl list-sessions` has 5 columns in 252 and 9 in 257, empty ones blank or
 * "-": only field 1, the id, can be relied on. Its JSON flags changed meaning between versions. show-session takes many
 * ids, prints an empty line between two, and stops at the first one that is gone (src/login/loginctl.c). Classes user,
 * user-early, user-light are log-ons; greeter, lock-screen, background*, manager* and user-incomplete are not
 * (logind-session.h). Ids are not used again within a boot.
 *
 * utmp: a session is a line of `who`. pkill -t takes a list of patterns: `?` would match init and the agent itself, so
 * nothing but ttyN, ttySN and pts/N is ever passed. Lines are used again at once, so -u names the user, too; what it
 * takes for a number or a list is not passed (pgrep(1)). busybox's pkill knows neither.
 */
#include "backend/guest/guest_os_posix.h"
#include "backend/guest/session_usage.h"
#include "base/clock.h"
#include "base/hash.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>
#include <time.h>

/* --- logind --- */

enum { PART_LIST, PART_TIME, PART_SHOW }; /* of its list(): the ids, the clock, then the sessions, many at a time */

static bool is_logind_id(const char *id)
{
	if (!isalnum((unsigned char)*id))
		return false;
	for (; *id; id++)
		if (!isalnum((unsigned char)*id) && *id != '_' && *id != '-')
			return false;
	return true;
}

void logind_list_program(struct session_program *ret)
{
	posix_program(ret, "loginctl", BACKEND_LOOKS);
	SET_ARGS(ret, "list-sessions", "--no-legend", "--no-pager");
}

/* Of a program that ran with LC_ALL=C (posix_env): systemd, D-Bus and the C library then say it in English. */
static bool error_says(const struct agent_output *output, const char *words)
{
	return output->err_out && strstr(output->err_out, words);
}

bool logind_session_is_gone(const struct agent_output *output)
{
	return error_says(output, "No session") || error_says(output, "Unknown object");
}

void sessions_parse_logind_ids(const char *out, size_t len, char (*ret_ids)[SESSION_ID_SIZE], size_t max,
			       size_t *ret_count, size_t *ret_more)
{
	const char *at = out, *end = out + len, *line;
	size_t line_len;

	*ret_count = *ret_more = 0;
	while (sessions_next_line(&at, end, &line, &line_len)) {
		char id[SESSION_ID_SIZE] = "";
		const char *word_at = line;
		struct piece word;
		size_t known = 0;

		if (!take_word(&word_at, line + line_len, &word))
			continue;
		memcpy(id, word.at, MIN(word.len, sizeof(id) - 1));
		while (known < *ret_count && strcmp(ret_ids[known], id) != 0)
			known++;
		if (word.len >= sizeof(id) || !is_logind_id(id) || known == max)
			++*ret_more;
		else if (known == *ret_count)
			memcpy(ret_ids[(*ret_count)++], id, sizeof(id));
	}
}

enum show_key {
	KEY_ID,
	KEY_NAME,
	KEY_CLASS,
	KEY_STATE,
	KEY_TTY,
	KEY_REMOTE,
	KEY_REMOTE_HOST,
	KEY_LOCKED,
	KEY_TIMESTAMP,
	KEY_TYPE,
	KEY_SCOPE,
	KEY_IDLE,
	KEY_IDLE_SINCE,
	KEY_COUNT
};

/* clang-format off */
static const char *const show_keys[KEY_COUNT] = {
	[KEY_ID] = "Id",	       [KEY_NAME] = "Name",	      [KEY_CLASS] = "Class",
	[KEY_STATE] = "State",	       [KEY_TTY] = "TTY",	      [KEY_REMOTE] = "Remote",
	[KEY_REMOTE_HOST] = "RemoteHost", [KEY_LOCKED] = "LockedHint", [KEY_TIMESTAMP] = "Timestamp",
	[KEY_TYPE] = "Type",	       [KEY_SCOPE] = "Scope",	      [KEY_IDLE] = "IdleHint",
	[KEY_IDLE_SINCE] = "IdleSinceHint",
};
/* clang-format on */

void logind_show_program(struct session_program *ret, const char *const *ids, size_t count)
{
	const char **arg = ret->args;

	posix_program(ret, "loginctl", BACKEND_LOOKS);
	ret->timeout_ms += 250 * (int)count;
	*arg++ = "show-session";
	for (size_t i = 0; i < count; i++)
		*arg++ = ids[i];
	for (size_t i = 0; i < KEY_COUNT; i++) {
		*arg++ = "-p";
		*arg++ = show_keys[i];
	}
}

/* False: a key stands there twice, so whoever wrote this is no loginctl. */
static bool find_values(const char *out, size_t len, struct piece values[KEY_COUNT])
{
	const char *at = out, *end = out + len, *line;
	size_t line_len;

	while (sessions_next_line(&at, end, &line, &line_len)) {
		const char *equals = memchr(line, '=', line_len);
		struct piece key = { line, equals ? (size_t)(equals - line) : 0 };

		for (size_t i = 0; i < KEY_COUNT; i++) {
			if (!piece_is(key, show_keys[i]))
				continue;
			if (values[i].at)
				return false;
			values[i] = (struct piece){ equals + 1, line_len - key.len - 1 };
		}
	}
	return true;
}

static bool digits_to_int(const char *at, size_t count, int *ret)
{
	int value = 0;

	for (size_t i = 0; i < count; i++) {
		if (!isdigit((unsigned char)at[i]))
			return false;
		value = value * 10 + (at[i] - '0');
	}
	*ret = value;
	return true;
}

/* "2026-11-22 15:09" and, where there is more, ":13". */
static bool parse_date_and_time(struct piece piece, int64_t *ret)
{
	struct tm tm = { 0 };
	const char *at = piece.at;

	if (piece.len < 16 || at[4] != '-' || at[7] != '-' || at[10] != ' ' || at[13] != ':' ||
	    !digits_to_int(at, 4, &tm.tm_year) || !digits_to_int(at + 5, 2, &tm.tm_mon) ||
	    !digits_to_int(at + 8, 2, &tm.tm_mday) || !digits_to_int(at + 11, 2, &tm.tm_hour) ||
	    !digits_to_int(at + 14, 2, &tm.tm_min))
		return false;
	if (piece.len >= 19 && at[16] == ':')
		digits_to_int(at + 17, 2, &tm.tm_sec);
	tm.tm_year -= 1900;
	tm.tm_mon--;
	*ret = timegm(&tm);
	return *ret >= 0;
}

static struct safe_text piece_text(struct piece piece, size_t cap)
{
	return text_sanitize(piece.at, piece.len, cap);
}

/* ::ffff:192.0.2.7 is IPv4 on a socket for both (RFC 4291, 2.5.5.2). */
static struct safe_text host_text(struct piece piece)
{
	static const char mapped[] = "::ffff:";
	const size_t skip = sizeof(mapped) - 1;

	if (piece.at && piece.len > skip && strncasecmp(piece.at, mapped, skip) == 0 &&
	    memchr(piece.at + skip, '.', piece.len - skip))
		piece = (struct piece){ piece.at + skip, piece.len - skip };
	return piece_text(piece, TEXT_CAP_HOST);
}

/*
 * session_get_idle_hint() in systemd's logind-session.c: of a session with a terminal, IdleSinceHint is when it was
 * read last, in microseconds, whatever IdleHint says. A desktop sets both: then IdleSinceHint is when IdleHint changed.
 * 0: there is no terminal, or the desktop has never set them.
 */
static int64_t idle_of(const struct piece *values, bool is_graphical, int64_t guest_now)
{
	const struct piece *since = &values[KEY_IDLE_SINCE];
	char digits[24] = "";
	int64_t at;

	if (!since->len || since->len >= sizeof(digits))
		return -1;
	memcpy(digits, since->at, since->len);
	if (digits[strspn(digits, "0123456789")] || (at = strtoll(digits, NULL, 10) / 1000000) == 0)
		return -1;
	if (is_graphical && !piece_is(values[KEY_IDLE], "yes"))
		return piece_is(values[KEY_IDLE], "no") ? 0 : -1;
	return guest_now < 0 ? -1 : MAX(guest_now - at, 0);
}

enum logind_show sessions_parse_logind_show(const char *out, size_t len, const char *id, int64_t guest_now,
					    struct session *ret)
{
	struct piece values[KEY_COUNT] = { 0 };
	const struct piece *class_name = &values[KEY_CLASS], *time = &values[KEY_TIMESTAMP];
	int64_t login_time = -1;

	if (!find_values(out, len, values) || !piece_is(values[KEY_ID], id) || !class_name->len || !values[KEY_NAME].at)
		return LOGIND_MALFORMED;
	if (class_name->len < 4 || memcmp(class_name->at, "user", 4) != 0 || piece_is(*class_name, "user-incomplete"))
		return LOGIND_NO_LOGON;
	/* "Sun 2026-11-22 15:09:13 UTC"; in another zone it says nothing that we could show. */
	if (time->len != 27 || memcmp(time->at + 24, "UTC", 3) != 0 ||
	    !parse_date_and_time((struct piece){ time->at + 4, 19 }, &login_time))
		login_time = -1;
	*ret = (struct session){
		.user = piece_text(values[KEY_NAME], TEXT_CAP_USER),
		.class_name = piece_text(*class_name, TEXT_CAP_NAME),
		.state = piece_text(values[KEY_STATE], TEXT_CAP_NAME),
		.tty = piece_text(values[KEY_TTY], TEXT_CAP_NAME),
		.type = piece_text(values[KEY_TYPE], TEXT_CAP_NAME),
		.remote = host_text(values[KEY_REMOTE_HOST]),
		.login_time = login_time,
		.disconnected_s = -1,
		.cpu_s = -1,
		.memory_kib = -1,
		.remote_known = piece_is(values[KEY_REMOTE], "yes") || piece_is(values[KEY_REMOTE], "no"),
		.is_remote = piece_is(values[KEY_REMOTE], "yes"),
		.locked = piece_is(values[KEY_LOCKED], "yes"),
		/* systemd names one, elogind prints the empty property. */
		.leaves_processes = values[KEY_SCOPE].at && !values[KEY_SCOPE].len,
	};
	ret->idle_s = idle_of(values, session_is_graphical(ret), guest_now);
	snprintf(ret->id, sizeof(ret->id), "%s", id);
	return LOGIND_LOGON;
}

/* The next one of a program's answer about several sessions: up to an empty line. */
static bool next_block(const char **at, const char *end, struct piece *ret)
{
	const char *line;
	size_t line_len;

	*ret = (struct piece){ *at, 0 };
	while (sessions_next_line(at, end, &line, &line_len) && line_len)
		ret->len = (size_t)(line + line_len - ret->at);
	return ret->len > 0;
}

/* What show-session printed of one of the ids from *at on, which moves behind it. */
static bool take_shown(struct session_query *query, struct piece block, size_t *at)
{
	struct piece values[KEY_COUNT] = { 0 };
	struct session session;

	if (!find_values(block.at, block.len, values))
		return false;
	while (*at < query->id_count && !piece_is(values[KEY_ID], query->ids[*at]))
		++*at;
	if (*at == query->id_count || query->settled[*at])
		return false;
	switch (sessions_parse_logind_show(block.at, block.len, query->ids[*at], query->guest_now, &session)) {
	case LOGIND_MALFORMED:
		return false;
	case LOGIND_NO_LOGON:
		*VEC_PUSH(&query->profile->no_logons) = query->rows[*at];
		break;
	case LOGIND_LOGON:
		*VEC_PUSH(&query->list) = session;
		break;
	}
	query->settled[(*at)++] = true;
	return true;
}

/* A session that is gone ends the answer, and those behind it are asked for again. */
static enum query_outcome take_answer(struct session_query *query, bool one_is_gone, struct err *err)
{
	const char *out = query->program.run.output.out, *end = out + session_query_whole_lines(query);
	const char *const *asked = query->program.args + 1;
	struct piece block;
	size_t at = 0;

	while (next_block(&out, end, &block) && take_shown(query, block, &at))
		asked++;
	if (block.len || (!one_is_gone && is_logind_id(*asked))) {
		err_set(err, ERR_AGENT_BROKEN, _("invalid answer of loginctl about session %s"), *asked);
		return QUERY_FAILED;
	}
	for (size_t i = 0; one_is_gone && i < query->id_count; i++)
		query->settled[i] |= *asked == query->ids[i];
	return session_query_go_on(query, PART_SHOW);
}

static enum query_outcome show_rest(struct session_query *query, const struct agent_target *target,
				    int64_t *ret_wait_ms, struct err *err)
{
	const struct agent_output *output = &query->program.run.output;
	const size_t most = MIN(LOGIND_SHOW_MOST, SESSION_LIST_MAX - query->list.count);
	const char *ids[LOGIND_SHOW_MOST];
	enum query_outcome outcome;
	size_t count = 0, left = 0;
	bool one_is_gone;

	for (size_t i = 0; !query->program.running && i < query->id_count; i++) {
		left += !query->settled[i];
		if (!query->settled[i] && count < most)
			ids[count++] = query->ids[i];
	}
	if (!query->program.running && !count) {
		query->list.more += left;
		return session_query_done(query, FAMILY_LOGIND, true);
	}
	if (!query->program.running)
		logind_show_program(&query->program, ids, count);
	outcome = session_query_run(query, target, ret_wait_ms, err);
	one_is_gone = outcome == QUERY_FAILED && output->exited && logind_session_is_gone(output);
	if (one_is_gone)
		*err = (struct err){ 0 };
	return one_is_gone || outcome == QUERY_DONE ? take_answer(query, one_is_gone, err) : outcome;
}

/* An id is not used again within a boot, and its user and terminal do not change. */
static bool is_as_listed(const struct session *session, const char *row, const char *end)
{
	const char *user = text_str(session->user), *tty = text_str(session->tty);
	const size_t user_len = strlen(user);
	struct piece id_and_uid;

	take_word(&row, end, &id_and_uid);
	take_word(&row, end, &id_and_uid);
	while (row < end && *row == ' ')
		row++;
	return (size_t)(end - row) > user_len && memcmp(row, user, user_len) == 0 && row[user_len] == ' ' &&
	       memmem(row + user_len, (size_t)(end - row) - user_len, tty, strlen(tty));
}

/* What is listed of each id; in the background those that are known from it are not shown again. */
static void settle_known(struct session_query *query)
{
	const char *at = query->program.run.output.out, *end = at + session_query_whole_lines(query), *line;
	size_t line_len;

	if (!query->is_background || query->profile->no_logons.count > QUERY_IDS_MAX)
		query->profile->no_logons.count = 0;
	while (sessions_next_line(&at, end, &line, &line_len)) {
		const struct session *session;
		const char *word_at = line;
		struct piece word;
		size_t i = 0;

		take_word(&word_at, line + line_len, &word);
		while (i < query->id_count && !piece_is(word, query->ids[i]))
			i++;
		if (i == query->id_count || query->settled[i])
			continue;
		query->rows[i] = hash_bytes(HASH_BEGIN, line, line_len);
		for (size_t k = 0; k < query->profile->no_logons.count; k++)
			query->settled[i] |= query->profile->no_logons.at[k] == query->rows[i];
		session = query->settled[i] ? NULL : session_list_find(&query->last, query->ids[i]);
		if (!session || !is_as_listed(session, line, line + line_len))
			continue;
		session_list_add(&query->list, session);
		query->is_partial = query->settled[i] = true;
	}
}

static enum query_outcome logind_list(struct session_query *query, const struct agent_target *target,
				      int64_t *ret_wait_ms, struct err *err)
{
	/* loginctl is there, but no logind behind it: the guest has to be asked another way. */
	static const char *const absent[] = {
		"Failed to connect to bus",
		"Failed to create bus connection",
		"not been booted with systemd",
		"not provided by any .service files",
		"org.freedesktop.login1.service not found",
		"Launch helper exited",
	};
	/* A guest of which logind is known never changes families: its ids are not who's. */
	const bool known = query->profile->family == FAMILY_LOGIND;
	const struct agent_output *output = &query->program.run.output;
	enum query_outcome outcome;
	int64_t ns;

	if (query->part == PART_SHOW)
		return show_rest(query, target, ret_wait_ms, err);
	if (query->part == PART_TIME) {
		if (query->profile->capabilities.get_time && agent_get_time(target, &ns, err))
			query->guest_now = ns > 0 ? ns / 1000000000 : -1;
		else if (err->kind != ERR_NONE && !agent_err_is_refusal(err))
			return QUERY_FAILED;
		*err = (struct err){ 0 };
		return session_query_go_on(query, PART_SHOW);
	}
	if (!query->program.running)
		logind_list_program(&query->program);
	outcome = session_query_run(query, target, ret_wait_ms, err);
	if (outcome == QUERY_FAILED && output->exited) {
		query->profile->logind_is_missing = false;
		for (size_t i = 0; i < ARRAY_SIZE(absent); i++)
			query->profile->logind_is_missing |= error_says(output, absent[i]);
		return query->profile->logind_is_missing && !known ? session_query_try_next(query) : outcome;
	}
	if (outcome == QUERY_FAILED && !known && session_query_is_not_found(query, err)) {
		query->profile->logind_is_missing = agent_err_is_missing_program(err);
		return session_query_try_next(query);
	}
	if (outcome != QUERY_DONE)
		return outcome;
	sessions_parse_logind_ids(output->out, session_query_whole_lines(query), query->ids, QUERY_IDS_MAX,
				  &query->id_count, &query->ids_more);
	query->ids_more += output->truncated;
	query->list.more = query->ids_more;
	settle_known(query);
	query->guest_now = -1;
	return session_query_go_on(query, query->is_background || !query->id_count ? PART_SHOW : PART_TIME);
}

/* --- utmp: who and pkill --- */

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

static bool is_line(const char *id)
{
	return is_number_behind(id, "ttyS", 3) || is_number_behind(id, "tty", 3) || is_number_behind(id, "pts/", 7);
}

void who_program(struct session_program *ret, bool plain)
{
	posix_program(ret, "who", BACKEND_LOOKS);
	SET_ARGS(ret, plain ? NULL : "-u");
}

enum { WHO_FIELDS = 8 };

/* "Nov 22 15:09": the year is not told, so it is the last one that makes it no future. */
static int64_t parse_month_day(const struct piece *fields)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	const time_t now = clock_wall(), day = 24 * 60 * 60;
	const struct piece time = fields[2];
	struct tm tm, today;

	gmtime_r(&now, &today);
	tm = (struct tm){ .tm_year = today.tm_year };
	while (tm.tm_mon < 12 && (fields[0].len != 3 || memcmp(fields[0].at, months + (size_t)tm.tm_mon * 3, 3) != 0))
		tm.tm_mon++;
	if (tm.tm_mon == 12 || fields[1].len > 2 || !digits_to_int(fields[1].at, fields[1].len, &tm.tm_mday) ||
	    time.len < 5 || time.at[2] != ':' || !digits_to_int(time.at, 2, &tm.tm_hour) ||
	    !digits_to_int(time.at + 3, 2, &tm.tm_min))
		return -1;
	if (timegm(&(struct tm){ .tm_year = tm.tm_year, .tm_mon = tm.tm_mon, .tm_mday = tm.tm_mday }) > now + day)
		tm.tm_year--;
	return timegm(&tm);
}

/* Idle: "." for less than a minute, "HH:MM", "old" for a day and more. */
static int64_t parse_idle(struct piece piece)
{
	int hours, minutes;

	if (piece_is(piece, "."))
		return 0;
	if (piece_is(piece, "old"))
		return INT64_C(24) * 60 * 60;
	if (piece.len != 5 || piece.at[2] != ':' || !digits_to_int(piece.at, 2, &hours) ||
	    !digits_to_int(piece.at + 3, 2, &minutes))
		return -1;
	return hours * INT64_C(3600) + minutes * 60;
}

/* coreutils: DATE TIME or MONTH DAY TIME from field 3, then the idle time; busybox has that one before. */
static void parse_who_times(const struct piece *fields, size_t count, struct session *session)
{
	for (size_t i = 2; i < count && session->login_time < 0; i++) {
		size_t behind = i + 2;

		if (i + 1 >= count || fields[i].len != 10 || fields[i + 1].at != fields[i].at + 11 ||
		    !parse_date_and_time((struct piece){ fields[i].at, 11 + fields[i + 1].len },
					 &session->login_time)) {
			behind = i + 3;
			session->login_time = i + 2 < count ? parse_month_day(&fields[i]) : -1;
		}
		if (session->login_time >= 0 && (i > 2 || behind < count))
			session->idle_s = parse_idle(fields[i > 2 ? 2 : behind]);
	}
}

void sessions_parse_who(const char *out, size_t len, struct session_list *list)
{
	const char *at = out, *end = out + len, *line;
	size_t line_len;

	while (sessions_next_line(&at, end, &line, &line_len)) {
		struct piece fields[WHO_FIELDS] = { 0 }, remote = { 0 };
		const char *word_at = line;
		size_t count = 0;
		char id[SESSION_ID_SIZE] = "";
		struct session *session;
		const struct piece *last;

		while (count < WHO_FIELDS && take_word(&word_at, line + line_len, &fields[count]))
			count++;
		if (!count || (piece_is(fields[0], "USER") && piece_is(fields[1], "TTY")))
			continue;
		session = sessions_add(list);
		if (!session)
			continue;
		last = &fields[count - 1];
		if (last->len > 2 && last->at[0] == '(' && last->at[last->len - 1] == ')')
			remote = (struct piece){ last->at + 1, last->len - 2 };
		session->user = piece_text(fields[0], TEXT_CAP_USER);
		session->class_name = text_format("user");
		session->tty = piece_text(fields[1], TEXT_CAP_NAME);
		parse_who_times(fields, count, session);
		session->remote_known = remote.len > 0;
		/* ":0" is a display, "::1" a host. */
		session->is_remote = remote.len && !(remote.at[0] == ':' && isdigit((unsigned char)remote.at[1]));
		if (session->is_remote)
			session->remote = host_text(remote);
		if (fields[1].len && fields[1].len < sizeof(id))
			memcpy(id, fields[1].at, fields[1].len);
		if (is_line(id))
			memcpy(session->id, id, sizeof(id));
	}
}

static enum query_outcome who_list(struct session_query *query, const struct agent_target *target, int64_t *ret_wait_ms,
				   struct err *err)
{
	struct guest_profile *profile = query->profile;
	const char *os = text_str(profile->os.id);
	enum query_outcome outcome;

	if (!query->program.running)
		who_program(&query->program, profile->who_is_plain);
	outcome = session_query_run(query, target, ret_wait_ms, err);
	/* busybox's has no -u, and tells idle times without. */
	if (outcome == QUERY_FAILED && query->program.run.output.exited && !profile->who_is_plain) {
		profile->who_is_plain = true;
		*err = (struct err){ 0 };
		return session_query_go_on(query, 0);
	}
	if (outcome == QUERY_FAILED && session_query_is_not_found(query, err))
		return session_query_try_next(query);
	if (outcome != QUERY_DONE)
		return outcome;
	sessions_parse_who(query->program.run.output.out, session_query_whole_lines(query), &query->list);
	query->list.more += query->program.run.output.truncated;
	profile->names_people |= query->list.count > 0;
	/* musl keeps no utmp at all: `who` is always empty there. */
	return session_query_done(query, FAMILY_UTMP,
				  profile->names_people || (profile->logind_is_missing && strcmp(os, "alpine") != 0 &&
							    strcmp(os, "postmarketos") != 0));
}

/* --- drivers --- */

static bool logind_end(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
		       bool force, struct err *err)
{
	(void)profile;
	(void)err;
	posix_program(ret, "loginctl", BACKEND_ACTS);
	/* logind ends no session twice: one whose user left a program behind (tmux) goes once that has ended. */
	if (force)
		SET_ARGS(ret, "kill-session", "--signal=KILL", session_program_keep(ret, session->id));
	else if (strcmp(text_str(session->state), "closing") == 0)
		SET_ARGS(ret, "kill-session", "--signal=TERM", session_program_keep(ret, session->id));
	else
		SET_ARGS(ret, "terminate-session", session_program_keep(ret, session->id));
	return true;
}

static bool pkill_end(struct session_program *ret, const struct guest_profile *profile, const struct session *session,
		      bool force, struct err *err)
{
	const char *name = text_str(session->user);
	const unsigned char first = (unsigned char)*name;
	struct safe_text again = text_sanitize_str(name, TEXT_CAP_USER);
	const bool as_it_came = text_equal(again, session->user);

	(void)profile;
	text_free(&again);
	/* To pkill a name that reads as a number is a user id, and a comma stands between two users (pgrep(1)). */
	if (!as_it_came || !(isalpha(first) || first == '_' || first >= 0x80) || strchr(name, ','))
		return err_set(
			err, ERR_UNSUPPORTED,
			_("the session of %s on %s cannot be ended from outside the guest: pkill would take the name "
			  "for a number, or for several users"),
			name, session->id);
	posix_program(ret, "pkill", BACKEND_ACTS);
	ret->owned = mem_strdup(name);
	ret->exit_not_theirs = 1;
	SET_ARGS(ret, force ? "-KILL" : "-HUP", "-u", ret->owned, "-t", session_program_keep(ret, session->id));
	return true;
}

/*
 * wall exits with 0 where it could not list the sessions, and says so on its error output (util-linux,
 * term-utils/wall.c). Where a terminal is stopped, a child of it keeps the pipe for five minutes (ttymsg.c): that is an
 * answer that never came.
 */
static void wall_warn(struct session_program *ret, const struct guest_profile *profile, const char *text, int seconds)
{
	(void)profile;
	(void)seconds;
	posix_program(ret, "wall", BACKEND_ACTS);
	ret->is_silent = true;
	ret->owned = mem_strdup(text);
	ret->program.input = ret->owned;
}

/*
 * elogind gives each session a cgroup of its own, below the root, and forgets the session while processes that ignored
 * TERM stay in it (elogind 246.10). systemd keeps a session until its scope is empty; there users can linger, by a file
 * of their name (logind-user.c).
 */
static void logind_list_leftovers(struct session_program *ret, bool of_sessions)
{
	posix_program(ret, of_sessions ? "ps" : "ls", BACKEND_LOOKS);
	if (of_sessions)
		SET_ARGS(ret, "-eo", "pid=,comm=,cgroup=");
	else
		SET_ARGS(ret, "/var/lib/systemd/linger");
}

/* "0::/4", or "3:cpu:/,1:name=elogind:/4" where there are several hierarchies; cgroups(7). */
static bool is_cgroup_of(struct piece cgroup, const char *id)
{
	static const char *const prefixes[] = { "0::/", "name=elogind:/" };
	const size_t id_len = strlen(id);

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		const size_t skip = strlen(prefixes[i]);
		const char *found = memmem(cgroup.at, cgroup.len, prefixes[i], skip);
		const char *end = cgroup.at + cgroup.len;

		if (found && (size_t)(end - found) >= skip + id_len && memcmp(found + skip, id, id_len) == 0 &&
		    (found + skip + id_len == end || strchr(",;", found[skip + id_len])))
			return true;
	}
	return false;
}

struct safe_text sessions_parse_leftovers(const char *out, size_t len, const char *id)
{
	enum { NAMED_MOST = 4 };
	const char *at = out, *end = out + len, *line;
	struct safe_text names = { NULL };
	size_t line_len, count = 0;

	while (sessions_next_line(&at, end, &line, &line_len)) {
		const char *word_at = line, *line_end = line + line_len;
		struct piece pid, name, cgroup = { 0 }, word;
		struct safe_text process;

		if (!take_word(&word_at, line_end, &pid))
			continue;
		name.at = word_at;
		while (take_word(&word_at, line_end, &word))
			cgroup = word;
		if (!cgroup.at || !is_cgroup_of(cgroup, id) || count++ >= NAMED_MOST)
			continue;
		while (name.at < cgroup.at && *name.at == ' ')
			name.at++;
		name.len = (size_t)(cgroup.at - name.at);
		while (name.len && name.at[name.len - 1] == ' ')
			name.len--;
		process = piece_text(name, TEXT_CAP_NAME);
		text_set(&names, text_format("%s%s%s %.*s", text_str(names), count > 1 ? ", " : "", text_str(process),
					     (int)MIN(pid.len, 10), pid.at));
		text_free(&process);
	}
	if (count > NAMED_MOST)
		text_set(&names, text_format(_("%s, +%zu more"), text_str(names), count - NAMED_MOST));
	return names;
}

/* --- what sessions use --- */

/*
 * procps' ps (1): CPU time in seconds, resident memory in KiB; memory that processes share is counted for each. The
 * control group is the last, so it is not cut. Other ps know no cgroup, and fail.
 */
static void posix_tell_usage(struct session_program *ret)
{
	posix_program(ret, "ps", BACKEND_LOOKS);
	SET_ARGS(ret, "-eo", "times=,rss=,tty=,cgroup=");
}

static void logind_lock(struct session_program *ret, const struct session *session)
{
	posix_program(ret, "loginctl", BACKEND_ACTS);
	SET_ARGS(ret, "lock-session", session_program_keep(ret, session->id));
}

static void posix_tell_uptime(struct session_program *ret)
{
	posix_program(ret, "cat", BACKEND_LOOKS);
	SET_ARGS(ret, "/proc/uptime", "/sys/fs/selinux/enforce", "/proc/self/attr/current");
}

/* One -o a column: for BSD's ps a header would go on behind the comma. */
static void posix_list_processes(struct session_program *ret)
{
	posix_program(ret, "ps", BACKEND_LOOKS);
	SET_ARGS(ret, "-A", "-o", "pid=", "-o", "ppid=", "-o", "stat=", "-o", "rss=", "-o", "comm=");
}

static void posix_show_units(struct session_program *ret)
{
	posix_program(ret, "systemctl", BACKEND_LOOKS);
	SET_ARGS(ret, "show", "-p", "Id", "-p", "LoadState", "-p", "ActiveState", "dbus.socket", "dbus.service",
		 "systemd-logind.service");
}

/* logind kills what resists after 90 s, so the time-out is above that; its ids are not used again within a boot. */
const struct guest_os guest_os_logind = {
	.logoff_timeout_s = 150,
	.list_old_ms = 30000,
	.compare_users = strcmp,
	.id_is_valid = is_logind_id,
	.tell_uptime = posix_tell_uptime,
	.tell_usage = posix_tell_usage,
	.parse_usage = usage_parse_ps,
	.list_processes = posix_list_processes,
	.show_units = posix_show_units,
	.list = logind_list,
	.end = logind_end,
	.warn = wall_warn,
	.warns_terminals = true,
	.list_leftovers = logind_list_leftovers,
	.lock = logind_lock,
	.read_logins = posix_read_logins,
	.change_logins = posix_change_logins,
	.parse_logins = posix_parse_logins,
	.publish_logins = posix_publish_logins,
	.verify_logins = posix_verify_logins,
	.judge_logins = posix_judge_logins,
	.list_login_services = posix_list_login_services,
};

/* A line is soon somebody else's. Frequent guest-exec has filled a BSD's process table (rcourtman/Pulse issue 692). */
const struct guest_os guest_os_utmp = {
	.logoff_timeout_s = 150,
	.list_old_ms = 5000,
	.compare_users = strcmp,
	.agent_names_users = true,
	.least_interval_s = 300,
	.id_is_valid = is_line,
	.tell_uptime = posix_tell_uptime,
	.tell_usage = posix_tell_usage,
	.parse_usage = usage_parse_ps,
	.list_processes = posix_list_processes,
	.show_units = posix_show_units,
	.not_found = N_("the guest has neither loginctl nor who, so its sessions cannot be listed or ended"),
	.list = who_list,
	.end = pkill_end,
	.no_lock = N_("sessions cannot be locked from outside without logind"),
	.warn = wall_warn,
	.warns_terminals = true,
	.read_logins = posix_read_logins,
	.change_logins = posix_change_logins,
	.parse_logins = posix_parse_logins,
	.publish_logins = posix_publish_logins,
	.verify_logins = posix_verify_logins,
	.judge_logins = posix_judge_logins,
	.list_login_services = posix_list_login_services,
};
