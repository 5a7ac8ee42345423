/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prng.h - chance without state: a number drawn from a seed and a few coordinates.
 *
 * Nothing is stored and no order of calls matters, so a simulated world is the same at the same moment,
 * however often and from whichever thread it was looked at. Any thread.
 */
#pragma once

#include "base/base.h"

uint64_t prng_draw(uint64_t seed, uint64_t a, uint64_t b);
/* A seed of its own for something that has a name. */
uint64_t prng_name(uint64_t seed, const char *name);

/* low ... high, both possible. */
int64_t prng_between(uint64_t drawn, int64_t low, int64_t high);

/* A curve that wanders between 0 and 1 without jumps; it turns about every period_ms. */
double prng_wander(uint64_t seed, int64_t at_ms, int64_t period_ms);
