/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/host.h"

#include <ctype.h>

static const char *const state_names[] = {
	[HOST_CONNECTING] = N_("connecting"),
	[HOST_LIVE] = N_("live"),
	[HOST_STALE] = N_("stale"),
	[HOST_LOST] = N_("lost"),
};

const char *host_state_name(enum host_state state)
{
	return state_names[state];
}

struct safe_text host_state_words(const struct host *host, int64_t now)
{
	const int64_t heard = host->answered_at ? host->answered_at : host->state_since;

	if (host->state == HOST_STALE)
		return text_format(_("stale %d s"), (int)(MAX(now - heard, 0) / 1000));
	if (host->state == HOST_LOST && host->retry_at > now)
		return text_format(_("lost, next try in %d s"), (int)((host->retry_at - now + 999) / 1000));
	return text_format("%s", _(state_names[host->state]));
}

int64_t host_stale_seconds(const struct host *host, int64_t now)
{
	if (host->state == HOST_LIVE)
		return 0;
	return host->answered_at ? (now - host->answered_at) / 1000 : -1;
}

bool host_is_usable(const struct host *host)
{
	return host->state == HOST_LIVE || host->state == HOST_STALE;
}

bool host_allows_writes(const struct host *host)
{
	return host->access == ACCESS_FULL;
}

/* What stands between "://" and the path; NULL: nothing does. */
static const char *authority_of(const char *uri, size_t *ret_len)
{
	const char *mark = strstr(uri, "://");

	*ret_len = mark ? strcspn(mark + 3, "/?#") : 0;
	return *ret_len > 0 ? mark + 3 : NULL;
}

char *host_name_of_uri(const char *uri)
{
	size_t len;
	const char *authority = authority_of(uri, &len);
	const char *at = authority ? memrchr(authority, '@', len) : NULL;
	const char *host = at ? at + 1 : authority;

	if (!host)
		return NULL;
	len = *host == '[' ? strcspn(host + 1, "]/") : strcspn(host, ":/?#");
	return len > 0 ? mem_strndup(*host == '[' ? host + 1 : host, len) : NULL;
}

char *host_uri_without_password(const char *uri)
{
	size_t len;
	const char *authority = authority_of(uri, &len);
	const char *at = authority ? memrchr(authority, '@', len) : NULL;
	const char *colon = at ? memchr(authority, ':', (size_t)(at - authority)) : NULL;

	return colon ? mem_printf("%.*s%s", (int)(colon - uri), uri, at) : mem_strdup(uri);
}

char *host_uri_for_record(const char *uri)
{
	char *shown = host_uri_without_password(uri), *copy;
	OWN(text) struct safe_text text = text_sanitize_str(shown, TEXT_CAP_LINE);

	copy = mem_strdup(text_str(text));
	free(shown);
	return copy;
}

/* As libvirt does: names in any case, %XX for any letter. Returns the letter, and goes on. */
static int next_letter(const char **at)
{
	unsigned value;
	char hex[3] = { (*at)[0] == '%' ? (*at)[1] : '\0', (*at)[0] == '%' && (*at)[1] ? (*at)[2] : '\0', '\0' };

	if (isxdigit((unsigned char)hex[0]) && isxdigit((unsigned char)hex[1]) && sscanf(hex, "%x", &value) == 1) {
		*at += 3;
		return tolower((int)value);
	}
	return tolower((unsigned char)*(*at)++);
}

bool host_uri_starts_program(const char *uri)
{
	for (const char *at = strpbrk(uri, "?&;"); at; at = strpbrk(at + 1, "?&;")) {
		const char *name = "command", *letter = at + 1;

		while (*name && next_letter(&letter) == *name)
			name++;
		if (!*name && *letter == '=')
			return true;
	}
	return false;
}
