/*
 * Two samples that were measured independently: are they different, and by
 * which factor? Only the order of the values counts, so nothing is assumed
 * about their distribution, and one outlier is one value.
 *
 * The test is Mann and Whitney's (On a Test of Whether one of Two Random
 * Variables is Stochastically Larger than the Other, Annals of Mathematical
 * Statistics 18, 1947). The ratio is the median of all quotients of a value of
 * the second sample by one of the first, and its interval is made of two of
 * those quotients (Hodges and Lehmann 1963; Hollander and Wolfe, Nonparametric
 * Statistical Methods, 1973, 4.2 and 4.3; there of differences, which
 * quotients are for logarithms). Test and interval are two sides of one thing:
 * without ties, p is below 5 % where, and only where, 1 is outside.
 *
 * Values are positive and finite. Not for two threads at the same time: Rmath
 * keeps tables.
 */
#ifndef HARNESS_STATS_RANKS_H
#define HARNESS_STATS_RANKS_H

#include <stddef.h>

#include "harness/stats/summary.h"

/* How p was found. */
enum ranks_method {
	RANKS_NONE,   /* a sample is empty: p is NAN */
	RANKS_EXACT,  /* no two values are equal */
	RANKS_TIES,   /* exact for these values: all ways to deal them out */
	RANKS_NORMAL, /* approximate, for many values: corrected for ties */
};

/* Beyond these the normal distribution is near enough, and much faster. */
enum {
	RANKS_EXACT_PAIRS = 2500, /* of a value of A and one of B */
	RANKS_TIES_VALUES = 100,  /* of A and B together */
};

struct ranks_test {
	enum ranks_method method;
	double p; /* two-sided: twice the smaller tail, at most 1 */
	double u; /* pairs in which B's is the larger one, a tie being half */
};

/* Sorts A and B, of M and N values. RANKS_TIES becomes RANKS_NORMAL where
   memory runs out. */
struct ranks_test ranks_test_of(double *a, size_t m, double *b, size_t n);

/*
 * What to multiply A with to get B: the median quotient B/A with its interval
 * at 95 % or more. Its count is that of the quotients; there is no interval
 * where the samples are too small for one. Ties make it wider than it must be,
 * never narrower (Pratt and Gibbons, Concepts of Nonparametric Theory, 1981,
 * 5.3). Sorts A and B.
 */
struct summary ranks_ratio(double *a, size_t m, double *b, size_t n);

/* The smallest p that such samples could give, NAN where one is empty. */
double ranks_least_p(size_t m, size_t n);

#endif
