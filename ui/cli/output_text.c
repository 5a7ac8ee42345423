/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people read, and CSV; output_json.c has the third form. */
#include "base/utf8.h"
#include "ui/cli/output.h"

#include <stdio.h>
#include <string.h>

enum { LEAST_CELLS = 8 };

struct safe_text output_to_ascii(struct safe_text text)
{
	const char *s = text_str(text);
	size_t len = strlen(s), n, out_len = 0;
	char *out = mem_zalloc(8 * len + 1);
	struct safe_text ascii;

	for (size_t at = 0; at < len; at += MAX(n, 1)) {
		uint32_t code_point = 0;

		n = utf8_decode(s + at, len - at, &code_point);
		if (n == 1)
			out[out_len++] = s[at];
		else
			out_len += (size_t)snprintf(out + out_len, 16, "<U+%04X>", (unsigned)code_point);
	}
	ascii = text_format("%s", out);
	free(out);
	return ascii;
}

/* Empty: unknown. */
static struct safe_text plain_words(const struct output_value *value)
{
	switch (value->type) {
	case OUTPUT_UNKNOWN:
		break;
	case OUTPUT_IS_TEXT:
	case OUTPUT_IS_ROWS:
		return text_copy(value->text);
	case OUTPUT_IS_NUMBER:
		return text_format("%lld", (long long)value->number);
	case OUTPUT_IS_REAL:
		return text_format("%.1f", value->real);
	case OUTPUT_IS_BOOL:
		return text_format("%s", value->number ? "true" : "false");
	}
	return (struct safe_text){ NULL };
}

/* Somebody may be called "-". */
static struct safe_text cell_words(const struct output_value *value, bool ascii)
{
	struct safe_text words;

	if (value->type == OUTPUT_IS_BOOL)
		words = text_format("%s", value->number ? _("yes") : _("no"));
	else
		words = text_is_empty(value->text) ? plain_words(value) : text_copy(value->text);
	if (text_is_empty(words) || (value->type == OUTPUT_IS_TEXT && strcmp(text_str(words), "-") == 0))
		text_set(&words, text_format("%s", text_is_empty(words) ? "-" : "\"-\""));
	if (ascii)
		text_set(&words, output_to_ascii(words));
	return words;
}

/* --- the table --- */

static void measure(const struct output *output, bool ascii, int *widths)
{
	for (size_t column = 0; column < output->column_count; column++) {
		widths[column] =
			output->columns[column].title ? text_width(TEXT_TRUSTED(_(output->columns[column].title))) : 0;
		for (size_t i = 0; i < output->count && output->columns[column].title; i++) {
			struct safe_text words = cell_words(&output->at[i][column], ascii);

			widths[column] = MAX(widths[column], text_width(words));
			text_free(&words);
		}
	}
}

/* Lines that the terminal would wrap are hard to read: shrinks the column that may be cut. */
static void fit(const struct output *output, const struct output_sink *sink, int *widths)
{
	int total = -2;

	for (size_t column = 0; column < output->column_count; column++)
		total += output->columns[column].title ? widths[column] + 2 : 0;
	for (size_t column = 0; column < output->column_count && sink->cells; column++)
		if (&output->columns[column] == output->may_be_cut && total > sink->cells)
			widths[column] = MAX(widths[column] - (total - sink->cells), MIN(widths[column], LEAST_CELLS));
}

static void print_table_row(const struct output *output, const struct output_value *row, bool ascii, const int *widths,
			    FILE *stream)
{
	const char *dots = ascii ? ".." : "…";
	int owed = 0; /* blanks, written once there is a cell behind them */

	for (size_t i = 0; i < output->column_count; i++) {
		struct safe_text words;
		int blanks, shown;
		size_t len;

		if (!output->columns[i].title)
			continue;
		words = row ? cell_words(&row[i], ascii) : text_format("%s", _(output->columns[i].title));
		if (text_width(words) > widths[i]) {
			len = text_fit(words, widths[i] - text_width(TEXT_TRUSTED(dots)), &shown);
			text_set(&words, text_format("%.*s%s", (int)len, text_str(words), dots));
		}
		blanks = widths[i] - text_width(words);
		fprintf(stream, "%*s%s", owed + (output->columns[i].right ? blanks : 0), "", text_str(words));
		owed = 2 + (output->columns[i].right ? 0 : blanks);
		text_free(&words);
	}
	fputc('\n', stream);
}

void output_print_table(const struct output *output, const struct output_sink *sink, FILE *stream)
{
	int *widths = mem_zalloc(output->column_count * sizeof(*widths));
	const bool ascii = sink->ascii;

	measure(output, ascii, widths);
	fit(output, sink, widths);
	print_table_row(output, NULL, ascii, widths, stream);
	for (size_t i = 0; i < output->count; i++)
		print_table_row(output, output->at[i], ascii, widths, stream);
	free(widths);
}

/* --- forms and lines --- */

void output_print_forms(const struct output *output, bool ascii, FILE *stream)
{
	int width = 0;

	for (size_t i = 0; i < output->column_count; i++)
		if (output->columns[i].title)
			width = MAX(width, text_width(TEXT_TRUSTED(_(output->columns[i].title))));
	for (size_t row = 0; row < output->count; row++) {
		if (row)
			fputc('\n', stream);
		for (size_t i = 0; i < output->column_count; i++) {
			const char *title = output->columns[i].title ? _(output->columns[i].title) : NULL;
			struct safe_text words = cell_words(&output->at[row][i], ascii);

			if (title)
				fprintf(stream, "%s%*s%s\n", title, width - text_width(TEXT_TRUSTED(title)) + 2, "",
					text_str(words));
			text_free(&words);
		}
	}
}

static void print_plain_line(const struct output *output, const struct output_value *row, bool ascii, FILE *stream)
{
	const char *between = "";

	for (size_t i = 0; i < output->column_count; i++) {
		struct safe_text words;

		if (!output->columns[i].title)
			continue;
		words = cell_words(&row[i], ascii);
		fprintf(stream, "%s%s", between, text_str(words));
		text_free(&words);
		between = "  ";
	}
	fputc('\n', stream);
}

void output_print_plain(const struct output *output, bool ascii, FILE *stream)
{
	for (size_t i = 0; i < output->count; i++)
		print_plain_line(output, output->at[i], ascii, stream);
}

/* --- CSV --- */

static void print_csv_field(const char *words, FILE *stream)
{
	if (!strpbrk(words, ",\"\r\n")) {
		fputs(words, stream);
		return;
	}
	fputc('"', stream);
	for (; *words; words++) {
		if (*words == '"')
			fputc('"', stream);
		fputc(*words, stream);
	}
	fputc('"', stream);
}

/*
 * To a spreadsheet, as would one that begins with a control character, which no safe text does. A quote in front makes
 * it a text; a text that begins with one gets another, so that whoever takes one away has what it was.
 */
static bool looks_like_a_formula(const char *words)
{
	static const char *const signs[] = { "=", "+", "-", "@", "'", "＝", "＋", "－", "＠" };

	for (size_t i = 0; i < ARRAY_SIZE(signs); i++)
		if (strncmp(words, signs[i], strlen(signs[i])) == 0)
			return true;
	return false;
}

static void print_csv_value(const struct output_value *value, FILE *stream)
{
	struct safe_text words = plain_words(value);

	if ((value->type == OUTPUT_IS_TEXT || value->type == OUTPUT_IS_ROWS) && looks_like_a_formula(text_str(words)))
		text_set(&words, text_format("'%s", text_str(words)));
	print_csv_field(text_str(words), stream);
	text_free(&words);
}

static void print_csv_row(const struct output *output, const struct output_value *row, FILE *stream)
{
	const char *between = "";

	for (size_t i = 0; i < output->column_count; i++) {
		if (!output->columns[i].name)
			continue;
		fputs(between, stream);
		between = ",";
		if (row)
			print_csv_value(&row[i], stream);
		else
			fputs(output->columns[i].name, stream);
	}
	fputs("\r\n", stream);
}

void output_print_csv(const struct output *output, bool with_header, FILE *stream)
{
	if (with_header)
		print_csv_row(output, NULL, stream);
	for (size_t i = 0; i < output->count; i++)
		print_csv_row(output, output->at[i], stream);
}
