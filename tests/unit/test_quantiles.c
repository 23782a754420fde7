#include "harness/ipc/quantiles.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static struct quantiles quantiles;

static void setup(void)
{
	memset(&quantiles, 0, sizeof(quantiles));
}

TestSuite(quantiles, .init = setup);

Test(quantiles, are_exact_where_times_are_short)
{
	for (uint64_t ns = 1; ns <= 100; ns++)
		quantiles_add(&quantiles, ns);
	cr_expect_eq(quantiles_at(&quantiles, 0.5), 50);
	cr_expect_eq(quantiles_at(&quantiles, 0.9), 90);
	cr_expect_eq(quantiles_at(&quantiles, 0.99), 99);
	cr_expect_eq(quantiles.max_ns, 100);
}

Test(quantiles, say_nothing_of_what_is_too_rare)
{
	for (uint64_t ns = 1; ns < 100; ns++)
		quantiles_add(&quantiles, ns);
	cr_expect(isnan(quantiles_at(&quantiles, 0.99)), "of 99");
	cr_expect_not(isnan(quantiles_at(&quantiles, 0.9)), "90 %% of 99");
	quantiles_add(&quantiles, 100);
	cr_expect_not(isnan(quantiles_at(&quantiles, 0.99)), "of 100");
	cr_expect(isnan(quantiles_at(&quantiles, 0.999)), "of 100");
}

Test(quantiles, of_nothing_are_unknown_and_of_one_the_half_is_known)
{
	cr_expect(isnan(quantiles_at(&quantiles, 0.5)));
	quantiles_add(&quantiles, 9);
	cr_expect_eq(quantiles_at(&quantiles, 0.5), 9);
	cr_expect(isnan(quantiles_at(&quantiles, 0.9)));
}

Test(quantiles, are_near_at_any_time)
{
	for (uint64_t ns = 1; ns < UINT64_MAX / 7; ns = ns * 5 / 4 + 1) {
		double middle;

		setup();
		quantiles_add(&quantiles, ns);
		quantiles_add(&quantiles, ns);
		middle = quantiles_at(&quantiles, 0.5);
		cr_expect_leq(fabs(middle - (double)ns), 0.004 * (double)ns,
		              "%llu became %f", (unsigned long long)ns, middle);
	}
}

Test(quantiles, hold_the_longest_time)
{
	quantiles_add(&quantiles, UINT64_MAX);
	quantiles_add(&quantiles, 0);
	cr_expect_eq(quantiles.max_ns, UINT64_MAX);
	cr_expect_eq(
	        quantiles.class[QUANTILES_CLASSES - 1] + quantiles.class[0], 2);
}
