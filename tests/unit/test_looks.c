#include "harness/stats/looks.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#include "harness/base/random.h"
#include "harness/stats/summary.h"

enum { MOST = 600 };

static double ratio(struct random *random)
{
	double x = ((double)(random_next(random) >> 12) + 0.5) / 0x1p52;

	return exp(0.03 * log(x / (1 - x)));
}

/* Whether 1, the truth, is in the interval with which the looking ends. */
static bool holds(struct random *random, double width)
{
	double values[MOST], sorted[MOST];
	struct summary summary = { 0 };
	size_t count = 0, next = looks_next(0);

	while (next <= MOST) {
		while (count < next)
			values[count++] = ratio(random);
		memcpy(sorted, values, count * sizeof(*values));
		summary = summary_of(sorted, count);
		if (summary.high - summary.low <= width * summary.median)
			break;
		next = looks_next(count);
	}
	return summary.low <= 1 && 1 <= summary.high;
}

Test(looks, the_interval_at_the_end_holds_the_truth_nearly_as_often_as_any)
{
	static const double widths[] = { 0.02, 0.05, 0.1, 0.3 };

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		struct random random = { 5 };
		unsigned held = 0;

		for (unsigned j = 0; j < 3000; j++)
			held += holds(&random, widths[i]);
		cr_expect_geq(held, 2790, "%g wide: %u of 3000", widths[i],
		              held);
	}
}

Test(looks, are_at_10_values_and_then_a_quarter_more)
{
	cr_expect_eq(looks_next(0), 10, "%zu", looks_next(0));
	cr_expect_eq(looks_next(10), 13, "%zu", looks_next(10));
	cr_expect_eq(looks_next(100), 125, "%zu", looks_next(100));
}
