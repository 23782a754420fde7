#include "harness/stats/signs.h"

#include <criterion/criterion.h>
#include <math.h>

#include "harness/base/random.h"
#include "harness/stats/summary.h"

/*
 * Tukey's depression scores, Hollander and Wolfe 1973, 3.4: of 9 patients 7
 * improved. Twice the ways to get at most 2 of 9: 2 (1 + 9 + 36) / 512.
 */
Test(signs, p_is_that_of_a_coin)
{
	double values[] = { 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 1.1, 1.2 };

	cr_expect_float_eq(signs_test_of(values, 9), 92 / 512.0, 1e-12, "%g",
	                   signs_test_of(values, 9));
	cr_expect_float_eq(signs_test_of(values, 7), 2 / 128.0, 1e-12,
	                   "7 of 7");
	cr_expect_float_eq(signs_test_of(values, 1), 1, 0, "1");
	cr_expect(isnan(signs_test_of(values, 0)), "of nothing");
	cr_expect_float_eq(signs_least_p(6), 2 / 64.0, 1e-12, "least");
	cr_expect(isnan(signs_least_p(0)), "least of nothing");
}

/* The halves are ties now and then: 1 is one of the five values. */
Test(signs, p_is_below_5_percent_where_1_is_outside_the_interval)
{
	struct random random = { 7 };
	unsigned outside = 0;

	for (unsigned i = 0; i < 4000; i++) {
		size_t count = 1 + random_below(&random, 30);
		double values[30], p;
		struct summary summary;
		bool out;

		for (size_t j = 0; j < count; j++)
			values[j] =
			        0.5 * (double)(1 + random_below(&random, 5));
		p = signs_test_of(values, count);
		summary = summary_of(values, count);
		out = summary.interval && (summary.low > 1 || summary.high < 1);
		outside += out;
		cr_expect_eq(p < 0.05, out, "%zu: p %g, from %g to %g", count,
		             p, summary.low, summary.high);
	}
	cr_expect(outside > 100 && outside < 3900, "%u outside", outside);
}

Test(signs, all_ones_are_no_difference)
{
	double values[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1 };

	cr_expect_float_eq(signs_test_of(values, 9), 1, 0, "p");
}
