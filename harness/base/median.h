/* The middle of some values. */
#ifndef HARNESS_BASE_MEDIAN_H
#define HARNESS_BASE_MEDIAN_H

#include <stddef.h>

/* Sorts VALUES, none NAN, upwards. */
void median_sort(double *values, size_t count);

/* The median of sorted values; NAN of none. */
double median_of_sorted(const double *values, size_t count);

/* Sorts VALUES and gives their median. */
double median_of(double *values, size_t count);

#endif
