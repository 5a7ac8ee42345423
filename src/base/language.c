/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/language.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER_BYTES = 28, CATALOGUE_BYTES_MAX = 16 << 20, NESTED_MAX = 32, NAME_BYTES = 32 };

#define MAGIC UINT32_C(0x950412de)

/* A file as msgfmt writes it on every machine: little endian; two tables of lengths and offsets, the first sorted. */
static struct catalogue {
	const char *bytes;
	size_t len;
	uint32_t count, ids, texts;
	const char *plural; /* the expression of its header */
} catalogue;
static char name_in_use[NAME_BYTES] = "en";

static uint32_t number_at(const struct catalogue *from, size_t offset)
{
	const unsigned char *at = (const unsigned char *)from->bytes + offset;

	return at[0] | at[1] << 8 | at[2] << 16 | (uint32_t)at[3] << 24;
}

static const char *string_at(const struct catalogue *from, uint32_t list, uint32_t index)
{
	return from->bytes + number_at(from, list + 8 * (size_t)index + 4);
}

/* --- lookup --- */

/* The id of an entry with a context is CONTEXT \004 ID. */
static int compare(const char *at, const char *context, const char *id)
{
	size_t len = context ? strlen(context) : 0;
	int order = context ? strncmp(at, context, len) : 0;

	if (context && !order)
		order = at[len] - '\004';
	return order ? order : strcmp(at + (context ? len + 1 : 0), id);
}

/* NULL: not translated. */
static const char *find(const char *context, const char *id, size_t *ret_len)
{
	uint32_t from = 0, to = catalogue.count;

	while (from < to) {
		uint32_t middle = from + (to - from) / 2;
		int order = compare(string_at(&catalogue, catalogue.ids, middle), context, id);

		if (!order) {
			*ret_len = number_at(&catalogue, catalogue.texts + 8 * (size_t)middle);
			return string_at(&catalogue, catalogue.texts, middle);
		}
		if (order < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return NULL;
}

const char *language_text(const char *context, const char *id)
{
	size_t len;
	/* The empty id is the header's. */
	const char *text = *id ? find(context, id, &len) : NULL;

	return text ? text : id;
}

/* --- plural forms: the header's expression, read again for each number --- */

struct expression {
	const char *at;
	unsigned long n;
	int nested;
};

static unsigned long ternary(struct expression *expression);

static bool take(struct expression *expression, const char *word)
{
	expression->at += strspn(expression->at, " \t\\\n");
	if (strncmp(expression->at, word, strlen(word)) != 0)
		return false;
	expression->at += strlen(word);
	return true;
}

static unsigned long operand(struct expression *expression)
{
	unsigned long value = 0;
	char *end;

	if (++expression->nested > NESTED_MAX)
		expression->at = "";
	if (take(expression, "n")) {
		value = expression->n;
	} else if (take(expression, "!")) {
		value = !operand(expression);
	} else if (take(expression, "(")) {
		value = ternary(expression);
		take(expression, ")");
	} else if (*expression->at >= '0' && *expression->at <= '9') {
		value = strtoul(expression->at, &end, 10);
		expression->at = end;
	}
	expression->nested--;
	return value;
}

static unsigned long binary(struct expression *expression, int least_rank)
{
	static const struct {
		const char *word;
		int rank;
	} operators[] = {
		{ "||", 1 }, { "&&", 2 }, { "==", 3 }, { "!=", 3 }, { "<=", 4 }, { ">=", 4 }, { "<", 4 },
		{ ">", 4 },  { "+", 5 },  { "-", 5 },  { "*", 6 },  { "/", 6 },  { "%", 6 },
	};
	unsigned long a = operand(expression), b;
	bool has_equal;
	char op;

	for (;;) {
		const char *before = expression->at;
		size_t at = 0;

		while (at < ARRAY_SIZE(operators) && !take(expression, operators[at].word))
			at++;
		if (at == ARRAY_SIZE(operators) || operators[at].rank < least_rank) {
			expression->at = before;
			return a;
		}
		b = binary(expression, operators[at].rank + 1);
		op = operators[at].word[0];
		has_equal = operators[at].word[1] == '=';
		a = op == '|'   ? a || b
		    : op == '&' ? a && b
		    : op == '=' ? a == b
		    : op == '!' ? a != b
		    : op == '<' ? a < b || (has_equal && a == b)
		    : op == '>' ? a > b || (has_equal && a == b)
		    : op == '+' ? a + b
		    : op == '-' ? a - b
		    : op == '*' ? a * b
		    : !b        ? 0
		    : op == '/' ? a / b
				: a % b;
	}
}

static unsigned long ternary(struct expression *expression)
{
	unsigned long condition = binary(expression, 1), yes, no;

	if (!take(expression, "?"))
		return condition;
	yes = ternary(expression);
	take(expression, ":");
	no = ternary(expression);
	return condition ? yes : no;
}

const char *language_plural(const char *one, const char *many, unsigned long n)
{
	size_t len;
	const char *text = find(NULL, one, &len), *end = text ? text + len : NULL, *form = text;
	struct expression expression = { .at = catalogue.plural, .n = n };

	if (!text)
		return n == 1 ? one : many;
	for (unsigned long index = catalogue.plural ? ternary(&expression) : n != 1; index > 0; index--) {
		form += strlen(form) + 1;
		if (form > end)
			return text;
	}
	return form;
}

/* --- catalogues --- */

static const char *folder(void)
{
	const char *named = getenv("INNKEEPER_LOCALES");

	return named && *named ? named : LOCALEDIR;
}

static char *path_of(const char *name)
{
	return mem_printf("%s/%s/LC_MESSAGES/innkeeper.mo", folder(), name);
}

/* Every string lies in the file and ends there, and is found where it is searched. */
static bool is_whole(const struct catalogue *read)
{
	const char *last = NULL;

	if (read->len < HEADER_BYTES || number_at(read, 0) != MAGIC || number_at(read, 4) >> 16 > 0 || !read->count ||
	    read->count > read->len / 16 || read->ids > read->len - 8 * (size_t)read->count ||
	    read->texts > read->len - 8 * (size_t)read->count)
		return false;
	for (uint32_t i = 0; i < 2 * read->count; i++) {
		const bool is_id = i < read->count;
		const size_t entry = (is_id ? read->ids : read->texts) + 8 * (size_t)(i % read->count);
		const size_t len = number_at(read, entry), at = number_at(read, entry + 4);

		if (at >= read->len || len >= read->len - at || read->bytes[at + len])
			return false;
		if (is_id && last && strcmp(last, read->bytes + at) >= 0)
			return false;
		last = is_id ? read->bytes + at : NULL;
	}
	return !*string_at(read, read->ids, 0) && strcasestr(string_at(read, read->texts, 0), "charset=UTF-8");
}

static bool open_catalogue(const char *name, struct err *err)
{
	OWN(bytes) char *path = path_of(name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct catalogue read = { 0 };
	void *bytes = MAP_FAILED;
	const char *plural;
	struct stat st;

	if (fd < 0)
		return err_set_errno(err, errno, _("cannot open %s"), path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= HEADER_BYTES &&
	    st.st_size < CATALOGUE_BYTES_MAX)
		bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (bytes != MAP_FAILED) {
		read = (struct catalogue){ .bytes = bytes, .len = (size_t)st.st_size };
		read.count = number_at(&read, 8);
		read.ids = number_at(&read, 12);
		read.texts = number_at(&read, 16);
	}
	if (!is_whole(&read)) {
		if (bytes != MAP_FAILED)
			munmap(bytes, read.len);
		return err_set(err, ERR_SYSTEM, _("%s is damaged"), path);
	}
	plural = strstr(string_at(&read, read.texts, 0), "plural=");
	read.plural = plural ? plural + strlen("plural=") : NULL;
	catalogue = read;
	return true;
}

/* "pt_BR.UTF-8" and "pt-BR" are pt_BR, else pt; "C" is en. False: neither is there. */
static bool find_name(const char *asked, char ret[NAME_BYTES])
{
	char *dash;

	snprintf(ret, NAME_BYTES, "%.*s", (int)strcspn(asked, ".@:"), asked);
	dash = ret + strcspn(ret, "-_");
	if (!strcmp(ret, "C") || !strcmp(ret, "POSIX") || (dash == ret + 2 && !strncmp(ret, "en", 2)))
		snprintf(ret, NAME_BYTES, "en");
	for (const char *wanted = *dash ? "_" : ""; *ret && !strchr(ret, '/') && strcmp(ret, "en") != 0;
	     wanted = NULL) {
		OWN(bytes) char *path = NULL;

		if (wanted && *wanted)
			*dash = *wanted;
		path = path_of(ret);
		if (access(path, F_OK) == 0)
			return true;
		if (!wanted || !*wanted)
			return false;
		*dash = '\0';
	}
	return !strcmp(ret, "en");
}

static bool use(const char name[NAME_BYTES], struct err *err)
{
	if (!strcmp(name, "en"))
		catalogue = (struct catalogue){ 0 };
	else if (!open_catalogue(name, err))
		return false;
	memcpy(name_in_use, name, NAME_BYTES);
	return true;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool refuse(const char *name, struct err *err)
{
	char *names[64], list[ERR_TEXT_MAX] = "en";
	DIR *dir = opendir(folder());
	struct dirent *entry;
	size_t count = 0, len = strlen(list);

	while (dir && count < ARRAY_SIZE(names) && (entry = readdir(dir)) != NULL) {
		OWN(bytes) char *path = path_of(entry->d_name);

		if (access(path, R_OK) == 0)
			names[count++] = mem_strdup(entry->d_name);
	}
	if (dir)
		closedir(dir);
	qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count; i++) {
		len += (size_t)snprintf(list + len, sizeof(list) - len, " %s", names[i]);
		len = MIN(len, sizeof(list) - 1);
		free(names[i]);
	}
	return err_set(err, ERR_USAGE, _("there is no language \"%s\"; there are: %s"), name, list);
}

bool language_exists(const char *name, struct err *err)
{
	char found[NAME_BYTES];

	return find_name(name, found) || refuse(name, err);
}

bool language_use(const char *name, struct err *err)
{
	char found[NAME_BYTES];

	if (!find_name(name, found))
		return refuse(name, err);
	if (!use(found, err))
		return false;
	if (!strcmp(nl_langinfo(CODESET), "ANSI_X3.4-1968") && strcmp(found, "en") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
	return true;
}

static const char *first_set(const char *const *names)
{
	while (*names && (!getenv(*names) || !*getenv(*names)))
		names++;
	return *names ? getenv(*names) : "C";
}

bool language_use_locale(struct err *err)
{
	const char *locale = first_set((const char *const[]){ "LC_ALL", "LC_MESSAGES", "LANG", NULL });
	const char *charset = first_set((const char *const[]){ "LC_ALL", "LC_CTYPE", "LANG", NULL });
	const char *asked = first_set((const char *const[]){ "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG", NULL });
	char found[NAME_BYTES];

	/* A locale that is not installed here, as ssh brings it from elsewhere: its characters are known all the same.
	 */
	if (!setlocale(LC_ALL, "") && (strcasestr(charset, ".UTF-8") || strcasestr(charset, ".utf8")))
		setlocale(LC_CTYPE, "C.UTF-8");
	setlocale(LC_NUMERIC, "C"); /* 1.5 is 1.5 in CSV and JSON, and in what is read */
	if (strcasecmp(nl_langinfo(CODESET), "UTF-8") != 0 || !strcmp(locale, "POSIX") ||
	    (*locale == 'C' && (!locale[1] || locale[1] == '.')))
		return true;
	for (; asked; asked = strchr(asked, ':')) {
		asked += *asked == ':';
		if (find_name(asked, found))
			return use(found, err);
	}
	return true;
}

bool language_says_yes(uint32_t code)
{
	return code == 'y' || code == (unsigned char)*pgettext("answer", "y");
}

bool language_says_no(uint32_t code)
{
	return code == 'n' || code == (unsigned char)*pgettext("answer", "n");
}

const char *language_name(void)
{
	return name_in_use;
}

bool language_is_reviewed(void)
{
	return !catalogue.bytes || !strstr(string_at(&catalogue, catalogue.texts, 0), "\nX-Reviewed: no");
}
