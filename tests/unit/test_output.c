/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/cli/output.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

enum { NAME, USERS, CPU, UP, MEM, ONLY_TABLE, ONLY_DATA, COLUMNS };

static const struct output_column columns[COLUMNS] = {
	[NAME] = { "name", "NAME", OUTPUT_IS_TEXT },       [USERS] = { "users", "USERS", OUTPUT_IS_NUMBER },
	[CPU] = { "cpu_percent", "CPU", OUTPUT_IS_REAL },  [UP] = { "up", "UP", OUTPUT_IS_BOOL },
	[MEM] = { "memory_kib", "MEM", OUTPUT_IS_NUMBER }, [ONLY_TABLE] = { NULL, "NOTE", OUTPUT_IS_TEXT },
	[ONLY_DATA] = { "uuid", NULL, OUTPUT_IS_TEXT },
};

static struct output output;
static char written[8192];

static void start_anew(void)
{
	output_finish(&output);
	output_init(&output, columns, COLUMNS);
}

static void row(const char *name, int64_t users)
{
	output_row(&output);
	output_put_text(&output, NAME, TEXT_TRUSTED(name));
	output_put_number(&output, USERS, users);
}

static int temporary_file(void)
{
	char path[] = "/tmp/innkeeper-output-XXXXXX";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	unlink(path);
	return fd;
}

/* What comes out, in `written`. */
static void write_to(struct output_sink sink, enum output_format format)
{
	struct err err = { 0 };
	ssize_t len;

	assert_true(output_write(&output, format, &sink, &err));
	len = pread(sink.fd, written, sizeof(written) - 1, 0);
	assert_true(len >= 0);
	written[len] = '\0';
	close(sink.fd);
}

static void write_as(enum output_format format, bool ascii)
{
	write_to((struct output_sink){ .fd = temporary_file(), .ascii = ascii }, format);
}

static void write_to_terminal(int cells, bool ascii)
{
	write_to((struct output_sink){ .fd = temporary_file(), .ascii = ascii, .cells = cells }, OUTPUT_TEXT);
}

TEST(a_table_aligns_and_says_dash_where_unknown)
{
	start_anew();
	row("web01", 2);
	output_put_real(&output, CPU, 12.34);
	output_put_bool(&output, UP, 1);
	output_put_kib(&output, MEM, 1536 * 1024);
	output_put_text(&output, ONLY_TABLE, TEXT_TRUSTED("hi"));
	output_put_text(&output, ONLY_DATA, TEXT_TRUSTED("not seen"));
	row("database", -1);
	output_put_bool(&output, UP, -1);
	write_as(OUTPUT_TEXT, false);
	assert_string_equal(written, "NAME      USERS   CPU  UP    MEM  NOTE\n"
				     "web01         2  12.3  yes  1.5G  hi\n"
				     "database      -     -  -       -  -\n");
}

TEST(why_something_is_unknown_stands_in_the_table_alone)
{
	start_anew();
	row("web01", -1);
	output_put_unknown(&output, USERS, TEXT_TRUSTED("denied"));
	write_as(OUTPUT_TEXT, false);
	assert_non_null(strstr(written, "denied"));
	write_as(OUTPUT_JSON, false);
	assert_non_null(strstr(written, "\"users\": null"));
	write_as(OUTPUT_CSV, false);
	assert_null(strstr(written, "denied"));
}

TEST(wide_characters_take_two_cells)
{
	start_anew();
	row("机", 1);
	row("abc", 2);
	write_as(OUTPUT_TEXT, false);
	assert_non_null(strstr(written, "机        1"));
	assert_non_null(strstr(written, "abc       2"));
}

TEST(a_terminal_without_utf_8_gets_ascii)
{
	start_anew();
	row("café 机", 1);
	write_as(OUTPUT_TEXT, true);
	assert_non_null(strstr(written, "caf<U+00E9> <U+673A>      1"));
	write_as(OUTPUT_JSON, true);
	assert_non_null(strstr(written, "café 机"));
}

TEST(a_table_fits_the_terminal_and_is_whole_in_a_pipe)
{
	start_anew();
	row("a-long-name-of-a-machine", 1);
	row("web01", 2);
	write_to_terminal(0, false);
	assert_non_null(strstr(written, "a-long-name-of-a-machine      1"));
	write_to_terminal(42, false);
	assert_string_equal(written, "NAME             USERS  CPU  UP  MEM  NOTE\n"
				     "a-long-name-of…      1    -  -     -  -\n"
				     "web01                2    -  -     -  -\n");
	write_to_terminal(10, true);
	assert_non_null(strstr(written, "\na-long..      1"));
}

TEST(a_table_may_come_in_parts)
{
	struct output_sink sink = { .fd = temporary_file(), .cells = 80 };
	struct err err = { 0 };
	ssize_t len;

	start_anew();
	row("web01", 1);
	row("database01", 2);
	assert_true(output_write_rows(&output, &sink, &err));
	assert_int_equal(output.count, 0);
	row("a", 3);
	assert_true(output_write(&output, OUTPUT_TEXT, &sink, &err));
	len = pread(sink.fd, written, sizeof(written) - 1, 0);
	written[MAX(len, 0)] = '\0';
	assert_string_equal(written, "NAME        USERS  CPU  UP  MEM  NOTE\n"
				     "web01           1    -  -     -  -\n"
				     "database01      2    -  -     -  -\n"
				     "a               3    -  -     -  -\n");
	close(sink.fd);
}

TEST(json_is_one_array_with_null_where_unknown)
{
	start_anew();
	write_as(OUTPUT_JSON, false);
	assert_string_equal(written, "[]\n");
	row("say \"hi\"\\", 0);
	output_put_real(&output, CPU, 12.34);
	output_put_bool(&output, UP, 0);
	output_put_text(&output, ONLY_TABLE, TEXT_TRUSTED("not seen"));
	write_as(OUTPUT_JSON, false);
	assert_string_equal(written, "[\n"
				     "  {\n"
				     "    \"name\": \"say \\\"hi\\\"\\\\\",\n"
				     "    \"users\": 0,\n"
				     "    \"cpu_percent\": 12.34,\n"
				     "    \"up\": false,\n"
				     "    \"memory_kib\": null,\n"
				     "    \"uuid\": null\n"
				     "  }\n"
				     "]\n");
}

TEST(csv_quotes_as_rfc_4180_says)
{
	start_anew();
	row("a, \"b\"", 3);
	output_put_bool(&output, UP, 1);
	output_put_kib(&output, MEM, 2048);
	write_as(OUTPUT_CSV, false);
	assert_string_equal(written, "name,users,cpu_percent,up,memory_kib,uuid\r\n"
				     "\"a, \"\"b\"\"\",3,,true,2048,\r\n");
}

TEST(what_a_spreadsheet_would_calculate_stays_a_text_in_csv)
{
	/* clang-format off */
	static const struct {
		const char *name, *cell;
	} rows[] = {
		{ "=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0" }, { "@SUM(1)", "'@SUM(1)" }, { "+1", "'+1" },
		{ "-1", "'-1" }, { "=1,\"2\"", "\"'=1,\"\"2\"\"\"" }, { "＝1", "'＝1" },
		{ "'=1", "''=1" }, { "o'neil=+-@", "o'neil=+-@" }, { "1-1", "1-1" },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char line[128];

		start_anew();
		row(rows[i].name, 2);
		write_as(OUTPUT_CSV, false);
		snprintf(line, sizeof(line), "\r\n%s,2,,,,\r\n", rows[i].cell);
		assert_says(written, line);
		write_as(OUTPUT_TEXT, false);
		assert_non_null(strstr(written, rows[i].name));
	}
}

TEST(a_user_named_dash_is_not_unknown)
{
	start_anew();
	row("-", -1);
	row("", -1);
	write_as(OUTPUT_CSV, false);
	assert_non_null(strstr(written, "\r\n'-,,,,,\r\n,,,,,\r\n"));
	write_as(OUTPUT_TEXT, false);
	assert_string_equal(written, "NAME  USERS  CPU  UP  MEM  NOTE\n"
				     "\"-\"       -    -  -     -  -\n"
				     "-         -    -  -     -  -\n");
	write_as(OUTPUT_JSON, false);
	assert_non_null(strstr(written, "\"name\": \"-\""));
}

TEST(rows_within_rows_are_an_array_in_json_and_words_elsewhere)
{
	struct output inner;

	start_anew();
	row("web01", 1);
	output_init(&inner, columns, 2);
	output_row(&inner);
	output_put_text(&inner, NAME, TEXT_TRUSTED("alice"));
	output_put_rows(&output, ONLY_TABLE, &inner, TEXT_TRUSTED("alice (1)"));
	output_put_rows(&output, ONLY_DATA, &inner, TEXT_TRUSTED("nobody"));
	assert_int_equal(inner.count, 0);
	write_as(OUTPUT_TEXT, false);
	assert_non_null(strstr(written, "alice (1)"));
	write_as(OUTPUT_JSON, false);
	assert_non_null(strstr(written, "\"uuid\": []"));
	write_as(OUTPUT_CSV, false);
	assert_non_null(strstr(written, ",nobody\r\n"));
	output_finish(&inner);
}

TEST(lines_of_a_stream_stand_alone)
{
	struct output_sink sink = { .fd = temporary_file() };
	struct err err = { 0 };
	ssize_t len;

	start_anew();
	row("web01", 1);
	assert_true(output_write_lines(&output, OUTPUT_JSON, true, &sink, &err));
	assert_int_equal(output.count, 0);
	row("web02", -1);
	assert_true(output_write_lines(&output, OUTPUT_CSV, true, &sink, &err));
	row("web03", -1);
	assert_true(output_write_lines(&output, OUTPUT_CSV, false, &sink, &err));
	row("web04", 4);
	assert_true(output_write_lines(&output, OUTPUT_CSV, false, &sink, &err));
	len = pread(sink.fd, written, sizeof(written) - 1, 0);
	written[MAX(len, 0)] = '\0';
	assert_string_equal(
		written,
		"{\"name\":\"web01\",\"users\":1,\"cpu_percent\":null,\"up\":null,\"memory_kib\":null,\"uuid\":null}\n"
		"name,users,cpu_percent,up,memory_kib,uuid\r\n"
		"web02,,,,,\r\n"
		"web03,,,,,\r\n"
		"web04,4,,,,\r\n");
	close(sink.fd);
}

static void order_is(const char *sort, const char *first, const char *second, const char *third)
{
	const char *const names[] = { first, second, third };
	struct err err = { 0 };

	assert_true(output_sort(&output, sort, &err));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(text_str(output.at[i][NAME].text), names[i]);
}

TEST(rows_are_sorted_by_any_column_and_unknown_comes_last)
{
	struct err err = { 0 };

	start_anew();
	row("web10", 5);
	row("web2", -1);
	row("Alpha", 7);
	order_is("name", "Alpha", "web2", "web10");
	order_is("-name", "web10", "web2", "Alpha");
	order_is("users", "web10", "Alpha", "web2");
	order_is("-USERS", "Alpha", "web10", "web2");
	assert_err(ERR_USAGE, output_sort(&output, "colour", &err));
}

TEST(a_column_may_be_called_by_the_beginning_of_its_name)
{
	start_anew();
	row("a", 1);
	output_put_real(&output, CPU, 1);
	row("b", 1);
	output_put_real(&output, CPU, 3);
	row("c", 1);
	output_put_real(&output, CPU, 2);
	order_is("-cpu", "b", "c", "a");
}

TEST(a_full_disk_is_an_error_with_its_reason)
{
	struct output_sink sink = { .fd = open("/dev/full", O_WRONLY | O_CLOEXEC) };
	struct err err = { 0 };

	assert_true(sink.fd >= 0);
	start_anew();
	row("web01", 1);
	assert_err(ERR_SYSTEM, output_write(&output, OUTPUT_TEXT, &sink, &err));
	assert_non_null(strstr(err.buf, strerror(ENOSPC)));
	close(sink.fd);
}

TEST(a_reader_that_went_away_is_no_error)
{
	struct output_sink sink = { 0 };
	struct err err = { 0 };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	sink.fd = ends[1];
	assert_true(output_emit(&sink, "x", 1, &err));
	assert_true(sink.reader_gone);
	assert_true(output_emit(&sink, "x", 1, &err));
	close(ends[1]);
}

FIXTURE(set_up)
{
	sigaction(SIGPIPE, &(struct sigaction){ .sa_handler = SIG_IGN }, NULL);
	output_prepare();
}

FIXTURE(tear_down)
{
	output_finish(&output);
}

RUN_TESTS("output", set_up, tear_down)
