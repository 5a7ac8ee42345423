/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "backend/demo/prng.h"

/* The finaliser of splitmix64: every input bit reaches every output bit. */
static uint64_t stir(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9U;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebU;
	return x ^ (x >> 31);
}

uint64_t prng_draw(uint64_t seed, uint64_t a, uint64_t b)
{
	return stir(seed + stir(a + 0x9e3779b97f4a7c15U + stir(b + 0x3c6ef372fe94f82aU)));
}

uint64_t prng_name(uint64_t seed, const char *name)
{
	uint64_t sum = seed;

	for (const char *c = name; *c; c++)
		sum = stir(sum + (unsigned char)*c + 0x9e3779b97f4a7c15U);
	return sum;
}

int64_t prng_between(uint64_t drawn, int64_t low, int64_t high)
{
	return low + (int64_t)(drawn % (uint64_t)(high - low + 1));
}

static double fraction(uint64_t drawn)
{
	return (double)(drawn >> 11) / 9007199254740992.0;
}

double prng_wander(uint64_t seed, int64_t at_ms, int64_t period_ms)
{
	int64_t knot = at_ms / period_ms;
	double way = (double)(at_ms % period_ms) / (double)period_ms;
	double from = fraction(prng_draw(seed, (uint64_t)knot, (uint64_t)period_ms));
	double to = fraction(prng_draw(seed, (uint64_t)knot + 1, (uint64_t)period_ms));

	return from + (to - from) * way * way * (3 - 2 * way);
}
