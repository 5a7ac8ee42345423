/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "app/output.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* --- where it goes --- */

static bool locale_is_utf8(void)
{
	return !strcasecmp(nl_langinfo(CODESET), "UTF-8");
}

struct output_sink output_stdout(void)
{
	return (struct output_sink){ .fd = STDOUT_FILENO, .ascii = isatty(STDOUT_FILENO) && !locale_is_utf8() };
}

static bool wait_writable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

	return poll(&poll_fd, 1, -1) >= 0 || errno == EINTR;
}

bool output_emit(struct output_sink *sink, const char *bytes, size_t len, struct err *err)
{
	while (len > 0 && !sink->reader_gone) {
		ssize_t written = write(sink->fd, bytes, len);

		if (written >= 0) {
			bytes += written;
			len -= (size_t)written;
		} else if (errno == EPIPE) {
			sink->reader_gone = true;
		} else if (errno == EAGAIN && wait_writable(sink->fd)) {
			continue;
		} else if (errno != EINTR) {
			return err_set_errno(err, errno, _("the output could not be written"));
		}
	}
	return true;
}

/* --- rows --- */

void output_init(struct output *output, const struct output_column *columns, size_t column_count)
{
	*output = (struct output){ .columns = columns, .column_count = column_count };
}

static void clear_value(struct output_value *value)
{
	text_free(&value->text);
	if (value->rows) {
		output_finish(value->rows);
		free(value->rows);
	}
	*value = (struct output_value){ 0 };
}

static void free_rows(struct output *output)
{
	for (size_t i = 0; i < output->count; i++) {
		for (size_t column = 0; column < output->column_count; column++)
			clear_value(&output->at[i][column]);
		free(output->at[i]);
	}
	output->count = 0;
}

void output_finish(struct output *output)
{
	free_rows(output);
	VEC_FREE(output);
}

void output_row(struct output *output)
{
	*VEC_PUSH(output) = mem_zalloc(output->column_count * sizeof(struct output_value));
}

static struct output_value *place(struct output *output, size_t column)
{
	struct output_value *value = &output->at[output->count - 1][column];

	clear_value(value);
	return value;
}

void output_put_text(struct output *output, size_t column, struct safe_text text)
{
	struct output_value *value = place(output, column);

	if (text_is_empty(text))
		return;
	value->type = OUTPUT_IS_TEXT;
	value->text = text_copy(text);
}

void output_put_number(struct output *output, size_t column, int64_t number)
{
	if (number < 0)
		return;
	*place(output, column) = (struct output_value){ .type = OUTPUT_IS_NUMBER, .number = number };
}

void output_put_kib(struct output *output, size_t column, int64_t kib)
{
	static const char units[] = "KMGTPE";
	double amount = (double)kib;
	size_t unit = 0;

	output_put_number(output, column, kib);
	if (kib < 0)
		return;
	while (amount >= 1024 && unit < sizeof(units) - 2) {
		amount /= 1024;
		unit++;
	}
	output->at[output->count - 1][column].text = text_format("%.1f%c", amount, units[unit]);
}

void output_put_unknown(struct output *output, size_t column, struct safe_text why)
{
	place(output, column)->text = text_copy(why);
}

void output_put_real(struct output *output, size_t column, double number)
{
	if (!(number >= 0))
		return;
	*place(output, column) = (struct output_value){ .type = OUTPUT_IS_REAL, .real = number };
}

void output_put_bool(struct output *output, size_t column, int truth)
{
	if (truth < 0)
		return;
	*place(output, column) = (struct output_value){ .type = OUTPUT_IS_BOOL, .number = truth != 0 };
}

void output_put_time(struct output *output, size_t column, int64_t when)
{
	char buf[32];

	if (when < 0)
		return;
	clock_format_utc((time_t)when, buf, sizeof(buf));
	output_put_text(output, column, TEXT_OURS(buf));
}

void output_put_rows(struct output *output, size_t column, struct output *rows, struct safe_text words)
{
	struct output_value *value = place(output, column);

	value->type = OUTPUT_IS_ROWS;
	value->text = text_copy(words);
	value->rows = mem_zalloc(sizeof(*rows));
	*value->rows = *rows;
	output_init(rows, rows->columns, rows->column_count);
}

/* As a person reads it in the table, and as a program reads it in CSV. */
static struct safe_text plain_words(const struct output_value *value)
{
	switch (value->type) {
	case OUTPUT_UNKNOWN:
		break;
	case OUTPUT_IS_TEXT:
	case OUTPUT_IS_ROWS:
		return text_is_empty(value->text) ? text_format("-") : text_copy(value->text);
	case OUTPUT_IS_NUMBER:
		return text_format("%lld", (long long)value->number);
	case OUTPUT_IS_REAL:
		return text_format("%.1f", value->real);
	case OUTPUT_IS_BOOL:
		return text_format("%s", value->number ? "true" : "false");
	}
	return text_format("-");
}

static struct safe_text cell_words(const struct output_value *value, bool ascii)
{
	struct safe_text words;

	if (value->type == OUTPUT_IS_BOOL)
		words = text_format("%s", value->number ? _("yes") : _("no"));
	else
		words = text_is_empty(value->text) ? plain_words(value) : text_copy(value->text);
	if (ascii)
		text_set(&words, output_to_ascii(words));
	return words;
}

/* --- order --- */

struct order {
	size_t column;
	bool descending;
};

static int compare_values(const struct output_value *a, const struct output_value *b)
{
	if (a->type == OUTPUT_IS_TEXT && b->type == OUTPUT_IS_TEXT)
		return text_compare(a->text, b->text);
	if (a->type == OUTPUT_IS_REAL && b->type == OUTPUT_IS_REAL)
		return (a->real > b->real) - (a->real < b->real);
	return (a->number > b->number) - (a->number < b->number);
}

static int compare_rows(const void *a, const void *b, void *data)
{
	const struct order *order = data;
	const struct output_value *left = &(*(struct output_value *const *)a)[order->column];
	const struct output_value *right = &(*(struct output_value *const *)b)[order->column];
	int sign;

	if (left->type == OUTPUT_UNKNOWN || right->type == OUTPUT_UNKNOWN)
		return (left->type == OUTPUT_UNKNOWN) - (right->type == OUTPUT_UNKNOWN);
	sign = compare_values(left, right);
	return order->descending ? -sign : sign;
}

static bool is_called(const struct output_column *column, const char *word)
{
	return (column->name && !strcasecmp(column->name, word)) || (column->title && !strcasecmp(column->title, word));
}

static bool find_column(const struct output *output, const char *word, size_t *ret_column)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < output->column_count; i++)
		if (is_called(&output->columns[i], word))
			return *ret_column = i, true;
	for (size_t i = 0; i < output->column_count && len; i++)
		if (output->columns[i].name && !strncasecmp(output->columns[i].name, word, len))
			return *ret_column = i, true;
	return false;
}

bool output_sort(struct output *output, const char *column, struct err *err)
{
	struct order order = { .descending = *column == '-' };

	if (!find_column(output, column + order.descending, &order.column))
		return err_set(err, ERR_USAGE, _("there is no column %s to sort by; innkeeper(1) lists them"),
			       column + order.descending);
	if (output->count)
		qsort_r(output->at, output->count, sizeof(*output->at), compare_rows, &order);
	return true;
}

/* --- text --- */

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

static void measure(const struct output *output, bool ascii, int *widths)
{
	for (size_t column = 0; column < output->column_count; column++) {
		widths[column] = output->columns[column].title ? text_width(TEXT_OURS(_(output->columns[column].title))) : 0;
		for (size_t i = 0; i < output->count && output->columns[column].title; i++) {
			struct safe_text words = cell_words(&output->at[i][column], ascii);

			widths[column] = MAX(widths[column], text_width(words));
			text_free(&words);
		}
	}
}

/* The last cell of a line gets no blanks behind it. */
static void print_cell(FILE *stream, const struct output_column *column, const char *words, int width, int *owed)
{
	int blanks = width - text_width(TEXT_OURS(words));

	fprintf(stream, "%*s", *owed + (column->right ? blanks : 0), "");
	fputs(words, stream);
	*owed = 2 + (column->right ? 0 : blanks);
}

static void print_table_row(const struct output *output, const struct output_value *row, bool ascii, const int *widths,
			    FILE *stream)
{
	int owed = 0;

	for (size_t i = 0; i < output->column_count; i++) {
		struct safe_text words;

		if (!output->columns[i].title)
			continue;
		words = row ? cell_words(&row[i], ascii) : text_format("%s", _(output->columns[i].title));
		print_cell(stream, &output->columns[i], text_str(words), widths[i], &owed);
		text_free(&words);
	}
	fputc('\n', stream);
}

static void print_table(const struct output *output, bool ascii, FILE *stream)
{
	int *widths = mem_zalloc(output->column_count * sizeof(*widths));

	measure(output, ascii, widths);
	print_table_row(output, NULL, ascii, widths, stream);
	for (size_t i = 0; i < output->count; i++)
		print_table_row(output, output->at[i], ascii, widths, stream);
	free(widths);
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

static void print_csv_value(const struct output_value *value, FILE *stream)
{
	struct safe_text words = plain_words(value);

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

static void print_csv(const struct output *output, bool with_header, FILE *stream)
{
	if (with_header)
		print_csv_row(output, NULL, stream);
	for (size_t i = 0; i < output->count; i++)
		print_csv_row(output, output->at[i], stream);
}

/* --- whole --- */

/* Composed in memory first, so that a failing write is seen with its reason. */
struct page {
	FILE *stream;
	char *bytes;
	size_t len;
};

static bool open_page(struct page *page, struct err *err)
{
	page->stream = open_memstream(&page->bytes, &page->len);
	return page->stream || err_set_errno(err, errno, _("the output could not be composed"));
}

static bool emit_page(struct page *page, struct output_sink *sink, struct err *err)
{
	bool composed = fclose(page->stream) == 0;
	bool ok = composed ? output_emit(sink, page->bytes, page->len, err) :
			     err_set_errno(err, errno, _("the output could not be composed"));

	free(page->bytes);
	return ok;
}

bool output_write(const struct output *output, enum output_format format, struct output_sink *sink, struct err *err)
{
	struct page page = { 0 };

	if (!open_page(&page, err))
		return false;
	if (format == OUTPUT_JSON)
		output_print_json(output, page.stream);
	else if (format == OUTPUT_CSV)
		print_csv(output, true, page.stream);
	else
		print_table(output, sink->ascii, page.stream);
	return emit_page(&page, sink, err);
}

static void print_form_line(const struct output_column *column, const char *words, int width, FILE *stream)
{
	const char *title = _(column->title);

	fprintf(stream, "%s%*s%s\n", title, width - text_width(TEXT_OURS(title)) + 2, "", words);
}

bool output_write_forms(const struct output *output, struct output_sink *sink, struct err *err)
{
	struct page page = { 0 };
	int width = 0;

	if (!open_page(&page, err))
		return false;
	for (size_t i = 0; i < output->column_count; i++)
		if (output->columns[i].title)
			width = MAX(width, text_width(TEXT_OURS(_(output->columns[i].title))));
	for (size_t row = 0; row < output->count; row++) {
		if (row)
			fputc('\n', page.stream);
		for (size_t i = 0; i < output->column_count; i++) {
			struct safe_text words = cell_words(&output->at[row][i], sink->ascii);

			if (output->columns[i].title)
				print_form_line(&output->columns[i], text_str(words), width, page.stream);
			text_free(&words);
		}
	}
	return emit_page(&page, sink, err);
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

bool output_write_lines(struct output *output, enum output_format format, bool first, struct output_sink *sink,
			struct err *err)
{
	struct page page = { 0 };

	if (!open_page(&page, err))
		return false;
	if (format == OUTPUT_CSV)
		print_csv(output, first, page.stream);
	for (size_t i = 0; i < output->count && format != OUTPUT_CSV; i++) {
		if (format == OUTPUT_JSON)
			output_print_json_line(output, i, page.stream);
		else
			print_plain_line(output, output->at[i], sink->ascii, page.stream);
	}
	free_rows(output);
	return emit_page(&page, sink, err);
}
