/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blind_term.h - takes ui/tui/term/term.c's place where nobody looks: the dashboard draws into ncurses and no further,
 * and its keys are fed in process, through the decoder. Link it before the dashboard's library.
 */
#pragma once

#include "ui/tui/term/term.h"

/* Bytes as a terminal sends them; seen, if there is one, is called behind each key that came of them. */
void blind_press(const char *bytes, void (*seen)(const struct input *input));

/* Some row of the last frame holds these words. */
bool blind_shows(const char *words);

extern int blind_frames;          /* drawn so far */
extern int64_t blind_question_at; /* clock_ms() when what was typed ahead was last forgotten: a question opened */
