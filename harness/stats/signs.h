/*
 * The sign test, which is the other side of the interval of summary.h: are
 * values centered on 1? Each is above or below, like a coin (Arbuthnott 1710;
 * Dixon and Mood, The Statistical Sign Test, Journal of the American
 * Statistical Association 41, 1946).
 */
#ifndef HARNESS_STATS_SIGNS_H
#define HARNESS_STATS_SIGNS_H

#include <stddef.h>

/*
 * Two-sided p; NAN of no values. A value of exactly 1 speaks for the side with
 * fewer, so that p is below 5 % where, and only where, 1 is outside the
 * interval of summary_of(). A pure function.
 */
double signs_test_of(const double *values, size_t count);

/* The smallest p that so many values could give; NAN of none. */
double signs_least_p(size_t count);

#endif
