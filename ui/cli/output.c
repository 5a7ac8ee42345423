/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/output.h"

#include "base/clock.h"
#include "engine/nearest.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

static bool wait_writable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

	return poll(&poll_fd, 1, -1) >= 0 || errno == EINTR;
}

static bool has_begun;

bool output_has_begun(void)
{
	return has_begun;
}

bool output_emit(struct output_sink *sink, const char *bytes, size_t len, struct err *err)
{
	has_begun |= sink->fd == STDOUT_FILENO;
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
	char buf[32];

	if (when < 0)
		return;
	clock_format_utc((time_t)when, buf, sizeof(buf));
	output_put_text(output, column, TEXT_TRUSTED(buf));
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

static bool find_column(const struct output *output, const char *word, size_t *ret_column)
{
	size_t len = strlen(word);

	for (size_t i = 0; i < output->column_count; i++) {
		const struct output_column *column = &output->columns[i];

		if ((column->name && !strcasecmp(column->name, word)) ||
		    (column->title && !strcasecmp(column->title, word)))
			return *ret_column = i, true;
	}
	for (size_t i = 0; i < output->column_count && len; i++)
		if (output->columns[i].name && !strncasecmp(output->columns[i].name, word, len))
			return *ret_column = i, true;
	return false;
}

static bool set_no_such_column(const struct output *output, const char *name, struct err *err)
{
	char names[512] = "";
	size_t len = 0;
	struct nearest near;

	nearest_init(&near, name);
	for (size_t i = 0; i < output->column_count; i++) {
		if (!output->columns[i].name)
			continue;
		nearest_offer(&near, output->columns[i].name);
		len += (size_t)snprintf(names + len, sizeof(names) - len, " %s", output->columns[i].name);
	}
	if (near.name)
		return err_set(err, ERR_USAGE, _("unknown sort column %s; did you mean %s?"), name, near.name);
	return err_set(err, ERR_USAGE, _("unknown sort column %s; valid:%s"), name, names);
}

bool output_sort(struct output *output, const char *column, struct err *err)
{
	struct order order = { .descending = *column == '-' };

	if (!find_column(output, column + order.descending, &order.column))
		return set_no_such_column(output, column + order.descending, err);
	if (output->count)
		qsort_r(output->at, output->count, sizeof(*output->at), compare_rows, &order);
	return true;
}

/* --- whole --- */

/* Composed in memory first, so that a write error is reported with its reason. */
struct page {
	FILE *stream;
	char *bytes;
	size_t len;
};

static bool open_page(struct page *page, struct err *err)
{
	page->stream = open_memstream(&page->bytes, &page->len);
	return page->stream || err_set_errno(err, errno, _("cannot compose the output"));
}

static bool emit_page(struct page *page, struct output_sink *sink, struct err *err)
{
	bool composed = fclose(page->stream) == 0;
	bool ok = composed ? output_emit(sink, page->bytes, page->len, err)
			   : err_set_errno(err, errno, _("cannot compose the output"));

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
		output_print_csv(output, true, page.stream);
	else
		output_print_table(output, sink, page.stream);
	return emit_page(&page, sink, err);
}

bool output_write_forms(const struct output *output, struct output_sink *sink, struct err *err)
{
	struct page page = { 0 };

	if (!open_page(&page, err))
		return false;
	output_print_forms(output, sink->ascii, page.stream);
	return emit_page(&page, sink, err);
}

bool output_write_lines(struct output *output, enum output_format format, bool first, struct output_sink *sink,
			struct err *err)
{
	struct page page = { 0 };

	if (!open_page(&page, err))
		return false;
	if (format == OUTPUT_CSV)
		output_print_csv(output, first, page.stream);
	else if (format == OUTPUT_TEXT)
		output_print_plain(output, sink->ascii, page.stream);
	for (size_t i = 0; i < output->count && format == OUTPUT_JSON; i++)
		output_print_json_line(output, i, page.stream);
	free_rows(output);
	return emit_page(&page, sink, err);
}
