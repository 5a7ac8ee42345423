/* SPDX-License-Identifier: GPL-2.0-or-later */
#define NCURSES_NOMACROS
#include "ui/tui/term/term_type.h"

#include <curses.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>

bool term_type_check(struct err *err)
{
	const char *name = getenv("TERM");
	int status = 0;
	bool can_draw;

	if (!name || !*name)
		return err_set(err, ERR_USAGE,
			       _("TERM is not set; set it (for instance TERM=xterm-256color), or use a command such as "
				 "`innkeeper list`"));
	if (setupterm(name, STDOUT_FILENO, &status) != OK)
		return err_set(err, ERR_USAGE,
			       _("unknown terminal type \"%.40s\" (TERM); install its terminfo entry (package "
				 "ncurses-term), or set TERM to a known one, for instance xterm"),
			       name);
	can_draw = cursor_address && clear_screen;
	del_curterm(cur_term); /* newterm() makes one of its own */
	if (!can_draw)
		return err_set(err, ERR_USAGE,
			       _("the terminal type \"%.40s\" (TERM) does not support full-screen programs; use a "
				 "command such as `innkeeper list`"),
			       name);
	return true;
}

void term_type_teach_keys(struct decoder *decoder)
{
	/* clang-format off */
	static const struct {
		const char *capability;
		uint32_t code;
	} keys[] = {
		{ "kcuu1", KEYCODE_UP }, { "kcud1", KEYCODE_DOWN }, { "kcub1", KEYCODE_LEFT }, { "kcuf1", KEYCODE_RIGHT },
		{ "khome", KEYCODE_HOME }, { "kend", KEYCODE_END }, { "kpp", KEYCODE_PAGE_UP }, { "knp", KEYCODE_PAGE_DOWN },
		{ "kich1", KEYCODE_INSERT }, { "kdch1", KEYCODE_DELETE }, { "kcbt", KEYCODE_BACK_TAB },
		{ "kent", KEYCODE_ENTER }, { "kf1", KEYCODE_F1 }, { "kf2", KEYCODE_F1 + 1 }, { "kf5", KEYCODE_F1 + 4 },
		{ "kf10", KEYCODE_F1 + 9 },
	};
	/* clang-format on */

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const char *sequence = tigetstr((char *)keys[i].capability);

		if (sequence && sequence != (const char *)-1)
			decoder_learn(decoder, sequence, (struct key){ .code = keys[i].code });
	}
}
