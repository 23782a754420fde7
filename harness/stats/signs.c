#include "harness/stats/signs.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <math.h>

static double p_of(size_t fewer, size_t count)
{
	return fmin(1, 2 * pbinom((double)fewer, (double)count, 0.5, 1, 0));
}

double signs_test_of(const double *values, size_t count)
{
	size_t above = 0, below = 0;

	for (size_t i = 0; i < count; i++) {
		above += values[i] >= 1;
		below += values[i] <= 1;
	}
	return count ? p_of(above < below ? above : below, count) : NAN;
}

double signs_least_p(size_t count)
{
	return count ? p_of(0, count) : NAN;
}
