/*
 * Going on until an interval is narrow enough. Who looks after every value, and
 * stops when it is, stops too often where it was narrow by luck, and beside the
 * truth. So the looks are few: after 10 values, and then whenever there are a
 * quarter more. tests/unit/test_looks.c simulates it: what is 95 % for a fixed
 * number of values stays above 93 %. (The theory, for means and many values, is
 * of Chow and Robbins, On the Asymptotic Theory of Fixed-Width Sequential
 * Confidence Intervals for the Mean, Annals of Mathematical Statistics 36,
 * 1965.)
 */
#ifndef HARNESS_STATS_LOOKS_H
#define HARNESS_STATS_LOOKS_H

#include <stddef.h>

/* How many values there are to be at the next look, after one at COUNT. */
size_t looks_next(size_t count);

#endif
