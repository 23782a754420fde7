#include "harness/base/median.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { MOST = 7 };

static const struct {
	double values[MOST];
	size_t count;
	double median;
} known[] = {
	{ { 5 }, 1, 5 },
	{ { 2, 1 }, 2, 1.5 },
	{ { 3, 1, 2 }, 3, 2 },
	{ { 4, 1, 3, 2 }, 4, 2.5 },
	{ { 9, 9, 9, 1, 1 }, 5, 9 },
	{ { -5, 5, -1, 1 }, 4, 0 },
	{ { 1e300, -1e300, 0 }, 3, 0 },
	{ { INFINITY, 1, 2 }, 3, 2 },
	{ { 7, 1, 6, 2, 5, 3, 4 }, 7, 4 },
};

Test(median, is_the_middle_or_between_the_two_middle_ones)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		double values[MOST], got;

		memcpy(values, known[i].values, sizeof(values));
		got = median_of(values, known[i].count);
		cr_expect_float_eq(got, known[i].median, 0, "case %zu: %g", i,
		                   got);
	}
}

Test(median, of_nothing_is_nan)
{
	double one[1] = { 1 };

	cr_expect(isnan(median_of(NULL, 0)), "of no array");
	cr_expect(isnan(median_of_sorted(one, 0)), "of no value");
}

Test(median, sorts_upwards_and_keeps_every_value)
{
	double values[100];

	for (unsigned i = 0; i < 100; i++)
		values[i] = (double)(i * 37 % 100) / 4;
	median_sort(values, 100);
	for (unsigned i = 0; i < 100; i++)
		cr_expect_float_eq(values[i], i / 4.0, 0, "value %u is %g", i,
		                   values[i]);
}

Test(median, takes_only_as_many_as_it_is_told)
{
	double values[] = { 3, 1, 2, -100, -100 };

	cr_expect_float_eq(median_of(values, 3), 2, 0, "of the first three");
	cr_expect_float_eq(values[3], -100, 0, "the fourth is not touched");
}
