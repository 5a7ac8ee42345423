/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/term/theme.h"

#include "engine/config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THEME_FILE_MAX = 64 * 1024, THEME_DEPTH_MAX = 8, WORD_MAX = 40 };

static const struct {
	const char *name, *dark, *mono;
} roles[ROLE_COUNT] = {
#define ROLE_ROW(word, name, dark, mono) [ROLE_##word] = { name, dark, mono },
	ROLES(ROLE_ROW)
#undef ROLE_ROW
};

/* --- words --- */

static const char *const color_names[] = {
	"black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
};

static const struct {
	const char *name;
	unsigned attr;
} attr_names[] = {
	{ "bold", STYLE_BOLD },           { "dim", STYLE_DIM },         { "italic", STYLE_ITALIC },
	{ "underline", STYLE_UNDERLINE }, { "reverse", STYLE_REVERSE },
};

static bool color_from_name(const char *name, int *ret_color)
{
	const char prefix[] = "bright-";
	bool is_bright = strncmp(name, prefix, sizeof(prefix) - 1) == 0;
	char *end;
	long number;

	if (strcmp(name, "default") == 0) {
		*ret_color = COLOR_OWN;
		return true;
	}
	for (int i = 0; i < (int)ARRAY_SIZE(color_names); i++) {
		if (strcmp(name + (is_bright ? sizeof(prefix) - 1 : 0), color_names[i]) == 0) {
			*ret_color = i + (is_bright ? 8 : 0);
			return true;
		}
	}
	number = strtol(name, &end, 10);
	if (end == name || *end || number < 0 || number > 255)
		return false;
	*ret_color = (int)number;
	return true;
}

/* The first of "238/bright-black/dim" that this terminal supports; attributes always are. */
static bool apply_word(const char *word, int colors, struct style *style, short *place)
{
	bool is_chosen = false;
	int color;

	for (const char *at = word; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL) {
		OWN(bytes) char *name = mem_strndup(at, strcspn(at, "/"));
		unsigned attr = 0;

		for (size_t i = 0; i < ARRAY_SIZE(attr_names); i++)
			if (strcmp(attr_names[i].name, name) == 0)
				attr = attr_names[i].attr;
		if (!attr && !color_from_name(name, &color))
			return false;
		if (is_chosen || (!attr && color >= colors))
			continue;
		is_chosen = true;
		if (attr)
			style->attrs |= attr;
		else
			*place = (short)color;
	}
	return true;
}

bool theme_parse_style(const char *words, int colors, struct style *ret_style, struct err *err)
{
	struct style style = { .fg = COLOR_OWN, .bg = COLOR_OWN };
	short *next = &style.fg;
	char word[WORD_MAX];

	for (const char *at = words + strspn(words, " "); *at; at += strspn(at, " ")) {
		size_t len = strcspn(at, " ");

		if (len >= sizeof(word))
			return err_set(err, ERR_USAGE, _("invalid colour \"%.*s...\""), WORD_MAX / 2, at);
		memcpy(word, at, len);
		word[len] = '\0';
		at += len;
		if (strcmp(word, "on") == 0)
			next = &style.bg;
		else if (!apply_word(word, colors, &style, next))
			return err_set(err, ERR_USAGE,
				       _("invalid colour or attribute \"%s\"; valid: red, bright-red, 0 to 255, "
					 "default, bold, dim, italic, underline, reverse"),
				       word);
	}
	*ret_style = style;
	return true;
}

/* --- the built-in one --- */

void theme_init(struct theme *theme, int colors)
{
	for (int role = 0; role < ROLE_COUNT; role++)
		theme_parse_style(colors > 0 ? roles[role].dark : roles[role].mono, colors, &theme->styles[role], NULL);
}

const char *theme_default_name(int colors)
{
	/* COLORFGBG, where a terminal sets it, is "foreground;background". */
	const char *words = getenv("COLORFGBG");
	const char *background = words ? strrchr(words, ';') : NULL;

	if (colors <= 0)
		return "mono";
	return background && (strcmp(background, ";7") == 0 || strcmp(background, ";15") == 0) ? "light" : "dark";
}

/* --- files --- */

static char *read_regular_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *content = mem_zalloc(THEME_FILE_MAX + 1);
	struct stat status;
	bool ok = fd >= 0 && fstat(fd, &status) == 0;

	if (ok && (!S_ISREG(status.st_mode) || status.st_size > THEME_FILE_MAX)) {
		err_set(err, ERR_USAGE, _("%s: not a regular file of at most %d KiB"), path, THEME_FILE_MAX / 1024);
		ok = false;
	} else if (!ok || read(fd, content, THEME_FILE_MAX) < 0) {
		ok = err_set_errno(err, errno, "%s", path);
	}
	if (fd >= 0)
		close(fd);
	if (ok)
		return content;
	free(content);
	return NULL;
}

static bool apply_setting(struct theme *theme, const config_setting_t *setting, const char *path, int colors,
			  struct err *err)
{
	const char *name = config_setting_name(setting), *words = config_setting_get_string(setting);
	int line = (int)config_setting_source_line(setting);
	struct err why;
	int role = 0;

	while (role < ROLE_COUNT && strcmp(roles[role].name, name) != 0)
		role++;
	if (role == ROLE_COUNT)
		return err_set(err, ERR_USAGE, _("%s:%d: unknown role \"%.40s\""), path, line, name);
	if (!words)
		return err_set(err, ERR_USAGE, _("%s:%d: %s: expected a string, such as \"green bold\""), path, line,
			       name);
	if (!theme_parse_style(words, colors, &theme->styles[role], &why))
		return err_set(err, ERR_USAGE, "%s:%d: %s", path, line, why.buf);
	return true;
}

static bool apply_content(struct theme *theme, const char *content, const char *path, int colors, struct err *err)
{
	config_t file;
	config_setting_t *root;
	int depth = 0;
	bool ok;

	/* libconfig includes files and recurses into braces while it parses: checked before. */
	if (strstr(content, "@include"))
		return err_set(err, ERR_USAGE, _("%s: @include is not allowed in a theme"), path);
	for (const char *at = content; *at && depth <= THEME_DEPTH_MAX; at++)
		depth += *at == '{' || *at == '(' || *at == '[';
	if (depth > THEME_DEPTH_MAX)
		return err_set(err, ERR_USAGE, _("%s: not a theme: too many brackets"), path);
	config_init(&file);
	ok = config_read_string(&file, content) == CONFIG_TRUE;
	if (!ok)
		err_set(err, ERR_USAGE, "%s:%d: %s", path, config_error_line(&file), config_error_text(&file));
	root = config_root_setting(&file);
	for (int i = 0; ok && i < config_setting_length(root); i++)
		ok = apply_setting(theme, config_setting_get_elem(root, (unsigned)i), path, colors, err);
	config_destroy(&file);
	return ok;
}

static void add_names(struct theme_names *names, const char *folder)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	DIR *dir = folder ? opendir(folder) : NULL;
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		const char *dot = strstr(entry->d_name, ".theme");
		bool is_new = dot && dot > entry->d_name && !dot[strlen(".theme")];
		char *name = mem_strndup(entry->d_name, dot ? (size_t)(dot - entry->d_name) : 0);

		for (size_t i = 0; i < names->count && is_new; i++)
			is_new = strcmp(names->at[i], name) != 0;
		if (is_new && !name[strspn(name, plain)])
			*VEC_PUSH(names) = name;
		else
			free(name);
	}
	if (dir)
		closedir(dir);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Where a program that is not installed has them, $INNKEEPER_THEMES says. */
static const char *installed_folder(void)
{
	const char *folder = getenv("INNKEEPER_THEMES");

	return folder && *folder ? folder : THEMEDIR;
}

static char *users_folder(void)
{
	OWN(bytes) char *dir = config_dir();

	return dir ? mem_printf("%s/themes", dir) : NULL;
}

void theme_names_read(struct theme_names *ret_names)
{
	OWN(bytes) char *folder = users_folder();

	*ret_names = (struct theme_names){ 0 };
	add_names(ret_names, folder);
	add_names(ret_names, installed_folder());
	if (ret_names->count > 0)
		qsort(ret_names->at, ret_names->count, sizeof(*ret_names->at), compare_names);
}

void theme_names_free(struct theme_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->at[i]);
	VEC_FREE(names);
}

/* A name with a slash is a path. The user's folder comes before the installed one. */
static char *path_of_theme(const char *name, struct err *err)
{
	OWN(bytes) char *users = users_folder();
	const char *const folders[] = { users, installed_folder() };
	struct theme_names names;
	char list[256] = "";
	size_t len = 0;

	if (strchr(name, '/'))
		return mem_strdup(name);
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		char *path = folders[i] ? mem_printf("%s/%s.theme", folders[i], name) : NULL;

		if (path && access(path, F_OK) == 0)
			return path;
		free(path);
	}
	theme_names_read(&names);
	for (size_t i = 0; i < names.count && len < sizeof(list); i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s", i ? ", " : "", names.at[i]);
	err_set(err, ERR_USAGE,
		names.count > 0 ? _("unknown theme \"%s\"; valid: %s") : _("unknown theme \"%s\"; no themes in %s"),
		name, names.count > 0 ? list : installed_folder());
	theme_names_free(&names);
	return NULL;
}

bool theme_load(struct theme *theme, const char *name, int colors, struct err *err)
{
	struct theme loaded = *theme;
	OWN(bytes) char *path = path_of_theme(name, err);
	OWN(bytes) char *content = path ? read_regular_file(path, err) : NULL;
	bool ok = content && apply_content(&loaded, content, path, colors, err);

	if (ok)
		*theme = loaded;
	return ok;
}
