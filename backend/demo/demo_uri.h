/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * demo_uri.h - demo:///SCENARIO[?host=NAME][&seed=N] taken apart.
 */
#pragma once

#include "base/err.h"

struct demo_uri {
	char *scenario; /* "" where the URI names none */
	char *host;     /* NULL: none named */
	uint64_t seed;  /* 0: none named */
};

/* Bare words without "demo:" are a scenario. */
bool demo_uri_parse(const char *words, struct demo_uri *ret_uri, struct err *err);
void demo_uri_free(struct demo_uri *uri);
