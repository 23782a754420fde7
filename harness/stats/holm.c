#include "harness/stats/holm.h"

#include <math.h>

static size_t comparisons(const double *p, size_t count)
{
	size_t all = 0;

	for (size_t i = 0; i < count; i++)
		all += isnan(p[i]) ? 0 : 1;
	return all;
}

/* The smallest that is not corrected yet; COUNT where there is none. */
static size_t next_smallest(const double *p, const double *corrected,
                            size_t count)
{
	size_t smallest = count;

	for (size_t i = 0; i < count; i++) {
		if (!isnan(p[i]) && isnan(corrected[i]) &&
		    (smallest == count || p[i] < p[smallest]))
			smallest = i;
	}
	return smallest;
}

void holm_correct(const double *p, double *corrected, size_t count)
{
	size_t left = comparisons(p, count), i;
	double before = 0; /* no p may come out below one that was smaller */

	for (i = 0; i < count; i++)
		corrected[i] = NAN;
	while ((i = next_smallest(p, corrected, count)) < count) {
		before = fmax(before, fmin(1, (double)left-- * p[i]));
		corrected[i] = before;
	}
}
