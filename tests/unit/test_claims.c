/*
 * The claims of every strategy in sync/, proved from the registry: a strategy
 * that lies fails here without anybody having listed it.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "harness/run/spec.h"
#include "judge.h"

static void free_params(struct criterion_test_params *params)
{
	cr_free(params->params);
}

/* A pointer would not survive: a test is a new process, loaded elsewhere. */
static struct criterion_test_params every_strategy(void)
{
	size_t *index = cr_malloc(sync_registry_count * sizeof(*index));

	for (size_t i = 0; i < sync_registry_count; i++)
		index[i] = i;
	return cr_make_param_array(size_t, index, sync_registry_count,
	                           free_params);
}

static const struct sync_strategy *claiming(size_t index, unsigned claim)
{
	const struct sync_strategy *strategy = sync_registry[index];

	if (!judge_possible())
		cr_skip_test("ptrace is not allowed here");
	return strategy->ops->claims & claim ? strategy : NULL;
}

#define CLAIM_TEST(sentence, claim, judge)                                  \
	ParameterizedTestParameters(claims, sentence)                       \
	{                                                                   \
		return every_strategy();                                    \
	}                                                                   \
	ParameterizedTest(size_t *index, claims, sentence, .timeout = 300)  \
	{                                                                   \
		const struct sync_strategy *strategy =                      \
		        claiming(*index, claim);                            \
		const char *what = strategy ? judge(strategy) : NULL;       \
		cr_assert_null(what, "%s: %s", sync_registry[*index]->name, \
		               what);                                       \
	}

CLAIM_TEST(who_claims_to_exclude_does, SYNC_EXCLUDES, judge_excludes)
CLAIM_TEST(who_claims_to_sleep_does, SYNC_SLEEPS, judge_sleeps)
CLAIM_TEST(who_claims_to_recover_does, SYNC_RECOVERS, judge_recovers)
CLAIM_TEST(who_claims_to_be_fair_is, SYNC_FIFO, judge_fifo)

ParameterizedTestParameters(claims, who_excludes_and_recovers_says_so)
{
	return every_strategy();
}

ParameterizedTest(size_t *index, claims, who_excludes_and_recovers_says_so,
                  .timeout = 300)
{
	const struct sync_strategy *strategy = claiming(*index, SYNC_EXCLUDES);

	if (strategy && !(strategy->ops->claims & SYNC_RECOVERS))
		cr_assert_not_null(judge_recovers(strategy),
		                   "%s recovers, and does not claim it",
		                   strategy->name);
}

/*
 * Who does not claim to exclude must be caught. The judge does one instruction
 * after the other, so it cannot catch who is right in a memory that is in order,
 * or who adds in one instruction: that they are wrong is the explorer's to show.
 */
static const char *judged(const char *name)
{
	const struct sync_strategy *strategy = run_strategy(name);

	if (!judge_possible())
		cr_skip_test("ptrace is not allowed here");
	cr_assert_not_null(strategy, "there is no %s", name);
	return judge_excludes(strategy);
}

Test(claims, a_flag_tested_and_then_set_is_caught, .timeout = 300)
{
	cr_assert_not_null(judged("flag"), "flag excludes");
}

static void expect_right_in_order(const char *name)
{
	const char *what = judged(name);

	cr_assert_null(what, "%s: %s", name, what);
}

Test(claims, peterson_without_fences_is_wrong_in_no_other_way, .timeout = 300)
{
	expect_right_in_order("peterson_nofence");
}

Test(claims, dekker_without_a_fence_is_wrong_in_no_other_way, .timeout = 300)
{
	expect_right_in_order("dekker_nofence");
}

Test(claims, a_demo_does_not_claim_to_exclude)
{
	for (size_t i = 0; i < sync_registry_count; i++) {
		const struct sync_ops *ops = sync_registry[i]->ops;

		cr_expect_not(ops->demo && ops->claims & SYNC_EXCLUDES,
		              "%s is a demo, and claims to exclude",
		              sync_registry[i]->name);
	}
}
