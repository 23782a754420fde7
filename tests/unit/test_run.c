/*
 * Whole trials with real processes: what is counted, and what becomes of
 * workers that crash, hang, stop, or never start.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/run/control.h"
#include "harness/run/plan.h"
#include "harness/run/run.h"

/* A spec for N workers; the strategies of the test bring their own. */
static struct run_spec spec_for(const char *workers, const char *pin)
{
	static const char *const names[] = { "atomic" };
	struct run_text text = {
		.strategies = names,
		.strategies_count = 1,
		.workers = workers,
		.pin = pin,
	};
	struct complaint complaint;
	struct run_spec spec;

	cr_assert_eq(run_spec_parse(&spec, &text, &complaint), 0, "%s",
	             complaint.why);
	return spec;
}

/* Makes one trial of STRATEGY, which may need as much memory as mutex does. */
static int try_once(const struct sync_strategy *strategy, const char *workers,
                    const char *pin, uint64_t time_ms, uint64_t count,
                    struct run_result **result)
{
	struct run_spec spec = spec_for(workers, pin);
	struct complaint complaint = { 0 };
	struct run run;
	struct run_trial trial = {
		.strategy = strategy,
		.workers = spec.workers[0],
		.pin = spec.pins[0],
		.time_ns = time_ms * NS_PER_MS,
		.count = count,
	};
	int err;

	spec.strategies[0] = strategy; /* so that its memory is counted */
	err = run_begin(&run, &spec, &complaint);
	cr_assert_eq(err, 0, "%s", complaint.why);
	err = run_trial(&run, &trial, result, &complaint);
	if (err && err != -EINTR)
		cr_assert_neq(complaint.why[0], '\0', "an error without why");
	if (err == -EINTR)
		err = -1000 - run.signals.caught;
	run_end(&run);
	run_spec_free(&spec);
	return err;
}

static struct run_result *result_of(const struct sync_strategy *strategy,
                                    const char *workers, uint64_t count)
{
	struct run_result *result = NULL;
	int err = try_once(strategy, workers, "spread", 0, count, &result);

	cr_assert_eq(err, 0, "run_trial gave %d", err);
	return result;
}

static void expect_fate(const struct run_result *result, unsigned worker,
                        const char *fate)
{
	char text[FATE_TEXT];

	cr_assert_str_eq(fate_text(text, &result->worker[worker]), fate,
	                 "worker %u: %s, not %s", worker, text, fate);
}

/* An invalid trial says nothing of loss. */
static void expect_invalid(const struct run_result *result)
{
	struct run_measures measures = run_measure(result);

	cr_assert_not(measures.valid, "a trial with a dead worker is valid");
	cr_assert_eq(measures.evidence, EVIDENCE_NONE, "it has evidence");
	cr_assert_eq(measures.lost, 0u, "a killed increment is called lost");
}

static void free_params(struct criterion_test_params *params)
{
	cr_free(params->params);
}

ParameterizedTestParameters(run, who_excludes_is_exact_with_four_workers)
{
	size_t *index = cr_malloc(sync_registry_count * sizeof(*index));

	for (size_t i = 0; i < sync_registry_count; i++)
		index[i] = i;
	return cr_make_param_array(size_t, index, sync_registry_count,
	                           free_params);
}

ParameterizedTest(size_t *index, run, who_excludes_is_exact_with_four_workers,
                  .timeout = 60)
{
	const struct sync_strategy *strategy = sync_registry[*index];
	struct run_result *result = NULL;
	struct run_measures measures;
	int err;

	if (!(strategy->ops->claims & SYNC_EXCLUDES))
		return;
	err = try_once(strategy,
	               run_strategy_workers_max(strategy) < 4 ? "2" : "4",
	               "spread", 30, 0, &result);
	if (run_impossible_here(err))
		cr_skip_test("%s is not possible here", strategy->name);
	cr_assert_eq(err, 0, "%s: %d", strategy->name, err);
	measures = run_measure(result);
	cr_assert(measures.valid, "%s: a worker did not finish",
	          strategy->name);
	cr_assert_eq(measures.lost, 0u, "%s lost updates", strategy->name);
	free(result);
}

Test(run, a_count_is_kept_by_each_worker)
{
	struct run_result *result =
	        result_of(run_strategy("atomic"), "3", 1000);

	for (unsigned i = 0; i < 3; i++) {
		cr_assert_eq(result->worker[i].begun, 1000u, "begun");
		cr_assert_eq(result->worker[i].done, 1000u, "done");
		expect_fate(result, i, "finished");
	}
	cr_assert_eq(result->observed, 3000u, "the total is not 3 x 1000");
	free(result);
}

/* TIMES increments of each of three workers, of which REST are held back. */
static void expect_lag(uint64_t times, uint64_t rest)
{
	const struct sync_strategy *batched = run_strategy("batched");
	struct run_result *result = result_of(batched, "3", times);

	cr_expect_eq(result->observed, 3 * times, "the total is not exact");
	cr_expect_eq(result->observed - result->counter, 3 * rest,
	             "%llu each: the counter does not lag by %llu each",
	             (unsigned long long)times, (unsigned long long)rest);
	cr_expect(result->counter <= result->observed &&
	                  result->counter + (uint64_t)3 * batched->ops->lag >=
	                          result->observed,
	          "the counter lags by more than its bound");
	free(result);
}

Test(run, a_counter_lags_by_what_is_held_back_and_the_total_does_not)
{
	uint64_t most = run_strategy("batched")->ops->lag;

	expect_lag(most, most);
	expect_lag(most + 1, 0);
	expect_lag(100 * (most + 1) + 1, 1);
}

Test(run, two_hundred_workers_start_and_are_reaped)
{
	struct run_result *result =
	        result_of(run_strategy("atomic"), "200", 10);

	cr_assert(run_measure(result).valid, "not all of 200 finished");
	cr_assert_eq(result->observed, 2000u, "the total is not 200 x 10");
	free(result);
}

Test(run, times_lie_in_the_trial)
{
	struct run_result *result = NULL;
	uint64_t before = clock_now_ns();
	int err = try_once(run_strategy("none"), "2", "spread", 20, 0, &result);
	uint64_t after = clock_now_ns();

	cr_assert_eq(err, 0, "run_trial gave %d", err);
	for (unsigned i = 0; i < 2; i++) {
		const struct worker_result *worker = &result->worker[i];

		cr_assert_gt(worker->start_ns, before, "started before it was");
		cr_assert_leq(worker->start_ns, worker->stop_ns, "stop first");
		cr_assert_lt(worker->stop_ns, after, "stopped after the end");
		cr_assert_leq(run_cpu_ns(worker),
		              worker->stop_ns - worker->start_ns,
		              "more processor time than time");
	}
	free(result);
}

/*
 * Two on one CPU press on each other all the time, and interrupt each other:
 * that is no noise. Nor is it where they may meet on one.
 */
Test(run, what_workers_do_to_each_other_is_no_noise)
{
	static const char *const pins[] = { "same", "none" };

	for (int i = 0; i < 2; i++) {
		struct run_result *result = NULL;

		cr_assert_eq(try_once(run_strategy("atomic"), "2", pins[i], 100,
		                      0, &result),
		             0, "no trial");
		cr_expect_null(strstr(result->noise.why, "pressure"),
		               "pin %s: %s", pins[i], result->noise.why);
		cr_expect_null(strstr(result->noise.why, "interrupted"),
		               "pin %s: %s", pins[i], result->noise.why);
		free(result);
	}
}

Test(run, noise_is_looked_for_all_through_the_trial)
{
	struct run_result *result =
	        result_of(run_strategy("atomic"), "1", 1000);
	const struct run_noise *noise = &result->noise;

	cr_expect_geq(noise->looked_ns, run_measure(result).elapsed_ns,
	              "not as long as the workers took");
	cr_expect(!(noise->pressure < 0 || noise->pressure > 1), "pressure %g",
	          noise->pressure);
	cr_expect(!(noise->steal < 0 || noise->steal > 1), "steal %g",
	          noise->steal);
	cr_expect_eq(noise->noisy, noise->why[0] != '\0', "no why");
	free(result);
}

Test(run, a_single_instruction_loses_nothing_on_one_cpu)
{
	struct run_result *result = NULL;
	int err =
	        try_once(run_strategy("none_rmw"), "2", "same", 60, 0, &result);

	if (err == -EOPNOTSUPP)
		cr_skip_test("no such instruction here");
	cr_assert_eq(err, 0, "run_trial gave %d", err);
	cr_assert_eq(run_measure(result).lost, 0u, "lost updates");
	cr_assert_eq(result->worker[0].cpu, result->worker[1].cpu,
	             "not on the same CPU");
	free(result);
}

/* --- strategies that misbehave -------------------------------------------- */

/* Worker 1 does something at its tenth increment. */
static int at_tenth(struct sync_ctx *ctx, uint64_t *counter,
                    int (*misbehave)(void))
{
	unsigned *turns = ctx->mine;

	if (ctx->self == 1 && ++*turns == 10)
		return misbehave();
	(void)__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
	return 0;
}

#define MISBEHAVE(id, statement)                                     \
	static int id##_now(void)                                    \
	{                                                            \
		statement;                                           \
		return 0;                                            \
	}                                                            \
	static int id##_add(struct sync_ctx *ctx, uint64_t *counter) \
	{                                                            \
		return at_tenth(ctx, counter, id##_now);             \
	}                                                            \
	SYNC_STRATEGY(fixture_##id) = {                              \
		.summary = #statement,                               \
		.mine_size = sizeof(unsigned),                       \
		.add = id##_add,                                     \
	}

MISBEHAVE(dies, (void)kill(getpid(), SIGKILL));
MISBEHAVE(leaves, _exit(9));
MISBEHAVE(stops, (void)kill(getpid(), SIGSTOP));
MISBEHAVE(fails, return -EIDRM);
MISBEHAVE(sleeps, for (;;)(void) pause());
MISBEHAVE(spins, for (;;) cpu_pause());

static void expect_second(const struct sync_strategy *strategy,
                          const char *fate)
{
	struct run_result *result = result_of(strategy, "2", 1000);

	expect_fate(result, 0, "finished");
	expect_fate(result, 1, fate);
	cr_assert_eq(result->worker[0].done, 1000u, "the other is disturbed");
	expect_invalid(result);
	free(result);
}

Test(run, names_the_signal_that_killed_a_worker, .timeout = 60)
{
	expect_second(&sync_fixture_dies, "killed by SIGKILL");
}

Test(run, names_the_status_a_worker_left_with, .timeout = 60)
{
	expect_second(&sync_fixture_leaves, "exited 9");
}

Test(run, names_the_error_an_operation_returned, .timeout = 60)
{
	expect_second(&sync_fixture_fails, "failed: EIDRM");
}

Test(run, ends_a_worker_that_was_stopped, .timeout = 60)
{
	expect_second(&sync_fixture_stops, "stopped by a signal");
}

Test(run, ends_a_worker_that_nobody_wakes, .timeout = 60)
{
	expect_second(&sync_fixture_sleeps, "stuck asleep");
}

Test(run, ends_a_worker_that_spins_for_ever, .timeout = 60)
{
	expect_second(&sync_fixture_spins, "stuck spinning");
}

/* The holder dies inside, and the other waits for it. */
static int mute_lock(struct sync_ctx *ctx)
{
	int err = run_strategy("mutex")->ops->lock(ctx);

	if (ctx->self == 1)
		(void)kill(getpid(), SIGKILL);
	return err;
}

static int mute_unlock(struct sync_ctx *ctx)
{
	return run_strategy("mutex")->ops->unlock(ctx);
}

static int mute_init(void *shared, unsigned workers)
{
	return run_strategy("mutex")->ops->init(shared, workers);
}

SYNC_STRATEGY(fixture_mute) = {
	.summary = "whose second worker dies inside",
	.shared_size = sizeof(pthread_mutex_t),
	.init = mute_init,
	.lock = mute_lock,
	.unlock = mute_unlock,
};

Test(run, says_that_survivors_wait_for_a_dead_holder, .timeout = 60)
{
	struct run_result *result = NULL;

	/* Long enough for the first not to be through before the second. */
	cr_assert_eq(
	        try_once(&sync_fixture_mute, "2", "same", 600000, 0, &result),
	        0, "run_trial failed");
	expect_fate(result, 0, "stuck asleep");
	expect_fate(result, 1, "killed by SIGKILL");
	expect_invalid(result);
	free(result);
}

static int unready_attach(struct sync_ctx *ctx)
{
	return ctx->self == 1 ? -EMFILE : 0;
}

SYNC_STRATEGY(fixture_unready) = {
	.summary = "whose second worker cannot attach",
	.attach = unready_attach,
	.add = dies_add,
};

Test(run, abandons_those_who_wait_for_one_that_cannot_start, .timeout = 60)
{
	struct run_result *result = result_of(&sync_fixture_unready, "3", 10);

	expect_fate(result, 0, "abandoned");
	expect_fate(result, 1, "failed: EMFILE");
	expect_fate(result, 2, "abandoned");
	expect_invalid(result);
	free(result);
}

static int twice_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)ctx;
	(void)__atomic_fetch_add(counter, 2, __ATOMIC_RELAXED);
	return 0;
}

SYNC_STRATEGY(fixture_adds_two) = { .summary = "adds two", .add = twice_add };

Test(run, calls_a_total_above_what_was_begun_invalid)
{
	struct run_result *result = result_of(&sync_fixture_adds_two, "2", 10);
	struct run_measures measures = run_measure(result);

	cr_assert_eq(measures.surplus, 20u, "the surplus is not 20");
	cr_assert_not(measures.valid, "a wrong total is valid");
	free(result);
}

static int signals_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)ctx;
	(void)counter;
	(void)kill(getppid(), SIGTERM);
	for (;;)
		(void)pause();
	return 0;
}

SYNC_STRATEGY(fixture_signals) = {
	.summary = "sends its parent a signal",
	.add = signals_add,
};

Test(run, a_signal_ends_the_trial_and_is_told, .timeout = 60)
{
	struct run_result *result = NULL;
	int err = try_once(&sync_fixture_signals, "2", "spread", 600000, 0,
	                   &result);

	cr_assert_eq(err, -1000 - SIGTERM, "run_trial gave %d", err);
}

static int broken_init(void *shared, unsigned workers)
{
	(void)shared;
	(void)workers;
	return -ENOSPC;
}

SYNC_STRATEGY(fixture_broken) = {
	.summary = "whose init fails",
	.init = broken_init,
	.add = twice_add,
};

Test(run, tells_when_a_strategy_cannot_be_set_up)
{
	struct run_result *result = NULL;

	cr_assert_eq(
	        try_once(&sync_fixture_broken, "2", "spread", 10, 0, &result),
	        -ENOSPC, "the error of init is not handed on");
}

Test(run, the_controls_give_numbers)
{
	struct run_spec spec = spec_for("2", "spread");
	struct complaint complaint;
	struct run run;
	double parallelism = -1, ns = -1;

	cr_assert_eq(run_begin(&run, &spec, &complaint), 0, "run_begin");
	cr_assert_eq(control_empty_ns(&run, 2, &ns, &complaint), 0, "empty");
	cr_assert_gt(ns, 0.0, "the empty loop costs nothing");
	cr_assert_eq(control_parallelism(&run, &parallelism, &complaint), 0,
	             "parallelism");
	cr_assert_gt(parallelism, 0.0, "no parallelism at all");
	cr_assert_gt(control_timer_ns(), 0.0, "the clock costs nothing");
	run_end(&run);
	run_spec_free(&spec);
}
