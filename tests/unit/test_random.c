#include "harness/base/random.h"

#include <criterion/criterion.h>
#include <stdbool.h>
#include <string.h>

/* The constants of SplitMix64: what it adds, and what it multiplies by. */
static const uint64_t step = 0x9e3779b97f4a7c15;
static const uint64_t first = 0xbf58476d1ce4e5b9;
static const uint64_t second = 0x94d049bb133111eb;

/* Published with the algorithm's ports: the first five of seed 1234567. */
static const uint64_t known[] = { UINT64_C(6457827717110365317),
	                          UINT64_C(3203168211198807973),
	                          UINT64_C(9817491932198370423),
	                          UINT64_C(4593380528125082431),
	                          UINT64_C(16408922859458223821) };

Test(random, is_splitmix64)
{
	struct random random = { 1234567 }, zero = { 0 };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		cr_expect_eq(random_next(&random), known[i], "number %zu", i);
	cr_expect_eq(random_next(&zero), 0xe220a8397b1dcdaf, "seed 0");
}

/* The inverse of an odd number modulo 2^64, by Newton. */
static uint64_t inverse(uint64_t odd)
{
	uint64_t x = odd;

	for (int i = 0; i < 6; i++)
		x *= 2 - odd * x;
	return x;
}

static uint64_t unshift(uint64_t value, int bits)
{
	uint64_t x = value;

	for (int i = 0; i < 64 / bits; i++)
		x = value ^ (x >> bits);
	return x;
}

/* The state from which VALUE comes next: every step can be undone. */
static struct random before(uint64_t value)
{
	uint64_t z = unshift(value, 31) * inverse(second);

	z = unshift(z, 27) * inverse(first);
	return (struct random){ unshift(z, 30) - step };
}

/* Whether VALUE counts for a number below LIMIT, or is drawn again. */
static bool counts(uint64_t value, uint64_t limit)
{
	struct random random = before(value), after = random;
	uint64_t number;

	cr_assert_eq(random_next(&after), value, "the test itself is wrong");
	number = random_below(&random, limit);
	cr_expect_lt(number, limit, "%llu is not below %llu",
	             (unsigned long long)number, (unsigned long long)limit);
	if (random.state != after.state)
		return false;
	cr_expect_eq(number, value % limit, "%llu below %llu is not %llu",
	             (unsigned long long)value, (unsigned long long)limit,
	             (unsigned long long)number);
	return true;
}

/* 2^64 is 1 more than a multiple of 3, and 6 more than one of 10. */
Test(random, draws_again_what_would_favor_some)
{
	uint64_t large = UINT64_C(3) << 62;

	cr_expect(counts(UINT64_MAX - 1, 3), "the last whole round of 3");
	cr_expect_not(counts(UINT64_MAX, 3), "one beyond");
	cr_expect(counts(UINT64_MAX - 6, 10), "the last whole round of 10");
	for (uint64_t i = 0; i < 6; i++)
		cr_expect_not(counts(UINT64_MAX - i, 10), "2^64 - %llu",
		              (unsigned long long)i + 1);
	cr_expect(counts(large - 1, large), "three quarters count");
	cr_expect_not(counts(large, large), "the last quarter does not");
	cr_expect(counts(0, large), "0 counts");
	cr_expect(counts(0, UINT64_MAX), "0 of nearly all");
	cr_expect_not(counts(UINT64_MAX, UINT64_MAX), "the limit itself");
}

Test(random, below_one_is_nothing_but_zero)
{
	struct random random = { 1 };

	for (int i = 0; i < 100; i++)
		cr_expect_eq(random_below(&random, 1), 0, "draw %d", i);
}

enum { ITEMS = 4, ORDERS = 24 };

/* Which of the 4 x 3 x 2 ways the three draws of a shuffle of four go. */
static unsigned draws_of(uint64_t seed)
{
	struct random random = { seed };
	unsigned way = 0;

	for (unsigned limit = ITEMS; limit > 1; limit--)
		way = way * limit + (unsigned)random_below(&random, limit);
	return way;
}

/* The order that a shuffle of 0 1 2 3 gives, as a number in base 4. */
static unsigned order_of(uint64_t seed)
{
	struct random random = { seed };
	unsigned items[ITEMS] = { 0, 1, 2, 3 }, order = 0;

	random_shuffle(&random, items, ITEMS);
	for (int i = 0; i < ITEMS; i++)
		order = order * ITEMS + items[i];
	return order;
}

/*
 * The draws are equally likely. So are the orders, if and only if each of the
 * 24 ways to draw gives an order of its own.
 */
Test(random, gives_each_order_by_exactly_one_way_to_draw)
{
	unsigned order[ORDERS];
	bool seen[ORDERS] = { false };
	unsigned found = 0;

	for (uint64_t seed = 0; found < ORDERS || seed < 1000; seed++) {
		unsigned way = draws_of(seed);

		cr_assert_lt(way, ORDERS, "the test itself is wrong");
		if (seen[way]) {
			cr_assert_eq(order_of(seed), order[way],
			             "way %u gives two orders", way);
			continue;
		}
		order[way] = order_of(seed);
		seen[way] = true;
		found++;
	}
	for (unsigned i = 0; i < ORDERS; i++) {
		for (unsigned j = 0; j < i; j++)
			cr_expect_neq(order[i], order[j],
			              "ways %u and %u give the same order", i,
			              j);
	}
}

Test(random, keeps_every_item_of_a_shuffle)
{
	struct random random = { 7 };
	unsigned items[101], seen[100] = { 0 };

	for (unsigned i = 0; i < 101; i++)
		items[i] = i;
	random_shuffle(&random, items, 100);
	for (unsigned i = 0; i < 100; i++) {
		cr_assert_lt(items[i], 100, "where does %u come from?",
		             items[i]);
		seen[items[i]]++;
	}
	for (unsigned i = 0; i < 100; i++)
		cr_expect_eq(seen[i], 1, "%u is there %u times", i, seen[i]);
	cr_expect_eq(items[100], 100, "it touched what it was not given");
	random_shuffle(&random, NULL, 0);
}

Test(random, names_a_run_by_a_uuid_of_version_4)
{
	char uuid[RANDOM_UUID], another[RANDOM_UUID];

	random_uuid(uuid);
	random_uuid(another);
	cr_expect_eq(strlen(uuid), 36, "%s", uuid);
	for (size_t i = 0; i < 36; i++) {
		bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		cr_expect(hyphen ? uuid[i] == '-'
		                 : strchr("0123456789abcdef", uuid[i]) != NULL,
		          "place %zu of %s", i, uuid);
	}
	cr_expect_eq(uuid[14], '4', "the version of %s", uuid);
	cr_expect(strchr("89ab", uuid[19]), "the variant of %s", uuid);
	cr_expect_str_neq(uuid, another, "twice the same");
	cr_expect_neq(random_seed(), random_seed(), "twice the same seed");
}
