/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/grouping.h"

#include "model/tags.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { KEY_MAX = 2048, RANK_NONE = 100, RANK_UNKNOWN };

typedef struct group_key key_fn(const struct vm *vm, const struct host *host);

static struct group_key key_of(int rank, const char *words)
{
	return (struct group_key){ rank, words, strlen(words) };
}

static struct group_key key_of_host(const struct vm *vm, const struct host *host)
{
	(void)vm;
	return key_of(0, host->name);
}

static struct group_key key_of_state(const struct vm *vm, const struct host *host)
{
	enum vm_state state = vm->info.state;

	(void)host;
	return key_of(state == VM_STATE_UNKNOWN ? RANK_UNKNOWN : (int)state, vm_state_name(state));
}

static struct group_key key_of_os(const struct vm *vm, const struct host *host)
{
	const struct safe_text os = text_is_empty(vm->os_name) ? vm->os_id : vm->os_name;

	(void)host;
	return text_is_empty(os) ? key_of(RANK_UNKNOWN, _("unknown OS")) : key_of(0, text_str(os));
}

static struct group_key key_of_tag(const struct vm *vm, const struct host *host)
{
	const struct safe_text tags = vm->info.tags;

	(void)host;
	if (!text_is_empty(tags))
		return (struct group_key){ 0, text_str(tags), tags_first(tags) };
	return vm_xml_is_known(vm) ? key_of(RANK_NONE, _("no tag")) : key_of(RANK_UNKNOWN, _("unknown tags"));
}

static const struct {
	const char *name, *words;
	key_fn *key;
} table[GROUPING_COUNT] = {
	[GROUPING_NONE] = { "none", N_("not grouped"), NULL },
	[GROUPING_HOST] = { "host", N_("by host"), key_of_host },
	[GROUPING_STATE] = { "state", N_("by state"), key_of_state },
	[GROUPING_OS] = { "os", N_("by OS"), key_of_os },
	[GROUPING_TAG] = { "tag", N_("by tag"), key_of_tag },
};

const char *grouping_words(enum grouping by)
{
	return table[by].words;
}

bool grouping_find(const char *name, enum grouping *ret_by, struct err *err)
{
	struct safe_text wanted;

	for (int by = 0; by < GROUPING_COUNT; by++) {
		if (strcasecmp(table[by].name, name) == 0) {
			*ret_by = (enum grouping)by;
			return true;
		}
	}
	wanted = text_sanitize_str(name, 32);
	err_set(err, ERR_USAGE, _("cannot group by \"%s\"; valid: host, state, os, tag, none"), text_str(wanted));
	text_free(&wanted);
	return false;
}

struct group_key grouping_key(enum grouping by, const struct vm *vm, const struct host *host)
{
	return table[by].key ? table[by].key(vm, host) : key_of(0, "");
}

/* The first of several tags ends with a blank. */
static const char *terminated(const struct group_key *key, char buf[KEY_MAX])
{
	const size_t len = MIN(key->len, (size_t)KEY_MAX - 1);

	if (key->at[key->len] == '\0')
		return key->at;
	memcpy(buf, key->at, len);
	buf[len] = '\0';
	return buf;
}

int group_key_compare(const struct group_key *a, const struct group_key *b)
{
	char left[KEY_MAX], right[KEY_MAX];

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	/* Thousands in the same group is the usual case. */
	if (a->len == b->len && memcmp(a->at, b->at, a->len) == 0)
		return 0;
	return text_compare(TEXT_TRUSTED(terminated(a, left)), TEXT_TRUSTED(terminated(b, right)));
}

struct safe_text group_key_title(const struct group_key *key)
{
	return text_format("%.*s", (int)key->len, key->at);
}
