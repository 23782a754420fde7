#include "harness/run/counters.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/run/run.h"

/* What the kernel itself counts, where the processor does not. */
static const struct counters_event software[RUN_COUNTS] = {
	{ PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK },
	{ PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK },
	{ PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS },
};

/* No machine has such a type: it is larger than any id that is given out. */
static const struct counters_event unknown[RUN_COUNTS] = {
	{ INT32_MAX, 0 },
	{ INT32_MAX, 0 },
	{ INT32_MAX, 0 },
};

/* Some containers forbid perf_event_open altogether. */
static void need_perf(void)
{
	struct counters counters;

	counters_open(&counters, software, counters_perf_open);
	counters_close(&counters);
	if (counters.err)
		cr_skip_test("perf_event_open: %s", strerror(-counters.err));
}

static void use_processor(void)
{
	uint64_t until = clock_now_ns() + NS_PER_MS;

	while (clock_now_ns() < until)
		continue;
}

/* --- why not ---------------------------------------------------------------- */

static int openings; /* that a fake was asked for */

static int no_such_event(struct perf_event_attr *attributes)
{
	(void)attributes;
	openings++;
	return -ENOENT;
}

static int forbidden(struct perf_event_attr *attributes)
{
	(void)attributes;
	openings++;
	return -EACCES;
}

static int filtered(struct perf_event_attr *attributes)
{
	(void)attributes;
	return -EPERM;
}

static int without_kernel(struct perf_event_attr *attributes)
{
	openings++;
	return attributes->exclude_kernel ? dup(STDERR_FILENO) : -EACCES;
}

/* Of the last one the processor has none. */
static int without_kernel_and_misses(struct perf_event_attr *attributes)
{
	if (!attributes->exclude_kernel)
		return -EACCES;
	return attributes->config == PERF_COUNT_HW_CACHE_MISSES
	               ? -EOPNOTSUPP
	               : dup(STDERR_FILENO);
}

static void expect_why(counters_opener *open, const char *paranoid,
                       const char *want)
{
	struct counters counters;
	char why[COUNTERS_WHY];

	counters_open(&counters, counters_hardware, open);
	cr_expect_str_eq(counters_why(why, &counters, paranoid), want,
	                 "%s, and not %s", why, want);
	counters_close(&counters);
}

Test(counters, say_why_there_are_none)
{
	expect_why(no_such_event, "2", "ENOENT: no hardware counters here");
	expect_why(forbidden, "4", "EACCES: perf_event_paranoid is 4");
	expect_why(forbidden, "", "EACCES: perf_event_open is forbidden here");
	expect_why(filtered, "2", "EPERM: perf_event_open is forbidden here");
}

Test(counters, say_what_they_leave_out)
{
	openings = 0;
	expect_why(without_kernel, "2",
	           "user mode only: perf_event_paranoid is 2");
	cr_expect_eq(openings, RUN_COUNTS + 1,
	             "only the first is tried with the kernel: %d", openings);
	expect_why(without_kernel_and_misses, "3",
	           "EOPNOTSUPP: no hardware counters here; user mode only: "
	           "perf_event_paranoid is 3");
}

Test(counters, say_nothing_where_all_is_counted)
{
	struct counters all = { 0 };
	char why[COUNTERS_WHY] = "x";

	cr_expect_str_eq(counters_why(why, &all, "2"), "", "%s", why);
}

Test(counters, that_do_not_exist_are_not_known)
{
	uint64_t count[RUN_COUNTS] = { 0 };
	struct counters counters;

	counters_open(&counters, unknown, counters_perf_open);
	counters_start();
	counters_stop();
	counters_read(&counters, count);
	for (int i = 0; i < RUN_COUNTS; i++)
		cr_expect_eq(count[i], RUN_COUNT_UNKNOWN, "%d", i);
	cr_expect_lt(counters.err, 0, "no error");
	counters_close(&counters);
}

/* --- what is counted --------------------------------------------------------- */

Test(counters, count_from_start_to_stop)
{
	uint64_t first[RUN_COUNTS], second[RUN_COUNTS], third[RUN_COUNTS];
	struct counters counters;

	need_perf();
	counters_open(&counters, software, counters_perf_open);
	use_processor();
	counters_read(&counters, first);
	counters_start();
	use_processor();
	counters_stop();
	counters_read(&counters, second);
	use_processor();
	counters_read(&counters, third);
	counters_close(&counters);
	cr_expect(first[0] == 0 || first[0] == RUN_COUNT_UNKNOWN,
	          "before the start: %llu", (unsigned long long)first[0]);
	cr_expect(second[0] > 0 && second[0] != RUN_COUNT_UNKNOWN, "between");
	cr_expect_eq(second[0], third[0], "after the stop");
}

/* A descriptor from which comes what the kernel would say. */
static uint64_t read_of(uint64_t value, uint64_t enabled, uint64_t running,
                        size_t bytes)
{
	uint64_t reading[3] = { value, enabled, running }, count[RUN_COUNTS];
	struct counters counters = { .fd = { -1, -1, -1 } };
	int ends[2];

	cr_assert_eq(pipe(ends), 0, "no pipe");
	cr_assert_eq(write(ends[1], reading, bytes), (ssize_t)bytes, "full");
	(void)close(ends[1]);
	counters.fd[RUN_COUNT_MISSES] = ends[0];
	counters_read(&counters, count);
	counters_close(&counters);
	cr_expect_eq(count[RUN_COUNT_CYCLES], RUN_COUNT_UNKNOWN, "not open");
	return count[RUN_COUNT_MISSES];
}

Test(counters, that_took_turns_are_extrapolated)
{
	cr_expect_eq(read_of(100, 1000, 1000, 24), 100, "all the time");
	cr_expect_eq(read_of(100, 1000, 250, 24), 400, "a quarter of it");
	cr_expect_eq(read_of(0, 1000, 0, 24), RUN_COUNT_UNKNOWN, "never");
	cr_expect_eq(read_of(0, 1000, 1000, 24), 0, "none is known to be 0");
	cr_expect_eq(read_of(5, 7, 7, 8), RUN_COUNT_UNKNOWN, "half an answer");
}

/* --- in a trial --------------------------------------------------------------- */

static struct run_result *trial_with(const struct counters_event *events)
{
	static const char *const names[] = { "atomic" };
	struct run_text text = { .strategies = names,
		                 .strategies_count = 1,
		                 .workers = "2" };
	struct complaint complaint = { 0 };
	struct run_result *result = NULL;
	struct run_trial trial = { .count = 200000, .events = events };
	struct run_spec spec;
	struct run run;

	cr_assert_eq(run_spec_parse(&spec, &text, &complaint), 0, "spec");
	trial.strategy = spec.strategies[0];
	trial.workers = 2;
	cr_assert_eq(run_begin(&run, &spec, &complaint), 0, "run");
	cr_assert_eq(run_trial(&run, &trial, &result, &complaint), 0, "%s",
	             complaint.why);
	run_end(&run);
	run_spec_free(&spec);
	return result;
}

Test(counters, of_each_worker_are_in_the_result)
{
	struct run_result *result;

	need_perf();
	result = trial_with(software);
	cr_expect(result->counted, "asked for");
	for (int i = 0; i < 2; i++) {
		const struct worker_result *worker = &result->worker[i];

		cr_expect_eq(worker->fate, FATE_FINISHED, "worker %d", i);
		cr_expect(worker->count[0] > 0 &&
		                  worker->count[0] != RUN_COUNT_UNKNOWN,
		          "worker %d counted nothing", i);
	}
	free(result);
}

Test(counters, that_fail_do_not_fail_the_trial)
{
	struct run_result *result = trial_with(unknown);

	cr_expect(result->counted && run_measure(result).valid, "invalid");
	for (int i = 0; i < RUN_COUNTS; i++)
		cr_expect_eq(result->worker[1].count[i], RUN_COUNT_UNKNOWN,
		             "%d is known", i);
	free(result);
	result = trial_with(NULL);
	cr_expect_not(result->counted, "not asked for");
	free(result);
}
