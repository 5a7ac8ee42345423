/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/libvirt/libvirt_uri.h"

#include "model/host.h"

#include <grp.h>
#include <unistd.h>

enum { CONF_MAX = 256 * 1024 };

/* Blanks and comments between two words of libvirt.conf. */
static const char *skip_blank(const char *at, const char *blank)
{
	for (;;) {
		at += strspn(at, blank);
		if (*at != '#')
			return at;
		at += strcspn(at, "\n");
	}
}

/* Behind "key =" at the start of a line; NULL: not there. */
static const char *find_key(const char *conf, const char *key)
{
	size_t len = strlen(key);

	for (const char *line = conf; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		const char *at = line + strspn(line, " \t");

		if (strncmp(at, key, len) != 0)
			continue;
		at = skip_blank(at + len, " \t");
		if (*at == '=')
			return skip_blank(at + 1, " \t\n");
	}
	return NULL;
}

/* One quoted word; *at moves behind it. NULL: there is none. View into the text. */
static const char *next_quoted(const char **at, size_t *ret_len)
{
	char quote = **at;
	const char *start = *at + 1;
	size_t len;

	if (quote != '"' && quote != '\'')
		return NULL;
	len = strcspn(start, quote == '"' ? "\"\n" : "'\n");
	if (start[len] != quote)
		return NULL;
	*at = start + len + 1;
	*ret_len = len;
	return start;
}

char *libvirt_uri_find_alias(const char *conf, const char *alias)
{
	const char *at = find_key(conf, "uri_aliases");
	size_t alias_len = strlen(alias), len;
	const char *word;

	if (!at || *at != '[')
		return NULL;
	at++;
	for (;;) {
		at = skip_blank(at, " \t\r\n,");
		word = next_quoted(&at, &len);
		if (!word)
			return NULL;
		if (len > alias_len && word[alias_len] == '=' && strncmp(word, alias, alias_len) == 0)
			return mem_strndup(word + alias_len + 1, len - alias_len - 1);
	}
}

char *libvirt_uri_find_default(const char *conf)
{
	const char *at = find_key(conf, "uri_default");
	const char *word;
	size_t len;

	word = at ? next_quoted(&at, &len) : NULL;
	return word && len ? mem_strndup(word, len) : NULL;
}

/* root reads the system's file, other users their own. */
static char *read_libvirt_conf(void)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	char *path, *conf;
	FILE *file;

	if (geteuid() == 0)
		path = mem_strdup("/etc/libvirt/libvirt.conf");
	else if (config && *config)
		path = mem_printf("%s/libvirt/libvirt.conf", config);
	else
		path = mem_printf("%s/.config/libvirt/libvirt.conf", home ? home : "");
	file = fopen(path, "re");
	free(path);
	if (!file)
		return NULL;
	conf = mem_zalloc(CONF_MAX + 1);
	conf[fread(conf, 1, CONF_MAX, file)] = '\0';
	fclose(file);
	return conf;
}

static bool can_read(const char *dir, const char *name)
{
	OWN(bytes) char *path = mem_printf("%s/%s", dir, name);

	return access(path, R_OK) == 0;
}

bool libvirt_uri_may_bring_secrets(const char *uri)
{
	const char *file = getenv("LIBVIRT_AUTH_FILE"), *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	OWN(bytes) char *without = host_uri_without_password(uri);
	bool has_password = strcmp(uri, without) != 0;

	return has_password || (file && *file) || can_read("/etc/libvirt", "auth.conf") ||
	       (config && can_read(config, "libvirt/auth.conf")) ||
	       (home && can_read(home, ".config/libvirt/auth.conf"));
}

static bool is_alias(const char *words)
{
	return *words &&
	       words[strspn(words, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")] == '\0';
}

char *libvirt_uri_without_tty(const char *uri)
{
	const char *query = strchr(uri, '?'), *colon = strchr(uri, ':');
	const char *plus = memchr(uri, '+', colon ? (size_t)(colon - uri) : 0);
	bool runs_ssh = plus && strncmp(plus, "+ssh:", 5) == 0;

	if (!runs_ssh || (query && strstr(query, "no_tty=")))
		return mem_strdup(uri);
	return mem_printf("%s%sno_tty=1", uri, !query ? "?" : query[1] ? "&" : "");
}

/* In this login: a user who was added to the group since then has to log in again. */
static bool is_in_group(const char *name)
{
	struct group entry, *found = NULL;
	char strings[16384];
	gid_t groups[1024];
	int count = getgroups(ARRAY_SIZE(groups), groups);

	if (getgrnam_r(name, &entry, strings, sizeof(strings), &found) != 0 || !found)
		return false;
	for (int i = 0; i < count; i++)
		if (groups[i] == found->gr_gid)
			return true;
	return getegid() == found->gr_gid;
}

const char *libvirt_uri_by_rights(uid_t uid, bool in_group)
{
	return uid == 0 || in_group ? "qemu:///system" : NULL;
}

char *libvirt_uri_resolve(const char *words)
{
	const char *from_env = getenv("LIBVIRT_DEFAULT_URI");
	char *conf = NULL, *found = NULL, *uri;

	if (!*words && from_env)
		words = from_env;
	if (!*words || is_alias(words))
		conf = read_libvirt_conf();
	if (conf && !*words)
		found = libvirt_uri_find_default(conf);
	if (conf && is_alias(words))
		found = libvirt_uri_find_alias(conf, words);
	free(conf);
	if (!found && !*words) {
		const char *ours = libvirt_uri_by_rights(geteuid(), is_in_group("libvirt"));

		return ours ? mem_strdup(ours) : NULL;
	}
	uri = libvirt_uri_without_tty(found ? found : words);
	free(found);
	return uri;
}
