/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_scenario.c - any bytes as a scenario file: refused with words, or read into a world that can be opened.
 * The dispatcher of `--demo=` gets the same bytes as words.
 */
#include "backend/demo/demo_host.h"
#include "backend/demo/demo_uri.h"
#include "backend/demo/scenario_read.h"
#include "fuzz.h"

enum { SECONDS = 1000, HOSTS_MOST = 8 };

/* A syntax error behind a string leaks that string in libconfig itself. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libconfig";
}

/* A minute passes on each host of it. */
static void check_world(const struct demo_scenario *scenario)
{
	FUZZ_CHECK(scenario->host_count > 0);
	for (size_t i = 0; i < MIN(scenario->host_count, HOSTS_MOST); i++) {
		struct demo_host host;

		demo_host_init(&host, &scenario->hosts[i], scenario->seed, 0);
		demo_host_connect(&host);
		demo_host_advance(&host, 60 * SECONDS);
		FUZZ_CHECK(host.now == 60 * SECONDS);
		for (size_t j = 0; j < host.guest_count; j++) {
			struct vm_info info;

			demo_guest_facts(&host, &host.guests[j], &info);
			FUZZ_CHECK(text_is_safe(text_str(info.name)) && text_is_safe(text_str(info.title)));
			vm_info_free(&info);
		}
		demo_host_finish(&host);
	}
}

static void check_uri(const uint8_t *data, size_t size)
{
	char *words = mem_strndup((const char *)data, size);
	struct demo_uri uri;
	struct err err = { 0 };

	if (demo_uri_parse(words, &uri, &err))
		demo_uri_free(&uri);
	else
		FUZZ_CHECK(err.kind == ERR_USAGE && text_is_safe(text_str(err_text(&err))));
	free(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct demo_scenario scenario;
	struct err err = { 0 };

	check_uri(data, size);
	if (!scenario_read_text("fuzz", (const char *)data, size, &scenario, &err)) {
		FUZZ_CHECK(err.kind == ERR_USAGE && *text_str(err_text(&err)) &&
			   text_is_safe(text_str(err_text(&err))));
		return 0;
	}
	check_world(&scenario);
	scenario_free(&scenario);
	return 0;
}
