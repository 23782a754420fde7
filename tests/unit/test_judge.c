/*
 * The judge of claims is shown strategies that lie, each in another way, and
 * must name the lie. Their names begin with fixture_, so that sync/ may have a
 * ticket.c of its own.
 */
#include <criterion/criterion.h>
#include <pthread.h>

#include "judge.h"

static int nothing(struct sync_ctx *ctx)
{
	(void)ctx;
	return 0;
}

static int racy_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)ctx;
	sync_increment(counter);
	return 0;
}

SYNC_STRATEGY(fixture_racy) = {
	.summary = "adds without a lock",
	.claims = SYNC_EXCLUDES | SYNC_RECOVERS,
	.add = racy_add,
};

SYNC_STRATEGY(fixture_no_lock) = {
	.summary = "locks nothing",
	.claims = SYNC_EXCLUDES,
	.lock = nothing,
	.unlock = nothing,
};

/* Looks, then takes: another may look in between. */
static int flag_lock(struct sync_ctx *ctx)
{
	volatile int *flag = ctx->shared;

	while (*flag)
		cpu_pause();
	*flag = 1;
	return 0;
}

static int flag_unlock(struct sync_ctx *ctx)
{
	*(volatile int *)ctx->shared = 0;
	return 0;
}

SYNC_STRATEGY(fixture_flag) = {
	.summary = "a flag that is tested and then set",
	.claims = SYNC_EXCLUDES,
	.shared_size = sizeof(int),
	.lock = flag_lock,
	.unlock = flag_unlock,
};

/* A correct lock in private memory, which fork copied. */
static pthread_mutex_t private_mutex = PTHREAD_MUTEX_INITIALIZER;

static int private_lock(struct sync_ctx *ctx)
{
	(void)ctx;
	return -pthread_mutex_lock(&private_mutex);
}

static int private_unlock(struct sync_ctx *ctx)
{
	(void)ctx;
	return -pthread_mutex_unlock(&private_mutex);
}

SYNC_STRATEGY(fixture_private) = {
	.summary = "a mutex that is not shared",
	.claims = SYNC_EXCLUDES,
	.lock = private_lock,
	.unlock = private_unlock,
};

/* A correct spinning lock, and what can be got wrong about it. */
static int spin_lock(struct sync_ctx *ctx)
{
	int *held = ctx->shared;

	while (__atomic_exchange_n(held, 1, __ATOMIC_ACQUIRE))
		cpu_pause();
	return 0;
}

static int spin_unlock(struct sync_ctx *ctx)
{
	__atomic_store_n((int *)ctx->shared, 0, __ATOMIC_RELEASE);
	return 0;
}

SYNC_STRATEGY(fixture_spin) = {
	.summary = "a correct lock that spins",
	.claims = SYNC_EXCLUDES,
	.shared_size = sizeof(int),
	.lock = spin_lock,
	.unlock = spin_unlock,
};

SYNC_STRATEGY(fixture_no_unlock) = {
	.summary = "never lets go",
	.claims = SYNC_EXCLUDES,
	.shared_size = sizeof(int),
	.lock = spin_lock,
	.unlock = nothing,
};

/* Lets go, works on, and lets go again: then of somebody else's lock. */
static int twice_unlock(struct sync_ctx *ctx)
{
	(void)spin_unlock(ctx);
	return spin_unlock(ctx);
}

SYNC_STRATEGY(fixture_twice) = {
	.summary = "unlocks twice",
	.claims = SYNC_EXCLUDES,
	.shared_size = sizeof(int),
	.lock = spin_lock,
	.unlock = twice_unlock,
};

/* Fair: one number for the next to come, one for who is served. */
struct ticket {
	unsigned next, serving;
};

static int ticket_lock(struct sync_ctx *ctx)
{
	struct ticket *ticket = ctx->shared;
	unsigned mine = __atomic_fetch_add(&ticket->next, 1, __ATOMIC_RELAXED);

	while (__atomic_load_n(&ticket->serving, __ATOMIC_ACQUIRE) != mine)
		cpu_pause();
	return 0;
}

static int ticket_unlock(struct sync_ctx *ctx)
{
	struct ticket *ticket = ctx->shared;

	__atomic_store_n(&ticket->serving, ticket->serving + 1,
	                 __ATOMIC_RELEASE);
	return 0;
}

SYNC_STRATEGY(fixture_ticket) = {
	.summary = "a correct fair lock",
	.claims = SYNC_EXCLUDES | SYNC_FIFO,
	.shared_size = sizeof(struct ticket),
	.lock = ticket_lock,
	.unlock = ticket_unlock,
};

/* The latest to come is served first. */
struct stack {
	unsigned waiting, holder;
	int held;
};

static int stack_lock(struct sync_ctx *ctx)
{
	struct stack *stack = ctx->shared;
	unsigned mine =
	        __atomic_add_fetch(&stack->waiting, 1, __ATOMIC_SEQ_CST);

	for (;;) {
		while (__atomic_load_n(&stack->waiting, __ATOMIC_SEQ_CST) !=
		       mine)
			cpu_pause();
		if (!__atomic_exchange_n(&stack->held, 1, __ATOMIC_SEQ_CST))
			break;
		cpu_pause();
	}
	__atomic_sub_fetch(&stack->waiting, 1, __ATOMIC_SEQ_CST);
	return 0;
}

static int stack_unlock(struct sync_ctx *ctx)
{
	struct stack *stack = ctx->shared;

	__atomic_store_n(&stack->held, 0, __ATOMIC_SEQ_CST);
	return 0;
}

SYNC_STRATEGY(fixture_stack) = {
	.summary = "last come, first served",
	.claims = SYNC_FIFO,
	.shared_size = sizeof(struct stack),
	.lock = stack_lock,
	.unlock = stack_unlock,
};

/* For two: raise a flag and wait while the other's is up. */
struct pair {
	unsigned raised[2], turn;
};

static int polite_lock(struct sync_ctx *ctx)
{
	struct pair *pair = ctx->shared;

	__atomic_store_n(&pair->raised[ctx->self], 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&pair->raised[1 - ctx->self], __ATOMIC_SEQ_CST))
		cpu_pause();
	return 0;
}

/* The same, and whoever comes second lets the first one pass. */
static int peterson_lock(struct sync_ctx *ctx)
{
	struct pair *pair = ctx->shared;
	unsigned other = 1 - ctx->self;

	__atomic_store_n(&pair->raised[ctx->self], 1, __ATOMIC_SEQ_CST);
	__atomic_store_n(&pair->turn, other, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&pair->raised[other], __ATOMIC_SEQ_CST) &&
	       __atomic_load_n(&pair->turn, __ATOMIC_SEQ_CST) == other)
		cpu_pause();
	return 0;
}

static int pair_unlock(struct sync_ctx *ctx)
{
	struct pair *pair = ctx->shared;

	__atomic_store_n(&pair->raised[ctx->self], 0, __ATOMIC_SEQ_CST);
	return 0;
}

SYNC_STRATEGY(fixture_polite) = {
	.summary = "each waits for the other",
	.claims = SYNC_EXCLUDES,
	.max_workers = 2,
	.shared_size = sizeof(struct pair),
	.lock = polite_lock,
	.unlock = pair_unlock,
};

SYNC_STRATEGY(fixture_peterson) = {
	.summary = "a correct lock where who waits may pass",
	.claims = SYNC_EXCLUDES,
	.max_workers = 2,
	.shared_size = sizeof(struct pair),
	.lock = peterson_lock,
	.unlock = pair_unlock,
};

static int failing_lock(struct sync_ctx *ctx)
{
	(void)ctx;
	return -5;
}

SYNC_STRATEGY(fixture_failing) = {
	.summary = "whose lock fails",
	.claims = SYNC_EXCLUDES,
	.lock = failing_lock,
	.unlock = nothing,
};

static void expect(const char *what, const char *sentence)
{
	if (!judge_possible())
		cr_skip_test("ptrace is not allowed here");
	cr_assert_str_eq(what ? what : "nothing wrong", sentence,
	                 "\"%s\" where it should be \"%s\"",
	                 what ? what : "nothing wrong", sentence);
}

#define JUDGE_TEST(name, what, sentence)  \
	Test(judge, name, .timeout = 120) \
	{                                 \
		expect(what, sentence);   \
	}

JUDGE_TEST(sees_an_unlocked_increment, judge_excludes(&sync_fixture_racy),
           "an update is lost")
JUDGE_TEST(sees_a_lock_that_does_nothing, judge_excludes(&sync_fixture_no_lock),
           "two are inside at once")
JUDGE_TEST(sees_a_flag_tested_and_then_set, judge_excludes(&sync_fixture_flag),
           "two are inside at once")
JUDGE_TEST(sees_a_mutex_that_fork_copied, judge_excludes(&sync_fixture_private),
           "two are inside at once")
JUDGE_TEST(sees_a_lock_never_released, judge_excludes(&sync_fixture_no_unlock),
           "shut out although nobody is inside")
JUDGE_TEST(sees_a_lock_released_twice, judge_excludes(&sync_fixture_twice),
           "a third gets in beside the one inside")
JUDGE_TEST(sees_two_that_wait_for_each_other,
           judge_excludes(&sync_fixture_polite), "neither gets in: deadlock")
JUDGE_TEST(passes_a_lock_that_lets_who_waits_pass,
           judge_excludes(&sync_fixture_peterson), "nothing wrong")
JUDGE_TEST(sees_a_lock_that_fails, judge_excludes(&sync_fixture_failing),
           "an operation failed")
JUDGE_TEST(passes_a_correct_spinning_lock, judge_excludes(&sync_fixture_spin),
           "nothing wrong")
JUDGE_TEST(passes_a_correct_fair_lock, judge_excludes(&sync_fixture_ticket),
           "nothing wrong")
JUDGE_TEST(sees_spinning_where_sleep_was_claimed,
           judge_sleeps(&sync_fixture_spin), "who waits does not sleep")
JUDGE_TEST(sees_a_lock_lost_with_its_holder, judge_recovers(&sync_fixture_spin),
           "shut out after the other was killed")
JUDGE_TEST(passes_a_fair_lock_as_fair, judge_fifo(&sync_fixture_ticket),
           "nothing wrong")
JUDGE_TEST(sees_the_last_served_first, judge_fifo(&sync_fixture_stack),
           "the first in line does not get in next")
