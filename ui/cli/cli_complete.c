/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What may stand where the cursor is, for the shells in completions/: nothing is asked, nobody is prompted, and no
 * error is printed, because a person is in the middle of a line.
 */
#include "engine/grouping.h"
#include "engine/names.h"
#include "ui/cli/cli.h"

struct completion {
	enum command_id command;
	const struct option_info *pending; /* its argument comes next */
	const char *first;                 /* word behind the command; NULL none yet */
	const char *config_path;
	const char *typed; /* so far: what candidates begin with */
	const char *line;  /* the whole word; candidates stand behind what comes before `typed` */
	size_t words;      /* behind the command */
	bool is_simulated, only_words;
	const char *const *themes;
	struct config config;
	struct names names; /* sorted by kind, name and host */
};

/* --- what is offered --- */

static void offer_before(const struct completion *completion, const char *before, const char *word, const char *after,
			 const char *sentence)
{
	const char *end = strstr(sentence, ". ");

	OWN(bytes) char *whole = mem_printf("%s%s%s", before, word, after);
	if (strncmp(whole, completion->typed, strlen(completion->typed)) != 0)
		return;
	printf("%.*s%s\t%.*s\n", (int)(completion->typed - completion->line), completion->line, whole,
	       end ? (int)(end - sentence) : (int)strlen(sentence), sentence);
}

static void offer(const struct completion *completion, const char *word, const char *sentence)
{
	offer_before(completion, "", word, "", sentence);
}

static int compare_names(const void *a, const void *b)
{
	const struct name *left = a, *right = b;
	const int by_text = strcmp(left->text, right->text);

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return by_text ? by_text : strcmp(left->host, right->host);
}

static void know_names(struct completion *completion)
{
	struct names *names = &completion->names;

	names_read(completion->is_simulated, names);
	if (names->count)
		qsort(names->at, names->count, sizeof(*names->at), compare_names);
}

static void know_config(struct completion *completion)
{
	OWN(config_complaints) struct config_complaints complaints = { 0 };
	struct err err;

	config_load(&completion->config, completion->config_path, &complaints, &err);
}

/* One name on several hosts: HOST/NAME, as the command line wants it; so, too, where a slash was typed. */
static void offer_names(struct completion *completion, enum name_kind kind)
{
	const bool with_host = strchr(completion->typed, '/') != NULL;
	const struct names *names = &completion->names;

	know_names(completion);
	for (size_t i = 0, next; i < names->count; i = next) {
		const struct name *name = &names->at[i];

		next = i + 1;
		while (next < names->count && names->at[next].kind == kind && !strcmp(names->at[next].text, name->text))
			next++;
		if (name->kind != kind)
			continue;
		if (kind != NAME_VM || (next == i + 1 && !with_host)) {
			offer(completion, name->text, kind == NAME_USER ? "" : name->host);
			continue;
		}
		for (size_t k = i; k < next; k++)
			offer_before(completion, names->at[k].host, "/", names->at[k].text, "");
	}
}

/* Of the VM that was named: NAME or HOST/NAME. */
static void offer_snapshots(struct completion *completion)
{
	const char *slash = strchr(completion->first, '/');
	const char *vm = slash ? slash + 1 : completion->first;
	const size_t host_len = slash ? (size_t)(slash - completion->first) : 0;

	know_names(completion);
	for (size_t i = 0; i < completion->names.count; i++) {
		const struct name *name = &completion->names.at[i];

		if (name->kind == NAME_SNAPSHOT && *name->text && !strcmp(name->vm, vm) &&
		    (!slash || (strlen(name->host) == host_len && !strncmp(name->host, completion->first, host_len))))
			offer(completion, name->text, name->host);
	}
}

static void offer_hosts(struct completion *completion)
{
	know_config(completion);
	for (size_t i = 0; i < completion->config.count; i++)
		offer(completion, completion->config.at[i].name, completion->config.at[i].uri);
	offer_names(completion, NAME_HOST);
}

static void offer_columns(struct completion *completion)
{
	const struct cli_fields fields = cli_fields(completion->command);

	completion->typed += *completion->typed == '-';
	if (completion->command == COMMAND_DASHBOARD)
		for (size_t i = 0; i < attribute_count(); i++)
			offer(completion, attribute_at(i)->name, _(attribute_at(i)->sentence));
	for (size_t i = 0; i < fields.count; i++) {
		if (fields.attributes)
			offer(completion, fields.attributes[i]->name, _(fields.attributes[i]->sentence));
		else if (fields.columns[i].name)
			offer(completion, fields.columns[i].name, "");
	}
}

static void offer_filter_values(struct completion *completion, const struct attribute *field)
{
	for (int i = 0; field->word && field->word(i); i++)
		offer(completion, field->word(i), "");
	if (field == attribute_get("name"))
		offer_names(completion, NAME_VM);
	else if (field == attribute_get("who"))
		offer_names(completion, NAME_USER);
	if (field != attribute_get("host"))
		return;
	know_names(completion);
	for (size_t i = 0; i < completion->names.count && completion->names.at[i].kind == NAME_HOST; i++)
		offer(completion, completion->names.at[i].host, completion->names.at[i].text);
}

/* The last term: a field, or what may stand behind its colon. */
static void offer_filter(struct completion *completion)
{
	const char *blank = strrchr(completion->typed, ' ');
	const char *term = blank ? blank + 1 : completion->typed;
	const struct attribute *field;
	const char *colon;

	term += strspn(term, "!(");
	colon = strchr(term, ':');
	completion->typed = colon ? colon + 1 : term;
	if (*term == '@') {
		know_config(completion);
		for (size_t i = 0; i < completion->config.filters.count; i++)
			offer_before(completion, "@", completion->config.filters.at[i].name, "",
				     completion->config.filters.at[i].words);
	}
	for (size_t i = 0; i < attribute_count(); i++) {
		const char *name = attribute_filter_name(field = attribute_at(i));

		if (!attribute_is_filter_field(field))
			continue;
		if (!colon)
			offer_before(completion, "", name, ":", _(field->sentence));
		else if (strlen(name) == (size_t)(colon - term) && !strncmp(name, term, (size_t)(colon - term)))
			offer_filter_values(completion, field);
	}
}

static void offer_files(struct completion *completion UNUSED)
{
	puts(":files");
}

static void offer_groupings(struct completion *completion)
{
	for (int by = 0; by < GROUPING_COUNT; by++)
		offer(completion, grouping_name((enum grouping)by), "");
}

static void offer_themes(struct completion *completion)
{
	for (size_t i = 0; completion->themes[i]; i++)
		offer(completion, completion->themes[i], "");
}

static void offer_users(struct completion *completion)
{
	offer_names(completion, NAME_USER);
}

/* The argument of this option: the words of its row, and what those in capitals stand for. */
static void offer_values(struct completion *completion, const struct option_info *option)
{
	static const struct {
		const char *word;
		void (*offer)(struct completion *completion);
	} more[] = {
		{ "FILES", offer_files },     { "HOSTS", offer_hosts },         { "FILTERS", offer_filter },
		{ "COLUMNS", offer_columns }, { "GROUPINGS", offer_groupings }, { "THEMES", offer_themes },
		{ "USERS", offer_users },
	};
	const char *words = option->words ? option->words : "";

	for (size_t len; *words; words += len + (words[len] == ' ')) {
		OWN(bytes) char *word = mem_strndup(words, len = strcspn(words, " "));
		size_t i = 0;

		while (i < ARRAY_SIZE(more) && strcmp(more[i].word, word) != 0)
			i++;
		if (i < ARRAY_SIZE(more))
			more[i].offer(completion);
		else
			offer(completion, word, "");
	}
}

static void offer_options(const struct completion *completion)
{
	size_t count;
	const struct option_info *options = option_table(&count);

	for (size_t i = 0; i < count; i++)
		if (option_applies(&options[i], completion->command))
			offer_before(completion, "--", options[i].name, "", _(options[i].sentence));
}

static void offer_commands(const struct completion *completion)
{
	for (int id = 0; id < COMMAND_DASHBOARD; id++)
		offer(completion, command_get((enum command_id)id)->name, _(command_get((enum command_id)id)->brief));
}

static void offer_arguments(struct completion *completion)
{
	switch (command_get(completion->command)->words) {
	case WORDS_NONE:
		break;
	case WORDS_ONE_OR_NONE:
		if (completion->command == COMMAND_HELP)
			offer_commands(completion);
		else if (!completion->words)
			offer_files(completion);
		break;
	case WORDS_VMS:
	case WORDS_VMS_MUST:
		offer_names(completion, NAME_VM);
		break;
	case WORDS_VM_AND_NAME:
		if (completion->words == 1)
			offer_snapshots(completion);
		/* fall through */
	case WORDS_VM:
	case WORDS_VM_AND_MORE:
		if (!completion->words)
			offer_names(completion, NAME_VM);
		break;
	}
}

/* --- what was typed --- */

static const struct option_info *find_option(const char *name, size_t len, char letter)
{
	size_t count;
	const struct option_info *options = option_table(&count);

	for (size_t i = 0; i < count; i++)
		if (letter ? options[i].letter == letter
			   : strlen(options[i].name) == len && !strncmp(options[i].name, name, len))
			return &options[i];
	return NULL;
}

static void take_value(struct completion *completion, const struct option_info *option, const char *value)
{
	if (!strcmp(option->name, "config"))
		completion->config_path = value;
	completion->is_simulated |= !strcmp(option->name, "connect") && !strncmp(value, "demo:", strlen("demo:"));
}

static void take_option(struct completion *completion, const char *word)
{
	const bool is_long = word[1] == '-';
	const char *value = is_long ? strchr(word, '=') : NULL;
	const struct option_info *option;

	for (word += is_long ? 2 : 1; *word; word++) {
		option = find_option(word, value ? (size_t)(value - word) : strlen(word), is_long ? '\0' : *word);
		if (option)
			completion->is_simulated |= !strcmp(option->name, "demo");
		if (option && option->argument && (value || (!is_long && word[1])))
			take_value(completion, option, word + (value ? value - word : 0) + 1);
		else if (option && option->argument && !option->argument_may_be_left_out)
			completion->pending = option;
		if (is_long || !option || option->argument)
			return;
	}
}

static void take_word(struct completion *completion, const char *word)
{
	if (completion->pending) {
		take_value(completion, completion->pending, word);
		completion->pending = NULL;
	} else if (!completion->only_words && !strcmp(word, "--")) {
		completion->only_words = true;
	} else if (!completion->only_words && word[0] == '-' && word[1]) {
		take_option(completion, word);
	} else if (completion->command == COMMAND_DASHBOARD) {
		int id = 0;

		while (id < COMMAND_DASHBOARD && strcmp(command_get((enum command_id)id)->name, word) != 0)
			id++;
		/* Behind a word that is no command, nothing fits. */
		completion->command = id < COMMAND_DASHBOARD ? (enum command_id)id : COMMAND_COUNT;
	} else if (!completion->words++) {
		completion->first = word;
	}
}

void cli_complete(int argc, char **argv, const char *const *themes)
{
	struct completion completion = { .command = COMMAND_DASHBOARD, .themes = themes };
	const struct option_info *option;
	const char *equals;

	for (int i = 0; i < argc - 1; i++)
		take_word(&completion, argv[i]);
	completion.line = completion.typed = argc ? argv[argc - 1] : "";
	equals = strchr(completion.line, '=');
	config_defaults(&completion.config);
	if (completion.pending) {
		offer_values(&completion, completion.pending);
	} else if (!completion.only_words && !strncmp(completion.line, "--", 2) && equals) {
		option = find_option(completion.line + 2, (size_t)(equals - completion.line - 2), '\0');
		completion.typed = equals + 1;
		if (option)
			offer_values(&completion, option);
	} else if (!completion.only_words && *completion.line == '-') {
		offer_options(&completion);
	} else if (completion.command == COMMAND_DASHBOARD) {
		offer_commands(&completion);
	} else if (completion.command < COMMAND_COUNT) {
		offer_arguments(&completion);
	}
	names_free(&completion.names);
	config_free(&completion.config);
}
