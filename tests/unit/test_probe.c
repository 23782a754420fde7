#include "sync/probe.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/run/run.h"

Test(probe, buckets_hold_what_is_between_their_bounds)
{
	static const uint64_t values[] = { 0,
		                           1,
		                           63,
		                           64,
		                           65,
		                           127,
		                           128,
		                           1000003,
		                           UINT32_MAX,
		                           1ull << 62,
		                           UINT64_MAX - 1,
		                           UINT64_MAX };

	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		unsigned bucket = sync_bucket(values[i]);

		cr_assert_lt(bucket, SYNC_BUCKETS, "%u", bucket);
		cr_expect_leq(sync_bucket_low(bucket), values[i], "below");
		cr_expect(values[i] < sync_bucket_low(bucket + 1) ||
		                  values[i] == UINT64_MAX,
		          "%llu above", (unsigned long long)values[i]);
	}
}

Test(probe, buckets_follow_each_other_and_are_narrow)
{
	for (unsigned i = 0; i + 1 < SYNC_BUCKETS; i++) {
		uint64_t low = sync_bucket_low(i),
		         next = sync_bucket_low(i + 1);

		cr_assert_lt(low, next, "bucket %u", i);
		cr_expect_eq(sync_bucket(low), i, "bucket %u", i);
		cr_expect_leq(next - low - 1, low / SYNC_STEPS, "bucket %u", i);
	}
}

Test(probe, quantiles_are_those_of_the_histogram)
{
	static struct run_notes notes = { .timed = true, .ns_per_tick = 0.5 };

	cr_expect(isnan(run_quantile(&notes, 0.5)), "of nothing");
	notes.latency[10] = 89;
	notes.latency[20] = 10;
	notes.latency[40] = 1;
	cr_expect_float_eq(run_quantile(&notes, 0.5), 5, 1e-9, "p50");
	cr_expect_float_eq(run_quantile(&notes, 0.9), 10, 1e-9, "p90");
	cr_expect_float_eq(run_quantile(&notes, 0.99), 10, 1e-9, "p99");
	cr_expect_float_eq(run_quantile(&notes, 0.999), 20, 1e-9, "p99.9");
}

/* One probed trial of a strategy, by count. */
static struct run_result *probed(const char *name, unsigned inside_ns)
{
	const char *names[] = { name };
	struct run_text text = { .strategies = names,
		                 .strategies_count = 1,
		                 .latency = true,
		                 .count = "5000" };
	struct complaint complaint = { 0 };
	struct run_result *result = NULL;
	struct run_spec spec;
	struct run run;

	cr_assert_eq(run_spec_parse(&spec, &text, &complaint), 0, "%s",
	             complaint.why);
	spec.outside_ns[0] = 1; /* so that work is calibrated */
	cr_assert_eq(run_begin(&run, &spec, &complaint), 0, "%s",
	             complaint.why);
	cr_assert_eq(run_trial(&run,
	                       &(struct run_trial){
	                               .strategy = spec.strategies[0],
	                               .workers = 2,
	                               .latency = true,
	                               .inside_ns = inside_ns,
	                               .count = spec.count,
	                       },
	                       &result, &complaint),
	             0, "%s", complaint.why);
	run_end(&run);
	run_spec_free(&spec);
	return result;
}

static uint64_t sum_of(const uint64_t buckets[SYNC_BUCKETS])
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < SYNC_BUCKETS; i++)
		sum += buckets[i];
	return sum;
}

Test(probe, times_every_increment_of_every_worker)
{
	static const char *const names[] = { "mutex", "atomic" };

	for (int i = 0; i < 2; i++) {
		struct run_result *result = probed(names[i], 0);

		cr_expect_eq(sum_of(result->notes.latency), 10000, "%s: %llu",
		             names[i],
		             (unsigned long long)sum_of(result->notes.latency));
		cr_expect_gt(result->worker[0].longest_ns, 0, "the longest");
		cr_expect_eq(result->observed, 10000, "%s is exact", names[i]);
		free(result);
	}
}

Test(probe, sees_the_lock_change_hands_and_no_counter_fall)
{
	struct run_result *result = probed("mutex", 0);

	/* Each of the two was inside, so it changed hands at least once. */
	cr_expect_geq(result->notes.handovers, 2, "%llu",
	              (unsigned long long)result->notes.handovers);
	cr_expect_leq(result->notes.handovers, 10000, "more than increments");
	cr_expect_eq(sum_of(result->notes.rollback), 0, "it fell");
	free(result);
}

/* A lower bound that holds on any machine: the work is done by the worker. */
Test(probe, works_inside_for_about_as_long_as_it_was_told)
{
	struct run_result *result = probed("mutex", 2000);

	cr_expect_gt(run_quantile(&result->notes, 0.5), 500, "%g ns",
	             run_quantile(&result->notes, 0.5));
	free(result);
}
