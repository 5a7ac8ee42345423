/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/cli_private.h"

#include "base/clock.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { PROGRESS_EVERY_MS = 100, COLUMNS_DEFAULT = 80 };

static struct safe_text for_stderr(struct safe_text text)
{
	if (isatty(STDERR_FILENO) && strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0)
		text_set(&text, output_to_ascii(text));
	return text;
}

static struct safe_text format_line(const char *format, va_list ap) PRINTF_LIKE(1, 0);

static struct safe_text format_line(const char *format, va_list ap)
{
	char *words;
	struct safe_text text;

	if (vasprintf(&words, format, ap) < 0)
		return (struct safe_text){ NULL };
	words[strcspn(words, "\n")] = '\0';
	text = for_stderr(text_format("%s", words));
	free(words);
	return text;
}

void cli_say(const char *format, ...)
{
	struct safe_text text;
	va_list ap;

	va_start(ap, format);
	text = format_line(format, ap);
	va_end(ap);
	fprintf(stderr, "innkeeper: %s\n", text_str(text));
	text_free(&text);
}

void cli_ask_line(const char *format, ...)
{
	bool line_end = format[strlen(format) - 1] == '\n';
	struct safe_text text;
	va_list ap;

	va_start(ap, format);
	text = format_line(format, ap);
	va_end(ap);
	fprintf(stderr, "%s%s", text_str(text), line_end ? "\n" : "");
	text_free(&text);
}

void cli_say_complaints(const struct config_complaints *complaints)
{
	for (size_t i = 0; i < complaints->count; i++) {
		const struct config_complaint *complaint = &complaints->at[i];

		if (complaint->line > 0)
			cli_say("%s:%d: %s", complaint->file, complaint->line, text_str(complaint->text));
		else
			cli_say("%s: %s", complaint->file, text_str(complaint->text));
	}
}

static int terminal_columns(void)
{
	struct winsize size;

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col : COLUMNS_DEFAULT;
}

/* Blanks and carriage returns alone: no terminal needs to be known for that. */
void cli_progress_clear(struct cli *cli)
{
	if (cli->progress_cells)
		fprintf(stderr, "\r%*s\r", cli->progress_cells, "");
	cli->progress_cells = 0;
}

void cli_progress(struct cli *cli, const char *format, ...)
{
	struct safe_text text;
	va_list ap;
	size_t len;
	int cells;

	if (!cli->shows_progress || (cli->progress_cells && clock_ms() - cli->progress_at < PROGRESS_EVERY_MS))
		return;
	va_start(ap, format);
	text = format_line(format, ap);
	va_end(ap);
	len = text_fit(text, terminal_columns() - 1, &cells);
	fprintf(stderr, "\r%.*s%*s", (int)len, text_str(text), MAX(cli->progress_cells - cells, 0), "");
	cli->progress_cells = MAX(cli->progress_cells, cells);
	cli->progress_at = clock_ms();
	text_free(&text);
}
