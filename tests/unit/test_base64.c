/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/base64.h"
#include "unit.h"

TEST(base64_goes_there_and_back)
{
	static const char *const pairs[][2] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foobar", "Zm9vYmFy" }
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		char *encoded = keep(base64_encode(pairs[i][0], strlen(pairs[i][0]))), *decoded;
		size_t len;
		bool cut;

		assert_string_equal(encoded, pairs[i][1]);
		assert_true(base64_decode(encoded, strlen(encoded), 100, &decoded, &len, &cut));
		assert_string_equal(decoded, pairs[i][0]);
		assert_int_equal(len, strlen(pairs[i][0]));
		assert_false(cut);
		free(decoded);
	}
}

TEST(base64_that_is_none_is_refused)
{
	char *decoded;
	size_t len;
	bool cut;

	FOR_EACH(const char *, bad, "Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "====", "Zg=A", "Zm9v\n", " Zm9v", "Zm9-",
		 "Zh==", "Zm9=", "Z\xC3\xA9=", "Zm9vA")
		if (base64_decode(*bad, strlen(*bad), 100, &decoded, &len, &cut))
			fail_msg("%s was taken", *bad);
	assert_false(base64_decode("Zm\0v", 4, 100, &decoded, &len, &cut));
}

TEST(base64_beyond_the_cap_is_cut_and_said)
{
	char *decoded;
	size_t len;
	bool cut;

	assert_true(base64_decode("Zm9vYmFy", 8, 4, &decoded, &len, &cut));
	assert_true(cut);
	assert_int_equal(len, 4);
	assert_string_equal(decoded, "foob");
	free(decoded);
}

RUN_TESTS("base64", NULL, NULL)
