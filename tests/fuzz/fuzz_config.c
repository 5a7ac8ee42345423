/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_config.c - innkeeper.conf. Whatever it says, each setting is in its range, and each complaint safe. */
#include "engine/config_internal.h"
#include "fuzz.h"

static void check_settings(const struct config *config)
{
	size_t count;
	const struct config_setting_info *settings = config_settings(&count);

	for (size_t i = 0; i < count; i++) {
		const char *place = (const char *)config + settings[i].offset;

		if (settings[i].type == CONFIG_INT)
			FUZZ_CHECK(*(const int *)place >= settings[i].min && *(const int *)place <= settings[i].max);
		else if (settings[i].type == CONFIG_STRING)
			FUZZ_CHECK(*(char *const *)place);
	}
	for (size_t i = 0; i < config->count; i++) {
		FUZZ_CHECK(config->at[i].name && text_is_safe(config->at[i].name) && !strchr(config->at[i].name, '/'));
		FUZZ_CHECK(config->at[i].uri);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct config config = { 0 };
	struct config_complaints complaints = { 0 };
	struct err err = { 0 };
	char *bytes = mem_zalloc(size + 1);

	memcpy(bytes, data, size);
	config_defaults(&config);
	if (!config_take_bytes(&config, "innkeeper.conf", bytes, size, &complaints, &err))
		FUZZ_CHECK(*err.buf && text_is_safe(err.buf));
	check_settings(&config);
	for (size_t i = 0; i < complaints.count; i++)
		FUZZ_CHECK(text_is_safe(text_str(complaints.at[i].text)) && complaints.at[i].line >= 0);
	config_complaints_free(&complaints);
	config_free(&config);
	free(bytes);
	return 0;
}
