/*
 * Medians, with intervals that assume nothing about the distribution: the k-th
 * smallest and the k-th largest value enclose the median with a probability
 * that only the binomial distribution of "above or below" decides (Hahn and
 * Meeker, Statistical Intervals, 1991, 5.2).
 */
#ifndef HARNESS_STATS_SUMMARY_H
#define HARNESS_STATS_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

struct summary {
	size_t count;
	double median;    /* NAN of no values */
	bool interval;    /* 95 % takes at least 6 values */
	double low, high; /* of the median, at 95 % or more */
};

/* Sorts VALUES in place. None may be NAN. */
struct summary summary_of(double *values, size_t count);

/*
 * With 95 % confidence the rate of an event that was not seen once in TRIALS
 * trials is below this: the rule of three, 3/n, at most 1 (Hanley and
 * Lippman-Hand 1983).
 */
double summary_rate_unseen(size_t trials);

#endif
