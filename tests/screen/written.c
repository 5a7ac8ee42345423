/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/screen/written.h"

#include "base/text.h"
#include "base/utf8.h"
#include "tests/screen/screen.h"
#include "tests/unit/unit.h"

#include <unistd.h>

/* The strings of terminfo's database that a terminal obeys; <term.h> defines macros for half of the dictionary. */
extern char *strnames[];
int setupterm(const char *term, int fd, int *err);
char *tigetstr(const char *name);
struct term;
extern struct term *cur_term;
int del_curterm(struct term *term);

enum { SEQUENCES_MAX = 1024, SEQUENCE_LEN = 64, ESC = 0x1b };

/* A sequence with its numbers left out: "\033[;H", "\033[?h", "\033(B". */
static char known[SEQUENCES_MAX][SEQUENCE_LEN];
static size_t known_count;

static const char *const ours[] = { "\033[?2004h", "\033[?2004l", "\033[?1000h",
				    "\033[?1000l", "\033[?1006h", "\033[?1006l" };

static bool is_in(char byte, int from, int to)
{
	return (unsigned char)byte >= from && (unsigned char)byte <= to;
}

/* The bytes of the sequence that begins here, as ECMA-48 has them; 0: none. */
static size_t sequence_len(const char *at)
{
	size_t len = 1;

	if (at[1] == '[') {
		for (len = 2; is_in(at[len], 0x30, 0x3f); len++)
			;
	}
	for (; is_in(at[len], 0x20, 0x2f); len++)
		;
	return is_in(at[len], 0x30, 0x7e) ? len + 1 : 0;
}

/* Private modes keep their numbers: whoever may show a cursor may not turn the mouse on. */
static void without_numbers(const char *at, size_t len, char *shape)
{
	bool keep = len > 2 && at[2] == '?';
	size_t n = 0;

	for (size_t i = 0; i < len && n < SEQUENCE_LEN - 1; i++) {
		if (keep || i < 2 || !strchr("0123456789;:", at[i]))
			shape[n++] = at[i];
	}
	shape[n] = '\0';
}

static bool is_known(const char *shape)
{
	for (size_t i = 0; i < known_count; i++) {
		if (!strcmp(known[i], shape))
			return true;
	}
	return false;
}

static void learn(const char *string)
{
	for (const char *at = string; (at = strchr(at, ESC)); at++) {
		size_t len = sequence_len(at);
		char shape[SEQUENCE_LEN];

		if (!len)
			continue;
		without_numbers(at, len, shape);
		if (!is_known(shape) && known_count < SEQUENCES_MAX)
			snprintf(known[known_count++], SEQUENCE_LEN, "%s", shape);
	}
}

/* "\033[%i%p1%d;%p2%dH" -> "\033[;H": what stands between the numbers. Texts that depend on them leave all branches. */
static void learn_capability(const char *string)
{
	char plain[1024];
	size_t n = 0;

	for (const char *at = string; *at && n < sizeof(plain) - 1; at++) {
		if (*at != '%') {
			plain[n++] = *at;
		} else if (at[1] == '{' || at[1] == '\'') {
			at = strchr(at + 2, at[1] == '{' ? '}' : '\'');
		} else {
			at += at[1] == 'p' || at[1] == 'P' || at[1] == 'g' ? 2 : 1;
		}
	}
	plain[n] = '\0';
	learn(plain);
}

/* What starts or resets a terminal, defines colours or is sent by its keys is nothing that a running program writes. */
static bool is_for_a_running_program(const char *name)
{
	static const char *const others[] = { "rs1", "rs2", "rs3", "is1", "is2", "is3", "initc", "oc" };

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (!strcmp(name, others[i]))
			return false;
	}
	return *name != 'k' && *name != 'u';
}

static void learn_terminal(const char *term)
{
	int err;

	known_count = 0;
	assert_int_equal(setupterm(term, STDOUT_FILENO, &err), 0);
	for (size_t i = 0; strnames[i]; i++) {
		const char *string = tigetstr(strnames[i]);

		if (string && string != (char *)-1 && is_for_a_running_program(strnames[i]))
			learn_capability(string);
	}
	del_curterm(cur_term);
	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		learn(ours[i]);
	assert_true(is_known("\033[H") && is_known("\033[m") && is_known("\033[?25h"));
	assert_false(is_known("\033[?1003h") || is_known("\033P") || is_known("\033c"));
}

static void fail_at(const char *at, const char *complaint)
{
	size_t before = MIN((size_t)(at - screen->bytes), 40), n = 0;
	char shown[512] = "";

	for (const char *p = at - before; *p && p < at + 20; p++)
		n += (size_t)snprintf(shown + n, sizeof(shown) - n, is_in(*p, 0x20, 0x7e) ? "%c" : "\\x%02x",
				      (unsigned char)*p);
	fail_msg("%s, %zu bytes into ... %s", complaint, before, shown);
}

void only_what_terminfo_knows_was_written(const char *term)
{
	const char *end = screen->bytes + screen->byte_count;
	char shape[SEQUENCE_LEN];
	size_t len;

	learn_terminal(term);
	for (const char *at = screen->bytes; at < end; at += len) {
		uint32_t code_point = 0;

		len = 1;
		if (strncmp(at, ASKS_BACKGROUND, strlen(ASKS_BACKGROUND)) == 0) {
			len = strlen(ASKS_BACKGROUND);
		} else if (*at == ESC) {
			len = sequence_len(at);
			if (len)
				without_numbers(at, len, shape);
			if (!len || !is_known(shape))
				fail_at(at, "a sequence that terminfo does not know");
		} else if (is_in(*at, 0x80, 0xff)) {
			len = utf8_decode(at, (size_t)(end - at), &code_point);
			if (!len || text_class_of(code_point) == TEXT_CLASS_FORBIDDEN)
				fail_at(at, "no text");
		} else if (!is_in(*at, 0x20, 0x7e) && !strchr("\r\n\b\t\016\017\030", *at)) {
			fail_at(at, "a control");
		}
	}
}

size_t every_line_is_safe(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t room = 0, lines = 0;
	char *line = NULL;
	ssize_t len;

	if (!file)
		fail_msg("there is no %s", path);
	while ((len = getline(&line, &room, file)) > 0) {
		if (line[len - 1] == '\n')
			line[--len] = '\0';
		if (strlen(line) != (size_t)len || !text_is_safe(line))
			fail_msg("%s: line %zu is not safe: %s", path, lines + 1, line);
		lines++;
	}
	free(line);
	fclose(file);
	return lines;
}
