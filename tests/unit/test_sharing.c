/*
 * The check that counter and lock are shared: who lies is found out, whatever
 * the machine does, and nobody else is called a liar.
 */
#include "harness/run/sharing.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/session.h"

static struct run_spec spec; /* too large for a stack frame */
static struct complaint complaint;

/* A specification of two workers for STRATEGY, in the registry or not. */
static void spec_for(const struct sync_strategy *strategy, const char *as)
{
	static const char *const names[] = { "atomic" };
	struct run_text text = {
		.strategies = names,
		.strategies_count = 1,
		.count = "10",
		.trials = "1",
		.as = as,
	};

	cr_assert_eq(run_spec_parse(&spec, &text, &complaint), 0, "%s",
	             complaint.why);
	spec.strategies[0] = strategy;
}

static int check(const struct sync_strategy *strategy, const char *as)
{
	struct run run;
	int err;

	spec_for(strategy, as);
	err = run_begin(&run, &spec, &complaint);
	cr_assert_eq(err, 0, "%s", complaint.why);
	memset(&complaint, 0, sizeof(complaint));
	err = sharing_check(&run, strategy, &complaint);
	cr_expect_eq(run.janitor.note->armed, 0, "the janitor is armed");
	run_end(&run);
	run_spec_free(&spec);
	cr_expect(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD,
	          "%s: a child is left", strategy->name);
	return err;
}

/* --- who is honest -------------------------------------------------------- */

static void free_params(struct criterion_test_params *params)
{
	cr_free(params->params);
}

ParameterizedTestParameters(sharing, every_strategy_shares)
{
	size_t *index = cr_malloc(2 * sync_registry_count * sizeof(*index));

	for (size_t i = 0; i < 2 * sync_registry_count; i++)
		index[i] = i;
	return cr_make_param_array(size_t, index, 2 * sync_registry_count,
	                           free_params);
}

ParameterizedTest(size_t *index, sharing, every_strategy_shares, .timeout = 60)
{
	const struct sync_strategy *strategy = sync_registry[*index / 2];
	int err = check(strategy, *index % 2 ? "threads" : "processes");

	if (run_impossible_here(err))
		cr_skip_test("%s is not possible here", strategy->name);
	cr_expect_eq(err, 0, "%s: %s", strategy->name, complaint.why);
}

/* --- who lies ------------------------------------------------------------- */

static pthread_mutex_t private_mutex = PTHREAD_MUTEX_INITIALIZER;

static int static_lock(struct sync_ctx *ctx)
{
	(void)ctx;
	return -pthread_mutex_lock(&private_mutex);
}

static int static_unlock(struct sync_ctx *ctx)
{
	(void)ctx;
	return -pthread_mutex_unlock(&private_mutex);
}

SYNC_STRATEGY(fixture_static_mutex) = {
	.summary = "a mutex that each process has for itself",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.lock = static_lock,
	.unlock = static_unlock,
};

Test(sharing, a_static_mutex_is_not_shared_between_processes, .timeout = 60)
{
	cr_expect_eq(check(&sync_fixture_static_mutex, "processes"), -EXDEV,
	             "it is taken for shared");
	cr_expect_str_eq(complaint.what, "fixture_static_mutex", "its name");
	cr_expect(strstr(complaint.why,
	                 "the lock is not shared between the workers"),
	          "%s", complaint.why);
}

Test(sharing, a_static_mutex_is_shared_between_threads, .timeout = 60)
{
	cr_expect_eq(check(&sync_fixture_static_mutex, "threads"), 0, "%s",
	             complaint.why);
}

static uint64_t private_counter;

static int static_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)ctx;
	(void)counter;
	(void)__atomic_fetch_add(&private_counter, 1, __ATOMIC_RELAXED);
	return 0;
}

static uint64_t static_total(const void *shared, unsigned workers,
                             const uint64_t *counter)
{
	(void)shared;
	(void)workers;
	(void)counter;
	return private_counter;
}

SYNC_STRATEGY(fixture_static_counter) = {
	.summary = "a counter that each process has for itself",
	.claims = SYNC_EXCLUDES,
	.add = static_add,
	.total = static_total,
};

Test(sharing, a_static_counter_is_not_shared, .timeout = 60)
{
	cr_expect_eq(check(&sync_fixture_static_counter, "processes"), -EXDEV,
	             "it is taken for shared");
	cr_expect(strstr(complaint.why,
	                 "the counter is not shared between the workers"),
	          "%s", complaint.why);
	/* The total is the parent's to tell, which is no thread of theirs. */
	cr_expect_eq(check(&sync_fixture_static_counter, "threads"), -EXDEV,
	             "it is taken for shared");
}

/* A lock that spins, and is private. */
static unsigned private_flag;

static int spinning_lock(struct sync_ctx *ctx)
{
	(void)ctx;
	while (__atomic_exchange_n(&private_flag, 1, __ATOMIC_ACQUIRE))
		cpu_pause();
	return 0;
}

static int spinning_unlock(struct sync_ctx *ctx)
{
	(void)ctx;
	__atomic_store_n(&private_flag, 0, __ATOMIC_RELEASE);
	return 0;
}

SYNC_STRATEGY(fixture_static_flag) = {
	.summary = "a flag that each process has for itself",
	.claims = SYNC_EXCLUDES,
	.lock = spinning_lock,
	.unlock = spinning_unlock,
};

Test(sharing, a_static_spin_lock_is_shared_between_threads_only, .timeout = 60)
{
	cr_expect_eq(check(&sync_fixture_static_flag, "processes"), -EXDEV,
	             "it is taken for shared");
	cr_expect_eq(check(&sync_fixture_static_flag, "threads"), 0, "%s",
	             complaint.why);
}

/* The claim is what is checked: who makes none may let anybody in. */
SYNC_STRATEGY(fixture_open) = {
	.summary = "the same, which claims nothing",
	.lock = spinning_lock,
	.unlock = spinning_unlock,
};

Test(sharing, who_claims_nothing_does_not_lie, .timeout = 60)
{
	cr_expect_eq(check(&sync_fixture_open, "processes"), 0, "%s",
	             complaint.why);
}

/* --- who cannot be judged ------------------------------------------------- */

#define HOPELESS(id, statement)                    \
	static int id##_lock(struct sync_ctx *ctx) \
	{                                          \
		(void)ctx;                         \
		statement;                         \
		return 0;                          \
	}                                          \
	SYNC_STRATEGY(fixture_hopeless_##id) = {   \
		.summary = #statement,             \
		.claims = SYNC_EXCLUDES,           \
		.lock = id##_lock,                 \
		.unlock = static_unlock,           \
	}

HOPELESS(sleeps, for (;;)(void) pause());
HOPELESS(spins, for (;;) cpu_pause());
HOPELESS(dies, (void)kill(getpid(), SIGKILL));
HOPELESS(stops, (void)raise(SIGSTOP));
HOPELESS(fails, return -EIDRM);
/* Of a process, pthread_exit is exit, after which a sanitizer looks for leaks. */
HOPELESS(leaves, getpid() == gettid() ? _exit(0) : pthread_exit(NULL));

Test(sharing, who_hangs_or_dies_is_left_to_the_trials, .timeout = 100)
{
	static const struct sync_strategy *const hopeless[] = {
		&sync_fixture_hopeless_sleeps, &sync_fixture_hopeless_spins,
		&sync_fixture_hopeless_dies,   &sync_fixture_hopeless_stops,
		&sync_fixture_hopeless_fails,  &sync_fixture_hopeless_leaves,
	};

	for (size_t i = 0; i < sizeof(hopeless) / sizeof(hopeless[0]); i++) {
		cr_expect_eq(check(hopeless[i], "processes"), 0, "%s: %s",
		             hopeless[i]->name, complaint.why);
		cr_expect_eq(check(hopeless[i], "threads"), 0, "%s: %s",
		             hopeless[i]->name, complaint.why);
	}
}

/* --- in a run ------------------------------------------------------------- */

static int run_of(const struct sync_strategy *strategy, const char *as,
                  size_t *trials)
{
	struct session_options options = { 0 };
	struct archive archive = { 0 };
	int status;

	spec_for(strategy, as);
	status = session_run(&spec, &options, &archive);
	*trials = archive.trials_count;
	archive_free(&archive);
	run_spec_free(&spec);
	return status;
}

Test(sharing, no_trial_of_a_liar_is_made, .timeout = 60)
{
	size_t trials;

	cr_expect_eq(run_of(&sync_fixture_static_mutex, "processes", &trials),
	             STATUS_WORKER, "status 4");
	cr_expect_eq(trials, 0, "%zu trials of it are in the records", trials);
	cr_expect_eq(run_of(&sync_fixture_static_mutex, "threads", &trials),
	             STATUS_OK, "status 0");
	cr_expect_eq(trials, 1, "%zu trials, not one", trials);
}
