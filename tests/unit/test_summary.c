#include "harness/stats/summary.h"

#include <criterion/criterion.h>
#include <math.h>

enum { MOST = 30 };

/* How often COUNT fair coins show fewer than K heads, of 2^COUNT throws. */
static double fewer_heads(unsigned count, unsigned k)
{
	double ways = 1, sum = 0;

	for (unsigned heads = 0; heads < k; heads++) {
		sum += ways;
		ways = ways * (count - heads) / (heads + 1);
	}
	return sum / pow(2, count);
}

/* The values 1 to COUNT in another order; the k-th smallest is k. */
static struct summary summary_of_ranks(unsigned count)
{
	double values[MOST];

	for (unsigned i = 0; i < count; i++)
		values[i] = (i * 7 + 3) % count + 1;
	/* 7 and COUNT may have a common divisor. */
	for (unsigned i = 0; i < count && count % 7 == 0; i++)
		values[i] = count - i;
	return summary_of(values, count);
}

/*
 * The k-th smallest and the k-th largest of n values miss the median where
 * fewer than k lie below it, or fewer than k above.
 */
Test(summary, interval_holds_the_median_in_95_percent_and_no_more_than_it_must)
{
	for (unsigned count = 6; count <= MOST; count++) {
		struct summary summary = summary_of_ranks(count);
		unsigned k = (unsigned)summary.low;

		cr_assert(summary.interval, "%u values have none", count);
		cr_expect_float_eq(summary.low + summary.high, count + 1, 0,
		                   "%u values: from %g to %g", count,
		                   summary.low, summary.high);
		cr_expect_leq(2 * fewer_heads(count, k), 0.05,
		              "%u values: rank %u holds it in %.4f", count, k,
		              1 - 2 * fewer_heads(count, k));
		cr_expect_gt(2 * fewer_heads(count, k + 1), 0.05,
		             "%u values: rank %u would do", count, k + 1);
	}
}

/* From tables of order statistics: the rank, by the number of values. */
Test(summary, interval_has_the_ranks_of_the_tables)
{
	static const struct {
		unsigned count, rank;
	} known[] = { { 6, 1 },  { 8, 1 },  { 9, 2 },  { 11, 2 }, { 12, 3 },
		      { 15, 4 }, { 20, 6 }, { 25, 8 }, { 30, 10 } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct summary summary = summary_of_ranks(known[i].count);

		cr_expect_float_eq(summary.low, known[i].rank, 0,
		                   "%u values: rank %g", known[i].count,
		                   summary.low);
	}
}

Test(summary, fewer_than_6_values_have_no_interval)
{
	for (unsigned count = 0; count < 6; count++)
		cr_expect_not(summary_of_ranks(count).interval, "%u have",
		              count);
}

Test(summary, has_the_median_and_the_count)
{
	double none[1];

	for (unsigned count = 1; count <= MOST; count++) {
		struct summary summary = summary_of_ranks(count);

		cr_expect_eq(summary.count, count, "%zu", summary.count);
		cr_expect_float_eq(summary.median, (count + 1) / 2.0, 0,
		                   "%u values: %g", count, summary.median);
		cr_expect(summary.low <= summary.median &&
		                  summary.median <= summary.high,
		          "%u values: outside", count);
	}
	cr_expect(isnan(summary_of(none, 0).median), "of no values");
	cr_expect_eq(summary_of(none, 0).count, 0, "of no values");
}

Test(summary, equal_values_have_an_interval_of_no_width)
{
	double values[9];
	struct summary summary;

	for (int i = 0; i < 9; i++)
		values[i] = 4.5;
	summary = summary_of(values, 9);
	cr_expect(summary.interval && summary.low == summary.high, "width");
}

Test(summary, what_was_never_seen_has_a_rate_below_three_by_n)
{
	cr_expect_float_eq(summary_rate_unseen(100), 0.03, 1e-12, "100");
	cr_expect_float_eq(summary_rate_unseen(9), 1 / 3.0, 1e-12, "9");
	cr_expect_float_eq(summary_rate_unseen(3), 1, 0, "3");
	cr_expect_float_eq(summary_rate_unseen(1), 1, 0, "1");
	cr_expect_float_eq(summary_rate_unseen(0), 1, 0, "0");
	/* It holds: with such a rate, n trials without it happen in 5 %. */
	for (unsigned n = 4; n < 1000; n++)
		cr_expect_leq(pow(1 - summary_rate_unseen(n), n), 0.05,
		              "%u trials", n);
}
