/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * schema.h - what commands write with --json, against the schemas that are installed (doc/schema, beside the program).
 */
#pragma once

/* words: as run(); fails the test where they ask for JSON and the output is not what the command's schema says. */
void schema_check(const char *words, const char *output);
