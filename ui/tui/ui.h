/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ui.h - runs the dashboard.
 *
 * The first frame is drawn before any host is asked. UI thread.
 */
#pragma once

#include "engine/choices.h"
#include "ui/app/app_tasks.h"

/* Options and configuration, joined (main.c). */
struct ui_settings {
	const char *theme;       /* a name; NULL: by what the terminal can do */
	const char *filter;      /* start so; NULL none */
	const char *sort;        /* column's name, "-cpu" descending; NULL: by name */
	const char *group;       /* by what; NULL: not grouped */
	struct choices *choices; /* what is kept for the next time; NULL nothing */
	bool ascii, no_color, mouse;
	bool demo; /* the header says DEMO */
};

struct ui;

/* Only one at a time: what there is before anything is drawn, for ui_run() and ui/linear. Needs no terminal. */
struct ui *ui_create(struct app *app, const struct ui_settings *settings);
void ui_destroy(struct ui *ui);

/*
 * Takes the terminal, draws, starts the app (app_start() after the first frame), runs until the user
 * quits, and restores the terminal. False: the terminal is unusable (err says why); nothing was drawn.
 */
bool ui_run(struct app *app, const struct ui_settings *settings, struct err *err);
