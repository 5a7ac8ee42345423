/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/session_listing.h"

#include "model/attribute.h"
#include "model/uptime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 64 };

static const char *const titles[SESSION_FIELD_COUNT] = {
	[SESSION_FIELD_USER] = NC_("column", "USER"),   [SESSION_FIELD_VM] = NC_("column", "VM"),
	[SESSION_FIELD_HOST] = NC_("column", "HOST"),   [SESSION_FIELD_ID] = NC_("column", "SESSION"),
	[SESSION_FIELD_STATE] = NC_("column", "STATE"), [SESSION_FIELD_TTY] = NC_("column", "TTY"),
	[SESSION_FIELD_SINCE] = NC_("column", "SINCE"), [SESSION_FIELD_IDLE] = NC_("column", "IDLE"),
	[SESSION_FIELD_FROM] = NC_("column", "FROM"),   [SESSION_FIELD_CPU] = NC_("column", "CPU TIME"),
	[SESSION_FIELD_MEMORY] = NC_("column", "MEM"),
};

const char *session_field_title(enum session_field field)
{
	return pgettext("column", titles[field]);
}

/* --- words --- */

static const char *state_words(const struct session *session)
{
	if (session->locked)
		return _("locked");
	return text_is_empty(session->state) ? "-" : text_str(session->state);
}

struct safe_text session_field_words(enum session_field field, const struct session_row *row, time_t now)
{
	const struct session *session = row->session;
	const time_t since = (time_t)session->login_time;
	struct tm then, today;
	char buf[32];

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
		if (session->disconnected_s < 0)
			return text_format("%s", state_words(session));
		uptime_words(session->disconnected_s * 1000, buf, sizeof(buf));
		return text_format("%s %s", state_words(session), buf);
	case SESSION_FIELD_TTY:
		if (session_is_graphical(session) && !text_is_empty(session->type))
			return text_format("%s%s%s", text_str(session->type), text_is_empty(session->tty) ? "" : " ",
					   text_str(session->tty));
		return text_format("%s", text_is_empty(session->tty) ? "-" : text_str(session->tty));
	case SESSION_FIELD_SINCE:
		if (session->login_time < 0 || !localtime_r(&since, &then) || !localtime_r(&now, &today))
			return text_format("-");
		strftime(buf, sizeof(buf),
			 then.tm_yday == today.tm_yday && then.tm_year == today.tm_year ? "%H:%M" : "%b %e %H:%M",
			 &then);
		return text_format("%s", buf); /* "14:03" of today, else "Nov 21 14:03" */
	case SESSION_FIELD_CPU:
		if (session->cpu_s < 0)
			return text_format("-");
		return text_format("%lld:%02d:%02d", (long long)session->cpu_s / 3600, (int)(session->cpu_s / 60 % 60),
				   (int)(session->cpu_s % 60));
	case SESSION_FIELD_MEMORY:
		if (session->memory_kib < 0)
			return text_format("-");
		attribute_write_amount((double)session->memory_kib, 1, buf, sizeof(buf));
		return text_format("%s", buf);
	case SESSION_FIELD_IDLE:
		if (session->idle_s < 0)
			return text_format("-");
		uptime_words(session->idle_s * 1000, buf, sizeof(buf));
		return text_format("%s", buf);
	default:
		if (!text_is_empty(session->remote))
			return text_copy(session->remote);
		return text_format("%s", session->remote_known && !session->is_remote ? _("local") : "-");
	}
}

/* --- which --- */

static bool lets_through(const struct session_row *row, const char *words)
{
	const struct session *session = row->session;

	while (*words) {
		size_t len = strcspn(words, " ");
		bool negated = *words == '!';
		char word[WORD_MAX];

		snprintf(word, sizeof(word), "%.*s", (int)(len - negated), words + negated);
		if (*word &&
		    (strcasestr(text_str(session->user), word) || strcasestr(text_str(session->domain), word) ||
		     strcasestr(text_str(row->vm->info.name), word) || strcasestr(row->host->name, word) ||
		     strcasestr(text_str(session->remote), word) || strcasestr(text_str(session->tty), word) ||
		     strcasestr(state_words(session), word)) == negated)
			return false;
		words += len;
		words += strspn(words, " ");
	}
	return true;
}

/* Counts the sessions of all VMs; the rows of those that did not change stay. */
static void collect_rows(struct session_listing *listing)
{
	struct session_rows *rows = &listing->rows;
	size_t kept = 0;

	for (size_t i = 0; i < rows->count && listing->seen > 0; i++)
		if (rows->at[i].vm->version <= listing->seen)
			rows->at[kept++] = rows->at[i];
	rows->count = rows->sorted = kept;
	rows->vms = listing->vms.count;
	rows->sessions = rows->occupied_vms = rows->unknown = rows->asked = 0;
	for (size_t i = 0; i < listing->vms.count; i++) {
		const struct vm *vm = listing->vms.at[i];

		if (vm->users_state != USERS_KNOWN) {
			rows->unknown += vm_state_is_active(vm->info.state);
			rows->asked += vm->sessions_asked;
			continue;
		}
		rows->sessions += session_list_total(&vm->sessions);
		rows->occupied_vms += vm->sessions.count > 0;
		for (size_t k = 0; vm->version > listing->seen && k < vm->sessions.count; k++) {
			struct session_row row = { inventory_host(listing->inventory, vm->id.host), vm,
						   &vm->sessions.at[k] };

			if (lets_through(&row, listing->words))
				*VEC_PUSH(rows) = row;
		}
	}
}

/* --- in which order --- */

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_field(enum session_field field, const struct session_row *a, const struct session_row *b)
{
	const struct session *one = a->session, *other = b->session;
	int sign;

	switch (field) {
	case SESSION_FIELD_USER: /* as they are shown: the domain first */
		sign = text_compare(text_is_empty(one->domain) ? one->user : one->domain,
				    text_is_empty(other->domain) ? other->user : other->domain);
		return sign ? sign : text_compare(one->user, other->user);
	case SESSION_FIELD_VM:
		return text_compare(a->vm->info.name, b->vm->info.name);
	case SESSION_FIELD_HOST:
		return text_compare(TEXT_TRUSTED(a->host->name), TEXT_TRUSTED(b->host->name));
	case SESSION_FIELD_ID:
		return text_compare(TEXT_TRUSTED(one->id), TEXT_TRUSTED(other->id));
	case SESSION_FIELD_STATE:
		return strcmp(state_words(one), state_words(other));
	case SESSION_FIELD_TTY:
		return text_compare(one->tty, other->tty);
	case SESSION_FIELD_CPU:
		return COMPARE(one->cpu_s, other->cpu_s);
	case SESSION_FIELD_MEMORY:
		return COMPARE(one->memory_kib, other->memory_kib);
	case SESSION_FIELD_IDLE:
		return COMPARE(one->idle_s, other->idle_s);
	case SESSION_FIELD_SINCE:
		return COMPARE(one->login_time, other->login_time);
	default:
		return text_compare(one->remote, other->remote);
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

/* Kept rows are sorted. The others are inserted from the last on, so that each row moves once at most. */
static void sort_rows(struct session_rows *rows, enum session_field by, bool descending)
{
	struct order order = { by, descending };
	const size_t count = rows->count - rows->sorted;
	size_t end = rows->sorted;
	struct session_row *others;

	if (count == 0)
		return;
	others = mem_realloc(NULL, count, sizeof(*others));
	memcpy(others, &rows->at[rows->sorted], count * sizeof(*others));
	qsort_r(others, count, sizeof(*others), compare_rows, &order);
	for (size_t i = count; i-- > 0;) {
		size_t place = 0, high = end;

		/* Behind all that are not greater. */
		while (place < high) {
			size_t middle = place + (high - place) / 2;

			if (compare_rows(&rows->at[middle], &others[i], &order) <= 0)
				place = middle + 1;
			else
				high = middle;
		}
		memmove(&rows->at[place + i + 1], &rows->at[place], (end - place) * sizeof(*rows->at));
		rows->at[place + i] = others[i];
		end = place;
	}
	rows->sorted = rows->count;
	free(others);
}

/* --- the listing --- */

/* A changed VM is found by its version. A VM that is gone or new invalidates all rows. */
static void hear(void *data, enum inventory_change change, struct host *host, struct vm *vm)
{
	struct session_listing *listing = data;

	(void)host;
	(void)vm;
	if (change == INVENTORY_GONE || change == INVENTORY_ADDED)
		listing->seen = 0;
}

void session_listing_init(struct session_listing *listing, struct inventory *inventory, enum session_field by)
{
	*listing = (struct session_listing){
		.inventory = inventory,
		.by = by,
		.words = mem_strdup(""),
		.scope_version = 1,
	};
	inventory_listen(inventory, hear, listing);
}

void session_listing_free(struct session_listing *listing)
{
	inventory_unlisten(listing->inventory, hear, listing);
	VEC_FREE(&listing->rows);
	VEC_FREE(&listing->vms);
	VEC_FREE(&listing->scope);
	VEC_FREE(&listing->marks);
	VEC_FREE(&listing->chosen);
	free(listing->words);
}

struct vm *session_listing_vm(const struct session_listing *listing, size_t index)
{
	return index < listing->scope.count ? inventory_find(listing->inventory, &listing->scope.at[index]) : NULL;
}

void session_listing_set_words(struct session_listing *listing, const char *words)
{
	free(listing->words);
	listing->words = mem_strdup(words);
	listing->seen = 0;
}

void session_listing_sort(struct session_listing *listing, enum session_field by, bool descending)
{
	listing->by = by;
	listing->descending = descending;
	listing->seen = 0;
}

static struct session_pick pick_of(const struct session_row *row)
{
	return session_pick_make(&row->vm->id, row->session);
}

bool session_listing_is_marked(const struct session_listing *listing, const struct session_row *row)
{
	const struct session_pick pick = pick_of(row);

	return session_picks_has(&listing->marks, &pick);
}

/* --- the rows as they are now --- */

/* The table often rebuilds its rows without a change: compares before replacing. */
static void take_what_is_shown(struct session_listing *listing)
{
	const size_t count = listing_count(listing->shown);
	size_t same = 0;

	if (listing->seen_shown == listing_version(listing->shown))
		return;
	listing->seen_shown = listing_version(listing->shown);
	while (same < count && same < listing->scope.count &&
	       vm_id_equal(&listing->scope.at[same], &listing_at(listing->shown, same)->id))
		same++;
	if (same == count && same == listing->scope.count)
		return;
	listing->scope.count = same;
	for (size_t i = same; i < count; i++)
		*VEC_PUSH(&listing->scope) = listing_at(listing->shown, i)->id;
	listing->scope_version++;
	listing->seen = 0;
}

static void remember_current(struct session_listing *listing)
{
	const struct session_rows *rows = &listing->rows;

	listing->scroll.cursor = MIN(listing->scroll.cursor, MAX(rows->count, 1) - 1);
	listing->current = (struct session_pick){ .id = "" };
	if (rows->count > 0)
		listing->current = pick_of(&rows->at[listing->scroll.cursor]);
}

void session_listing_update(struct session_listing *listing)
{
	const struct vm *vm;

	if (listing->shown)
		take_what_is_shown(listing);
	if (listing->seen == inventory_version(listing->inventory))
		return;
	if (listing->seen == 0)
		listing->vms.count = 0;
	for (size_t i = 0; i < listing->scope.count && listing->seen == 0; i++) {
		struct vm *of_scope = session_listing_vm(listing, i);

		if (of_scope)
			*VEC_PUSH(&listing->vms) = of_scope;
	}
	collect_rows(listing);
	sort_rows(&listing->rows, listing->by, listing->descending);
	for (size_t i = listing->marks.count; i-- > 0;) {
		const struct session_pick *mark = &listing->marks.at[i];

		vm = inventory_find(listing->inventory, &mark->vm);
		if (!vm ||
		    (vm->users_state == USERS_KNOWN && !session_list_find_same(&vm->sessions, mark->id, mark->stamp)))
			VEC_REMOVE(&listing->marks, i);
	}
	vm = *listing->current.id ? inventory_find(listing->inventory, &listing->current.vm) : NULL;
	for (size_t i = 0; i < listing->rows.count && vm; i++) {
		const struct session_pick pick = pick_of(&listing->rows.at[i]);

		if (session_pick_is(&listing->current, &pick))
			listing->scroll.cursor = i;
	}
	remember_current(listing);
	listing->seen = inventory_version(listing->inventory);
}

/* --- what keys do --- */

bool session_listing_act(struct session_listing *listing, enum action_id action)
{
	session_listing_update(listing);
	switch (action) {
	case ACTION_MARK:
		if (*listing->current.id)
			session_picks_toggle(&listing->marks, &listing->current);
		scroll_act(&listing->scroll, ACTION_MOVE_DOWN, listing->rows.count);
		break;
	case ACTION_MARK_INVERT:
		for (size_t i = 0; i < listing->rows.count; i++) {
			const struct session_pick pick = pick_of(&listing->rows.at[i]);

			session_picks_toggle(&listing->marks, &pick);
		}
		break;
	case ACTION_UNMARK_ALL:
		listing->marks.count = 0;
		break;
	default:
		if (!scroll_act(&listing->scroll, action, listing->rows.count))
			return false;
	}
	remember_current(listing);
	return true;
}

bool session_listing_clear(struct session_listing *listing)
{
	if (*listing->words)
		session_listing_set_words(listing, "");
	else if (listing->marks.count > 0)
		listing->marks.count = 0;
	else
		return false;
	return true;
}

const struct session_picks *session_listing_picks(struct session_listing *listing)
{
	session_listing_update(listing);
	listing->chosen.count = 0;
	session_picks_copy(&listing->chosen, &listing->marks);
	if (listing->chosen.count == 0 && *listing->current.id)
		*VEC_PUSH(&listing->chosen) = listing->current;
	return &listing->chosen;
}
