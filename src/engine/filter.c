/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/clock.h"
#include "engine/filter_private.h"
#include "model/tags.h"

#include <string.h>
#include <strings.h>

/* --- fields --- */

static void add(struct filter_texts *texts, const char *text)
{
	if (*text)
		texts->at[texts->count++] = text;
}

/* A text that is empty until somebody told. */
static void add_told(struct filter_texts *texts, struct safe_text text)
{
	add(texts, text_str(text));
	texts->complete = texts->count > 0;
}

static void any_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add(texts, text_str(subject->vm->facts.name));
	add(texts, subject->host->name);
	add(texts, text_str(subject->vm->facts.title));
	add(texts, text_str(subject->vm->facts.tags));
	add(texts, text_str(subject->vm->hostname));
	add(texts, text_str(subject->vm->os_name));
	add(texts, text_str(subject->vm->os_id));
}

static void name_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add(texts, text_str(subject->vm->facts.name));
}

static void host_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add(texts, subject->host->name);
}

static void state_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add(texts, vm_state_name(subject->vm->facts.state));
}

static void agent_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add(texts, agent_state_name(vm_agent_state(subject->vm)));
}

static void user_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	const struct session_list *sessions = &subject->vm->sessions;

	for (size_t i = 0; i < sessions->count && i < SESSION_LIST_MAX; i++)
		add(texts, text_str(sessions->at[i].user));
	texts->complete = subject->vm->users_state == USERS_KNOWN && session_list_proves_absence(sessions);
}

static void users_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add(texts, users_state_name(subject->vm->users_state));
}

static void os_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add_told(texts, subject->vm->os_name);
	add_told(texts, subject->vm->os_id);
}

static void title_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add(texts, text_str(subject->vm->facts.title));
}

/* Each by itself, so that = means a whole one. */
static void tag_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	const char *at = text_str(subject->vm->facts.tags), *tag;
	size_t room = sizeof(texts->scratch), used = 0, len;

	while ((tag = tags_next(&at, &len)) && used + len < room && texts->count < ARRAY_SIZE(texts->at)) {
		char *copy = texts->scratch + used;

		memcpy(copy, tag, len);
		copy[len] = '\0';
		used += len + 1;
		add(texts, copy);
	}
	texts->complete = !tag && (texts->count > 0 || vm_xml_is_known(subject->vm));
}

static void hostname_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add_told(texts, subject->vm->hostname);
}

static void ip_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	const struct address_list *addresses = &subject->vm->addresses;

	for (size_t i = 0; i < addresses->count && i < ADDRESS_LIST_MAX; i++)
		add(texts, addresses->at[i].text);
	texts->complete = subject->vm->addresses_at && addresses->more == 0;
}

static void uuid_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	uuid_format(&subject->vm->id.uuid, texts->scratch);
	add(texts, texts->scratch);
}

static bool known(double number, double *ret_number)
{
	*ret_number = number;
	return number >= 0;
}

static bool users_number(const struct filter_subject *subject, double *ret_number)
{
	return known((double)vm_users(subject->vm), ret_number);
}

static bool mem_number(const struct filter_subject *subject, double *ret_number)
{
	return known((double)vm_memory_kib(subject->vm), ret_number);
}

static bool cpu_number(const struct filter_subject *subject, double *ret_number)
{
	return known(subject->vm->figures.cpu_percent, ret_number);
}

static bool vcpus_number(const struct filter_subject *subject, double *ret_number)
{
	return known(subject->vm->facts.vcpus, ret_number);
}

static bool heartbeat_number(const struct filter_subject *subject, double *ret_number)
{
	return known(vm_heartbeat_percent(subject->vm, clock_ms()), ret_number);
}

static bool uptime_number(const struct filter_subject *subject, double *ret_number)
{
	return known((double)vm_uptime_ms(subject->vm, clock_ms()), ret_number);
}

static bool id_number(const struct filter_subject *subject, double *ret_number)
{
	return known(subject->vm->facts.domain_id, ret_number);
}

static const char *state_word(int index)
{
	return vm_state_name((enum vm_state)index);
}

static const char *agent_word(int index)
{
	return agent_state_name((enum agent_state)index);
}

static const char *users_word(int index)
{
	return users_state_name((enum users_state)index);
}

static const char *truth_word(int index)
{
	return index ? "yes" : "no";
}

static void truth(struct filter_texts *texts, int known)
{
	if (known >= 0)
		add(texts, truth_word(known));
	texts->complete = known >= 0;
}

static void autostart_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	truth(texts, subject->vm->facts.autostart);
}

static void persistent_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	truth(texts, subject->vm->facts.persistent);
}

static const char *door_word(int index)
{
	(void)index;
	return "closed";
}

/* That somebody else closed it, nobody told us; it is not ours to open. */
static void door_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	if (subject->vm->door_closed)
		add(texts, door_word(0));
	texts->complete = true;
}

static void kernel_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add_told(texts, subject->vm->kernel);
}

static void agent_version_texts(const struct filter_subject *subject, struct filter_texts *texts)
{
	add_told(texts, subject->vm->agent_version);
}

static const struct filter_field fields[] = {
	{ .info = { "name", N_("a part of the VM's name") }, .texts = name_texts },
	{ .info = { "host", N_("a part of the host's name") }, .texts = host_texts },
	{ .info = { "state", N_("the beginning of its state: running, shutoff ...") },
	  .texts = state_texts, .word = state_word, .word_count = VM_STATE_COUNT },
	{ .info = { "agent", N_("the beginning of the agent's state: up, down, blocked ...") },
	  .texts = agent_texts, .word = agent_word, .word_count = AGENT_STATE_COUNT },
	{ .info = { "user", N_("a part of the name of somebody who is logged on") }, .texts = user_texts,
	  .guest = true },
	{ .info = { "users", N_("how many people are logged on; or known, unknown, denied") },
	  .number = users_number, .texts = users_texts, .word = users_word, .word_count = USERS_DENIED + 1,
	  .guest = true },
	{ .info = { "os", N_("a part of the guest's operating system") }, .texts = os_texts,
	  .guest = true },
	{ .info = { "title", N_("a part of the title in its configuration") }, .texts = title_texts },
	{ .info = { "tag", N_("a part of one of its tags; tag=WORD: the whole of it") }, .texts = tag_texts },
	{ .info = { "hostname", N_("a part of the guest's own name") }, .texts = hostname_texts,
	  .guest = true },
	{ .info = { "ip", N_("a part of one of its IP addresses; ip=ADDRESS: the whole of it") }, .texts = ip_texts,
	  .guest = true },
	{ .info = { "uuid", N_("a part of its UUID") }, .texts = uuid_texts },
	{ .info = { "cpu", N_("its use of CPU in percent") },
	  .number = cpu_number, .unit = FILTER_PERCENT, .figure = true },
	{ .info = { "mem", N_("the memory that it has now: 512m, 4g; without a unit MiB") },
	  .number = mem_number, .unit = FILTER_SIZE, .figure = true },
	{ .info = { "vcpus", N_("how many virtual CPUs it has") }, .number = vcpus_number },
	{ .info = { "heartbeat", N_("the answered pings of the last minute, in percent") },
	  .number = heartbeat_number, .unit = FILTER_PERCENT, .guest = true },
	{ .info = { "door", N_("closed: by us, so that nobody new can log on") },
	  .texts = door_texts, .word = door_word, .word_count = 1 },
	{ .info = { "kernel", N_("a part of the guest's kernel") }, .texts = kernel_texts, .guest = true },
	{ .info = { "agent-version", N_("a part of the guest agent's version") }, .texts = agent_version_texts,
	  .guest = true },
	{ .info = { "autostart", N_("whether it starts with its host: yes, no") },
	  .texts = autostart_texts, .word = truth_word, .word_count = 2 },
	{ .info = { "persistent", N_("whether its configuration outlives its run: yes, no") },
	  .texts = persistent_texts, .word = truth_word, .word_count = 2 },
	{ .info = { "uptime", N_("how long its system has been up: 90s, 15m, 6h, 2d, 1w") },
	  .number = uptime_number, .unit = FILTER_SPAN, .guest = true },
	{ .info = { "id", N_("its number while it runs") }, .number = id_number },
};

const struct filter_field filter_any_text = { .texts = any_texts };

const struct filter_field *filter_find_field(const char *name, size_t len)
{
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++)
		if (strncasecmp(fields[i].info.name, name, len) == 0 && fields[i].info.name[len] == '\0')
			return &fields[i];
	return NULL;
}

size_t filter_field_count(void)
{
	return ARRAY_SIZE(fields);
}

struct filter_field_info filter_field(size_t index)
{
	return fields[index].info;
}

/* --- matching --- */

/* In this order the least of some is their "and", the largest their "or". */
enum answer { NO, NOBODY_KNOWS, YES };

static unsigned char folded(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* As strcasestr() in the C locale; but that one sets out anew for each of ten thousand short texts. */
static bool contains(const char *text, const char *part)
{
	const unsigned char first = folded(*part);

	for (; *text; text++) {
		size_t i = 1;

		if (folded(*text) != first)
			continue;
		while (part[i] && folded(text[i]) == folded(part[i]))
			i++;
		if (!part[i])
			return true;
	}
	return !*part;
}

static bool text_matches(const struct filter_term *term, const char *text)
{
	switch (term->how) {
	case FILTER_CONTAINS:
		return contains(text, term->text);
	case FILTER_BEGINS:
		return strncasecmp(text, term->text, strlen(term->text)) == 0;
	case FILTER_EQUALS:
		return strcasecmp(text, term->text) == 0;
	case FILTER_REGEX:
		return filter_regex_matches(term->regex, text);
	case FILTER_COMPARES:
	case FILTER_SAVED:
		break;
	}
	return false;
}

static enum answer ask_texts(const struct filter_term *term, const struct filter_subject *subject)
{
	struct filter_texts texts;

	texts.count = 0;
	texts.complete = true;
	term->field->texts(subject, &texts);
	for (size_t i = 0; i < texts.count; i++)
		if (text_matches(term, texts.at[i]))
			return YES;
	return texts.complete ? NO : NOBODY_KNOWS;
}

static bool compares(double number, enum filter_compare compare, double with)
{
	switch (compare) {
	case COMPARE_EQ:
		return number >= with && number <= with;
	case COMPARE_NE:
		return number < with || number > with;
	case COMPARE_LT:
		return number < with;
	case COMPARE_LE:
		return number <= with;
	case COMPARE_GT:
		return number > with;
	case COMPARE_GE:
		return number >= with;
	}
	return false;
}

static enum answer ask_number(const struct filter_term *term, const struct filter_subject *subject)
{
	double number;

	if (!term->field->number(subject, &number))
		return NOBODY_KNOWS;
	return compares(number, term->compare, term->number) ? YES : NO;
}

static enum answer ask(const struct filter *filter, const struct filter_subject *subject);

static enum answer ask_term(const struct filter_term *term, const struct filter_subject *subject)
{
	enum answer answer;

	if (term->how == FILTER_SAVED)
		answer = ask(term->saved, subject);
	else if (term->how == FILTER_COMPARES)
		answer = ask_number(term, subject);
	else
		answer = ask_texts(term, subject);
	return term->negated ? YES - answer : answer;
}

static enum answer ask(const struct filter *filter, const struct filter_subject *subject)
{
	enum answer any = NO, all = YES;

	for (size_t i = 0; i < filter->count && any != YES; i++) {
		const struct filter_term *term = &filter->at[i];

		if (term->opens_alternative) {
			any = MAX(any, all);
			all = YES;
		}
		if (all != NO && any != YES)
			all = MIN(all, ask_term(term, subject));
	}
	return MAX(any, all);
}

bool filter_match(const struct filter *filter, const struct vm *vm, const struct host *host)
{
	const struct filter_subject subject = { vm, host };

	return !filter || ask(filter, &subject) == YES;
}

bool filter_uses_figures(const struct filter *filter)
{
	for (size_t i = 0; filter && i < filter->count; i++)
		if (filter->at[i].saved ? filter_uses_figures(filter->at[i].saved) : filter->at[i].field->figure)
			return true;
	return false;
}

bool filter_uses_addresses(const struct filter *filter)
{
	for (size_t i = 0; filter && i < filter->count; i++) {
		const struct filter_term *term = &filter->at[i];

		if (term->saved ? filter_uses_addresses(term->saved) : term->field->texts == ip_texts)
			return true;
	}
	return false;
}

bool filter_uses_uptime(const struct filter *filter)
{
	for (size_t i = 0; filter && i < filter->count; i++) {
		const struct filter_term *term = &filter->at[i];

		if (term->saved ? filter_uses_uptime(term->saved) : term->field->number == uptime_number)
			return true;
	}
	return false;
}

/* The host shows whether an agent is connected; how it is doing, only asking it shows. */
static bool means_agent_in_trouble(const struct filter_term *term)
{
	return term->field->texts == agent_texts && (text_matches(term, agent_state_name(AGENT_BLOCKED)) ||
						     text_matches(term, agent_state_name(AGENT_SILENT)) ||
						     text_matches(term, agent_state_name(AGENT_FROZEN)));
}

bool filter_uses_guests(const struct filter *filter)
{
	for (size_t i = 0; filter && i < filter->count; i++) {
		const struct filter_term *term = &filter->at[i];

		if (term->saved ? filter_uses_guests(term->saved) : term->field->guest || means_agent_in_trouble(term))
			return true;
	}
	return false;
}

static void term_free(struct filter_term *term)
{
	free(term->text);
	filter_destroy(term->saved);
	filter_regex_destroy(term->regex);
}

void filter_destroy(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->count; i++)
		term_free(&filter->at[i]);
	VEC_FREE(filter);
	free(filter);
}

/* --- those that have names --- */

const struct saved_filter *saved_filters_find(const struct saved_filters *saved, const char *name)
{
	for (size_t i = 0; saved && i < saved->count; i++)
		if (strcasecmp(saved->at[i].name, name) == 0)
			return &saved->at[i];
	return NULL;
}

const char *saved_filter_name_objection(const char *name)
{
	if (!*name)
		return _("a name is missing");
	return strpbrk(name, " \t\"<>=!:~|@") ? _("a name has no blanks and none of \"<>=!:~|@ in it") : NULL;
}

void saved_filters_free(struct saved_filters *saved)
{
	for (size_t i = 0; i < saved->count; i++) {
		free(saved->at[i].name);
		free(saved->at[i].words);
	}
	VEC_FREE(saved);
}
