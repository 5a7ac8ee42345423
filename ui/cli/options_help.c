/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/options.h"

enum { LEFT_CELLS = 30, LINE_CELLS = 80 };

void options_print_sentence(FILE *stream, const char *sentence, int left, int cells_most)
{
	int column = left;

	while (*sentence) {
		size_t len = strcspn(sentence, " ");
		OWN(bytes) char *word = mem_strndup(sentence, len);
		int cells = text_width(TEXT_TRUSTED(word));

		if (column > left && column + 1 + cells > cells_most) {
			fprintf(stream, "\n%*s", left, "");
			column = left;
		}
		column += fprintf(stream, "%s%s", column > left ? " " : "", word) - (int)len + cells;
		sentence += len + strspn(sentence + len, " ");
	}
	fputc('\n', stream);
}

/* Takes `left`. */
static void print_row(FILE *stream, char *left, const char *sentence)
{
	int cells = text_width(TEXT_TRUSTED(left));

	fputs(left, stream);
	if (cells + 2 > LEFT_CELLS) {
		fputc('\n', stream);
		cells = 0;
	}
	fprintf(stream, "%*s", LEFT_CELLS - cells, "");
	options_print_sentence(stream, sentence, LEFT_CELLS, LINE_CELLS);
	free(left);
}

/* Takes `title`, which stands above the first. */
static void print_options(FILE *stream, char *title, bool general, enum command_id command)
{
	const char *above = title;
	size_t count;
	const struct option_info *options = option_table(&count);

	for (size_t i = 0; i < count; i++) {
		const struct option_info *option = &options[i];
		const char *argument = option->argument ? _(option->argument) : "";
		const char *before = !option->argument ? "" : option->argument_may_be_left_out ? "[=" : " ";
		const char *after = option->argument_may_be_left_out ? "]" : "";
		char letter[8] = "    ";

		if (option_is_general(option) != general ||
		    (command != COMMAND_DASHBOARD && !option_applies(option, command)))
			continue;
		if (option->letter)
			snprintf(letter, sizeof(letter), "-%c, ", option->letter);
		fputs(above, stream);
		above = "";
		print_row(stream, mem_printf("  %s--%s%s%s%s", letter, option->name, before, argument, after),
			  _(option->sentence));
	}
	free(title);
}

void options_print_help(FILE *stream, enum command_id id)
{
	static const char *const topics[TOPIC_COUNT] = {
		[TOPIC_INVENTORY] = N_("Inventory:"), [TOPIC_USERS] = N_("Users and guests:"),
		[TOPIC_POWER] = N_("Power:"),         [TOPIC_SNAPSHOTS] = N_("Snapshots:"),
		[TOPIC_ACCESS] = N_("Access:"),       [TOPIC_OTHER] = N_("Other:"),
	};
	const struct command_info *command = command_get(id);

	if (id != COMMAND_DASHBOARD) {
		fprintf(stream, _("Usage: innkeeper [OPTION]... %s%s%s\n\n"), command->name,
			*_(command->args) ? " " : "", _(command->args));
		options_print_sentence(stream, _(command->sentence), 0, LINE_CELLS);
		print_options(stream, mem_printf(_("\nOptions of %s:\n"), command->name), false, id);
		fprintf(stream, "\n%s\n", _("General options: innkeeper --help"));
		return;
	}
	fputs(_("Usage: innkeeper [OPTION]...                   open the dashboard\n       innkeeper [OPTION]... "
		"COMMAND [ARG]...  run one command\n"),
	      stream);
	fprintf(stream, "\n%s\n", _("Manage the users and guests of your libvirt hosts."));
	for (int topic = 0; topic < TOPIC_COUNT; topic++) {
		fprintf(stream, "\n%s\n", _(topics[topic]));
		for (int other = 0; other < COMMAND_DASHBOARD; other++) {
			command = command_get((enum command_id)other);
			if ((int)command->topic == topic)
				print_row(stream, mem_printf("  %s %s", command->name, _(command->args)),
					  _(command->brief));
		}
	}
	print_options(stream, mem_printf("\n%s\n", _("Options:")), true, COMMAND_DASHBOARD);
	print_options(stream, mem_printf("\n%s\n", _("Options of commands:")), false, COMMAND_DASHBOARD);
	fprintf(stream, "\n%s\n",
		_("VM is a name, a UUID or HOST/NAME.\nExit status, keys, files and how to report a bug: "
		  "innkeeper(1)."));
}
