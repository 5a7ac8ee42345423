/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/demo_uri.h"

#include "backend/demo/demo.h"
#include "backend/demo/scenario.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const char *after_prefix(const char *s, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(s, prefix, len) == 0 ? s + len : NULL;
}

static bool parse_seed(const char *digits, size_t len, uint64_t *ret_seed)
{
	char buf[24];
	char *end;

	if (!len || len >= sizeof(buf) || strspn(digits, "0123456789") < len)
		return false;
	memcpy(buf, digits, len);
	buf[len] = '\0';
	errno = 0;
	*ret_seed = strtoumax(buf, &end, 10);
	return errno == 0;
}

static bool parse_parameter(const char *text, size_t len, struct demo_uri *uri, struct err *err)
{
	const char *value;

	if ((value = after_prefix(text, "host="))) {
		free(uri->host);
		uri->host = mem_strndup(value, len - (size_t)(value - text));
		return true;
	}
	if ((value = after_prefix(text, "seed=")) && parse_seed(value, len - (size_t)(value - text), &uri->seed))
		return true;
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

/* --- the hosts of a scenario --- */

static void add_address(struct demo_addresses *list, const struct demo_uri *uri, const struct demo_host_plan *host)
{
	struct demo_address *address = VEC_PUSH(list);

	address->name = mem_strdup(host->name);
	address->production = host->production;
	address->uri = uri->seed ? mem_printf("demo:///%s?host=%s&seed=%" PRIu64, uri->scenario, host->name, uri->seed)
				 : mem_printf("demo:///%s?host=%s", uri->scenario, host->name);
}

bool demo_scenario_hosts(const char *words, struct demo_addresses *ret_hosts, struct err *err)
{
	struct demo_addresses list = { 0 };
	struct demo_scenario scenario;
	struct demo_uri uri;
	bool ok;

	if (!demo_uri_parse(words, &uri, err))
		return false;
	/* "" is no host's name: of a fleet, only the hosts are wanted here. */
	ok = scenario_load(uri.scenario, "", &scenario, err);
	if (ok) {
		for (size_t i = 0; i < scenario.host_count; i++)
			if (!uri.host || strcmp(uri.host, scenario.hosts[i].name) == 0)
				add_address(&list, &uri, &scenario.hosts[i]);
		scenario_free(&scenario);
		ok = list.count > 0 || err_set(err, ERR_USAGE, _("the demo scenario '%s' has no host '%s'"),
					       uri.scenario, uri.host ? uri.host : "");
	}
	if (ok)
		*ret_hosts = list;
	demo_uri_free(&uri);
	return ok;
}

void demo_addresses_free(struct demo_addresses *hosts)
{
	for (size_t i = 0; i < hosts->count; i++) {
		free(hosts->at[i].name);
		free(hosts->at[i].uri);
	}
	VEC_FREE(hosts);
}
