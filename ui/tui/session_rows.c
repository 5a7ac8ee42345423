/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/session_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORD_MAX = 64 };

static const char *const titles[SESSION_FIELD_COUNT] = {
	[SESSION_FIELD_USER] = N_("USER"),   [SESSION_FIELD_VM] = N_("VM"),       [SESSION_FIELD_HOST] = N_("HOST"),
	[SESSION_FIELD_ID] = N_("SESSION"),  [SESSION_FIELD_STATE] = N_("STATE"), [SESSION_FIELD_TTY] = N_("TTY"),
	[SESSION_FIELD_SINCE] = N_("SINCE"), [SESSION_FIELD_FROM] = N_("FROM"),
};

const char *session_field_title(enum session_field field)
{
	return _(titles[field]);
}

/* --- words --- */

/* "14:03" of today, else "Nov 21 14:03". */
static struct safe_text since_words(const struct session *session, time_t now)
{
	time_t when = (time_t)session->login_time;
	struct tm then, today;
	char buf[32];

	if (session->login_time < 0 || !localtime_r(&when, &then) || !localtime_r(&now, &today))
		return text_format("-");
	strftime(buf, sizeof(buf),
		 then.tm_yday == today.tm_yday && then.tm_year == today.tm_year ? "%H:%M" : "%b %e %H:%M", &then);
	return text_format("%s", buf);
}

static const char *state_words(const struct session *session)
{
	if (session->locked)
		return _("locked");
	return text_is_empty(session->state) ? "-" : text_str(session->state);
}

struct safe_text session_field_words(enum session_field field, const struct session_row *row, time_t now)
{
	const struct session *session = row->session;

	switch (field) {
	case SESSION_FIELD_USER:
		if (text_is_empty(session->domain))
			return text_copy(session->user);
		return text_format("%s\\%s", text_str(session->domain), text_str(session->user));
	case SESSION_FIELD_VM:
		return text_copy(row->vm->info.name);
	case SESSION_FIELD_HOST:
		return text_format("%s", row->host->name);
	case SESSION_FIELD_ID:
		return text_format("%s", *session->id ? session->id : "-");
	case SESSION_FIELD_STATE:
		return text_format("%s", state_words(session));
	case SESSION_FIELD_TTY:
		return text_format("%s", text_is_empty(session->tty) ? "-" : text_str(session->tty));
	case SESSION_FIELD_SINCE:
		return since_words(session, now);
	default:
		if (!text_is_empty(session->remote))
			return text_copy(session->remote);
		return text_format("%s", session->remote_known && !session->is_remote ? _("local") : "-");
	}
}

/* --- which --- */

static bool stands_in(const struct session_row *row, const char *word)
{
	return strcasestr(text_str(row->session->user), word) || strcasestr(text_str(row->session->domain), word) ||
	       strcasestr(text_str(row->vm->info.name), word) || strcasestr(row->host->name, word) ||
	       strcasestr(text_str(row->session->remote), word) || strcasestr(text_str(row->session->tty), word) ||
	       strcasestr(state_words(row->session), word);
}

static bool lets_through(const struct session_row *row, const char *words)
{
	while (*words) {
		size_t len = strcspn(words, " ");
		bool negated = *words == '!';
		char word[WORD_MAX];

		snprintf(word, sizeof(word), "%.*s", (int)(len - negated), words + negated);
		if (*word && stands_in(row, word) == negated)
			return false;
		words += len;
		words += strspn(words, " ");
	}
	return true;
}

void session_rows_keep(struct session_rows *rows, uint64_t since)
{
	size_t kept = 0;

	for (size_t i = 0; i < rows->count && since > 0; i++)
		if (rows->at[i].vm->version <= since)
			rows->at[kept++] = rows->at[i];
	rows->count = rows->sorted = kept;
	rows->sessions = rows->vms = rows->occupied_vms = rows->unknown = rows->asked = 0;
}

void session_rows_free(struct session_rows *rows)
{
	VEC_FREE(rows);
}

void session_rows_count(struct session_rows *rows, const struct vm *vm)
{
	rows->vms++;
	if (vm->users_state != USERS_KNOWN) {
		rows->unknown += vm_state_is_active(vm->info.state);
		rows->asked += vm->sessions_asked;
		return;
	}
	rows->sessions += session_list_total(&vm->sessions);
	rows->occupied_vms += vm->sessions.count > 0;
}

void session_rows_add(struct session_rows *rows, const struct host *host, const struct vm *vm, const char *words)
{
	for (size_t i = 0; vm->users_state == USERS_KNOWN && i < vm->sessions.count; i++) {
		struct session_row row = { host, vm, &vm->sessions.at[i] };

		if (lets_through(&row, words))
			*VEC_PUSH(rows) = row;
	}
}

/* --- in which order --- */

/* As they are shown: the domain first. */
static int compare_users(const struct session *a, const struct session *b)
{
	int sign = text_compare(text_is_empty(a->domain) ? a->user : a->domain,
				text_is_empty(b->domain) ? b->user : b->domain);

	return sign ? sign : text_compare(a->user, b->user);
}

static int compare_field(enum session_field field, const struct session_row *a, const struct session_row *b)
{
	switch (field) {
	case SESSION_FIELD_USER:
		return compare_users(a->session, b->session);
	case SESSION_FIELD_VM:
		return text_compare(a->vm->info.name, b->vm->info.name);
	case SESSION_FIELD_HOST:
		return text_compare(TEXT_TRUSTED(a->host->name), TEXT_TRUSTED(b->host->name));
	case SESSION_FIELD_ID:
		return text_compare(TEXT_TRUSTED(a->session->id), TEXT_TRUSTED(b->session->id));
	case SESSION_FIELD_STATE:
		return strcmp(state_words(a->session), state_words(b->session));
	case SESSION_FIELD_TTY:
		return text_compare(a->session->tty, b->session->tty);
	case SESSION_FIELD_SINCE:
		return (a->session->login_time > b->session->login_time) -
		       (a->session->login_time < b->session->login_time);
	default:
		return text_compare(a->session->remote, b->session->remote);
	}
}

struct order {
	enum session_field by;
	bool descending;
};

static int compare_rows(const void *a, const void *b, void *data)
{
	static const enum session_field then[] = { SESSION_FIELD_USER, SESSION_FIELD_VM, SESSION_FIELD_HOST,
						   SESSION_FIELD_ID };
	const struct order *order = data;
	int sign = compare_field(order->by, a, b);

	if (sign)
		return order->descending ? -sign : sign;
	for (size_t i = 0; i < ARRAY_SIZE(then) && !sign; i++)
		sign = compare_field(then[i], a, b);
	return sign;
}

/* The place after all that are not greater. */
static size_t place_for(const struct session_row *row, const struct session_row *sorted, size_t count,
			struct order *order)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_rows(&sorted[middle], row, order) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Inserts from the last on, so that each row moves once at most. */
static void put_in_place(struct session_rows *rows, struct session_row *others, size_t count, struct order *order)
{
	size_t end = rows->sorted;

	for (size_t i = count; i-- > 0;) {
		size_t place = place_for(&others[i], rows->at, end, order);

		memmove(&rows->at[place + i + 1], &rows->at[place], (end - place) * sizeof(*rows->at));
		rows->at[place + i] = others[i];
		end = place;
	}
}

void session_rows_sort(struct session_rows *rows, enum session_field by, bool descending)
{
	struct order order = { by, descending };
	const size_t count = rows->count - rows->sorted;
	struct session_row *others;

	if (count == 0)
		return;
	others = mem_realloc(NULL, count, sizeof(*others));
	memcpy(others, &rows->at[rows->sorted], count * sizeof(*others));
	qsort_r(others, count, sizeof(*others), compare_rows, &order);
	put_in_place(rows, others, count, &order);
	rows->sorted = rows->count;
	free(others);
}
