/*
 * What strategies claim, proved or refuted by exploring them: derived from the
 * registry, so that a new strategy is judged without a word here.
 */
#include <criterion/criterion.h>

#include "tests/unit/explored.h"

static unsigned workers_of(const struct sync_strategy *strategy,
                           unsigned wanted)
{
	unsigned most = strategy->ops->max_workers;

	return most && most < wanted ? most : wanted;
}

/* One more than may be held back: so that something gets to the counter. */
static uint64_t increments_of(const struct sync_strategy *strategy,
                              uint64_t wanted)
{
	unsigned lag = strategy->ops->lag;

	return lag < wanted ? wanted : lag + 1;
}

/* Explores a strategy to the end and says what came out. */
static enum verdict_kind verdict_of(const struct sync_strategy *strategy,
                                    unsigned workers, uint64_t increments,
                                    enum memory_model memory)
{
	struct explore_spec spec = explored_spec(workers, increments, memory);
	struct verdict *verdict;
	enum verdict_kind kind;

	spec.outcomes = false;
	verdict = explored(strategy->name, &spec);
	kind = verdict->kind;
	cr_expect(verdict->complete, "%s: %u x %llu: %s", strategy->name,
	          workers, (unsigned long long)increments, verdict->coverage);
	verdict_free(verdict);
	return kind;
}

static void expect_exact(const struct sync_strategy *strategy, unsigned workers,
                         uint64_t increments, enum memory_model memory)
{
	enum verdict_kind kind =
	        verdict_of(strategy, workers, increments, memory);

	cr_expect_eq(kind, VERDICT_EXACT,
	             "%s claims to exclude; %u x %llu under %s: %s",
	             strategy->name, workers, (unsigned long long)increments,
	             memory == MEMORY_TSO ? "tso" : "sc", verdict_name(kind));
}

static void expect_clean(const struct sync_strategy *strategy, unsigned workers,
                         uint64_t increments)
{
	expect_exact(strategy, workers, increments, MEMORY_SC);
	expect_exact(strategy, workers, increments, MEMORY_TSO);
}

static void expect_refuted(const struct sync_strategy *strategy)
{
	unsigned workers = workers_of(strategy, 2);

	cr_expect(verdict_of(strategy, workers, 2, MEMORY_SC) !=
	                          VERDICT_EXACT ||
	                  verdict_of(strategy, workers, 2, MEMORY_TSO) !=
	                          VERDICT_EXACT,
	          "%s does not claim to exclude, and nothing is lost",
	          strategy->name);
}

Test(explore_claims, hold_for_two_workers_and_two_increments, .timeout = 120)
{
	for (size_t i = 0; i < sync_registry_count; i++) {
		if (sync_registry[i]->ops->claims & SYNC_EXCLUDES)
			expect_clean(sync_registry[i],
			             workers_of(sync_registry[i], 2),
			             increments_of(sync_registry[i], 2));
		else
			expect_refuted(sync_registry[i]);
	}
}

Test(explore_claims, hold_for_three_workers_where_there_can_be_three,
     .timeout = 120)
{
	for (size_t i = 0; i < sync_registry_count; i++) {
		if (sync_registry[i]->ops->claims & SYNC_EXCLUDES &&
		    workers_of(sync_registry[i], 3) == 3)
			expect_clean(sync_registry[i], 3, 1);
	}
}

/*
 * Queue locks use a node again when its owner comes back, and that is where two
 * others must be on their way: hemlock without waiting for an answer is wrong
 * only here. One memory, because store buffers would take half a minute.
 */
Test(explore_claims, hold_for_three_workers_that_come_back, .timeout = 120)
{
	for (size_t i = 0; i < sync_registry_count; i++) {
		if (sync_registry[i]->ops->claims & SYNC_EXCLUDES &&
		    workers_of(sync_registry[i], 3) == 3)
			expect_exact(sync_registry[i], 3, 2, MEMORY_SC);
	}
}
