/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `innkeeper history`: the sessions that ended while a dashboard looked. Asks no host. */
#include "engine/session_log.h"
#include "model/uptime.h"
#include "ui/cli/cli_commands.h"

enum history_column {
	HISTORY_ENDED,
	HISTORY_HOST,
	HISTORY_VM,
	HISTORY_UUID,
	HISTORY_USER,
	HISTORY_DOMAIN,
	HISTORY_SESSION,
	HISTORY_REMOTE,
	HISTORY_LOGIN_TIME,
	HISTORY_DURATION,
	HISTORY_HOW,
	HISTORY_COLUMNS
};

static const struct output_column columns[HISTORY_COLUMNS] = {
	[HISTORY_ENDED] = { "ended", NC_("column", "ENDED"), OUTPUT_IS_TIME },
	[HISTORY_HOST] = { "host", NC_("column", "HOST"), OUTPUT_IS_TEXT },
	[HISTORY_VM] = { "vm", NC_("column", "VM"), OUTPUT_IS_TEXT },
	[HISTORY_UUID] = { "uuid", NULL, OUTPUT_IS_TEXT },
	[HISTORY_USER] = { "user", NC_("column", "USER"), OUTPUT_IS_TEXT },
	[HISTORY_DOMAIN] = { "domain", NULL, OUTPUT_IS_TEXT },
	[HISTORY_SESSION] = { "session", NC_("column", "SESSION"), OUTPUT_IS_TEXT },
	[HISTORY_REMOTE] = { "remote", NC_("column", "FROM"), OUTPUT_IS_TEXT },
	[HISTORY_LOGIN_TIME] = { "login_time", NC_("column", "SINCE"), OUTPUT_IS_TIME },
	[HISTORY_DURATION] = { "duration_s", NC_("column", "DURATION"), OUTPUT_IS_NUMBER },
	[HISTORY_HOW] = { "how", NC_("column", "HOW"), OUTPUT_IS_TEXT },
};

const struct cli_fields cli_history_fields = { columns, HISTORY_COLUMNS, NULL };

/* Named by name, UUID or HOST/NAME; nobody named: all. */
static bool is_meant(const struct options *options, const struct session_log_entry *entry)
{
	OWN(text)
	struct safe_text full = text_format("%s/%s", text_str(entry->texts[LOG_HOST]), text_str(entry->texts[LOG_VM]));

	for (size_t i = 0; i < options->words.count; i++)
		if (strcmp(options->words.at[i], text_str(entry->texts[LOG_VM])) == 0 ||
		    strcmp(options->words.at[i], text_str(entry->texts[LOG_UUID])) == 0 ||
		    strcmp(options->words.at[i], text_str(full)) == 0)
			return true;
	return options->words.count == 0;
}

static void put_entry(struct output *output, const struct session_log_entry *entry)
{
	static const enum history_column places[SESSION_LOG_TEXTS] = {
		[LOG_HOST] = HISTORY_HOST,       [LOG_VM] = HISTORY_VM,         [LOG_UUID] = HISTORY_UUID,
		[LOG_USER] = HISTORY_USER,       [LOG_DOMAIN] = HISTORY_DOMAIN, [LOG_FROM] = HISTORY_REMOTE,
		[LOG_SESSION] = HISTORY_SESSION,
	};
	const int64_t lasted = entry->login_time < 0 ? -1 : MAX(entry->ended_at - entry->login_time, 0);
	char words[UPTIME_WORDS_SIZE];

	output_row(output);
	for (int i = 0; i < SESSION_LOG_TEXTS; i++)
		output_put_text(output, places[i], entry->texts[i]);
	output_put_time(output, HISTORY_ENDED, entry->ended_at);
	output_put_time(output, HISTORY_LOGIN_TIME, entry->login_time);
	uptime_words(lasted < 0 ? -1 : lasted * 1000, words, sizeof(words));
	output_put_number_as(output, HISTORY_DURATION, lasted, words);
	output_put_text(output, HISTORY_HOW, TEXT_TRUSTED(entry->how));
}

enum exit_status cli_history(const struct options *options)
{
	struct output_sink sink = output_stdout();
	OWN(session_log) struct session_log log = { 0 };
	struct err err = { 0 };
	struct output output;
	bool ok;

	output_init(&output, columns, HISTORY_COLUMNS);
	ok = session_log_read(options_choose_demo(options), &log, &err);
	for (size_t i = 0; ok && i < log.count; i++)
		if (is_meant(options, &log.at[i]))
			put_entry(&output, &log.at[i]);
	if (ok && options->sort)
		output_sort(&output, options->sort, NULL);
	ok = ok && output_write(&output, options->output, &sink, &err);
	output_finish(&output);
	if (ok)
		return EXIT_DONE;
	cli_say("%s", text_str(err_text(&err)));
	return cli_exit_of(err.kind);
}
