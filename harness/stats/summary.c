#include "harness/stats/summary.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>

#include "harness/base/median.h"

static const double tail = 0.025;

struct summary summary_of(double *values, size_t count)
{
	struct summary summary = { .count = count };
	size_t rank;

	summary.median = median_of(values, count);
	summary.low = summary.high = summary.median;
	if (count == 0)
		return summary;
	/*
	 * The largest rank k with P(fewer than k values below the median) at
	 * most 2.5 %. qbinom gives the smallest number whose probability
	 * reaches it; that number itself is one too many, or exactly enough.
	 */
	rank = (size_t)qbinom(tail, (double)count, 0.5, 1, 0);
	if (rank == 0)
		return summary;
	summary.interval = true;
	summary.low = values[rank - 1];
	summary.high = values[count - rank];
	return summary;
}

double summary_rate_unseen(size_t trials)
{
	return trials > 3 ? 3 / (double)trials : 1;
}
