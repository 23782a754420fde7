/*
 * An approximate counter: each worker counts on a cache line of its own and
 * adds what has come together to the shared counter, 16 at a time.
 *
 * Use it where the counter is read often and may be a little behind: one
 * variable to read, as with atomic, at a sixteenth of its price to write. While
 * N workers count, the counter shows at most N x 15 fewer than there are; a
 * larger batch is cheaper and lags more. The kernel's percpu_counter works like
 * this. The total is exact nevertheless: it is the counter and the rests that
 * the workers hold. They are never flushed in the end, so that a run shows how
 * far the counter can be behind.
 *
 * It does not survive everything: a worker that is killed between adding its
 * batch and forgetting it has its batch counted twice.
 */
#include "sync/roll.h"
#include "sync/sync.h"

enum { BATCHED_BATCH = 16 };

struct batched_rest {
	struct roll_entry entry; /* first: the roll knows nothing else */
	uint64_t count;          /* less than a batch, between increments */
};

static int batched_attach(struct sync_ctx *ctx)
{
	struct batched_rest *rest = ctx->mine;

	roll_enter(ctx->shared, &rest->entry);
	return 0;
}

static int batched_add(struct sync_ctx *ctx, uint64_t *counter)
{
	struct batched_rest *rest = ctx->mine;

	/* Not atomic: only this worker writes it, and total comes after. */
	sync_increment(&rest->count);
	if (rest->count < BATCHED_BATCH)
		return 0;
	/* Relaxed: the counter stands for nothing but itself. */
	__atomic_fetch_add(counter, BATCHED_BATCH, __ATOMIC_RELAXED);
	rest->count = 0;
	return 0;
}

static uint64_t batched_total(const void *shared, unsigned workers,
                              const uint64_t *counter)
{
	const struct roll_entry *entry = roll_first(shared);
	uint64_t sum = *counter;

	(void)workers;
	for (; entry; entry = entry->next)
		sum += ((const struct batched_rest *)entry)->count;
	return sum;
}

SYNC_STRATEGY(batched) = {
	.summary = "approximate counter: 16 increments at a time",
	.source = "Linux, lib/percpu_counter.c: percpu_counter_add_batch",
	.claims = SYNC_EXCLUDES,
	.lag = BATCHED_BATCH - 1,
	.shared_size = sizeof(struct roll),
	.mine_size = sizeof(struct batched_rest),
	.attach = batched_attach,
	.add = batched_add,
	.total = batched_total,
};
