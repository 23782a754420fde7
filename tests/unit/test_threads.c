/*
 * Whole trials whose workers are threads: what is counted, and what becomes of
 * those that crash, hang, stop, or never start.
 */
#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trial.h"

/* So that one that spins on the CPU of another is no matter, nothing is bound. */
static struct run_text threads(const char *workers, const char *count)
{
	return (struct run_text){
		.workers = workers,
		.count = count,
		.pin = "none",
		.as = "threads",
	};
}

static void free_params(struct criterion_test_params *params)
{
	cr_free(params->params);
}

ParameterizedTestParameters(threads, who_excludes_is_exact_as_threads)
{
	size_t *index = cr_malloc(sync_registry_count * sizeof(*index));

	for (size_t i = 0; i < sync_registry_count; i++)
		index[i] = i;
	return cr_make_param_array(size_t, index, sync_registry_count,
	                           free_params);
}

ParameterizedTest(size_t *index, threads, who_excludes_is_exact_as_threads,
                  .timeout = 60)
{
	const struct sync_strategy *strategy = sync_registry[*index];
	bool few = run_strategy_workers_max(strategy) < 4;
	struct run_text text = {
		.workers = few ? "2" : "4",
		.time_ms = "30",
		.as = "threads",
	};
	struct run_result *result = NULL;
	int err;

	if (!(strategy->ops->claims & SYNC_EXCLUDES))
		return;
	err = trial_make(strategy, &text, &result);
	if (run_impossible_here(err))
		cr_skip_test("%s is not possible here", strategy->name);
	cr_assert_eq(err, 0, "%s: %d", strategy->name, err);
	cr_expect(run_measure(result).valid, "%s: a worker did not finish",
	          strategy->name);
	cr_expect_eq(run_measure(result).lost, 0, "%s lost updates",
	             strategy->name);
	free(result);
}

/* --- what they are -------------------------------------------------------- */

/* Process and thread of each worker, by its number: in memory that they share. */
struct who {
	pid_t process[2], thread[2];
};

static int tells_add(struct sync_ctx *ctx, uint64_t *counter)
{
	struct who *who = ctx->shared;

	who->process[ctx->self] = getpid();
	who->thread[ctx->self] = gettid();
	(void)__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
	return 0;
}

/* Said in the total, which alone comes out. */
static uint64_t tells_total(const void *shared, unsigned workers,
                            const uint64_t *counter)
{
	const struct who *who = shared;
	bool same = who->process[0] == who->process[1];
	bool apart = who->thread[0] != who->thread[1];

	(void)counter;
	return workers == 2 && who->process[0] != getpid() && apart
	               ? 1 + (unsigned)same
	               : 0;
}

SYNC_STRATEGY(fixture_tells) = {
	.summary = "tells who the workers are",
	.shared_size = sizeof(struct who),
	.add = tells_add,
	.total = tells_total,
};

Test(threads, are_threads_of_one_process_that_is_not_ours)
{
	struct run_text text = threads("2", "1");
	struct run_result *result = trial_result(&sync_fixture_tells, &text);

	cr_expect_eq(result->observed, 2, "of one process: 2, not %d",
	             (int)result->observed);
	free(result);
	text.as = "processes";
	result = trial_result(&sync_fixture_tells, &text);
	cr_expect_eq(result->observed, 1, "of two processes: 1, not %d",
	             (int)result->observed);
	free(result);
}

/* Worker 1 uses some milliseconds of processor time; worker 0 sleeps as long. */
static int works_add(struct sync_ctx *ctx, uint64_t *counter)
{
	unsigned *over = ctx->shared;

	(void)__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
	if (ctx->self == 1) {
		cpu_work(20000000);
		__atomic_store_n(over, 1, __ATOMIC_RELEASE);
	}
	while (!__atomic_load_n(over, __ATOMIC_ACQUIRE))
		(void)usleep(5000);
	return 0;
}

SYNC_STRATEGY(fixture_works) = {
	.summary = "one works",
	.shared_size = sizeof(unsigned),
	.add = works_add,
};

Test(threads, each_has_its_own_processor_time)
{
	struct run_text text = threads("2", "1");
	struct run_result *result = trial_result(&sync_fixture_works, &text);
	uint64_t idle = result->worker[0].user_ns;
	uint64_t busy = result->worker[1].user_ns;

	cr_expect_gt(busy, 2 * idle, "%u us and %u us", (unsigned)idle / 1000,
	             (unsigned)busy / 1000);
	free(result);
}

Test(threads, two_hundred_start_and_end)
{
	struct run_text text = threads("200", "10");
	struct run_result *result = trial_result(run_strategy("atomic"), &text);

	cr_expect(run_measure(result).valid, "not all of 200 finished");
	cr_expect_eq(result->observed, 2000, "the total is not 200 x 10");
	free(result);
}

/* --- strategies that misbehave -------------------------------------------- */

/*
 * Worker 1 does something once worker 0 has ended, or while it waits; a signal
 * to the process may come upon the other thread first, so then it waits, too.
 */
static int misbehave(struct sync_ctx *ctx, uint64_t *counter, bool beside,
                     int (*how)(void))
{
	unsigned *ended = ctx->shared;
	int err = 0;

	if (ctx->self == 1) {
		while (!beside && !__atomic_load_n(ended, __ATOMIC_ACQUIRE))
			(void)usleep(100);
		err = how();
	} else {
		(void)__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
	}
	/* NOLINTNEXTLINE(bugprone-infinite-loop): until it is killed */
	while (beside)
		(void)pause();
	return err;
}

/* By then all of its slot is written but that it has left. */
static void tell_end(struct sync_ctx *ctx)
{
	__atomic_store_n((unsigned *)ctx->shared, 1, __ATOMIC_RELEASE);
}

#define MISBEHAVE(id, beside, statement)                             \
	static int id##_now(void)                                    \
	{                                                            \
		statement;                                           \
		return 0;                                            \
	}                                                            \
	static int id##_add(struct sync_ctx *ctx, uint64_t *counter) \
	{                                                            \
		return misbehave(ctx, counter, beside, id##_now);    \
	}                                                            \
	SYNC_STRATEGY(fixture_thread_##id) = {                       \
		.summary = #statement,                               \
		.shared_size = sizeof(unsigned),                     \
		.add = id##_add,                                     \
		.detach = tell_end,                                  \
	}

MISBEHAVE(dies, true, (void)kill(getpid(), SIGKILL));
MISBEHAVE(aborts, true, abort());
MISBEHAVE(traps, true, (void)raise(SIGSEGV));
MISBEHAVE(leaves, true, _exit(9));
MISBEHAVE(stops, true, (void)kill(getpid(), SIGSTOP));
MISBEHAVE(fails, false, return -EIDRM);
MISBEHAVE(sleeps, false, for (;;)(void) pause());
MISBEHAVE(spins, false, for (;;) cpu_pause());
MISBEHAVE(exits, false, pthread_exit(NULL));

static void expect_fates(const struct sync_strategy *strategy,
                         const char *first, const char *second)
{
	struct run_text text = threads("2", "1");
	struct run_result *result = trial_result(strategy, &text);

	trial_expect_fate(result, 0, first);
	trial_expect_fate(result, 1, second);
	cr_expect_not(run_measure(result).valid, "the trial is valid");
	free(result);
	cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD,
	          "a child is left");
}

Test(threads, a_signal_that_nobody_brought_about_kills_all, .timeout = 60)
{
	expect_fates(&sync_fixture_thread_dies,
	             "killed with all threads by SIGKILL",
	             "killed with all threads by SIGKILL");
}

Test(threads, names_the_one_that_a_signal_was_meant_for, .timeout = 60)
{
	expect_fates(&sync_fixture_thread_aborts,
	             "killed with all threads by SIGABRT", "killed by SIGABRT");
	expect_fates(&sync_fixture_thread_traps,
	             "killed with all threads by SIGSEGV", "killed by SIGSEGV");
}

Test(threads, names_the_status_that_all_left_with, .timeout = 60)
{
	expect_fates(&sync_fixture_thread_leaves, "exited 9", "exited 9");
}

Test(threads, ends_all_that_were_stopped, .timeout = 60)
{
	expect_fates(&sync_fixture_thread_stops, "stopped by a signal",
	             "stopped by a signal");
}

Test(threads, names_the_error_that_an_operation_returned, .timeout = 60)
{
	expect_fates(&sync_fixture_thread_fails, "finished", "failed: EIDRM");
}

Test(threads, ends_one_that_nobody_wakes, .timeout = 60)
{
	expect_fates(&sync_fixture_thread_sleeps, "finished", "stuck asleep");
}

Test(threads, ends_one_that_spins_for_ever, .timeout = 60)
{
	expect_fates(&sync_fixture_thread_spins, "finished", "stuck spinning");
}

Test(threads, one_may_leave_by_itself, .timeout = 60)
{
	expect_fates(&sync_fixture_thread_exits, "finished", "exited 0");
}

/* Each holds what the other wants. */
struct embrace {
	unsigned here;
	pthread_mutex_t mutex[2];
};

static int embrace_init(void *shared, unsigned workers)
{
	struct embrace *this = shared;

	(void)workers;
	for (int i = 0; i < 2; i++) {
		int err = pthread_mutex_init(&this->mutex[i], NULL);

		if (err)
			return -err;
	}
	return 0;
}

static int embrace_add(struct sync_ctx *ctx, uint64_t *counter)
{
	struct embrace *this = ctx->shared;

	(void)counter;
	(void)pthread_mutex_lock(&this->mutex[ctx->self]);
	(void)__atomic_add_fetch(&this->here, 1, __ATOMIC_ACQ_REL);
	while (__atomic_load_n(&this->here, __ATOMIC_ACQUIRE) < 2)
		(void)usleep(100);
	return -pthread_mutex_lock(&this->mutex[!ctx->self]);
}

SYNC_STRATEGY(fixture_embrace) = {
	.summary = "two locks in the wrong order",
	.shared_size = sizeof(struct embrace),
	.init = embrace_init,
	.add = embrace_add,
};

Test(threads, a_deadlock_is_all_asleep, .timeout = 60)
{
	expect_fates(&sync_fixture_embrace, "stuck asleep", "stuck asleep");
}

static int unready_attach(struct sync_ctx *ctx)
{
	return ctx->self == 1 ? -EMFILE : 0;
}

SYNC_STRATEGY(fixture_thread_unready) = {
	.summary = "whose second worker cannot attach",
	.attach = unready_attach,
	.add = works_add,
};

Test(threads, abandons_those_who_wait_for_one_that_cannot_start, .timeout = 60)
{
	expect_fates(&sync_fixture_thread_unready, "abandoned",
	             "failed: EMFILE");
}
