#include "harness/run/result.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 5 };

/* What is said of each worker, in the order of struct worker_result. */
struct told {
	uint64_t begun, done, start_ns, stop_ns, cpu_ns, preempted;
	enum fate fate;
};

static struct run_measures measure(const struct told told[], unsigned workers,
                                   unsigned cpus, uint64_t observed)
{
	struct run_result *result = run_result_new(NULL, workers, cpus);
	struct run_measures measures;

	cr_assert_not_null(result, "no memory");
	cr_expect(result->workers == workers && result->cpus == cpus, "size");
	for (unsigned i = 0; i < workers; i++) {
		result->worker[i].begun = told[i].begun;
		result->worker[i].done = told[i].done;
		result->worker[i].start_ns = told[i].start_ns;
		result->worker[i].stop_ns = told[i].stop_ns;
		result->worker[i].user_ns = told[i].cpu_ns;
		result->worker[i].preempted = told[i].preempted;
		result->worker[i].fate = told[i].fate;
	}
	result->observed = observed;
	measures = run_measure(result);
	free(result);
	return measures;
}

/* Two workers side by side from 1000 to 2000. */
static const struct told side_by_side[] = {
	{ 60, 60, 1000, 2000, 1000, 0, FATE_FINISHED },
	{ 40, 40, 1000, 2000, 1000, 0, FATE_FINISHED },
};

Test(result, counts_what_was_done_and_what_is_lost_of_it)
{
	struct run_measures measures = measure(side_by_side, 2, 2, 75);

	cr_expect(measures.valid, "valid");
	cr_expect_eq(measures.expected, 100, "done");
	cr_expect_eq(measures.lost, 25, "lost");
	cr_expect_eq(measures.surplus, 0, "surplus");
	cr_expect_float_eq(measures.lost_share, 0.25, 1e-12, "share");
	cr_expect_eq(measures.evidence, EVIDENCE_LOST, "evidence");
}

Test(result, loses_nothing_where_the_counter_is_exact)
{
	struct run_measures measures = measure(side_by_side, 2, 2, 100);

	cr_expect_eq(measures.lost, 0, "lost");
	cr_expect_float_eq(measures.lost_share, 0, 0, "share");
	cr_expect_eq(measures.evidence, EVIDENCE_EXACT, "evidence");
}

Test(result, is_invalid_where_the_counter_is_beyond_what_was_begun)
{
	struct run_measures measures = measure(side_by_side, 2, 2, 101);

	cr_expect_eq(measures.surplus, 1, "surplus");
	cr_expect_eq(measures.lost, 0, "lost");
	cr_expect_not(measures.valid, "valid");
	cr_expect_eq(measures.evidence, EVIDENCE_NONE, "evidence");
}

/* A killed worker's last increments are neither lost nor too many. */
Test(result, is_invalid_where_a_worker_did_not_finish)
{
	struct told told[] = { { 50, 50, 1000, 2000, 1000, 0, FATE_FINISHED },
		               { 40, 30, 0, 0, 0, 0, FATE_KILLED } };

	for (enum fate fate = FATE_FAILED; fate <= FATE_ABANDONED; fate++) {
		struct run_measures measures;

		told[1].fate = fate;
		measures = measure(told, 2, 2, 85);
		cr_expect_not(measures.valid, "fate %d", (int)fate);
		cr_expect_eq(measures.evidence, EVIDENCE_NONE, "evidence");
		cr_expect(measures.lost == 0 && measures.surplus == 0,
		          "85 is between 80 done and 90 begun");
		cr_expect_eq(measures.elapsed_ns, 1000, "%llu",
		             (unsigned long long)measures.elapsed_ns);
		cr_expect_eq(measure(told, 2, 2, 79).lost, 1, "one lost");
		cr_expect_eq(measure(told, 2, 2, 91).surplus, 1, "surplus");
	}
}

Test(result, takes_from_the_first_start_to_the_last_stop)
{
	static const struct told told[] = {
		{ 10, 10, 1200, 3000, 0, 0, FATE_FINISHED },
		{ 10, 10, 1000, 2500, 0, 0, FATE_FINISHED },
		{ 30, 30, 1700, 2900, 0, 0, FATE_FINISHED },
	};
	struct run_measures measures = measure(told, 3, 2, 50);

	cr_expect_eq(measures.elapsed_ns, 2000, "elapsed");
	cr_expect_eq(measures.skew_ns, 700, "from the first start to the last");
	cr_expect_float_eq(measures.ns_per_increment, 40, 1e-12, "each");
}

Test(result, has_no_cost_where_nothing_was_done)
{
	static const struct told told[] = {
		{ 0, 0, 1000, 2000, 0, 0, FATE_FINISHED },
	};
	struct run_measures measures = measure(told, 1, 1, 0);

	cr_expect(isnan(measures.ns_per_increment), "ns");
	cr_expect_float_eq(measures.lost_share, 0, 0, "share");
	cr_expect_float_eq(measures.fairness, 1, 0, "fairness");
}

/* --- window: share of the time with two or more between start and stop ---- */

static const struct {
	unsigned workers;
	uint64_t at[MOST][2]; /* start and stop */
	double window;
} windows[] = {
	{ 1, { { 0, 100 } }, 0 },
	{ 2, { { 0, 100 }, { 0, 100 } }, 1 },
	{ 2, { { 0, 100 }, { 50, 100 } }, 0.5 },
	{ 2, { { 0, 60 }, { 50, 100 } }, 0.1 },
	{ 2, { { 0, 100 }, { 40, 50 } }, 0.1 },
	/* One after the other, also where one ends as the other begins. */
	{ 2, { { 0, 40 }, { 60, 100 } }, 0 },
	{ 2, { { 0, 50 }, { 50, 100 } }, 0 },
	/* Three of which two are always there. */
	{ 3, { { 0, 60 }, { 0, 100 }, { 60, 100 } }, 1 },
	/* A gap of 10 with only one, and one of 20 with nobody. */
	{ 4, { { 0, 30 }, { 0, 40 }, { 60, 100 }, { 60, 100 } }, 0.7 },
	/* Short ones inside a long one: 10 + 20 + 5. */
	{ 4, { { 0, 100 }, { 10, 20 }, { 40, 60 }, { 90, 95 } }, 0.35 },
	/* Three at once count once. */
	{ 5,
	  { { 0, 50 }, { 0, 50 }, { 0, 50 }, { 80, 100 }, { 90, 100 } },
	  0.6 },
	/* One that does nothing at all. */
	{ 3, { { 0, 100 }, { 50, 50 }, { 50, 50 } }, 0 },
};

Test(result, window_is_the_share_with_two_or_more_at_work)
{
	for (size_t i = 0; i < sizeof(windows) / sizeof(windows[0]); i++) {
		struct told told[MOST] = { 0 };
		unsigned workers = windows[i].workers;
		double window;

		for (unsigned j = 0; j < workers; j++) {
			/* In another order than the times. */
			unsigned k = (j + 2) % workers;

			told[j].start_ns = 1000 + windows[i].at[k][0];
			told[j].stop_ns = 1000 + windows[i].at[k][1];
		}
		window = measure(told, workers, 2, 0).window;
		cr_expect_float_eq(window, windows[i].window, 1e-12,
		                   "case %zu: %g, not %g", i, window,
		                   windows[i].window);
	}
}

Test(result, window_is_that_of_those_who_tell_their_times)
{
	static const struct told told[] = {
		{ 0, 0, 1000, 1100, 0, 0, FATE_FINISHED },
		{ 0, 0, 0, 0, 0, 0, FATE_KILLED },
		{ 0, 0, 1050, 1100, 0, 0, FATE_FINISHED },
	};

	cr_expect_float_eq(measure(told, 3, 2, 0).window, 0.5, 1e-12, "half");
	cr_expect_float_eq(measure(told + 1, 1, 2, 0).window, 0, 0, "none");
}

/* --- overlap: max(0, used - T) / ((min(workers, CPUs) - 1) T) ------------- */

static const struct {
	unsigned workers, cpus;
	uint64_t used[MOST]; /* of T = 1000 */
	double overlap;
} overlaps[] = {
	{ 2, 2, { 1000, 1000 }, 1 },
	{ 2, 2, { 1000, 500 }, 0.5 },
	{ 2, 2, { 750, 750 }, 0.5 },
	{ 2, 2, { 500, 500 }, 0 },
	{ 2, 2, { 300, 300 }, 0 },
	{ 2, 1, { 1000, 1000 }, 0 },
	{ 1, 4, { 1000 }, 0 },
	{ 4, 2, { 500, 500, 500, 500 }, 1 },
	{ 4, 2, { 500, 500, 500, 300 }, 0.8 },
	{ 3, 8, { 1000, 1000, 1000 }, 1 },
	{ 3, 8, { 1000, 500, 500 }, 0.5 },
	/* Time is read a little after the stop: never above 1. */
	{ 2, 2, { 1000, 1010 }, 1 },
};

Test(result, overlap_is_what_is_certain_of_parallel_time)
{
	for (size_t i = 0; i < sizeof(overlaps) / sizeof(overlaps[0]); i++) {
		struct told told[MOST] = { 0 };
		double overlap;

		for (unsigned j = 0; j < overlaps[i].workers; j++)
			told[j] =
			        (struct told){ .start_ns = 1000,
				               .stop_ns = 2000,
				               .cpu_ns = overlaps[i].used[j] };
		overlap =
		        measure(told, overlaps[i].workers, overlaps[i].cpus, 0)
		                .overlap;
		cr_expect_float_eq(overlap, overlaps[i].overlap, 1e-12,
		                   "case %zu: %g, not %g", i, overlap,
		                   overlaps[i].overlap);
	}
}

/* --- evidence ------------------------------------------------------------- */

Test(result, is_no_evidence_without_overlap_and_without_preemption)
{
	static const struct {
		uint64_t used, preempted;
		enum evidence evidence;
	} known[] = {
		{ 49, 0, EVIDENCE_INSUFFICIENT },
		{ 49, 9, EVIDENCE_INSUFFICIENT },
		{ 49, 10, EVIDENCE_EXACT },
		{ 50, 0, EVIDENCE_EXACT },
		{ 1000, 0, EVIDENCE_EXACT },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct told told[2];
		struct run_measures measures;

		memcpy(told, side_by_side, sizeof(told));
		told[1].cpu_ns = known[i].used;
		/* The preemptions of all workers count together. */
		told[0].preempted = known[i].preempted / 2;
		told[1].preempted = (known[i].preempted + 1) / 2;
		measures = measure(told, 2, 2, 100);
		cr_expect_eq(measures.evidence, known[i].evidence,
		             "case %zu: %s", i,
		             evidence_name(measures.evidence));
		cr_expect_eq(measures.preempted, known[i].preempted, "sum");
		cr_expect_eq(measure(told, 2, 2, 99).evidence, EVIDENCE_LOST,
		             "what is lost needs no other evidence");
	}
}

Test(result, of_one_worker_is_never_exact)
{
	cr_expect_eq(measure(side_by_side, 1, 1, 60).evidence,
	             EVIDENCE_INSUFFICIENT, "one has nobody to race with");
}

/* --- fairness ------------------------------------------------------------- */

static const struct {
	unsigned workers;
	uint64_t done[MOST];
	double fairness; /* (sum of x)^2 / (n sum of x^2), by hand */
} jain[] = {
	{ 1, { 5 }, 1 },
	{ 2, { 7, 7 }, 1 },
	{ 2, { 1, 0 }, 0.5 },
	{ 4, { 0, 0, 9, 0 }, 0.25 },
	{ 2, { 1, 3 }, 0.8 },
	{ 3, { 1, 2, 3 }, 36.0 / 42 },
	{ 5, { 10, 10, 10, 10, 10 }, 1 },
	{ 4, { 1, 1, 1, 5 }, 64.0 / 112 },
	{ 2, { UINT64_C(3) << 60, UINT64_C(1) << 60 }, 0.8 },
	{ 2, { 0, 0 }, 1 },
};

Test(result, fairness_is_the_index_of_jain)
{
	for (size_t i = 0; i < sizeof(jain) / sizeof(jain[0]); i++) {
		struct told told[MOST] = { 0 };
		double fairness;

		for (unsigned j = 0; j < jain[i].workers; j++)
			told[j].done = jain[i].done[j];
		fairness = measure(told, jain[i].workers, 2, 0).fairness;
		cr_expect_float_eq(fairness, jain[i].fairness, 1e-12,
		                   "case %zu: %.9f, not %.9f", i, fairness,
		                   jain[i].fairness);
	}
}

/* --- words ---------------------------------------------------------------- */

Test(result, evidence_has_the_names_of_the_records)
{
	cr_expect_null(evidence_name(EVIDENCE_NONE), "none");
	cr_expect_str_eq(evidence_name(EVIDENCE_EXACT), "exact", "exact");
	cr_expect_str_eq(evidence_name(EVIDENCE_LOST), "lost", "lost");
	cr_expect_str_eq(evidence_name(EVIDENCE_INSUFFICIENT), "insufficient",
	                 "insufficient");
}

static const struct {
	enum fate fate;
	int detail;
	const char *text;
} fates[] = {
	{ FATE_FINISHED, 0, "finished" },
	{ FATE_FAILED, EIDRM, "failed: EIDRM" },
	{ FATE_FAILED, 98765, "failed: errno 98765" },
	{ FATE_EXITED, 9, "exited 9" },
	{ FATE_KILLED, SIGKILL, "killed by SIGKILL" },
	{ FATE_KILLED, SIGSEGV, "killed by SIGSEGV" },
	{ FATE_STOPPED, 0, "stopped by a signal" },
	{ FATE_ASLEEP, 0, "stuck asleep" },
	{ FATE_SPINNING, 0, "stuck spinning" },
	{ FATE_ABANDONED, 0, "abandoned" },
};

Test(result, a_fate_can_be_read)
{
	for (size_t i = 0; i < sizeof(fates) / sizeof(fates[0]); i++) {
		struct worker_result worker = { .fate = fates[i].fate,
			                        .detail = fates[i].detail };
		char text[FATE_TEXT];

		cr_expect_str_eq(fate_text(text, &worker), fates[i].text, "%s",
		                 text);
	}
}
