/* Each outcome's witness leads there again: on fibers, and as processes. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/unit/explored.h"

static void expect_again(const char *strategy, const struct explore_spec *spec,
                         const struct verdict *verdict,
                         const struct outcome *outcome, bool real)
{
	const char *schedule = verdict->text + outcome->text;
	struct complaint complaint = { .what = "" };
	struct replay *replay;
	int err = 0;

	replay = replay_run(explored_object(strategy), &spec->machine, schedule,
	                    real, &err, &complaint);
	cr_assert_not_null(replay, "%s: %s", schedule, complaint.why);
	cr_expect(replay->fits, "%s fits", schedule);
	cr_expect_eq(replay->digest, outcome->digest, "%s: digest", schedule);
	cr_expect_eq(replay->outcome.kind, outcome->kind, "%s: %s", schedule,
	             verdict_name(replay->outcome.kind));
	cr_expect_eq(replay->outcome.total, outcome->total, "%s: %llu, real %d",
	             schedule, (unsigned long long)replay->outcome.total, real);
	replay_free(replay);
}

static void expect_all_again(const char *strategy, unsigned workers,
                             enum memory_model memory, enum search_kind search)
{
	struct explore_spec spec = explored_spec(workers, 2, memory);
	struct verdict *verdict;

	spec.search = search;
	verdict = explored(strategy, &spec);
	for (size_t i = 0; i < verdict->outcomes; i++) {
		const struct outcome *outcome = &verdict->outcome[i];

		if (!outcome->text) /* samples shorten only what is wrong */
			continue;
		expect_again(strategy, &spec, verdict, outcome, false);
		expect_again(strategy, &spec, verdict, outcome, true);
	}
	cr_expect_gt(verdict->moves, 0, "%s: no witness at all", strategy);
	verdict_free(verdict);
}

Test(replay, gives_the_same_outcome_on_fibers_and_as_processes, .timeout = 60)
{
	expect_all_again("none", 3, MEMORY_SC, SEARCH_ALL);
	expect_all_again("none", 2, MEMORY_TSO, SEARCH_ALL);
	expect_all_again("none", 2, MEMORY_TSO, SEARCH_EVERY);
	expect_all_again("none", 3, MEMORY_TSO, SEARCH_POS);
	expect_all_again("peterson_nofence", 2, MEMORY_TSO, SEARCH_ALL);
	expect_all_again("dekker_nofence", 2, MEMORY_TSO, SEARCH_ALL);
	expect_all_again("mutex", 2, MEMORY_TSO, SEARCH_ALL);
	expect_all_again("posix_sem", 3, MEMORY_SC, SEARCH_ALL);
	expect_all_again("sysv_sem", 2, MEMORY_TSO, SEARCH_ALL);
}

/* A schedule that has been tampered with is found out. */
Test(replay, does_not_fit_where_a_step_is_not_possible)
{
	static const char *const schedules[] = { "A9B*",  "C",    "A3",
		                                 "aA*B*", "A~B*", "A/1B*A*" };
	struct explore_spec spec = explored_spec(2, 2, MEMORY_TSO);

	for (size_t i = 0; i < sizeof(schedules) / sizeof(schedules[0]); i++) {
		struct complaint complaint;
		struct replay *replay;
		int err;

		replay = replay_run(explored_object("none"), &spec.machine,
		                    schedules[i], false, &err, &complaint);
		cr_assert_not_null(replay, "%s", schedules[i]);
		cr_expect_not(replay->fits, "%s", schedules[i]);
		replay_free(replay);
	}
}
