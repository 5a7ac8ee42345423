/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ui/tui/term/theme.h"

#include "engine/config.h"
#include "engine/nearest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THEME_FILE_MAX = 64 * 1024, THEME_DEPTH_MAX = 8, WORD_MAX = 40 };

static const char *const role_names[ROLE_COUNT] = {
#define ROLE_NAME(word, name) [ROLE_##word] = name,
	ROLES(ROLE_NAME)
#undef ROLE_NAME
};

static const char *const dark[ROLE_COUNT] = {
	[ROLE_NORMAL] = "",
	[ROLE_DIM] = "245/bright-black/dim",
	[ROLE_TITLE] = "bold",
	[ROLE_HEADING] = "109/cyan",
	[ROLE_HEADING_SORTED] = "109/cyan bold",
	[ROLE_CURSOR] = "231/white on 24/blue",
	[ROLE_CURSOR_IDLE] = "on 237/black underline",
	[ROLE_MARK] = "221/yellow bold",
	[ROLE_GOOD] = "108/green",
	[ROLE_NEUTRAL] = "110/cyan",
	[ROLE_WARN] = "179/yellow",
	[ROLE_BAD] = "174/bright-red/red",
	[ROLE_MATCH] = "222/yellow",
	[ROLE_ESCAPE] = "176/magenta reverse",
	[ROLE_MODE] = "234/black on 179/yellow bold",
	[ROLE_KEY] = "bold",
	[ROLE_BORDER] = "240/bright-black/dim",
	[ROLE_GAUGE] = "109/cyan",
	[ROLE_GAUGE_LEFT] = "239/bright-black/dim",
	[ROLE_DIALOG] = "on 235/default",
	[ROLE_DANGER] = "174/red bold",
	[ROLE_INPUT] = "underline",
	[ROLE_BUTTON] = "",
	[ROLE_BUTTON_FOCUSED] = "231/white on 24/blue bold",
};

static const char *const mono[ROLE_COUNT] = {
	[ROLE_NORMAL] = "",
	[ROLE_DIM] = "dim",
	[ROLE_TITLE] = "bold",
	[ROLE_HEADING] = "underline",
	[ROLE_HEADING_SORTED] = "underline bold",
	[ROLE_CURSOR] = "reverse",
	[ROLE_CURSOR_IDLE] = "underline",
	[ROLE_MARK] = "bold",
	[ROLE_GOOD] = "",
	[ROLE_NEUTRAL] = "",
	[ROLE_WARN] = "bold",
	[ROLE_BAD] = "bold",
	[ROLE_MATCH] = "bold",
	[ROLE_ESCAPE] = "reverse",
	[ROLE_MODE] = "reverse",
	[ROLE_KEY] = "bold",
	[ROLE_BORDER] = "",
	[ROLE_GAUGE] = "",
	[ROLE_GAUGE_LEFT] = "dim",
	[ROLE_DIALOG] = "",
	[ROLE_DANGER] = "bold",
	[ROLE_INPUT] = "underline",
	[ROLE_BUTTON] = "",
	[ROLE_BUTTON_FOCUSED] = "reverse",
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
	char name[WORD_MAX];
	bool is_chosen = false;
	int color;

	for (const char *at = word; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL) {
		size_t len = strcspn(at, "/");
		unsigned attr = 0;

		if (len >= sizeof(name))
			return false;
		memcpy(name, at, len);
		name[len] = '\0';
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

const char *theme_role_name(enum role role)
{
	return role_names[role];
}

/* --- the built-in ones --- */

void theme_init(struct theme *theme, int colors)
{
	const char *const *words = colors > 0 ? dark : mono;

	for (int role = 0; role < ROLE_COUNT; role++)
		theme_parse_style(words[role], colors, &theme->styles[role], NULL);
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

/* libconfig includes files and recurses into braces while it parses: checked before. */
static bool check_content(const char *content, const char *path, struct err *err)
{
	int depth = 0;

	if (strstr(content, "@include"))
		return err_set(err, ERR_USAGE, _("%s: @include is not allowed in a theme"), path);
	for (const char *at = content; *at; at++) {
		depth += *at == '{' || *at == '(' || *at == '[';
		if (depth > THEME_DEPTH_MAX)
			return err_set(err, ERR_USAGE, _("%s: not a theme: too many brackets"), path);
	}
	return true;
}

static char *read_regular_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	char *content = NULL;
	ssize_t n;

	if (fd < 0 || fstat(fd, &status) < 0) {
		err_set_errno(err, errno, "%s", path);
		goto out;
	}
	if (!S_ISREG(status.st_mode) || status.st_size > THEME_FILE_MAX) {
		err_set(err, ERR_USAGE, _("%s: not a regular file of at most %d KiB"), path, THEME_FILE_MAX / 1024);
		goto out;
	}
	content = mem_zalloc(THEME_FILE_MAX + 1);
	n = read(fd, content, THEME_FILE_MAX);
	if (n < 0) {
		err_set_errno(err, errno, "%s", path);
		free(content);
		content = NULL;
	}
out:
	if (fd >= 0)
		close(fd);
	return content;
}

static bool apply_setting(struct theme *theme, const config_setting_t *setting, const char *path, int colors,
			  struct err *err)
{
	const char *name = config_setting_name(setting), *words = config_setting_get_string(setting);
	int line = (int)config_setting_source_line(setting);
	struct err why;
	int role = 0;

	while (role < ROLE_COUNT && strcmp(role_names[role], name) != 0)
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
	bool ok;

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

static char *if_it_exists(char *path)
{
	if (path && access(path, F_OK) == 0)
		return path;
	free(path);
	return NULL;
}

static void offer_themes_in(struct nearest *near, const char *folder, char ret_name[NAME_MAX + 1])
{
	DIR *dir = folder ? opendir(folder) : NULL;
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		const char *before = near->name;
		char *dot = strstr(entry->d_name, ".theme"), *name;

		if (!dot || dot[strlen(".theme")])
			continue;
		name = mem_strndup(entry->d_name, (size_t)(dot - entry->d_name));
		nearest_offer(near, name);
		if (near->name != before) {
			snprintf(ret_name, NAME_MAX + 1, "%s", name);
			near->name = ret_name;
		}
		free(name);
	}
	if (dir)
		closedir(dir);
}

static void set_no_such_theme(const char *name, const char *folder, struct err *err)
{
	char near_name[NAME_MAX + 1];
	struct nearest near;

	nearest_init(&near, name);
	offer_themes_in(&near, folder, near_name);
	offer_themes_in(&near, THEMEDIR, near_name);
	if (near.name)
		err_set(err, ERR_USAGE, _("unknown theme \"%s\"; did you mean %s?"), name, near.name);
	else
		err_set(err, ERR_USAGE, _("unknown theme \"%s\"; themes are in %s"), name, THEMEDIR);
}

/* A name with a slash is a path. The user's folder comes before the installed one. */
static char *path_of_theme(const char *name, struct err *err)
{
	char *dir, *folder, *path;

	if (strchr(name, '/'))
		return mem_strdup(name);
	dir = config_dir();
	folder = dir ? mem_printf("%s/themes", dir) : NULL;
	path = if_it_exists(folder ? mem_printf("%s/%s.theme", folder, name) : NULL);
	if (!path)
		path = if_it_exists(mem_printf("%s/%s.theme", THEMEDIR, name));
	if (!path)
		set_no_such_theme(name, folder, err);
	free(folder);
	free(dir);
	return path;
}

bool theme_load(struct theme *theme, const char *name, int colors, struct err *err)
{
	struct theme loaded = *theme;
	char *path = path_of_theme(name, err);
	char *content = path ? read_regular_file(path, err) : NULL;
	bool ok = content && check_content(content, path, err) && apply_content(&loaded, content, path, colors, err);

	if (ok)
		*theme = loaded;
	free(content);
	free(path);
	return ok;
}
