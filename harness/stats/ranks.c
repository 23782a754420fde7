#include "harness/stats/ranks.h"

#define MATHLIB_STANDALONE
#include <Rmath.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/median.h"

static const double tail = 0.025;

/* Twice the smaller tail may be more than all there is. */
static double two_sided(double low, double high)
{
	return fmin(1, 2 * fmin(low, high));
}

/* --- how the values lie --------------------------------------------------- */

/* Both samples together, upwards, in groups of equal values. */
struct groups {
	const double *a, *b;
	size_t m, n;
	size_t of_a, of_b; /* taken so far */
};

static size_t run_of(const double *values, size_t from, size_t count,
                     double value)
{
	size_t end = from;

	while (end < count && values[end] <= value)
		end++;
	return end - from;
}

/* How many of A and of B the next group has; false at the end. */
static bool next_group(struct groups *groups, size_t *in_a, size_t *in_b)
{
	double value = INFINITY;

	groups->of_a += *in_a;
	groups->of_b += *in_b;
	if (groups->of_a < groups->m)
		value = groups->a[groups->of_a];
	if (groups->of_b < groups->n)
		value = fmin(value, groups->b[groups->of_b]);
	*in_a = run_of(groups->a, groups->of_a, groups->m, value);
	*in_b = run_of(groups->b, groups->of_b, groups->n, value);
	return *in_a + *in_b > 0;
}

struct order {
	double u;
	double ties; /* sum of t^3 - t over groups of t equal values */
};

static struct order order_of(const double *a, size_t m, const double *b,
                             size_t n)
{
	struct groups groups = { .a = a, .b = b, .m = m, .n = n };
	struct order order = { 0 };
	size_t in_a = 0, in_b = 0;

	while (next_group(&groups, &in_a, &in_b)) {
		double all = (double)(in_a + in_b);

		order.u +=
		        (double)in_b * ((double)groups.of_a + (double)in_a / 2);
		order.ties += all * all * all - all;
	}
	return order;
}

/* --- the three ways to p -------------------------------------------------- */

static double exact_p(double u, size_t m, size_t n)
{
	double x = (double)m, y = (double)n;

	return two_sided(pwilcox(u, x, y, 1, 0), pwilcox(u - 1, x, y, 0, 0));
}

/*
 * With a correction for continuity, and a variance that ties make smaller
 * (Hollander and Wolfe 1973, 4.1).
 */
static double normal_p(double u, double ties, size_t m, size_t n)
{
	double all = (double)(m + n), pairs = (double)m * (double)n;
	double variance =
	        pairs / 12 * (all + 1 - ties / (all * fmax(all - 1, 1)));
	double away = fmax(0, fabs(u - pairs / 2) - 0.5);

	if (!(variance > 0)) /* all are equal */
		return 1;
	return two_sided(pnorm(-away / sqrt(variance), 0, 1, 1, 0), 1);
}

/*
 * In how many ways can J of the values be chosen so that their ranks have the
 * sum S? One value after the other either joins or does not (Streitberg and
 * Roehmel, Exact Distributions for Permutation and Rank Tests, 1986). Ranks are
 * doubled: the middle of a group of equal ones may be a half.
 */
struct ways {
	double *of; /* [j * sums + s] */
	size_t sums, most;
};

static void add_value(struct ways *ways, size_t rank)
{
	for (size_t j = ways->most; j > 0; j--) {
		double *with = ways->of + j * ways->sums;
		const double *without = with - ways->sums;

		for (size_t s = ways->sums; s-- > rank;)
			with[s] += without[s - rank];
	}
}

/* Fills in the ways, and gives the sum of the ranks that B has. */
static size_t add_values(struct ways *ways, struct groups *groups)
{
	size_t in_a = 0, in_b = 0, sum = 0;

	ways->of[0] = 1;
	while (next_group(groups, &in_a, &in_b)) {
		size_t before = groups->of_a + groups->of_b;
		size_t rank = 2 * before + in_a + in_b + 1;

		for (size_t i = 0; i < in_a + in_b; i++)
			add_value(ways, rank);
		sum += in_b * rank;
	}
	return sum;
}

/* NAN where memory runs out. */
static double ties_p(const double *a, size_t m, const double *b, size_t n)
{
	struct groups groups = { .a = a, .b = b, .m = m, .n = n };
	struct ways ways = { .sums = (m + n) * (m + n + 1) + 1, .most = n };
	double low = 0, high = 0, all = 0;
	const double *last;
	size_t sum;

	ways.of = calloc((n + 1) * ways.sums, sizeof(*ways.of));
	if (!ways.of)
		return NAN;
	sum = add_values(&ways, &groups);
	last = ways.of + n * ways.sums;
	for (size_t s = 0; s < ways.sums; s++) {
		all += last[s];
		low += s <= sum ? last[s] : 0;
		high += s >= sum ? last[s] : 0;
	}
	free(ways.of);
	return two_sided(low / all, high / all);
}

struct ranks_test ranks_test_of(double *a, size_t m, double *b, size_t n)
{
	struct ranks_test test = { .method = RANKS_NONE, .p = NAN };
	struct order order;

	if (m == 0 || n == 0)
		return test;
	median_sort(a, m);
	median_sort(b, n);
	order = order_of(a, m, b, n);
	test.u = order.u;
	if (order.ties > 0 && m + n <= RANKS_TIES_VALUES) {
		test.method = RANKS_TIES;
		test.p = n <= m ? ties_p(a, m, b, n) : ties_p(b, n, a, m);
	} else if (!(order.ties > 0) && m * n <= RANKS_EXACT_PAIRS) {
		test.method = RANKS_EXACT;
		test.p = exact_p(order.u, m, n);
	}
	if (isnan(test.p)) {
		test.method = RANKS_NORMAL;
		test.p = normal_p(order.u, order.ties, m, n);
	}
	return test;
}

double ranks_least_p(size_t m, size_t n)
{
	if (m == 0 || n == 0)
		return NAN;
	/* One of the ways to choose the places of the first. */
	return fmin(1, 2 / choose((double)(m + n), (double)m));
}

/* --- the ratio ------------------------------------------------------------ */

/* How many quotients B/A are at most LIMIT. Both are sorted. */
static double quotients_up_to(const double *a, size_t m, const double *b,
                              size_t n, double limit)
{
	double count = 0;
	size_t j = 0;

	/* The larger A's, the more of B are small enough for it. */
	for (size_t i = 0; i < m; i++) {
		while (j < n && b[j] / a[i] <= limit)
			j++;
		count += (double)j;
	}
	return count;
}

/*
 * The K-th smallest quotient, from 1. There may be too many to write down, so
 * it is found by bisection: of doubles that are not negative, the bits are in
 * the order of the values, and 64 steps lead to the one at which the count
 * reaches K, which is a quotient.
 */
static double quotient(const double *a, size_t m, const double *b, size_t n,
                       double k)
{
	const double infinity = INFINITY;
	uint64_t low = 0, high;
	double value;

	memcpy(&high, &infinity, sizeof(high));
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		memcpy(&value, &middle, sizeof(value));
		if (quotients_up_to(a, m, b, n, value) < k)
			low = middle + 1;
		else
			high = middle;
	}
	memcpy(&value, &low, sizeof(value));
	return value;
}

/*
 * The largest k with P(U < k) at most 2.5 %, so that the k-th smallest and the
 * k-th largest quotient are the interval; 0 where there is none.
 */
static double interval_rank(size_t m, size_t n)
{
	double x = (double)m, y = (double)n;
	double k;

	if (m * n <= RANKS_EXACT_PAIRS)
		return qwilcox(tail, x, y, 1, 0);
	k = floor(x * y / 2 + 0.5 +
	          qnorm(tail, 0, 1, 1, 0) * sqrt(x * y * (x + y + 1) / 12));
	/* One value beside very many: the limit of that is not normal. */
	return ranks_least_p(m, n) <= 2 * tail ? fmax(k, 0) : 0;
}

struct summary ranks_ratio(double *a, size_t m, double *b, size_t n)
{
	struct summary ratio = { .count = m * n, .median = NAN };
	double all = (double)ratio.count, lower, upper, k;

	ratio.low = ratio.high = NAN;
	if (ratio.count == 0)
		return ratio;
	median_sort(a, m);
	median_sort(b, n);
	lower = quotient(a, m, b, n, floor((all + 1) / 2));
	upper = quotient(a, m, b, n, floor((all + 2) / 2));
	ratio.median = lower * sqrt(upper / lower); /* between the logarithms */
	ratio.low = ratio.high = ratio.median;
	k = interval_rank(m, n);
	if (k < 1)
		return ratio;
	ratio.interval = true;
	ratio.low = quotient(a, m, b, n, k);
	ratio.high = quotient(a, m, b, n, all + 1 - k);
	return ratio;
}
