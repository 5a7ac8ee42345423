/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * language.h - the language that a person reads: a catalogue LANG/LC_MESSAGES/innkeeper.mo as msgfmt(1) makes it. We
 * read it ourselves, because gettext(3) translates nothing in the locale C.UTF-8, the only one there is without the
 * package `locales`. Without a catalogue everything is English. What programs read is never translated.
 *
 * Catalogues are in $INNKEEPER_LOCALES, else where they were installed. They stay in memory. Choose before other
 * threads start; afterwards any thread may translate: _() and ngettext() in base.h.
 */
#pragma once

#include "base/err.h"

/*
 * Sets the locale of the process from the environment, and its language if the locale's character set is UTF-8:
 * $LANGUAGE, a list with colons, unless the locale is C or POSIX; else LC_ALL, LC_MESSAGES, LANG. A language without
 * a catalogue is English; false: there is one that cannot be used, and the texts are English.
 */
bool language_use_locale(struct err *err);
/*
 * "pt_BR", "de"; "en" is English. A locale that knows ASCII only becomes C.UTF-8. False, and nothing changed:
 * ERR_USAGE, there is none of this name, and err lists those there are; ERR_SYSTEM: it cannot be used.
 */
bool language_use(const char *name, struct err *err);

/* As language_use(), but only looks whether there is a catalogue. */
bool language_exists(const char *name, struct err *err);

/* The letters that answer a question: y and n are always understood, and beside them those of the language. */
bool language_says_yes(uint32_t code);
bool language_says_no(uint32_t code);

const char *language_name(void); /* "en" */
/* False: its catalogue says that nobody who speaks it has reviewed it. */
bool language_is_reviewed(void);
