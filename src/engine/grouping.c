/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "engine/grouping.h"

#include "model/attribute.h"

#include <strings.h>

enum { KEY_MAX = 2048, RANK_NONE = 100, RANK_UNKNOWN };

/* What each is by; unknown, none: the heading of the VMs of which it is not known, and of those that have none. */
static const struct {
	const char *name, *words, *attribute, *unknown, *none;
} table[GROUPING_COUNT] = {
	[GROUPING_NONE] = { "none", N_("Not grouped"), NULL, NULL, NULL },
	[GROUPING_HOST] = { "host", N_("Grouped by host"), "host", NULL, NULL },
	[GROUPING_STATE] = { "state", N_("Grouped by state"), "state", NULL, NULL },
	[GROUPING_OS] = { "os", N_("Grouped by OS"), "os", N_("unknown OS"), NULL },
	[GROUPING_TAG] = { "tag", N_("Grouped by tag"), "tags", N_("unknown tags"), N_("no tag") },
};

const char *grouping_name(enum grouping by)
{
	return table[by].name;
}

const char *grouping_words(enum grouping by)
{
	return table[by].words;
}

bool grouping_find(const char *name, enum grouping *ret_by, struct err *err)
{
	OWN(text) struct safe_text wanted = { 0 };

	for (int by = 0; by < GROUPING_COUNT; by++) {
		if (strcasecmp(table[by].name, name) == 0) {
			*ret_by = (enum grouping)by;
			return true;
		}
	}
	wanted = text_sanitize_str(name, 32);
	err_set(err, ERR_USAGE, _("cannot group by \"%s\"; valid: host, state, os, tag, none"), text_str(wanted));
	return false;
}

struct group_key grouping_key(enum grouping by, const struct vm *vm, const struct host *host)
{
	const struct attribute_row row = { .vm = vm, .host = host };
	const struct attribute *attribute;
	struct attribute_value value;
	struct group_key key = { .at = "" };

	if (by == GROUPING_NONE)
		return key;
	attribute = attribute_get(table[by].attribute);
	value = attribute->get(&row);
	key.at = text_str(value.text);
	if (value.none)
		key = (struct group_key){ .rank = RANK_NONE, .at = _(table[by].none) };
	else if (!*key.at && table[by].unknown)
		key = (struct group_key){ .rank = RANK_UNKNOWN, .at = _(table[by].unknown) };
	else if (attribute->type == ATTRIBUTE_ENUM)
		key.rank = value.number < 0 ? RANK_UNKNOWN : (int)value.number;
	key.len = key.rank < RANK_NONE && by == GROUPING_TAG ? strcspn(key.at, " ") : strlen(key.at);
	return key;
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
