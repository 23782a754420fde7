/*
 * What the explorer counts, held against what is known without it: closed forms,
 * and plain enumeration.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/explored.h"

static struct verdict *explored_none(unsigned workers, uint64_t increments,
                                     enum memory_model memory,
                                     enum search_kind search)
{
	struct explore_spec spec = explored_spec(workers, increments, memory);

	spec.search = search;
	return explored("none", &spec);
}

static void expect_count(const struct verdict *verdict, uint64_t total,
                         const char *expected)
{
	const char *count = explored_count(verdict, total);

	cr_expect_str_eq(count, expected, "total %llu: %s",
	                 (unsigned long long)total, count);
}

static void expect_sum(const struct verdict *verdict, const char *expected)
{
	struct count sum = count_of(0);
	char text[COUNT_TEXT];

	for (size_t i = 0; i < verdict->outcomes; i++)
		count_add(&sum, &verdict->outcome[i].interleavings);
	cr_expect_str_eq(count_text(sum, text), expected, "all: %s", text);
}

Test(explore, counts_all_interleavings_of_two_increments_each)
{
	struct verdict *verdict = explored_none(2, 2, MEMORY_SC, SEARCH_ALL);

	cr_expect_eq(verdict->kind, VERDICT_LOST_UPDATE, "kind");
	cr_expect(verdict->complete, "complete");
	cr_expect(verdict->counted, "counted");
	cr_expect_eq(verdict->outcomes, 3, "three totals");
	expect_count(verdict, 2, "32");
	expect_count(verdict, 3, "32");
	expect_count(verdict, 4, "6");
	for (size_t i = 0; i < verdict->outcomes; i++) {
		const struct outcome *outcome = &verdict->outcome[i];
		double uniform = outcome->total == 4 ? 6 / 70. : 32 / 70.;
		double scheduler = outcome->total == 4   ? 0.1875
		                   : outcome->total == 3 ? 0.46875
		                                         : 0.34375;

		cr_expect_float_eq(outcome->p_interleavings, uniform, 1e-12,
		                   "of paths");
		cr_expect_float_eq(outcome->p_scheduler, scheduler, 1e-12,
		                   "of a scheduler");
	}
	verdict_free(verdict);
}

Test(explore, counts_beyond_what_could_be_run)
{
	struct verdict *verdict = explored_none(2, 10, MEMORY_SC, SEARCH_ALL);

	expect_sum(verdict, "137846528820");
	expect_count(verdict, 2, "8");
	expect_count(verdict, 3, "576");
	expect_count(verdict, 4, "19552");
	expect_count(verdict, 20, "184756");
	verdict_free(verdict);
}

Test(explore, counts_a_multinomial_of_three)
{
	struct verdict *verdict = explored_none(3, 3, MEMORY_SC, SEARCH_ALL);

	expect_sum(verdict, "17153136");
	verdict_free(verdict);
}

Test(explore, counts_beyond_64_bits)
{
	struct verdict *verdict = explored_none(2, 17, MEMORY_SC, SEARCH_ALL);

	expect_sum(verdict, "28453041475240576740"); /* 68 choose 34 */
	verdict_free(verdict);
}

/* Each outcome of one is in the other, as often. */
static void expect_same(const struct verdict *all, const struct verdict *every)
{
	cr_assert(all->complete && every->complete, "both to the end");
	cr_assert_eq(all->outcomes, every->outcomes, "as many outcomes");
	for (size_t i = 0; i < every->outcomes; i++) {
		const struct outcome *outcome = &every->outcome[i];
		char text[32];

		(void)snprintf(text, sizeof(text), "%llu",
		               (unsigned long long)outcome->seen);
		expect_count(all, outcome->total, text);
	}
}

Test(explore, counts_states_as_enumeration_counts_executions)
{
	static const struct {
		unsigned workers, increments;
		enum memory_model memory;
	} cases[] = { { 1, 3, MEMORY_SC },  { 2, 1, MEMORY_SC },
		      { 2, 4, MEMORY_SC },  { 3, 2, MEMORY_SC },
		      { 4, 1, MEMORY_SC },  { 1, 2, MEMORY_TSO },
		      { 2, 2, MEMORY_TSO }, { 3, 1, MEMORY_TSO } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct verdict *all =
		        explored_none(cases[i].workers, cases[i].increments,
		                      cases[i].memory, SEARCH_ALL);
		struct verdict *every =
		        explored_none(cases[i].workers, cases[i].increments,
		                      cases[i].memory, SEARCH_EVERY);

		expect_same(all, every);
		verdict_free(all);
		verdict_free(every);
	}
}

/* --- bounds */

Test(explore, needs_four_preemptions_to_lose_all_but_two)
{
	for (int bound = 0; bound <= 4; bound++) {
		struct explore_spec spec = explored_spec(2, 6, MEMORY_SC);
		struct verdict *verdict;
		bool lost = false, two = false;

		spec.preemptions = bound;
		verdict = explored("none", &spec);
		for (size_t i = 0; i < verdict->outcomes; i++) {
			lost |= verdict->outcome[i].kind == VERDICT_LOST_UPDATE;
			two |= verdict->outcome[i].total == 2;
			cr_expect_leq(verdict->outcome[i].preemptions,
			              (unsigned)bound, "within the bound");
		}
		cr_expect_eq(lost, bound >= 1, "one is enough to lose one");
		cr_expect_eq(two, bound >= 4, "total 2 within %d", bound);
		cr_expect_eq(verdict->kind,
		             lost ? VERDICT_LOST_UPDATE : VERDICT_UNFINISHED,
		             "never clean");
		cr_expect_not(verdict->complete, "bounded");
		verdict_free(verdict);
	}
}

Test(explore, is_complete_where_the_bound_left_nothing_out)
{
	struct explore_spec spec = explored_spec(2, 1, MEMORY_SC);
	struct verdict *verdict;

	spec.preemptions = 50;
	verdict = explored("mutex", &spec);
	cr_expect_eq(verdict->kind, VERDICT_EXACT, "%s", verdict->message);
	cr_expect(verdict->complete, "everything was covered");
	verdict_free(verdict);
}

Test(explore, is_unfinished_when_memory_or_time_is_spent)
{
	struct explore_spec spec = explored_spec(3, 6, MEMORY_TSO);
	struct verdict *verdict;

	spec.max_bytes = 1 << 20;
	spec.max_seconds = 2;
	verdict = explored("atomic", &spec);
	cr_expect_eq(verdict->kind, VERDICT_EXACT, "small enough for that");
	verdict_free(verdict);
	verdict = explored("bakery", &spec);
	cr_expect_eq(verdict->kind, VERDICT_UNFINISHED, "%s",
	             verdict_name(verdict->kind));
	cr_expect_not(verdict->complete, "not complete");
	cr_expect_neq(verdict->coverage[0], '\0', "says what was covered");
	verdict_free(verdict);
}

/* --- samples */

static const enum search_kind samplers[] = { SEARCH_RANDOM, SEARCH_PCT,
	                                     SEARCH_POS };

enum { SAMPLERS = sizeof(samplers) / sizeof(samplers[0]) };

Test(explore, finds_a_lost_update_by_each_way_to_sample)
{
	for (size_t i = 0; i < SAMPLERS; i++) {
		struct verdict *verdict =
		        explored_none(3, 20, MEMORY_SC, samplers[i]);

		cr_expect_eq(verdict->kind, VERDICT_LOST_UPDATE, "way %zu", i);
		cr_expect_not(verdict->complete, "a sample proves nothing");
		verdict_free(verdict);
	}
}

Test(explore, draws_the_same_for_the_same_seed)
{
	for (size_t i = 0; i < SAMPLERS; i++) {
		struct verdict *one =
		        explored_none(3, 4, MEMORY_TSO, samplers[i]);
		struct verdict *other =
		        explored_none(3, 4, MEMORY_TSO, samplers[i]);

		cr_assert_eq(one->outcomes, other->outcomes, "outcomes");
		cr_expect_eq(one->steps, other->steps, "steps");
		for (size_t j = 0; j < one->outcomes; j++) {
			cr_expect_eq(one->outcome[j].total,
			             other->outcome[j].total, "total");
			cr_expect_eq(one->outcome[j].seen,
			             other->outcome[j].seen, "how often");
			cr_expect_str_eq(one->text + one->outcome[j].text,
			                 other->text + other->outcome[j].text,
			                 "witness");
		}
		verdict_free(one);
		verdict_free(other);
	}
}

Test(explore, calls_no_sample_exact)
{
	for (size_t i = 0; i < SAMPLERS; i++) {
		struct explore_spec spec = explored_spec(2, 2, MEMORY_SC);
		struct verdict *verdict;

		spec.search = samplers[i];
		spec.executions = 50;
		verdict = explored("mutex", &spec);
		cr_expect_eq(verdict->kind, VERDICT_UNFINISHED, "way %zu", i);
		cr_expect_eq(verdict->executions, 50, "as many as asked for");
		verdict_free(verdict);
	}
}

/*
 * Random choice at each step is what p_scheduler is about: chi-square over the
 * three totals of 2 x 2, two degrees of freedom. The seed is fixed, so that luck
 * has no part in it; the limit is that of one in a thousand.
 */
Test(explore, draws_as_often_as_the_probabilities_say)
{
	struct explore_spec spec = explored_spec(2, 2, MEMORY_SC);
	struct verdict *exact = explored("none", &spec), *sample;
	double chi = 0;

	spec.search = SEARCH_RANDOM;
	spec.executions = 20000;
	sample = explored("none", &spec);
	for (size_t i = 0; i < exact->outcomes; i++) {
		double expected = 20000 * exact->outcome[i].p_scheduler;
		double seen = 0;

		for (size_t j = 0; j < sample->outcomes; j++) {
			if (sample->outcome[j].total == exact->outcome[i].total)
				seen = (double)sample->outcome[j].seen;
		}
		chi += (seen - expected) * (seen - expected) / expected;
	}
	cr_expect_lt(chi, 13.8, "chi-square %.1f", chi);
	verdict_free(exact);
	verdict_free(sample);
}

/* --- compilers */

static void expect_alike(const struct verdict *one, const struct verdict *other)
{
	char text[COUNT_TEXT];

	cr_expect_eq(one->states, other->states, "states");
	cr_assert_eq(one->outcomes, other->outcomes, "outcomes");
	for (size_t i = 0; i < one->outcomes; i++)
		expect_count(other, one->outcome[i].total,
		             count_text(one->outcome[i].interleavings, text));
}

Test(explore, finds_the_same_with_gcc_and_clang)
{
	static const char *const names[] = { "none",   "peterson", "tas",
		                             "ticket", "mutex",    "flag" };

	if (!explored_has("gcc") || !explored_has("clang"))
		cr_skip_test("gcc or clang is missing");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct explore_spec spec = explored_spec(2, 2, MEMORY_TSO);
		struct verdict *of[2];

		for (int j = 0; j < 2; j++)
			of[j] = explored_in(
			        explored_with(names[i], j ? "clang" : "gcc"),
			        &spec);
		expect_alike(of[0], of[1]);
		verdict_free(of[0]);
		verdict_free(of[1]);
	}
}
