/*
 * An atomic read-modify-write. Relaxed is enough: the counter is the only
 * datum, and atomicity, not ordering, is what keeps its updates. A worker
 * killed at any instruction has added or has not.
 *
 * Use it wherever one variable is all there is: nothing that is right and has
 * one variable to read is cheaper. Alone it costs one locked instruction; side
 * by side the cache line travels with each increment, and that is the price.
 */
#include "sync/sync.h"

static int atomic_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)ctx;
	__atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
	return 0;
}

SYNC_STRATEGY(atomic) = {
	.summary = "atomic fetch-and-add",
	.source = "C11 7.17.7.5",
	.claims = SYNC_EXCLUDES | SYNC_RECOVERS,
	.add = atomic_add,
};
