/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/output.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "engine/nearest.h"

#include <errno.h>
#include <jansson.h>
#include <langinfo.h>
#include <poll.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LEAST_CELLS = 8, REAL_DIGITS = 6 };

void output_prepare(void)
{
	json_set_alloc_funcs(mem_zalloc, free);
	json_object_seed(0);
}

/* --- where it goes --- */

struct output_sink output_stdout(void)
{
	struct winsize size = { 0 };
	struct output_sink sink = { .fd = STDOUT_FILENO };

	if (!isatty(sink.fd))
		return sink;
	sink.ascii = strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0;
	sink.cells = ioctl(sink.fd, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
	return sink;
}

static bool has_begun;

bool output_has_begun(void)
{
	return has_begun;
}

bool output_emit(struct output_sink *sink, const char *bytes, size_t len, struct err *err)
{
	struct pollfd poll_fd = { .fd = sink->fd, .events = POLLOUT };

	has_begun |= sink->fd == STDOUT_FILENO;
	while (len > 0 && !sink->reader_gone) {
		ssize_t written = write(sink->fd, bytes, len);

		if (written >= 0) {
			bytes += written;
			len -= (size_t)written;
		} else if (errno == EPIPE) {
			sink->reader_gone = true;
		} else if (errno == EAGAIN && (poll(&poll_fd, 1, -1) >= 0 || errno == EINTR)) {
			continue;
		} else if (errno != EINTR) {
			return err_set_errno(err, errno, _("cannot write the output"));
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
	free(output->widths);
	output->widths = NULL;
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

void output_put_number_as(struct output *output, size_t column, int64_t number, const char *words)
{
	output_put_number(output, column, number);
	if (number >= 0)
		output->at[output->count - 1][column].text = text_format("%s", words);
}

void output_put_kib(struct output *output, size_t column, int64_t kib)
{
	static const char units[] = "KMGTPE";
	double amount = (double)kib;
	char words[32];
	size_t unit = 0;

	while (amount >= 1024 && unit < sizeof(units) - 2) {
		amount /= 1024;
		unit++;
	}
	snprintf(words, sizeof(words), "%.1f%c", amount, units[unit]);
	output_put_number_as(output, column, kib, words);
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
	char buf[32] = "";

	clock_format_local((time_t)when, buf, sizeof(buf));
	buf[strlen("2026-11-22 15:56")] = '\0';
	output_put_number_as(output, column, when, buf);
	if (when >= 0)
		output->at[output->count - 1][column].type = OUTPUT_IS_TIME;
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

/* --- order --- */

struct order {
	size_t column;
	bool descending;
};

static int compare_rows(const void *a, const void *b, void *data)
{
	const struct order *order = data;
	const struct output_value *left = &(*(struct output_value *const *)a)[order->column];
	const struct output_value *right = &(*(struct output_value *const *)b)[order->column];
	int sign;

	if (left->type == OUTPUT_UNKNOWN || right->type == OUTPUT_UNKNOWN)
		return (left->type == OUTPUT_UNKNOWN) - (right->type == OUTPUT_UNKNOWN);
	if (left->type == OUTPUT_IS_TEXT)
		sign = text_compare(left->text, right->text);
	else if (left->type == OUTPUT_IS_REAL)
		sign = (left->real > right->real) - (left->real < right->real);
	else
		sign = (left->number > right->number) - (left->number < right->number);
	return order->descending ? -sign : sign;
}

/* One name a column: the attribute's, or else the field's. */
static const char *name_of(const struct output *output, size_t column)
{
	return output->attributes ? output->attributes[column]->name : output->columns[column].name;
}

static bool find_column(const struct output *output, const char *word, size_t *ret_column, struct err *err)
{
	size_t len = strlen(word), names_len = 0;
	const struct attribute *attribute;
	char names[1024] = "";
	struct nearest near;

	if (!len)
		return err_set(err, ERR_USAGE, "%s", _("--sort: empty value"));
	if (output->attributes && attribute_find(word, &attribute, NULL))
		for (size_t i = 0; i < output->column_count; i++)
			if (output->attributes[i] == attribute)
				return *ret_column = i, true;
	for (size_t i = 0; i < output->column_count; i++) {
		const struct output_column *column = &output->columns[i];

		if ((column->name && !strcasecmp(column->name, word)) ||
		    (column->title && !strcasecmp(column->title, word)))
			return *ret_column = i, true;
	}
	for (size_t i = 0; i < output->column_count; i++)
		if (output->columns[i].name && !strncasecmp(output->columns[i].name, word, len))
			return *ret_column = i, true;
	nearest_init(&near, word);
	for (size_t i = 0; i < output->column_count; i++) {
		const char *name = name_of(output, i);

		if (!name)
			continue;
		nearest_offer(&near, name);
		names_len += (size_t)snprintf(names + names_len, sizeof(names) - names_len, " %s", name);
	}
	if (near.name)
		return err_set(err, ERR_USAGE, _("unknown sort column %s; did you mean %s?"), word, near.name);
	return err_set(err, ERR_USAGE, _("unknown sort column %s; valid:%s"), word, names);
}

bool output_sort(struct output *output, const char *column, struct err *err)
{
	struct order order = { .descending = *column == '-' };

	if (!find_column(output, column + order.descending, &order.column, err))
		return false;
	if (output->count)
		qsort_r(output->at, output->count, sizeof(*output->at), compare_rows, &order);
	return true;
}

/* --- texts --- */

/* Empty: unknown. */
static struct safe_text plain_words(const struct output_value *value)
{
	char buf[32];

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
	case OUTPUT_IS_TIME:
		clock_format_offset((time_t)value->number, buf, sizeof(buf));
		return text_format("%s", buf);
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
		text_set(&words, text_to_ascii(words));
	return words;
}

/* --- the table --- */

static bool is_right(const struct output_column *column)
{
	return column->type == OUTPUT_IS_NUMBER || column->type == OUTPUT_IS_REAL;
}

static void print_table_row(const struct output *output, const struct output_value *row, bool ascii, const int *widths,
			    FILE *stream)
{
	const char *dots = ascii ? ".." : "…";
	int owed = 0; /* blanks, written once there is a cell behind them */

	for (size_t i = 0; i < output->column_count; i++) {
		OWN(text) struct safe_text words = { 0 };
		int blanks, shown;
		size_t len;

		if (!output->columns[i].title)
			continue;
		words = row ? cell_words(&row[i], ascii)
			    : text_format("%s", pgettext("column", output->columns[i].title));
		if (text_width(words) > widths[i]) {
			len = text_fit(words, widths[i] - text_width(TEXT_TRUSTED(dots)), &shown);
			text_set(&words, text_format("%.*s%s", (int)len, text_str(words), dots));
		}
		blanks = widths[i] - text_width(words);
		fprintf(stream, "%*s%s", owed + (is_right(&output->columns[i]) ? blanks : 0), "", text_str(words));
		owed = 2 + (is_right(&output->columns[i]) ? 0 : blanks);
	}
	fputc('\n', stream);
}

/* Lines that the terminal would wrap are hard to read: cuts the widest texts, but no numbers and times. */
static void fit_widths(const struct output *output, int cells, int *widths)
{
	for (;;) {
		int total = -2, widest = -1;

		for (size_t i = 0; i < output->column_count; i++) {
			const struct output_column *column = &output->columns[i];
			bool is_text = column->title && !is_right(column) && column != output->whole;

			if (column->title)
				total += widths[i] + 2;
			for (size_t row = 0; row < output->count && is_text; row++)
				is_text = output->at[row][i].type != OUTPUT_IS_TIME;
			if (is_text && widths[i] > LEAST_CELLS && (widest < 0 || widths[i] > widths[widest]))
				widest = (int)i;
		}
		if (total <= cells || widest < 0)
			return;
		widths[widest]--;
	}
}

void output_reserve(struct output *output, size_t column, struct safe_text text)
{
	if (!output->widths)
		output->widths = mem_zalloc(output->column_count * sizeof(*output->widths));
	output->widths[column] = MAX(output->widths[column], text_width(text));
}

static void print_table(struct output *output, const struct output_sink *sink, FILE *stream)
{
	for (size_t column = 0; column < output->column_count; column++) {
		const char *title = output->columns[column].title;

		if (!title)
			continue;
		output_reserve(output, column, TEXT_TRUSTED(pgettext("column", title)));
		for (size_t i = 0; i < output->count; i++) {
			OWN(text) struct safe_text words = cell_words(&output->at[i][column], sink->ascii);

			output_reserve(output, column, words);
		}
	}
	if (sink->cells)
		fit_widths(output, sink->cells, output->widths);
	if (!output->has_heading)
		print_table_row(output, NULL, sink->ascii, output->widths, stream);
	for (size_t i = 0; i < output->count; i++)
		print_table_row(output, output->at[i], sink->ascii, output->widths, stream);
}

/* --- forms --- */

static void print_forms(const struct output *output, bool ascii, FILE *stream)
{
	int width = 0;

	for (size_t i = 0; i < output->column_count; i++)
		if (output->columns[i].title)
			width = MAX(width, text_width(TEXT_TRUSTED(pgettext("column", output->columns[i].title))));
	for (size_t row = 0; row < output->count; row++) {
		if (row)
			fputc('\n', stream);
		for (size_t i = 0; i < output->column_count; i++) {
			const char *title =
				output->columns[i].title ? pgettext("column", output->columns[i].title) : NULL;
			OWN(text) struct safe_text words = cell_words(&output->at[row][i], ascii);

			if (title)
				fprintf(stream, "%s%*s%s\n", title, width - text_width(TEXT_TRUSTED(title)) + 2, "",
					text_str(words));
		}
	}
}

/* --- CSV --- */

/*
 * What a spreadsheet takes for a formula, as it would what begins with a control character, which no safe text does,
 * gets a quote in front, which makes it a text; a text that begins with one gets another, so that whoever takes one
 * away has what it was.
 */
static void print_csv_value(const struct output_value *value, FILE *stream)
{
	static const char *const signs[] = { "=", "+", "-", "@", "'", "＝", "＋", "－", "＠" };
	const bool is_text = value->type == OUTPUT_IS_TEXT || value->type == OUTPUT_IS_ROWS;
	OWN(text) struct safe_text words = plain_words(value);
	const char *quote;

	for (size_t i = 0; is_text && i < ARRAY_SIZE(signs); i++) {
		if (strncmp(text_str(words), signs[i], strlen(signs[i])) != 0)
			continue;
		text_set(&words, text_format("'%s", text_str(words)));
		break;
	}
	quote = strpbrk(text_str(words), ",\"\r\n") ? "\"" : "";
	fputs(quote, stream);
	for (const char *s = text_str(words); *s; s++)
		fprintf(stream, "%s%c", *s == '"' ? "\"" : "", *s);
	fputs(quote, stream);
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

/* --- JSON --- */

static json_t *object_of(const struct output *output, size_t row);

static json_t *array_of(const struct output *output)
{
	json_t *array = json_array();

	for (size_t i = 0; i < output->count; i++)
		json_array_append_new(array, object_of(output, i));
	return array;
}

static json_t *json_time(int64_t when)
{
	char buf[32];

	clock_format_offset((time_t)when, buf, sizeof(buf));
	return json_string(buf);
}

static json_t *object_of(const struct output *output, size_t row)
{
	json_t *object = json_object();

	for (size_t i = 0; i < output->column_count; i++) {
		const struct output_value *value = &output->at[row][i];
		json_t *json = value->type == OUTPUT_IS_TEXT     ? json_string(text_str(value->text))
			       : value->type == OUTPUT_IS_TIME   ? json_time(value->number)
			       : value->type == OUTPUT_IS_NUMBER ? json_integer(value->number)
			       : value->type == OUTPUT_IS_REAL   ? json_real(value->real)
			       : value->type == OUTPUT_IS_BOOL   ? json_boolean(value->number)
			       : value->type == OUTPUT_IS_ROWS   ? array_of(value->rows)
								 : json_null();

		if (output->columns[i].name)
			json_object_set_new(object, output->columns[i].name, json);
		else
			json_decref(json);
	}
	return object;
}

/* Takes `json`. */
static void print_json(json_t *json, size_t flags, FILE *stream)
{
	json_dumpf(json, stream, flags | JSON_REAL_PRECISION(REAL_DIGITS));
	fputc('\n', stream);
	json_decref(json);
}

/* --- whole --- */

/* Composed in memory first, so that a write error is reported with its reason. */
struct page {
	FILE *stream;
	char *bytes;
	size_t len;
};

static bool emit_page(struct page *page, struct output_sink *sink, struct err *err)
{
	bool ok = fclose(page->stream) == 0 ? output_emit(sink, page->bytes, page->len, err)
					    : err_set_errno(err, errno, _("cannot compose the output"));

	free(page->bytes);
	return ok;
}

bool output_write(struct output *output, enum output_format format, struct output_sink *sink, struct err *err)
{
	struct page page;

	page.stream = mem_stream(&page.bytes, &page.len);
	if (format == OUTPUT_JSON)
		print_json(array_of(output), JSON_INDENT(2), page.stream);
	else if (format == OUTPUT_CSV)
		print_csv(output, true, page.stream);
	else if (output->as_forms)
		print_forms(output, sink->ascii, page.stream);
	else
		print_table(output, sink, page.stream);
	free(output->widths);
	output->widths = NULL;
	output->has_heading = false;
	return emit_page(&page, sink, err);
}

bool output_write_rows(struct output *output, struct output_sink *sink, struct err *err)
{
	struct page page;

	page.stream = mem_stream(&page.bytes, &page.len);
	print_table(output, sink, page.stream);
	output->has_heading = true;
	free_rows(output);
	return emit_page(&page, sink, err);
}

bool output_write_lines(struct output *output, enum output_format format, bool first, struct output_sink *sink,
			struct err *err)
{
	struct page page;

	page.stream = mem_stream(&page.bytes, &page.len);
	if (format == OUTPUT_CSV)
		print_csv(output, first, page.stream);
	for (size_t i = 0; i < output->count && format == OUTPUT_JSON; i++)
		print_json(object_of(output, i), JSON_COMPACT, page.stream);
	free_rows(output);
	return emit_page(&page, sink, err);
}
