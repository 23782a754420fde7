/*
 * How long many things took: counted in classes that are as wide as 1/128 of
 * what they hold, so that any number of times fits into 60 kB and a quantile is
 * off by less than 0.4 %. Below 128 ns classes are 1 ns wide.
 */
#ifndef HARNESS_IPC_QUANTILES_H
#define HARNESS_IPC_QUANTILES_H

#include <stdint.h>

enum {
	QUANTILES_BITS = 7,
	QUANTILES_EACH = 1 << QUANTILES_BITS,
	/* One for each bit above, and two for the lowest eight. */
	QUANTILES_CLASSES = (65 - QUANTILES_BITS) * QUANTILES_EACH,
};

/* Starts zeroed. */
struct quantiles {
	uint64_t count, max_ns;
	uint64_t class[QUANTILES_CLASSES];
};

void quantiles_add(struct quantiles *quantiles, uint64_t ns);

/*
 * The smallest time that at least SHARE of the times, above 0 and at most 1, do
 * not exceed. NAN of nothing; and above a half where fewer than 1 / (1 - SHARE)
 * were counted: they do not say.
 */
double quantiles_at(const struct quantiles *quantiles, double share);

#endif
