/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/xml.h"

#include "base/utf8.h"
#include "model/tags.h"

#include <stdlib.h>
#include <string.h>

/* Elements that we read something from, or through. */
enum place {
	PLACE_OTHER,
	PLACE_ROOT, /* around the document */
	PLACE_DOMAIN,
	PLACE_TITLE,
	PLACE_METADATA,
	PLACE_TAGS,
	PLACE_MEMORY,
	PLACE_CURRENT_MEMORY,
	PLACE_VCPU,
	PLACE_DEVICES,
	PLACE_CHANNEL,
	PLACE_TARGET,
	PLACE_SNAPSHOT,
	PLACE_DESCRIPTION,
	PLACE_STATE,
	PLACE_CREATED,
	PLACE_PARENT,
	PLACE_PARENT_NAME,
};

static const struct way {
	enum place parent;
	const char *name;
	enum place place;
} ways[] = {
	{ PLACE_ROOT, "domain", PLACE_DOMAIN },	     { PLACE_DOMAIN, "title", PLACE_TITLE },
	{ PLACE_DOMAIN, "memory", PLACE_MEMORY },    { PLACE_DOMAIN, "currentMemory", PLACE_CURRENT_MEMORY },
	{ PLACE_DOMAIN, "vcpu", PLACE_VCPU },	     { PLACE_DOMAIN, "devices", PLACE_DEVICES },
	{ PLACE_DOMAIN, "metadata", PLACE_METADATA },
	{ PLACE_DEVICES, "channel", PLACE_CHANNEL }, { PLACE_CHANNEL, "target", PLACE_TARGET },

	{ PLACE_ROOT, "domainsnapshot", PLACE_SNAPSHOT },     { PLACE_SNAPSHOT, "description", PLACE_DESCRIPTION },
	{ PLACE_SNAPSHOT, "state", PLACE_STATE },	      { PLACE_SNAPSHOT, "creationTime", PLACE_CREATED },
	{ PLACE_SNAPSHOT, "parent", PLACE_PARENT },	      { PLACE_PARENT, "name", PLACE_PARENT_NAME },
};

struct slice {
	const char *at;
	size_t len;
};

struct element {
	enum place place;
	struct slice name;
	struct slice ours;                 /* the prefix that is declared here to mean our namespace */
	bool declares_ours;
	struct slice text;                 /* the first run of text directly in it */
	bool kib;                          /* memory: unit='KiB', which is also what it means without a unit */
	int current;                       /* vcpu: in use; -1 not told */
	bool virtio, is_agents, connected; /* target */
};

struct reader {
	const char *at, *end;
	struct element stack[XML_DEPTH_MAX + 1];
	size_t depth;
	enum place wanted;      /* what the document is about */
	struct xml_facts facts; /* of a domain */
	struct snapshot_facts {
		char *parent_key;
		struct safe_text description;
		int64_t created;
		enum vm_state state;
		bool disks_only;
	} snapshot;
};

static bool slice_is(struct slice slice, const char *word)
{
	return slice.len == strlen(word) && memcmp(slice.at, word, slice.len) == 0;
}

static bool looking_at(const struct reader *reader, const char *word)
{
	size_t len = strlen(word);

	return (size_t)(reader->end - reader->at) >= len && memcmp(reader->at, word, len) == 0;
}

static bool skip_word(struct reader *reader, const char *word)
{
	if (!looking_at(reader, word))
		return false;
	reader->at += strlen(word);
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_blank(struct reader *reader)
{
	while (reader->at < reader->end && is_blank(*reader->at))
		reader->at++;
}

/* Up to `word`, and past it. */
static bool skip_past(struct reader *reader, const char *word)
{
	const char *found = memmem(reader->at, (size_t)(reader->end - reader->at), word, strlen(word));

	if (!found)
		return false;
	reader->at = found + strlen(word);
	return true;
}

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
	       c == '.' || c == ':' || (unsigned char)c >= 0x80;
}

static bool read_name(struct reader *reader, struct slice *ret)
{
	ret->at = reader->at;
	while (reader->at < reader->end && is_name_char(*reader->at))
		reader->at++;
	ret->len = (size_t)(reader->at - ret->at);
	return ret->len > 0;
}

/* --- values --- */

/* -1: no number, or more than anybody has. */
static int64_t number_in(struct slice slice)
{
	int64_t value = 0;
	size_t i = 0;

	while (i < slice.len && is_blank(slice.at[i]))
		i++;
	if (i == slice.len)
		return -1;
	for (; i < slice.len && !is_blank(slice.at[i]); i++) {
		if (slice.at[i] < '0' || slice.at[i] > '9' || value > INT64_MAX / 100)
			return -1;
		value = value * 10 + (slice.at[i] - '0');
	}
	while (i < slice.len && is_blank(slice.at[i]))
		i++;
	return i == slice.len ? value : -1;
}

/* "#8238" or "#x202E"; 0: neither, or no character. */
static uint32_t character_number(struct slice entity)
{
	bool hex = entity.len > 1 && entity.at[1] == 'x';
	uint32_t value = 0;

	if (entity.len < 2 || entity.at[0] != '#')
		return 0;
	for (size_t i = hex ? 2 : 1; i < entity.len; i++) {
		char c = entity.at[i];
		int digit = c >= '0' && c <= '9' ? c - '0' : -1;

		if (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			digit = (c | 0x20) - 'a' + 10;
		if (digit < 0)
			return 0;
		value = value * (hex ? 16 : 10) + (uint32_t)digit;
		if (value > 0x10FFFF)
			return 0;
	}
	return value >= 0xD800 && value < 0xE000 ? 0 : value;
}

static uint32_t entity_character(struct slice entity)
{
	static const struct {
		const char *name;
		char character;
	} known[] = { { "lt", '<' }, { "gt", '>' }, { "amp", '&' }, { "quot", '"' }, { "apos", '\'' } };

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		if (slice_is(entity, known[i].name))
			return (uint32_t)known[i].character;
	}
	return character_number(entity);
}

/* What stands for one character; what does not stays as written. No character is longer than its entity. Owned. */
static char *plain_of(struct slice slice, size_t *ret_len)
{
	char *plain = mem_zalloc(slice.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < slice.len; i++) {
		const char *at = slice.at + i;
		const char *semicolon = *at == '&' ? memchr(at, ';', MIN(slice.len - i, (size_t)12)) : NULL;
		uint32_t c = semicolon ? entity_character((struct slice){ at + 1, (size_t)(semicolon - at - 1) }) : 0;

		if (c) {
			len += utf8_encode(c, plain + len);
			i += (size_t)(semicolon - at);
		} else {
			plain[len++] = *at;
		}
	}
	*ret_len = len;
	return plain;
}

static struct safe_text text_of(struct slice slice)
{
	size_t len;
	char *plain = plain_of(slice, &len);
	struct safe_text text = text_from_outside(plain, len, TEXT_CAP_NAME);

	free(plain);
	return text;
}

static struct safe_text tags_of(struct slice slice)
{
	size_t len;
	char *plain = plain_of(slice, &len);
	struct safe_text tags = tags_from_outside(plain, len);

	free(plain);
	return tags;
}

/* Of several lines, which many write, one. */
static struct safe_text line_of(struct slice slice)
{
	struct safe_text text;
	size_t len;
	char *plain = plain_of(slice, &len);

	for (size_t i = 0; i < len; i++)
		if (is_blank(plain[i]))
			plain[i] = ' ';
	while (len && plain[len - 1] == ' ')
		len--;
	text = text_from_outside(plain, len, TEXT_CAP_LINE);
	free(plain);
	return text;
}

/* libvirt's words; "disk-snapshot" is none of a VM. */
static enum vm_state state_of(struct slice slice)
{
	static const enum vm_state states[] = {
		VM_STATE_RUNNING, VM_STATE_PAUSED, VM_STATE_SHUTOFF, VM_STATE_CRASHED, VM_STATE_PMSUSPENDED,
	};

	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (slice_is(slice, vm_state_name(states[i])))
			return states[i];
	return slice_is(slice, "blocked") ? VM_STATE_IDLE : VM_STATE_UNKNOWN;
}

/* --- elements --- */

static enum place place_of(enum place parent, struct slice name)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		if (ways[i].parent == parent && slice_is(name, ways[i].name))
			return ways[i].place;
	}
	return PLACE_OTHER;
}

static bool declares(const struct element *element, struct slice prefix)
{
	return element->declares_ours && element->ours.len == prefix.len &&
	       memcmp(element->ours.at, prefix.at, prefix.len) == 0;
}

/* "tags" where our namespace is the default one, else "PREFIX:tags"; declared on it or on what is around it. */
static bool is_our_tags(const struct reader *reader, const struct element *element)
{
	const char *colon = memchr(element->name.at, ':', element->name.len);
	const size_t prefix_len = colon ? (size_t)(colon - element->name.at) : 0;
	const size_t skip = colon ? prefix_len + 1 : 0;
	const struct slice prefix = { element->name.at, prefix_len };
	bool ours = declares(element, prefix);

	if (!slice_is((struct slice){ element->name.at + skip, element->name.len - skip }, "tags"))
		return false;
	for (size_t i = reader->depth; i > 0 && !ours; i--)
		ours = declares(&reader->stack[i], prefix);
	return ours;
}

static void take_namespace(struct element *element, struct slice name, struct slice value)
{
	static const char xmlns[] = "xmlns";
	const size_t len = sizeof(xmlns) - 1;

	if (!slice_is(value, TAGS_NAMESPACE) || name.len < len || memcmp(name.at, xmlns, len) != 0 ||
	    (name.len > len && name.at[len] != ':'))
		return;
	element->declares_ours = true;
	element->ours = name.len > len ? (struct slice){ name.at + len + 1, name.len - len - 1 } :
					 (struct slice){ name.at, 0 };
}

static void take_attribute(struct element *element, struct slice name, struct slice value)
{
	int64_t number;

	take_namespace(element, name, value);
	switch (element->place) {
	case PLACE_MEMORY:
	case PLACE_CURRENT_MEMORY:
		if (slice_is(name, "unit"))
			element->kib = slice_is(value, "KiB");
		break;
	case PLACE_VCPU:
		number = slice_is(name, "current") ? number_in(value) : -1;
		if (number >= 0 && number <= INT32_MAX)
			element->current = (int)number;
		break;
	case PLACE_TARGET:
		element->virtio |= slice_is(name, "type") && slice_is(value, "virtio");
		element->is_agents |= slice_is(name, "name") && slice_is(value, "org.qemu.guest_agent.0");
		element->connected |= slice_is(name, "state") && slice_is(value, "connected");
		break;
	default:
		break;
	}
}

static void take_snapshot_element(struct snapshot_facts *facts, const struct element *element)
{
	size_t len;

	switch (element->place) {
	case PLACE_DESCRIPTION:
		text_set(&facts->description, line_of(element->text));
		break;
	case PLACE_STATE:
		facts->state = state_of(element->text);
		facts->disks_only = slice_is(element->text, "disk-snapshot");
		break;
	case PLACE_CREATED:
		facts->created = number_in(element->text);
		break;
	case PLACE_PARENT_NAME:
		free(facts->parent_key);
		facts->parent_key = plain_of(element->text, &len);
		break;
	default:
		break;
	}
}

static void take_domain_element(struct xml_facts *facts, const struct element *element)
{
	int64_t number;

	switch (element->place) {
	case PLACE_TITLE:
		text_set(&facts->title, text_of(element->text));
		break;
	case PLACE_TAGS:
		text_set(&facts->tags, tags_of(element->text));
		break;
	case PLACE_MEMORY:
		facts->max_memory_kib = element->kib ? number_in(element->text) : -1;
		break;
	case PLACE_CURRENT_MEMORY:
		facts->memory_kib = element->kib ? number_in(element->text) : -1;
		break;
	case PLACE_VCPU:
		number = number_in(element->text);
		facts->vcpus = element->current >= 0 ? element->current : number <= INT32_MAX ? (int)number : -1;
		break;
	case PLACE_TARGET:
		if (element->virtio && element->is_agents && facts->channel == CHANNEL_ABSENT)
			facts->channel = element->connected ? CHANNEL_CONNECTED : CHANNEL_DISCONNECTED;
		break;
	default:
		break;
	}
}

static void take_element(struct reader *reader, const struct element *element)
{
	if (reader->wanted == PLACE_DOMAIN)
		take_domain_element(&reader->facts, element);
	else
		take_snapshot_element(&reader->snapshot, element);
}

static bool read_attribute(struct reader *reader, struct element *element)
{
	struct slice name, value;
	char quote;

	if (!read_name(reader, &name))
		return false;
	skip_blank(reader);
	if (!skip_word(reader, "="))
		return false;
	skip_blank(reader);
	if (reader->at == reader->end || (*reader->at != '"' && *reader->at != '\''))
		return false;
	quote = *reader->at++;
	value.at = reader->at;
	while (reader->at < reader->end && *reader->at != quote && *reader->at != '<')
		reader->at++;
	if (reader->at == reader->end || *reader->at != quote)
		return false;
	value.len = (size_t)(reader->at++ - value.at);
	take_attribute(element, name, value);
	return true;
}

/* A prefix is known once all of its element's attributes are. */
static bool close_start_tag(struct reader *reader, struct element *element)
{
	if (reader->stack[reader->depth].place == PLACE_METADATA && is_our_tags(reader, element))
		element->place = PLACE_TAGS;
	if (skip_word(reader, ">"))
		reader->depth++;
	else if (skip_word(reader, "/>"))
		take_element(reader, element);
	return true;
}

static bool read_start_tag(struct reader *reader)
{
	struct element *element;
	bool blank;

	if (reader->depth == XML_DEPTH_MAX)
		return false;
	element = &reader->stack[reader->depth + 1];
	*element = (struct element){ .kib = true, .current = -1 };
	if (!read_name(reader, &element->name))
		return false;
	element->place = place_of(reader->stack[reader->depth].place, element->name);
	if (reader->depth == 0 && element->place != reader->wanted)
		return false;
	for (;;) {
		blank = reader->at < reader->end && is_blank(*reader->at);
		skip_blank(reader);
		if (looking_at(reader, ">") || looking_at(reader, "/>"))
			return close_start_tag(reader, element);
		if (!blank || !read_attribute(reader, element))
			return false;
	}
}

static bool read_end_tag(struct reader *reader)
{
	struct element *element = &reader->stack[reader->depth];
	struct slice name;

	if (reader->depth == 0 || !read_name(reader, &name))
		return false;
	skip_blank(reader);
	if (!skip_word(reader, ">") || name.len != element->name.len ||
	    memcmp(name.at, element->name.at, name.len) != 0)
		return false;
	take_element(reader, element);
	reader->depth--;
	return true;
}

static bool read_markup(struct reader *reader)
{
	if (skip_word(reader, "<!--"))
		return skip_past(reader, "-->");
	if (skip_word(reader, "<![CDATA["))
		return reader->depth > 0 && skip_past(reader, "]]>");
	if (skip_word(reader, "<?"))
		return skip_past(reader, "?>");
	if (skip_word(reader, "</"))
		return read_end_tag(reader);
	reader->at++;
	return read_start_tag(reader);
}

/* Text around the document is none. */
static bool read_text(struct reader *reader)
{
	struct element *element = &reader->stack[reader->depth];
	const char *start = reader->at;
	const char *markup = memchr(start, '<', (size_t)(reader->end - start));

	if (reader->depth == 0) {
		skip_blank(reader);
		return reader->at == reader->end || *reader->at == '<';
	}
	reader->at = markup ? markup : reader->end;
	if (!element->text.len)
		element->text = (struct slice){ start, (size_t)(reader->at - start) };
	return true;
}

/* False: no such document. What was read until then stays in the reader. */
static bool read_document(struct reader *reader, enum place wanted, const char *xml, size_t len)
{
	bool well = len <= XML_SIZE_MAX, seen = false;

	reader->at = xml;
	reader->end = xml + len;
	reader->wanted = wanted;
	reader->stack[0].place = PLACE_ROOT;
	while (well && reader->at < reader->end) {
		if (*reader->at != '<') {
			well = read_text(reader);
			continue;
		}
		/* One document: behind its end there may be blanks and comments, no second element. */
		well = !(seen && reader->depth == 0 && reader->end - reader->at > 1 && is_name_char(reader->at[1])) &&
		       read_markup(reader);
		seen |= reader->depth > 0;
	}
	return well && seen && reader->depth == 0;
}

bool xml_read_domain(const char *xml, size_t len, struct xml_facts *ret)
{
	struct reader reader = {
		.facts = { .channel = CHANNEL_ABSENT, .vcpus = -1, .memory_kib = -1, .max_memory_kib = -1 },
	};

	if (!read_document(&reader, PLACE_DOMAIN, xml, len)) {
		text_free(&reader.facts.title);
		text_free(&reader.facts.tags);
		return false;
	}
	*ret = reader.facts;
	return true;
}

bool xml_read_snapshot(const char *xml, size_t len, struct snapshot *snapshot)
{
	struct reader reader = { .snapshot = { .created = -1 } };

	if (!read_document(&reader, PLACE_SNAPSHOT, xml, len)) {
		text_free(&reader.snapshot.description);
		free(reader.snapshot.parent_key);
		return false;
	}
	text_set(&snapshot->description, reader.snapshot.description);
	free(snapshot->parent_key);
	snapshot->parent_key = reader.snapshot.parent_key;
	snapshot->created = reader.snapshot.created;
	snapshot->state = reader.snapshot.state;
	snapshot->disks_only = reader.snapshot.disks_only;
	return true;
}

char *xml_escape(const char *text)
{
	size_t len;
	char *escaped;
	FILE *stream = mem_stream(&escaped, &len);

	for (; *text; text++) {
		if (strchr("<>&\"'", *text))
			fprintf(stream, "&#%d;", *text);
		else
			fputc(*text, stream);
	}
	fclose(stream);
	return escaped;
}
