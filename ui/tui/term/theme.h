/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * theme.h - how things look: roles, not colours.
 *
 * Views name a role; a theme says what it looks like here. A theme is a libconfig file,
 *
 *	good = "green";                      a foreground
 *	cursor = "default on 238/blue bold"; of 238/blue the first that this terminal has
 *
 * with colours default, black red green yellow blue magenta cyan white, bright-red ..., 0 to 255, and
 * attributes bold dim italic underline reverse (which may be an alternative, too: 245/dim). Files are
 * looked for in $XDG_CONFIG_HOME/innkeeper/themes, then in the installed themes/. A role that a theme
 * leaves out looks as in the built-in one. UI thread.
 */
#pragma once

#include "base/err.h"
#include "base/vec.h"

/*     word, in a theme file, built-in where there are colours, and where there are none */
#define ROLES(_) \
	_(NORMAL, "normal", "", "")                                            /* text */ \
	_(DIM, "dim", "245/bright-black/dim", "dim")                           /* what matters less, or is stale */ \
	_(TITLE, "title", "bold", "bold")                                      /* the program's and a pane's name */ \
	_(HEADING, "heading", "109/cyan", "underline")                         /* the columns' names */ \
	_(HEADING_SORTED, "heading-sorted", "109/cyan bold", "underline bold") /* ... of the one sorted by */ \
	_(CURSOR, "cursor", "231/white on 24/blue", "reverse")                 /* the row under the cursor */ \
	_(CURSOR_IDLE, "cursor-idle", "on 237/black underline", "underline")   /* ... where the keys go elsewhere */ \
	_(MARK, "mark", "221/yellow bold", "bold")                             /* marked rows */ \
	_(GOOD, "good", "114/green", "")                                       /* as it should be */ \
	_(NEUTRAL, "neutral", "110/cyan", "")                                  /* worth knowing, no alarm */ \
	_(WARN, "warn", "215/yellow", "bold")                                  /* look here */ \
	_(BAD, "bad", "203/bright-red/red", "bold")                            /* failed, lost, crashed */ \
	_(MATCH, "match", "222/yellow", "bold")                                /* filter, palette */ \
	_(ESCAPE, "escape", "176/magenta reverse", "reverse")                  /* <U+202E>: made visible by us */ \
	_(MODE, "mode", "234/black on 215/yellow bold", "reverse")             /* READ-ONLY, LOCKED, DEMO */ \
	_(KEY, "key", "bold", "bold")                                          /* a key's name */ \
	_(BORDER, "border", "240/bright-black/dim", "")                        /* lines around and between */ \
	_(GAUGE, "gauge", "109/cyan", "")                                      /* done */ \
	_(GAUGE_LEFT, "gauge-left", "239/bright-black/dim", "dim")             /* to do */ \
	_(DIALOG, "dialog", "on 235/default", "")                              /* the ground of a dialog */ \
	_(DANGER, "danger", "203/bright-red/red bold", "bold")                 /* a dialog that breaks something */ \
	_(INPUT, "input", "underline", "underline")                            /* where one types */ \
	_(BUTTON, "button", "", "")                                            /* a dialog's answers */ \
	_(BUTTON_FOCUSED, "button-focused", "231/white on 24/blue bold", "reverse") /* ... the one that Enter gives */

enum role {
#define ROLE_WORD(word, ...) ROLE_##word,
	ROLES(ROLE_WORD)
#undef ROLE_WORD
		ROLE_COUNT
};

enum style_attrs {
	STYLE_BOLD = 1,
	STYLE_DIM = 2,
	STYLE_ITALIC = 4,
	STYLE_UNDERLINE = 8,
	STYLE_REVERSE = 16,
};

enum { COLOR_OWN = -1 /* the terminal's default */ };

struct style {
	short fg, bg;
	unsigned attrs;
};

struct theme {
	struct style styles[ROLE_COUNT];
};

/* colors: what the terminal has; 0: none, whatever the theme says of colours is left out. */
void theme_init(struct theme *theme, int colors); /* the built-in: dark, or mono where there are no colours */
/* name: a theme's, or a path with a '/' in it. False: theme is as it was; err names file and line. */
bool theme_load(struct theme *theme, const char *name, int colors, struct err *err);
/* The names of the themes in both folders, in the order of the alphabet. */
struct theme_names {
	VEC(char *); /* owned */
};
void theme_names_read(struct theme_names *ret_names);
void theme_names_free(struct theme_names *names);
/* "mono", "light" or "dark": what fits the terminal where nobody chose. */
const char *theme_default_name(int colors);

bool theme_parse_style(const char *words, int colors, struct style *ret_style, struct err *err);
