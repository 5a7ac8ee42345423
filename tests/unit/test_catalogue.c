/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/language.h"
#include "model/attribute.h"
#include "tests/paths.h"
#include "tests/unit/scratch_dir.h"
#include "tests/unit/unit.h"

#include <dirent.h>
#include <langinfo.h>
#include <locale.h>
#include <sys/stat.h>

#define HEADER "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=3; plural="

struct entry {
	const char *id, *text;
	size_t id_len, text_len; /* 0: as strlen() says */
};

static void put(FILE *file, uint32_t number)
{
	for (int i = 0; i < 4; i++)
		putc((int)(number >> 8 * i & 0xff), file);
}

static FILE *create(const char *lang)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", scratch_path, lang);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s/LC_MESSAGES", scratch_path, lang);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/%s/LC_MESSAGES/innkeeper.mo", scratch_path, lang);
	return fopen(path, "w");
}

/* As msgfmt would: sorted entries, the header's first. */
static char *catalogue(const char *plural, size_t *ret_len)
{
	OWN(bytes) char *header = mem_printf(HEADER "%s;\nX-Reviewed: no\n", plural);
	const struct entry entries[] = {
		{ "", header, 0, 0 },         { "%zu dog\0%zu dogs", "%zu cao\0%zu caes\0%zu matilha", 16, 28 },
		{ "answer\004y", "s", 0, 0 }, { "column\004Dog", "CAO", 0, 0 },
		{ "dog", "cachorro", 0, 0 },
	};
	const uint32_t count = ARRAY_SIZE(entries);
	uint32_t at = 28 + 16 * count;
	char *bytes;
	FILE *file = mem_stream(&bytes, ret_len);

	FOR_EACH(uint32_t, word, 0x950412de, 0, count, 28, 28 + 8 * count, 0, 0)
		put(file, *word);
	for (uint32_t i = 0; i < 2 * count; i++) {
		const struct entry *entry = &entries[i % count];
		const char *words = i < count ? entry->id : entry->text;
		size_t len = i < count ? entry->id_len : entry->text_len;

		len = len ? len : strlen(words);
		put(file, (uint32_t)len);
		put(file, at);
		at += (uint32_t)len + 1;
	}
	for (uint32_t i = 0; i < 2 * count; i++) {
		const struct entry *entry = &entries[i % count];
		const char *words = i < count ? entry->id : entry->text;
		size_t len = i < count ? entry->id_len : entry->text_len;

		fwrite(words, 1, len ? len : strlen(words), file);
		putc('\0', file);
	}
	fclose(file);
	return bytes;
}

static void install(const char *lang, const char *bytes, size_t len)
{
	FILE *file = create(lang);

	assert_non_null(file);
	fwrite(bytes, 1, len, file);
	fclose(file);
}

static void install_with(const char *lang, const char *plural)
{
	size_t len;
	OWN(bytes) char *bytes = catalogue(plural, &len);

	install(lang, bytes, len);
}

FIXTURE(begin)
{
	setlocale(LC_ALL, "C");
	scratch_begin();
	setenv("INNKEEPER_LOCALES", scratch_path, 1);
	install_with("xx", "n != 1");
	install_with("pt_BR", "n > 1");
}

FIXTURE(end)
{
	language_use("en", NULL);
	unsetenv("INNKEEPER_LOCALES");
	FOR_EACH(const char *, name, "LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG", "LANGUAGE")
		unsetenv(*name);
	scratch_end();
}

TEST(texts_are_those_of_the_catalogue)
{
	assert_true(language_use("xx", NULL));
	assert_string_equal(_("dog"), "cachorro");
	assert_string_equal(pgettext("column", "Dog"), "CAO");
	assert_string_equal(pgettext("row", "Dog"), "Dog");
	assert_string_equal(_("Dog"), "Dog");
	assert_string_equal(_("zebra"), "zebra");
	assert_string_equal(_(""), "");
	assert_true(language_says_yes('s') && language_says_yes('y') && !language_says_yes('n'));
	assert_true(language_says_no('n') && !language_says_no('s'));
	assert_false(language_is_reviewed());
	assert_true(language_use("en", NULL));
	assert_string_equal(_("dog"), "dog");
	assert_false(language_says_yes('s'));
	assert_true(language_is_reviewed());
}

static void takes_forms(const char *plural, const char *forms)
{
	static const char *const words[] = { "%zu cao", "%zu caes", "%zu matilha" };

	install_with("xx", plural);
	assert_true(language_use("xx", NULL));
	for (unsigned long n = 0; forms[n]; n++)
		if (strcmp(ngettext("%zu dog", "%zu dogs", n), words[forms[n] - '0']) != 0)
			fail_msg("%s: n = %lu is \"%s\"", plural, n, ngettext("%zu dog", "%zu dogs", n));
}

TEST(plural_forms_are_chosen_by_the_catalogues_expression)
{
	takes_forms("n != 1", "101111");
	takes_forms("(n > 1)", "001111");
	takes_forms("0", "000000");
	takes_forms("n==1 ? 0 : n==2 ? 1 : 2", "2012222");
	/* Polish */
	takes_forms("(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)", "2011122222222222222222111");
	takes_forms("!n + n / 2 * 0 - 0 <= 0", "01111");
	takes_forms("n % 0 < 1", "11111");
	/* What is no expression, or names no form that there is, does not lead astray. */
	FOR_EACH(const char *, wrong, "", "n +", "((((((((((((((((((((((((((((((((((((((n", "7", "rm -rf", "n ? 5")
		takes_forms(*wrong, *wrong[0] == 'n' ? "" : "00");
	assert_string_equal(ngettext("%zu cat", "%zu cats", 1), "%zu cat");
	assert_string_equal(ngettext("%zu cat", "%zu cats", 2), "%zu cats");
}

/* Cut at each length, and with each byte of its tables changed: refused, or harmless. */
TEST(a_damaged_catalogue_is_refused_and_texts_are_english)
{
	size_t len;
	OWN(bytes) char *whole = catalogue("n != 1", &len);
	struct err err = { 0 };

	for (size_t cut = 0; cut < len; cut++) {
		install("xx", whole, cut);
		assert_false(language_use("xx", &err));
		assert_int_equal(err.kind, ERR_SYSTEM);
		assert_string_equal(_("dog"), "dog");
	}
	for (size_t i = 0; i < 28 + 5 * 16; i++) {
		FOR_EACH(unsigned char, flip, 0xff, 0x80, 0x01, 0x10) {
			OWN(bytes) char *bytes = mem_zalloc(len);

			memcpy(bytes, whole, len);
			bytes[i] = (char)((unsigned char)bytes[i] ^ *flip);
			install("xx", bytes, len);
			if (language_use("xx", &err))
				assert_true(strlen(_("dog")) + strlen(ngettext("%zu dog", "%zu dogs", 2)) < len);
			language_use("en", &err);
		}
	}
}

TEST(names_are_found_as_people_write_them)
{
	FOR_EACH(const char *, name, "pt_BR", "pt-BR", "pt_BR.UTF-8", "pt_BR@x", "xx_YY.utf8", "xx", "en", "en_GB", "C")
		assert_true(language_use(*name, NULL));
	assert_string_equal(language_name(), "en");
	language_use("xx_YY", NULL);
	assert_string_equal(language_name(), "xx");
	FOR_EACH(const char *, name, "", "pt", "pt_PT", "english", "../xx", "/etc", "x", "xx_", "_") {
		struct err err = { 0 };

		if (strcmp(*name, "xx_") == 0 ? !language_use(*name, &err) : language_use(*name, &err))
			fail_msg("\"%s\": %s", *name, err.buf);
		if (err.kind)
			assert_says(err.buf, "there are: en pt_BR xx");
		assert_string_equal(language_name(), "xx");
	}
}

static const struct locale {
	const char *name, *lc_all, *lc_messages, *lang, *language, *expected;
} locales[] = {
	{ "nothing is set: English", NULL, NULL, NULL, NULL, "en" },
	{ "LANG of a locale that is not installed", NULL, NULL, "pt_BR.UTF-8", NULL, "pt_BR" },
	{ "LC_MESSAGES beats LANG", NULL, "xx_YY.UTF-8", "pt_BR.UTF-8", NULL, "xx" },
	{ "LC_ALL beats both", "pt_BR.UTF-8", "xx_YY.UTF-8", "xx_YY.UTF-8", NULL, "pt_BR" },
	{ "LANGUAGE lists languages", NULL, NULL, "de_DE.UTF-8", "zz:xx:pt_BR", "xx" },
	{ "LANGUAGE may say English first", NULL, NULL, "xx_YY.UTF-8", "en:xx", "en" },
	{ "LANGUAGE counts for nothing in C.UTF-8", NULL, NULL, "C.UTF-8", "xx", "en" },
	{ "LC_ALL=C is English", "C", "xx_YY.UTF-8", "xx_YY.UTF-8", "xx", "en" },
	{ "a language without a catalogue is English", NULL, NULL, "zz_ZZ.UTF-8", NULL, "en" },
	{ "a locale without UTF-8 is English", NULL, NULL, "xx_YY.ISO-8859-1", NULL, "en" },
};

static void put_env(const char *name, const char *value)
{
	if (value)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

static void takes_language(void **state)
{
	const struct locale *row = *state;

	put_env("LC_ALL", row->lc_all);
	put_env("LC_MESSAGES", row->lc_messages);
	put_env("LANG", row->lang);
	put_env("LANGUAGE", row->language);
	assert_true(language_use_locale(NULL));
	assert_string_equal(language_name(), row->expected);
	assert_string_equal(localeconv()->decimal_point, ".");
}
TESTS_OF(locales, takes_language)

TEST(a_language_asked_for_turns_an_ascii_locale_into_utf8)
{
	setenv("LC_ALL", "C", 1);
	assert_true(language_use_locale(NULL));
	assert_string_not_equal(nl_langinfo(CODESET), "UTF-8");
	assert_true(language_use("xx", NULL));
	assert_string_equal(nl_langinfo(CODESET), "UTF-8");
}

/* --- the languages of the tree --- */

static void headings_fit(const char *lang)
{
	assert_true(language_use(lang, NULL));
	for (size_t i = 0; i < attribute_count(); i++) {
		const struct attribute *column = attribute_at(i);
		const char *heading = pgettext("column", column->heading);
		int cells = text_width(TEXT_TRUSTED(heading)) + !attribute_is_number(column);
		int room = MAX(column->most, text_width(TEXT_TRUSTED(column->heading)) + !attribute_is_number(column));

		if (!column->most)
			room = MAX(column->least, room + 4);
		if (cells > room)
			fail_msg("%s: the heading \"%s\" (%s) has %d cells; %d at most", lang, heading, column->heading,
				 cells, room);
	}
}

TEST(headings_of_each_language_fit_into_their_columns)
{
	DIR *dir = opendir(LOCALES);
	struct dirent *entry;
	size_t count = 0;

	setenv("INNKEEPER_LOCALES", LOCALES, 1);
	while (dir && (entry = readdir(dir)) != NULL) {
		if (!language_exists(entry->d_name, NULL))
			continue;
		headings_fit(entry->d_name);
		count++;
	}
	if (dir)
		closedir(dir);
	if (!count) {
		print_message("skipped: built without msgfmt(1), so without languages\n");
		skip();
	}
}

RUN_TESTS_EACH("catalogue", NULL, NULL, begin, end)
