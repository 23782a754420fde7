#include "harness/stats/ranks.h"

#include <criterion/criterion.h>
#include <math.h>

#include "harness/base/random.h"

enum { MOST = 64 };

/* From 0 to 1, both excluded. */
static double uniform(struct random *random)
{
	return ((double)(random_next(random) >> 12) + 0.5) / 0x1p52;
}

/* About 1, with a spread of about SPREAD, and a long tail as timings have. */
static double timing(struct random *random, double spread)
{
	double x = uniform(random);

	return exp(spread * log(x / (1 - x)) / 2);
}

static void fill(struct random *random, double *values, size_t count,
                 double factor, double spread)
{
	for (size_t i = 0; i < count; i++)
		values[i] = factor * timing(random, spread);
}

/* --- values known from elsewhere ------------------------------------------ */

/*
 * Permeability of the human placenta, Hollander and Wolfe 1973, 4.1, which
 * R's help on wilcox.test has as an example: W = 35, and one-sided p 0.1272.
 * Their 4.2 and 4.3 give the difference 0.305 and its interval at 96 %, from
 * -0.15 to 0.76. A difference is the logarithm of a quotient.
 */
Test(ranks, knows_the_permeability_of_hollander_and_wolfe)
{
	double x[] = { 0.80, 0.83, 1.89, 1.04, 1.45,
		       1.38, 1.91, 1.64, 0.73, 1.46 };
	double y[] = { 1.15, 0.88, 0.90, 0.74, 1.21 };
	struct ranks_test test = ranks_test_of(y, 5, x, 10);
	struct summary ratio;

	cr_expect_eq(test.method, RANKS_EXACT, "method %d", test.method);
	cr_expect_float_eq(test.u, 35, 0, "W = %g", test.u);
	cr_expect_float_eq(test.p, 2 * 0.1272, 1e-4, "p = %g", test.p);
	for (int i = 0; i < 10; i++)
		x[i] = exp(x[i]);
	for (int i = 0; i < 5; i++)
		y[i] = exp(y[i]);
	ratio = ranks_ratio(y, 5, x, 10);
	cr_expect(ratio.interval, "no interval");
	cr_expect_float_eq(log(ratio.median), 0.305, 1e-9, "%g",
	                   log(ratio.median));
	cr_expect_float_eq(log(ratio.low), -0.15, 1e-9, "%g", log(ratio.low));
	cr_expect_float_eq(log(ratio.high), 0.76, 1e-9, "%g", log(ratio.high));
}

/*
 * The critical values of U, two-sided at 5 %, that textbooks print (Siegel,
 * Nonparametric Statistics, 1956, table K): the largest U to reject with. One
 * more is the rank of the interval.
 */
Test(ranks, has_the_ranks_of_the_tables)
{
	static const struct {
		size_t m, n;
		double critical;
	} known[] = { { 4, 4, 0 },    { 3, 5, 0 },    { 5, 5, 2 },
		      { 6, 6, 5 },    { 5, 9, 7 },    { 8, 8, 13 },
		      { 9, 9, 17 },   { 10, 10, 23 }, { 12, 15, 49 },
		      { 20, 20, 127 } };
	double a[MOST], b[MOST];

	for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
		size_t m = known[k].m, n = known[k].n;
		struct summary ratio;

		/* Quotients are 2^0 to 2^(mn - 1), in some order. */
		for (size_t i = 0; i < m; i++)
			a[i] = exp2(-(double)(i * n));
		for (size_t j = 0; j < n; j++)
			b[j] = exp2((double)j);
		ratio = ranks_ratio(a, m, b, n);
		cr_expect(ratio.interval, "%zu and %zu have none", m, n);
		cr_expect_float_eq(log2(ratio.low), known[k].critical, 0,
		                   "%zu and %zu: rank %g", m, n,
		                   log2(ratio.low) + 1);
		cr_expect_float_eq(log2(ratio.high),
		                   (double)(m * n) - 1 - known[k].critical, 0,
		                   "%zu and %zu: rank %g from above", m, n,
		                   log2(ratio.high));
	}
}

Test(ranks, too_few_values_have_no_interval)
{
	static const size_t few[][2] = { { 1, 1 }, { 3, 3 },   { 3, 4 },
		                         { 2, 7 }, { 1, 38 },  { 1, 39 },
		                         { 0, 9 }, { 1, 2600 } };
	static const size_t enough[][2] = {
		{ 4, 4 }, { 3, 5 }, { 2, 8 }, { 1, 40 }, { 2, 2600 }
	};
	static double a[MOST], b[2600];
	struct random random = { 1 };

	fill(&random, a, MOST, 1, 0.1);
	fill(&random, b, 2600, 1, 0.1);
	for (size_t i = 0; i < sizeof(enough) / sizeof(enough[0]); i++)
		cr_expect(
		        ranks_ratio(a, enough[i][0], b, enough[i][1]).interval,
		        "%zu and %zu", enough[i][0], enough[i][1]);
	for (size_t i = 0; i < sizeof(few) / sizeof(few[0]) - 1; i++)
		cr_expect_not(ranks_ratio(a, few[i][0], b, few[i][1]).interval,
		              "%zu and %zu", few[i][0], few[i][1]);
	cr_expect(isnan(ranks_ratio(a, 0, b, 9).median), "of nothing");
	cr_expect(isnan(ranks_test_of(a, 0, b, 9).p), "p of nothing");
	cr_expect_float_eq(ranks_least_p(4, 4), 2 / 70.0, 1e-12, "least");
	cr_expect_float_eq(ranks_least_p(1, 1), 1, 0, "least");
}

/* --- against counting ----------------------------------------------------- */

/* What U would be if MASK told which of the values are B's, ties being half. */
static double u_of(const double *values, unsigned count, unsigned mask)
{
	double u = 0;

	for (unsigned i = 0; i < count; i++) {
		for (unsigned j = 0; j < count; j++) {
			if (mask >> i & 1 && !(mask >> j & 1))
				u += values[i] > values[j]    ? 1
				     : values[i] >= values[j] ? 0.5
				                              : 0;
		}
	}
	return u;
}

/* Of all ways to deal the values out, as often as it was. */
static double enumerated_p(const double *a, unsigned m, const double *b,
                           unsigned n)
{
	double values[MOST], low = 0, high = 0, all = 0, seen;

	for (unsigned i = 0; i < m + n; i++)
		values[i] = i < m ? a[i] : b[i - m];
	seen = u_of(values, m + n, (1u << (m + n)) - (1u << m));
	for (unsigned mask = 0; mask < 1u << (m + n); mask++) {
		double u;

		if ((unsigned)__builtin_popcount(mask) != n)
			continue;
		u = u_of(values, m + n, mask);
		all++;
		low += u <= seen;
		high += u >= seen;
	}
	return fmin(1, 2 * fmin(low, high) / all);
}

/* LEVELS: how many different values there are; 0: none is there twice. */
static void expect_enumerated(struct random *random, unsigned levels,
                              enum ranks_method method)
{
	for (unsigned m = 1; m <= 6; m++) {
		for (unsigned n = 1; n <= 6; n++) {
			double a[MOST], b[MOST], p;
			struct ranks_test test;

			fill(random, a, m, 1, 1);
			fill(random, b, n, 2, 1);
			for (unsigned i = 0; i < m && levels; i++)
				a[i] = 1 + (double)random_below(random, levels);
			for (unsigned i = 0; i < n && levels; i++)
				b[i] = 1 + (double)random_below(random, levels);
			p = enumerated_p(a, m, b, n);
			test = ranks_test_of(a, m, b, n);
			cr_expect(test.method == method || levels > 1,
			          "%u and %u: method %d", m, n, test.method);
			cr_expect_float_eq(test.p, p, 1e-12,
			                   "%u and %u of %u: %g, not %g", m, n,
			                   levels, test.p, p);
		}
	}
}

Test(ranks, p_is_what_counting_gives)
{
	struct random random = { 42 };

	expect_enumerated(&random, 0, RANKS_EXACT);
}

Test(ranks, p_is_what_counting_gives_where_values_are_equal)
{
	struct random random = { 43 };

	for (unsigned levels = 1; levels <= 8; levels++)
		expect_enumerated(&random, levels, RANKS_TIES);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

Test(ranks, median_ratio_is_that_of_all_quotients)
{
	struct random random = { 44 };
	double a[12], b[12], all[144];

	for (size_t m = 1; m <= 12; m++) {
		for (size_t n = 1; n <= 12; n++) {
			size_t count = m * n;
			struct summary ratio;

			fill(&random, a, m, 1, 3);
			fill(&random, b, n, 1e-6, 3);
			for (size_t i = 0; i < count; i++)
				all[i] = b[i % n] / a[i / n];
			qsort(all, count, sizeof(*all), compare);
			ratio = ranks_ratio(a, m, b, n);
			cr_expect_eq(ratio.count, count, "%zu", ratio.count);
			cr_expect_float_eq(
			        ratio.median,
			        sqrt(all[(count - 1) / 2] * all[count / 2]),
			        1e-15, "%zu and %zu: %g", m, n, ratio.median);
			cr_expect(!ratio.interval || ratio.low + ratio.high > 0,
			          "%zu and %zu", m, n);
		}
	}
}

/* --- the two sides of one thing ------------------------------------------- */

Test(ranks, p_is_below_5_percent_where_1_is_outside_the_interval)
{
	struct random random = { 45 };
	unsigned outside = 0;

	for (unsigned i = 0; i < 4000; i++) {
		size_t m = 1 + random_below(&random, 15);
		size_t n = 1 + random_below(&random, 15);
		double a[MOST], b[MOST];
		struct ranks_test test;
		struct summary ratio;
		bool out;

		fill(&random, a, m, 1, 1);
		fill(&random, b, n, 2, 1);
		ratio = ranks_ratio(a, m, b, n);
		test = ranks_test_of(a, m, b, n);
		out = ratio.interval && (ratio.low > 1 || ratio.high < 1);
		outside += out;
		cr_expect_eq(test.p < 0.05, out,
		             "%zu and %zu: p %g, from %g to %g", m, n, test.p,
		             ratio.low, ratio.high);
	}
	/* Both happened, so that something was shown. */
	cr_expect(outside > 500 && outside < 3500, "%u outside", outside);
}

/*
 * Just inside of what is exact, and just outside, p must be nearly the same. U
 * is given, by interleaving the values: each of B exceeds as many more of A.
 */
Test(ranks, the_normal_distribution_is_near_where_it_takes_over)
{
	double a[MOST], b[MOST];
	struct ranks_test exact, normal;

	for (unsigned shift = 0; shift < 20; shift++) {
		for (unsigned i = 0; i <= 50; i++) {
			a[i] = 100 + 2.0 * i;
			b[i] = 101 + 2.0 * (i + shift);
		}
		exact = ranks_test_of(a, 50, b, 50);
		normal = ranks_test_of(a, 51, b, 51);
		/* Shifted by an even number, they have no value in common. */
		cr_expect_eq(exact.method, RANKS_EXACT, "%d", exact.method);
		cr_expect_eq(normal.method, RANKS_NORMAL, "%d", normal.method);
		cr_expect_float_eq(exact.p, normal.p, 0.015, "%u: %g and %g",
		                   shift, exact.p, normal.p);
	}
	/* Ties: rounded to fours, in both. */
	for (unsigned i = 0; i <= 50; i++) {
		unsigned low = i / 4 * 4, high = (i + 6) / 4 * 4;

		a[i] = 100 + low;
		b[i] = 100 + high;
	}
	exact = ranks_test_of(a, 50, b, 50);
	normal = ranks_test_of(a, 51, b, 51);
	cr_expect_eq(exact.method, RANKS_TIES, "%d", exact.method);
	cr_expect_eq(normal.method, RANKS_NORMAL, "%d", normal.method);
	cr_expect_float_eq(exact.p, normal.p, 0.01, "ties: %g and %g", exact.p,
	                   normal.p);
}

Test(ranks, all_values_equal_are_no_difference)
{
	double a[MOST], b[MOST];

	for (unsigned i = 0; i < MOST; i++)
		a[i] = b[i] = 7;
	cr_expect_float_eq(ranks_test_of(a, 9, b, 9).p, 1, 0, "few");
	cr_expect_float_eq(ranks_test_of(a, MOST, b, MOST).p, 1, 0, "many");
	cr_expect_float_eq(ranks_ratio(a, 9, b, 9).high, 1, 0, "ratio");
}

/* --- the judge is not fooled ---------------------------------------------- */

/* How often of TIMES a difference is seen, and FACTOR lies in the interval. */
struct seen {
	unsigned different, held;
};

static struct seen judge(size_t count, double factor, double spread,
                         unsigned times)
{
	struct random random = { 2026 };
	struct seen seen = { 0 };
	double a[MOST], b[MOST];

	for (unsigned i = 0; i < times; i++) {
		struct summary ratio;

		fill(&random, a, count, 1, spread);
		fill(&random, b, count, factor, spread);
		seen.different += ranks_test_of(a, count, b, count).p < 0.05;
		ratio = ranks_ratio(a, count, b, count);
		seen.held += ratio.low <= factor && factor <= ratio.high;
	}
	return seen;
}

/* Of 9 and 9, P(p < 5 %) is 3.99 %: the next U would be too much. */
Test(ranks, equals_differ_in_at_most_5_percent)
{
	struct seen seen = judge(9, 1, 0.3, 5000);

	cr_expect(seen.different > 150 && seen.different <= 250,
	          "%u of 5000 differ", seen.different);
	seen = judge(60, 1, 0.3, 1000);
	cr_expect(seen.different > 30 && seen.different <= 70,
	          "%u of 1000 differ", seen.different);
}

Test(ranks, five_percent_are_found_where_the_spread_is_small)
{
	struct seen seen = judge(9, 1.05, 0.01, 1000);

	cr_expect_geq(seen.different, 990, "only %u of 1000", seen.different);
	cr_expect_geq(seen.held, 940, "1.05 is inside of %u of 1000",
	              seen.held);
}
