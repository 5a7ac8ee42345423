/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gen-man - fills a manual page in from the tables that the program runs on.
 *
 *	gen-man TEMPLATE [LANGUAGE] > PAGE
 *
 * A line of the template that is @WORD@ alone is replaced by the table of that name; @VERSION@ is
 * replaced wherever it stands. The tables are in the language, whose catalogue is below $INNKEEPER_LOCALES.
 */
#include "base/language.h"
#include "config.h"
#include "engine/action.h"
#include "engine/filter.h"
#include "model/attribute.h"
#include "ui/cli/cli.h"

/* Text in roff: nothing in it is a request or an escape, a dash is a dash that can be copied. */
static void print_text(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '^')
			fputs("\\(ha", stdout);
		else if (*text == '~')
			fputs("\\(ti", stdout);
		else if (!strncmp(text, "…", strlen("…")))
			fputs("...", stdout), text += strlen("…") - 1;
		else
			putchar(*text);
	}
}

static void print_bold(const char *text)
{
	fputs("\\fB\\%", stdout); /* never hyphenated: it may be copied */
	print_text(text);
	fputs("\\fP", stdout);
}

static void print_italic(const char *text)
{
	fputs("\\fI", stdout);
	print_text(text);
	fputs("\\fP", stdout);
}

static void print_sentence(const char *text)
{
	print_text(text);
	putchar('\n');
}

static void begin_item(void)
{
	puts(".TP");
}

/* --- options and commands --- */

static bool makes_tasks(enum command_id id)
{
	return cli_fields(id).columns && cli_fields(id).columns == cli_fields(COMMAND_LOGOFF).columns;
}

static void print_option(const struct option_info *option)
{
	begin_item();
	if (option->letter) {
		const char letter[] = { '-', option->letter, '\0' };

		print_bold(letter);
		fputs(", ", stdout);
	}
	print_bold("--");
	print_bold(option->name);
	if (option->argument) {
		fputs(option->argument_may_be_left_out ? "[=" : " ", stdout);
		print_italic(_(option->argument));
		fputs(option->argument_may_be_left_out ? "]" : "", stdout);
	}
	putchar('\n');
	print_sentence(_(option->sentence));
}

/* They have most options in common, and are many. */
static bool is_of_all_tasks(const struct option_info *option)
{
	for (int id = 0; id < COMMAND_DASHBOARD; id++)
		if (makes_tasks((enum command_id)id) != !!(option->commands & (UINT64_C(1) << id)))
			return false;
	return true;
}

static void print_whose(const struct option_info *option)
{
	const char *before = _("With ");

	if (is_of_all_tasks(option)) {
		puts(_("With every command that makes tasks."));
		return;
	}
	for (int id = 0; id < COMMAND_DASHBOARD; id++) {
		if (!option_applies(option, (enum command_id)id))
			continue;
		printf("%s", before);
		print_bold(command_get((enum command_id)id)->name);
		before = ",\n";
	}
	puts(".");
}

static void print_options(bool general)
{
	size_t count;
	const struct option_info *options = option_table(&count);

	for (size_t i = 0; i < count; i++)
		if (option_is_general(&options[i]) == general) {
			print_option(&options[i]);
			if (!general && options[i].type != OPTION_FORMAT && options[i].type != OPTION_JSON)
				print_whose(&options[i]);
		}
}

static void print_general_options(void)
{
	print_options(true);
}

static void print_command_options(void)
{
	print_options(false);
}

static void print_commands(void)
{
	for (int id = 0; id < COMMAND_DASHBOARD; id++) {
		const struct command_info *command = command_get((enum command_id)id);

		begin_item();
		print_bold(command->name);
		putchar(' ');
		print_italic(_(command->args));
		putchar('\n');
		print_sentence(_(command->sentence));
	}
}

static bool was_printed(enum command_id id)
{
	for (int earlier = 0; earlier < (int)id; earlier++)
		if (cli_fields((enum command_id)earlier).columns == cli_fields(id).columns)
			return true;
	return false;
}

/* Commands that write the same rows share a paragraph. */
static void print_fields(void)
{
	for (int id = 0; id < COMMAND_DASHBOARD; id++) {
		const struct cli_fields fields = cli_fields((enum command_id)id);

		if (!fields.count || was_printed((enum command_id)id))
			continue;
		begin_item();
		print_bold(command_get((enum command_id)id)->name);
		for (int next = id + 1; next < COMMAND_DASHBOARD; next++)
			if (cli_fields((enum command_id)next).columns == fields.columns) {
				fputs(", ", stdout);
				print_bold(command_get((enum command_id)next)->name);
			}
		putchar('\n');
		for (size_t i = 0; i < fields.count; i++)
			if (fields.columns[i].name)
				printf("\\%%%s\n", fields.columns[i].name);
	}
}

/* --- what is on the screen --- */

static void print_keys(void)
{
	for (int group = 0; group < GROUP_COUNT; group++) {
		fputs(".SS ", stdout);
		print_sentence(_(action_group_name((enum action_group)group)));
		for (int id = 0; id < ACTION_COUNT; id++) {
			const struct action *action = action_get((enum action_id)id);

			if ((int)action->group != group)
				continue;
			begin_item();
			print_bold(*action->keys ? action->keys : _("(no key)"));
			fputs("  ", stdout);
			print_sentence(action->name);
			fputs(action->needs & ASKS_FIRST ? _("(asks first) ") : "", stdout);
			print_sentence(_(action->help));
		}
	}
}

static void print_actions(void)
{
	for (int id = 0; id < ACTION_COUNT; id++) {
		const struct action *action = action_get((enum action_id)id);

		begin_item();
		print_bold(action->name);
		putchar('\n');
		print_text(_(action->help));
		if (*action->keys) {
			fputs(" (", stdout);
			print_text(action->keys);
			putchar(')');
		}
		puts(".");
	}
}

static void print_columns(void)
{
	for (size_t i = 0; i < attribute_count(); i++) {
		const struct attribute *column = attribute_at(i);

		begin_item();
		print_bold(column->name);
		puts(column->flags & ATTRIBUTE_DEFAULT ? " *" : "");
		print_sentence(_(column->sentence));
	}
}

static void print_filter_fields(void)
{
	for (size_t i = 0; i < attribute_count(); i++) {
		const struct attribute *field = attribute_at(i);
		char hint[160];

		if (!attribute_is_filter_field(field))
			continue;
		filter_hint(field, hint, sizeof(hint));
		begin_item();
		print_bold(attribute_filter_name(field));
		putchar('\n');
		print_text(_(field->sentence));
		if (*hint) {
			fputs(": ", stdout);
			print_text(hint);
		}
		putchar('\n');
	}
}

static void print_agent_words(void)
{
	for (int state = 0; state < AGENT_STATE_COUNT; state++) {
		begin_item();
		print_bold(agent_state_name((enum agent_state)state));
		putchar('\n');
		print_sentence(*agent_state_advice((enum agent_state)state)
				       ? _(agent_state_advice((enum agent_state)state))
				       : _("It answers."));
	}
}

/* --- outcomes --- */

static void print_results(void)
{
	size_t count;
	const struct result_info *results = result_table(&count);

	for (size_t i = 0; i < count; i++) {
		char code[11];

		result_format(results[i].code, code);
		begin_item();
		print_bold(code);
		putchar(' ');
		print_text(results[i].name);
		printf(" (%d)\n", results[i].exit);
		print_sentence(_(results[i].meaning));
	}
}

static void print_exits(void)
{
	size_t count;
	const struct exit_info *exits = exit_table(&count);

	for (size_t i = 0; i < count; i++) {
		begin_item();
		printf("\\fB%d\\fP\n", exits[i].status);
		print_sentence(_(exits[i].sentence));
	}
}

/* --- settings --- */

static void print_default(const struct config_setting_info *setting)
{
	switch (setting->type) {
	case CONFIG_INT:
		if (setting->unit)
			printf(_("A whole number from %d to %d, in %s; default %d."), setting->min, setting->max,
			       _(setting->unit), setting->default_int);
		else
			printf(_("A whole number from %d to %d; default %d."), setting->min, setting->max,
			       setting->default_int);
		break;
	case CONFIG_BOOL:
		printf(_("true or false; default %s."), setting->default_int ? "true" : "false");
		break;
	case CONFIG_STRING:
		printf(_("A text; default \"%s\"."), setting->default_string);
		break;
	}
	putchar('\n');
}

static void print_settings(void)
{
	size_t count;
	const struct config_setting_info *settings = config_settings(&count);

	for (size_t i = 0; i < count; i++) {
		begin_item();
		print_bold(settings[i].name);
		putchar('\n');
		print_sentence(_(settings[i].sentence));
		print_default(&settings[i]);
	}
}

/* --- the template --- */

static const struct {
	const char *word;
	void (*print)(void);
} tables[] = {
	{ "@OPTIONS@", print_general_options },
	{ "@COMMANDS@", print_commands },
	{ "@COMMAND_OPTIONS@", print_command_options },
	{ "@FIELDS@", print_fields },
	{ "@KEYS@", print_keys },
	{ "@ACTIONS@", print_actions },
	{ "@COLUMNS@", print_columns },
	{ "@FILTER_FIELDS@", print_filter_fields },
	{ "@AGENT_WORDS@", print_agent_words },
	{ "@RESULTS@", print_results },
	{ "@EXITS@", print_exits },
	{ "@SETTINGS@", print_settings },
};

static void print_plain(const char *line)
{
	static const char *const words[][2] = {
		{ "@VERSION@", PACKAGE_VERSION },
		{ "@SYSCONFDIR@", SYSCONFDIR },
		{ "@DATADIR@", DATADIR },
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *at = strstr(line, words[i][0]);

		if (!at)
			continue;
		printf("%.*s%s%s\n", (int)(at - line), line, words[i][1], at + strlen(words[i][0]));
		return;
	}
	puts(line);
}

static bool fill_in(const char *line)
{
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (strcmp(line, tables[i].word) == 0) {
			tables[i].print();
			return true;
		}
	}
	if (*line == '@') {
		fprintf(stderr, "gen-man: there is no table %s\n", line);
		return false;
	}
	print_plain(line);
	return true;
}

int main(int argc, char **argv)
{
	FILE *template = argc == 2 || argc == 3 ? fopen(argv[1], "r") : NULL;
	struct err err = { 0 };
	char line[4096];

	if (!template) {
		fputs("usage: gen-man TEMPLATE [LANGUAGE]\n", stderr);
		return 2;
	}
	if (argc == 3 && !language_use(argv[2], &err)) {
		fprintf(stderr, "gen-man: %s\n", text_str(err_text(&err)));
		return 1;
	}
	while (fgets(line, sizeof(line), template)) {
		line[strcspn(line, "\n")] = '\0';
		if (!fill_in(line))
			return 1;
	}
	fclose(template);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
