#include "harness/run/plan.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct sync_ops any_ops = { 0 }, pair_ops = { .max_workers = 2 };
static const struct sync_strategy a = { "a", &any_ops, NULL, NULL },
                                  b = { "b", &any_ops, NULL, NULL },
                                  pair = { "pair", &pair_ops, NULL, NULL };

enum { TRIALS = 20, CELLS = 8, MOST = TRIALS * CELLS };

/* a and b with 1, 2 and 5 workers, pair with 1 and 2: 8 cells. */
static struct run_spec *spec_of(uint64_t seed)
{
	static const struct sync_strategy *strategies[] = { &a, &pair, &b };
	static struct run_spec spec;

	spec = (struct run_spec){
		.strategies = strategies,
		.strategies_count = 3,
		.workers = { 1, 2, 5 },
		.workers_count = 3,
		.pins_count = 1,
		.insides_count = 1,
		.outsides_count = 1,
		.time_ns = 7,
		.count = 9,
		.trials = TRIALS,
		.seed = seed,
	};
	return &spec;
}

/* All items of a plan; returns how many. */
static size_t items_of(uint64_t seed, struct plan_item items[MOST + 1])
{
	struct plan plan;
	size_t count = 0;

	cr_assert_eq(plan_begin(&plan, spec_of(seed)), 0, "no plan");
	cr_expect_eq(plan_size(&plan), MOST, "%zu trials", plan_size(&plan));
	while (count <= MOST && plan_next(&plan, &items[count]))
		count++;
	cr_expect_not(plan_next(&plan, &items[0]), "it goes on after its end");
	plan_end(&plan);
	return count;
}

static bool same_cell(const struct plan_item *x, const struct plan_item *y)
{
	return x->trial.strategy == y->trial.strategy &&
	       x->trial.workers == y->trial.workers;
}

Test(plan, has_each_cell_once_in_each_block)
{
	static struct plan_item items[MOST + 1];

	cr_assert_eq(items_of(1, items), MOST, "not all");
	for (size_t i = 0; i < MOST; i++) {
		cr_expect_eq(items[i].block, i / CELLS + 1, "item %zu", i);
		/* CELLS different ones of CELLS: each once. */
		for (size_t j = i / CELLS * CELLS; j < i; j++)
			cr_expect_not(same_cell(&items[i], &items[j]),
			              "block %u has %s with %u twice",
			              items[i].block,
			              items[i].trial.strategy->name,
			              items[i].trial.workers);
	}
}

Test(plan, leaves_out_what_a_strategy_cannot_do)
{
	static struct plan_item items[MOST + 1];
	size_t count = items_of(1, items);

	for (size_t i = 0; i < count; i++)
		cr_expect(items[i].trial.strategy != &pair ||
		                  items[i].trial.workers <= 2,
		          "pair with %u workers", items[i].trial.workers);
}

Test(plan, numbers_trials_from_1_and_marks_where_a_block_begins)
{
	static struct plan_item items[MOST + 1];
	size_t count = items_of(1, items);

	for (size_t i = 0; i < count; i++) {
		cr_expect_eq(items[i].number, i + 1, "item %zu", i);
		cr_expect_eq(items[i].first_of_block, i % CELLS == 0,
		             "item %zu", i);
		cr_expect_eq(items[i].trial.time_ns, 7, "item %zu", i);
		cr_expect_eq(items[i].trial.count, 9, "item %zu", i);
	}
}

Test(plan, goes_on_without_end_where_trials_have_no_bound)
{
	struct run_spec *spec = spec_of(1);
	struct plan plan;
	struct plan_item item = { 0 };

	spec->trials = 0;
	cr_assert_eq(plan_begin(&plan, spec), 0, "no plan");
	cr_expect_eq(plan_size(&plan), 0, "%zu trials", plan_size(&plan));
	for (size_t i = 0; i < (size_t)3 * MOST; i++)
		cr_assert(plan_next(&plan, &item), "ends at %zu", i);
	cr_expect_eq(item.block, 3 * TRIALS, "block %u", item.block);
	plan_end(&plan);
}

static bool same_order(const struct plan_item *x, const struct plan_item *y,
                       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!same_cell(&x[i], &y[i]))
			return false;
	}
	return true;
}

Test(plan, is_the_same_for_the_same_seed)
{
	static struct plan_item x[MOST + 1], y[MOST + 1];

	(void)items_of(42, x);
	(void)items_of(42, y);
	cr_expect(same_order(x, y, MOST), "another order");
	(void)items_of(43, y);
	cr_expect_not(same_order(x, y, MOST), "the seed changes nothing");
}

/* Any seed would do, and is the same everywhere: this is not luck. */
Test(plan, has_an_order_of_its_own_for_each_block)
{
	static struct plan_item items[MOST + 1];
	size_t again = 0;

	(void)items_of(42, items);
	for (size_t i = CELLS; i < MOST; i += CELLS)
		again += same_order(items, items + i, CELLS);
	cr_expect_eq(again, 0, "%zu blocks are in the order of the first",
	             again);
}

Test(plan, puts_each_cell_at_each_place)
{
	static struct plan_item items[MOST + 1];
	unsigned at[CELLS] = { 0 };

	for (uint64_t seed = 0; seed < 50; seed++) {
		size_t count = items_of(seed, items);

		for (size_t i = 0; i < count; i++)
			at[i % CELLS] += items[i].trial.strategy == &b &&
			                 items[i].trial.workers == 5;
	}
	/* 1000 blocks, 125 expected at each place. */
	for (int i = 0; i < CELLS; i++)
		cr_expect(at[i] > 75 && at[i] < 175, "place %d: %u times", i,
		          at[i]);
}

static bool can_work_inside(const struct sync_strategy *strategy)
{
	return strategy->ops->lock;
}

static int no_lock(struct sync_ctx *ctx)
{
	(void)ctx;
	return 0;
}

/* Every axis: 2 pins x 2 insides x 3 outsides x 2 kinds, for the one that locks. */
Test(plan, goes_through_every_axis)
{
	static const struct sync_ops lock_ops = { .lock = no_lock };
	static const struct sync_strategy lock = { "lock", &lock_ops, NULL,
		                                   NULL };
	static const struct sync_strategy *strategies[] = { &lock, &a };
	static struct run_spec spec = {
		.strategies = strategies,
		.strategies_count = 2,
		.workers = { 2 },
		.workers_count = 1,
		.pins = { RUN_PIN_SAME, RUN_PIN_NONE },
		.pins_count = 2,
		.inside_ns = { 0, 7 },
		.insides_count = 2,
		.outside_ns = { 1, 2, 3 },
		.outsides_count = 3,
		.latency = true,
		.trials = 1,
	};
	struct plan_item item;
	struct plan plan;
	unsigned sum = 0, latencies = 0, count = 0;

	cr_assert_eq(plan_begin(&plan, &spec), 0, "no plan");
	cr_expect_eq(plan_size(&plan), 24 + 12, "%zu", plan_size(&plan));
	for (; plan_next(&plan, &item); count++) {
		sum += item.trial.outside_ns + item.trial.pin;
		latencies += item.trial.latency;
		cr_expect(item.trial.inside_ns == 0 ||
		                  can_work_inside(item.trial.strategy),
		          "%s inside", item.trial.strategy->name);
	}
	cr_expect_eq(count, 36, "%u", count);
	cr_expect_eq(latencies, 18, "%u", latencies);
	cr_expect_eq(sum, 36 * 2 + 18 * (RUN_PIN_SAME + RUN_PIN_NONE), "%u",
	             sum);
	plan_end(&plan);
}

/* What notes something down is another loop: it is not what is asked about. */
Test(plan, counts_where_it_is_asked_for_and_nothing_is_noted)
{
	struct run_spec *spec = spec_of(1);
	struct plan_item item;
	size_t noted = 0, bare = 0;
	struct plan plan;

	spec->latency = spec->watched = spec->where = true;
	cr_assert_eq(plan_begin(&plan, spec), 0, "no plan");
	while (plan_next(&plan, &item)) {
		bool notes = item.trial.latency || item.trial.watched;

		cr_expect_eq(item.trial.events == NULL, notes, "trial %u",
		             item.number);
		noted += notes;
		bare += !notes;
	}
	cr_expect(bare > 0 && noted == 2 * bare, "%zu and %zu", noted, bare);
	plan_end(&plan);
	spec->latency = spec->watched = spec->where = false;
	cr_assert_eq(plan_begin(&plan, spec), 0, "no plan");
	cr_assert(plan_next(&plan, &item), "empty");
	cr_expect_null(item.trial.events, "nobody asked");
	plan_end(&plan);
}
