/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz.h - a harness is one function that takes any bytes and dies where a promise is broken.
 *
 * A new one: fuzz_NAME.c here, NAME.dict and corpus/NAME/ beside it, a row in Makefile.am. Built by gcc,
 * replay.c gives it a main() that reads its corpus (`make check`); `tests/fuzz/run NAME` builds it with
 * clang and libFuzzer instead, and looks for more.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(promise) \
	do { \
		if (!(promise)) { \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #promise); \
			abort(); \
		} \
	} while (0)
