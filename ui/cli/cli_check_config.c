/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_commands.h"

#define ROWS(ROW) \
	ROW(CHECK_FILE, "file", "", OUTPUT_IS_TEXT) \
	ROW(CHECK_LINE, "line", "", OUTPUT_IS_NUMBER) \
	ROW(CHECK_COMPLAINT, "complaint", "", OUTPUT_IS_TEXT)
OUTPUT_COLUMNS(ROWS, CHECK_COLUMNS);

const struct cli_fields cli_check_config_fields = { columns, ARRAY_SIZE(columns), NULL };

/* What was read, or where nothing was found: a remark, so none with --quiet. */
static void show_places(const char *path)
{
	OWN(config_places) struct config_places places = { 0 };
	size_t read = 0;

	if (path) {
		cli_say(_("%s: configuration OK"), path);
		return;
	}
	config_places(&places);
	for (size_t i = 0; i < places.count; i++) {
		if (places.at[i].there)
			cli_say(_("%s: configuration OK"), places.at[i].path);
		read += places.at[i].there;
	}
	if (!read)
		cli_say("%s", _("no configuration file found, and none is needed; searched:"));
	for (size_t i = 0; i < places.count && !read; i++)
		cli_say("  %s", places.at[i].path);
}

enum exit_status cli_check_config(const struct options *options)
{
	const char *path = options->words.count ? options->words.at[0] : options->config;
	struct output_sink sink = output_stdout();
	OWN(config_complaints) struct config_complaints complaints = { 0 };
	struct output output;
	OWN(config) struct config config = { 0 };
	struct err err = { 0 };
	bool written = true;
	size_t count;

	config_defaults(&config);
	config_load(&config, path, &complaints, NULL);
	count = complaints.count;
	output_init(&output, columns, CHECK_COLUMNS);
	for (size_t i = 0; i < count; i++) {
		output_row(&output);
		output_put_text(&output, CHECK_FILE, TEXT_TRUSTED(complaints.at[i].file));
		if (complaints.at[i].line > 0)
			output_put_number(&output, CHECK_LINE, complaints.at[i].line);
		output_put_text(&output, CHECK_COMPLAINT, complaints.at[i].text);
	}
	if (options->output != OUTPUT_TEXT)
		written = output_write(&output, options->output, &sink, &err);
	for (size_t i = 0; i < count && written && options->output == OUTPUT_TEXT; i++) {
		const struct config_complaint *complaint = &complaints.at[i];
		const char *words = text_str(complaint->text);
		OWN(bytes)
		char *line = complaint->line > 0 ? mem_printf("%s:%d: %s\n", complaint->file, complaint->line, words)
						 : mem_printf("%s: %s\n", complaint->file, words);

		written = output_emit(&sink, line, strlen(line), &err);
	}
	if (!written)
		cli_say("%s", text_str(err_text(&err)));
	else if (!count && !options->quiet)
		show_places(path);
	output_finish(&output);
	return !written ? EXIT_UNEXPECTED : count ? EXIT_USAGE : EXIT_DONE;
}
