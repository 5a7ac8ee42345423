/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What follows from an attribute's type, and how attributes are found by their names. */
#include "model/attribute.h"

#include <inttypes.h>
#include <stdio.h>
#include <strings.h>

bool attribute_is_number(const struct attribute *attribute)
{
	return attribute->type >= ATTRIBUTE_COUNT && attribute->type != ATTRIBUTE_BOOL;
}

/* A filter sees no tasks. */
bool attribute_is_filter_field(const struct attribute *attribute)
{
	return attribute->type != ATTRIBUTE_BARS && attribute->source != SOURCE_TASKS;
}

const char *attribute_filter_name(const struct attribute *attribute)
{
	return attribute->one ? attribute->one : attribute->name;
}

/* --- values as words --- */

/* "812", "1.5K", "12M": three figures at the most. base: the unit of the amount, in "BKMGT". */
static void write_amount(double amount, int base, char *buf, size_t size)
{
	static const char units[] = "BKMGTP";
	int unit = base;

	for (; amount >= 999.5 && units[unit + 1]; unit++)
		amount /= 1024;
	if (unit == 0)
		snprintf(buf, size, "%.0f", amount);
	else
		snprintf(buf, size, amount < 9.95 && unit > base ? "%.1f%c" : "%.0f%c", amount, units[unit]);
}

static struct safe_text words_of_type(const struct attribute *attribute, const struct attribute_row *row,
				      struct attribute_cell *cell)
{
	const struct attribute_value value = attribute->get(row);

	if (attribute->type == ATTRIBUTE_TEXT)
		return value.text;
	if (value.number < 0)
		return (struct safe_text){ NULL };
	switch (attribute->type) {
	case ATTRIBUTE_TEXT:
	case ATTRIBUTE_BARS:
		return (struct safe_text){ NULL };
	case ATTRIBUTE_ENUM:
		return value.text;
	case ATTRIBUTE_BOOL:
		return TEXT_TRUSTED(value.number > 0 ? _("yes") : _("no"));
	case ATTRIBUTE_UUID:
		uuid_format(&row->vm->id.uuid, cell->buf);
		break;
	case ATTRIBUTE_COUNT:
		snprintf(cell->buf, sizeof(cell->buf), "%.0f", value.number);
		break;
	case ATTRIBUTE_PERCENT:
		snprintf(cell->buf, sizeof(cell->buf), "%.0f%%", value.number);
		break;
	case ATTRIBUTE_REAL:
		snprintf(cell->buf, sizeof(cell->buf), value.number < 9.95 ? "%.1f" : "%.0f", value.number);
		break;
	case ATTRIBUTE_KIB:
		write_amount(value.number, 1, cell->buf, sizeof(cell->buf));
		break;
	case ATTRIBUTE_RATE:
		write_amount(value.number, 0, cell->buf, sizeof(cell->buf));
		break;
	case ATTRIBUTE_DURATION:
		uptime_words((int64_t)value.number, cell->buf, sizeof(cell->buf));
		break;
	}
	return TEXT_TRUSTED(cell->buf);
}

struct safe_text attribute_words(const struct attribute *attribute, const struct attribute_row *row,
				 struct attribute_cell *cell)
{
	struct safe_text words = attribute->say ? attribute->say(row, cell) : (struct safe_text){ NULL };

	if (text_is_empty(words))
		words = words_of_type(attribute, row, cell);
	return text_is_empty(words) ? TEXT_TRUSTED("-") : words;
}

struct safe_text attribute_text(const struct attribute *attribute, const struct attribute_row *row,
				struct attribute_cell *cell)
{
	struct safe_text text = words_of_type(attribute, row, cell);

	return attribute->type == ATTRIBUTE_TEXT && attribute->say && !text_is_empty(text) ? attribute->say(row, cell)
											   : text;
}

void attribute_texts_read(const struct attribute *attribute, const struct attribute_row *row,
			  struct attribute_texts *ret_texts)
{
	struct attribute_value value;

	ret_texts->count = 0;
	if (attribute->each) {
		attribute->each(row, ret_texts);
		return;
	}
	value = attribute->get(row);
	if (attribute->type == ATTRIBUTE_UUID) {
		uuid_format(&row->vm->id.uuid, ret_texts->scratch);
		value.text = TEXT_TRUSTED(ret_texts->scratch);
	}
	attribute_texts_add(ret_texts, text_str(value.text));
	ret_texts->complete = value.none || ret_texts->count > 0;
}

/* --- names --- */

const struct attribute *attribute_get(const char *name)
{
	for (size_t i = 0; i < attribute_count(); i++)
		if (strcmp(attribute_at(i)->name, name) == 0)
			return attribute_at(i);
	abort();
}

static bool set_no_such_column(struct err *err, const char *name)
{
	struct safe_text wanted = text_sanitize_str(name, 32);
	char names[1024] = "";
	size_t len = 0;

	for (size_t i = 0; i < attribute_count(); i++)
		len += (size_t)snprintf(names + len, sizeof(names) - len, " %s", attribute_at(i)->name);
	err_set(err, ERR_USAGE, _("unknown column \"%s\"; valid:%s"), text_str(wanted), names);
	text_free(&wanted);
	return false;
}

/* How well a name means it: 4 it is its name, 3 its field, 2 its name begins so, 1 its field does. */
static int likeness(const struct attribute *attribute, const char *name, size_t len)
{
	const char *const names[] = { attribute->field ? attribute->field : "", attribute->name };
	int best = 0;

	for (int i = 0; i < (int)ARRAY_SIZE(names); i++)
		if (strncasecmp(names[i], name, len) == 0)
			best = MAX(best, i + 1 + (names[i][len] == '\0' ? 2 : 0));
	return best;
}

bool attribute_find(const char *name, const struct attribute **ret_attribute, struct err *err)
{
	const size_t len = strlen(name);
	int best = 0;

	for (size_t i = 0; i < attribute_count() && len > 0; i++) {
		const int like = likeness(attribute_at(i), name, len);

		if (like > best)
			*ret_attribute = attribute_at(i);
		best = MAX(best, like);
	}
	return best > 0 || set_no_such_column(err, name);
}

bool attribute_find_order(const char *words, const struct attribute **ret_attribute, bool *ret_descending,
			  struct err *err)
{
	const bool descending = *words == '-';

	if (!attribute_find(words + descending, ret_attribute, err))
		return false;
	*ret_descending = descending;
	return true;
}

bool columns_parse(const char *words, struct columns *ret_columns, struct err *err)
{
	static const char separators[] = " \t,";
	struct columns columns = { 0 };

	for (words += strspn(words, separators); *words; words += strspn(words, separators)) {
		size_t len = strcspn(words, separators);
		char *name = mem_strndup(words, len);
		const struct attribute *attribute;
		bool found = attribute_find(name, &attribute, err);

		free(name);
		if (!found) {
			VEC_FREE(&columns);
			return false;
		}
		*VEC_PUSH(&columns) = attribute;
		words += len;
	}
	for (size_t i = 0, chosen = columns.count; i < attribute_count() && !chosen; i++)
		if (attribute_at(i)->flags & ATTRIBUTE_DEFAULT)
			*VEC_PUSH(&columns) = attribute_at(i);
	*ret_columns = columns;
	return true;
}
