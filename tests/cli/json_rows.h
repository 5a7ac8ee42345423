/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_rows.h - what run() left on stdout, read as the JSON array that it should be.
 */
#pragma once

#include <jansson.h>
#include <stdbool.h>

void read_json(void);
#define exits_in_json(...) (exits(__VA_ARGS__), read_json())
size_t row_count(void);
json_t *field(const char *name);        /* of the first row */
const char *text_of(const char *name);
long long number_of(const char *name);
/* Their names and their order; fields that come behind are welcome where `more`. */
void fields_are(const char *names, bool more);
