#include "harness/ipc/quantiles.h"

#include <math.h>

/*
 * The highest set bit and the seven below it. Of a time with at most eight bits
 * nothing is cut off.
 */
static unsigned class_of(uint64_t ns)
{
	unsigned shift = 0;

	if (ns >> (QUANTILES_BITS + 1))
		shift = 63 - (unsigned)__builtin_clzll(ns) - QUANTILES_BITS;
	return shift * QUANTILES_EACH + (unsigned)(ns >> shift);
}

/* The middle of the class. */
static double middle_of(unsigned class)
{
	unsigned shift = 0;
	uint64_t low = class;

	if (class >= 2 * QUANTILES_EACH) {
		shift = class / QUANTILES_EACH - 1;
		low = (uint64_t)(class - shift * QUANTILES_EACH) << shift;
	}
	return (double)low + ((double)(UINT64_C(1) << shift) - 1) / 2;
}

void quantiles_add(struct quantiles *quantiles, uint64_t ns)
{
	quantiles->count++;
	quantiles->class[class_of(ns)]++;
	if (ns > quantiles->max_ns)
		quantiles->max_ns = ns;
}

double quantiles_at(const struct quantiles *quantiles, double share)
{
	double count = (double)quantiles->count;
	uint64_t rank = (uint64_t)ceil(share * count - 1e-9), seen = 0;

	/* A hundredth above p99 takes a hundred; rounding must not forbid it. */
	if (count <= 0 || (share > 0.5 && count * (1 - share) < 1 - 1e-6))
		return NAN;
	for (unsigned class = 0; class < QUANTILES_CLASSES; class ++) {
		seen += quantiles->class[class];
		if (seen >= rank)
			return middle_of(class);
	}
	return (double)quantiles->max_ns;
}
