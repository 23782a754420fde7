#include "harness/base/median.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void median_sort(double *values, size_t count)
{
	if (count > 0)
		qsort(values, count, sizeof(*values), compare);
}

double median_of_sorted(const double *values, size_t count)
{
	if (count == 0)
		return NAN;
	return count % 2 ? values[count / 2]
	                 : (values[count / 2 - 1] + values[count / 2]) / 2;
}

double median_of(double *values, size_t count)
{
	median_sort(values, count);
	return median_of_sorted(values, count);
}
