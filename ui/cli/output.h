/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - what a command writes on stdout: rows, as a text table, as JSON or as CSV (RFC 4180).
 *
 * Unknown is "-" in the table (a text "-" is "\"-\"" there), null in JSON, an empty field in CSV, never 0; a place that
 * nothing was put into is unknown. A text in CSV that a spreadsheet would take for a formula begins with a quote.
 * Texts are safe texts, so no escape sequence can be among the bytes; on a terminal that is no UTF-8 one, whatever is
 * not ASCII is spelled out.
 *
 *	output_init -> { output_row -> output_put_*() ... } ... -> output_write -> output_finish
 */
#pragma once

#include "base/vec.h"
#include "model/attribute.h"
#include "ui/cli/options.h"

#include <time.h>

enum output_type {
	OUTPUT_UNKNOWN, /* of a value */
	OUTPUT_IS_TEXT,
	OUTPUT_IS_NUMBER,
	OUTPUT_IS_REAL,
	OUTPUT_IS_BOOL,
	OUTPUT_IS_TIME, /* number: seconds since 1970 */
	OUTPUT_IS_ROWS,
};

struct output_column {
	const char *name;      /* the field's name in JSON and CSV; NULL: not there */
	const char *title;     /* its heading in the table; NULL: not in the table */
	enum output_type type; /* of its values that are known; numbers are aligned to the right */
};

/*
 * An enum of a command's columns and the table that it counts, of one row each: rows is a macro,
 *	#define ROWS(ROW) ROW(SOME_NAME, "name", N_("NAME"), OUTPUT_IS_TEXT) ...
 */
#define OUTPUT_COLUMNS(rows, count_name) \
	enum { rows(OUTPUT_ID) count_name }; \
	static const struct output_column columns[count_name] = { rows(OUTPUT_COLUMN) }
#define OUTPUT_ID(id, ...)     id,
#define OUTPUT_COLUMN(id, ...) [id] = { __VA_ARGS__ },

struct output_value {
	enum output_type type;
	struct safe_text text; /* owned; of what is no text: its form in the table, empty: the usual one */
	int64_t number;
	double real;
	struct output *rows; /* owned */
};

struct output {
	const struct output_column *columns;
	const struct output_column *whole; /* that is not cut on a narrow terminal, whatever its width; NULL: none */
	const struct attribute *const *attributes; /* one a column: its name sorts, too; NULL: none */
	bool as_forms; /* instead of a table, for few rows: "name  value" lines, a blank line between rows */
	size_t column_count;
	int *widths;      /* owned; of the table's columns, as far as they are known; NULL before */
	bool has_heading; /* of the table, which is written in parts */
	VEC(struct output_value *);
};

/* The process's standard output. */
struct output_sink {
	int fd;
	bool ascii;       /* a terminal that does not speak UTF-8 */
	int cells;        /* a terminal's width; 0: no terminal, or unknown */
	bool reader_gone; /* EPIPE: the reader has closed the pipe, which is no error */
};

/* Once, before there are threads. */
void output_prepare(void);
struct output_sink output_stdout(void);

void output_init(struct output *output, const struct output_column *columns, size_t column_count);
void output_finish(struct output *output);

void output_row(struct output *output);                                            /* what follows goes into this one */
void output_put_text(struct output *output, size_t column, struct safe_text text); /* copied; empty: unknown */
void output_put_number(struct output *output, size_t column, int64_t number);      /* negative: unknown */
/* words: how the table says it; empty: as the number. */
void output_put_number_as(struct output *output, size_t column, int64_t number, const char *words);
void output_put_kib(struct output *output, size_t column, int64_t kib);              /* the table says 1.5G */
void output_put_unknown(struct output *output, size_t column, struct safe_text why); /* the table says why */
void output_put_real(struct output *output, size_t column, double number);           /* negative: unknown */
void output_put_bool(struct output *output, size_t column, int value);               /* 0, 1; -1 unknown */
/* Seconds since 1970; -1 unknown. Local time in the table, RFC 3339 with its offset in JSON and CSV. */
void output_put_time(struct output *output, size_t column, int64_t when);
/* rows: taken over, empty afterwards. */
void output_put_rows(struct output *output, size_t column, struct output *rows, struct safe_text words);

/* By the name of a column or its attribute, or a title; "-name" descending; unknown values come last. */
bool output_sort(struct output *output, const char *column, struct err *err);

/*
 * The whole: one table, one JSON array, one CSV file. False: it could not be written; err says why.
 * On a terminal that is too narrow for the table, its widest texts are cut; a pipe gets them whole.
 */
bool output_write(struct output *output, enum output_format format, struct output_sink *sink, struct err *err);
/* A table that comes in parts: this text will come. */
void output_reserve(struct output *output, size_t column, struct safe_text text);
/* The first rows of a table; then they are dropped, and output_write() goes on below them. */
bool output_write_rows(struct output *output, struct output_sink *sink, struct err *err);
/* JSON, CSV: the rows as lines of a stream that goes on; then they are dropped. JSON: one object a line. */
bool output_write_lines(struct output *output, enum output_format format, bool first, struct output_sink *sink,
			struct err *err);

/* Something was, or should have been, written to standard output. */
bool output_has_begun(void);

/* Bytes of ours. */
bool output_emit(struct output_sink *sink, const char *bytes, size_t len, struct err *err);
