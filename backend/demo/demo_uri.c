/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_uri.h"

#include <errno.h>
#include <inttypes.h>

enum { SEED_DIGITS_MAX = 23 };

static const char *after_prefix(const char *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(s, prefix, len) == 0 ? s + len : NULL;
}

static bool parse_parameter(const char *text, size_t len, struct demo_uri *uri, struct err *err)
{
	const char *value;

	if ((value = after_prefix(text, "host="))) {
		free(uri->host);
		uri->host = mem_strndup(value, len - (size_t)(value - text));
		return true;
	}
	if ((value = after_prefix(text, "seed="))) {
		const size_t digits = strspn(value, "0123456789");

		errno = 0;
		uri->seed = strtoumax(value, NULL, 10);
		if (digits && digits <= SEED_DIGITS_MAX && value + digits == text + len && errno == 0)
			return true;
	}
	return err_set(err, ERR_USAGE, _("a demo URI takes ?host=NAME and &seed=NUMBER, not '%.*s'"), (int)len, text);
}

bool demo_uri_parse(const char *words, struct demo_uri *ret_uri, struct err *err)
{
	struct demo_uri uri = { 0 };
	const char *scenario = words ? words : "";
	const char *rest = after_prefix(scenario, "demo:");
	const char *parameters;

	if (rest)
		scenario = rest + MIN(strspn(rest, "/"), strlen("///"));
	parameters = strchr(scenario, '?');
	uri.scenario = mem_strndup(scenario, parameters ? (size_t)(parameters - scenario) : strlen(scenario));
	while (parameters && parameters[1]) {
		size_t len = strcspn(++parameters, "&");

		if (!parse_parameter(parameters, len, &uri, err)) {
			demo_uri_free(&uri);
			return false;
		}
		parameters = parameters[len] ? parameters + len : NULL;
	}
	*ret_uri = uri;
	return true;
}

void demo_uri_free(struct demo_uri *uri)
{
	free(uri->scenario);
	free(uri->host);
	*uri = (struct demo_uri){ 0 };
}
