/*
 * A compare-and-swap loop: read the counter, work out what it should be, and
 * write that only if it is still what was read; otherwise begin again.
 *
 * Use it where one word is all there is, and no single instruction computes the
 * new value: a maximum, a saturating add, a pointer. For a plain sum atomic is
 * cheaper, and it cannot fail. Alone this costs a load and one atomic
 * instruction. Under contention an attempt fails whenever another came between
 * the two, and its work is lost: somebody always gets on (it is lock-free), but
 * nobody in particular does.
 *
 * A worker killed at any instruction has added or has not.
 */
#include "sync/sync.h"

static int cas_add(struct sync_ctx *ctx, uint64_t *counter)
{
	/*
	 * Relaxed, all of them: the counter is the only datum, and atomicity,
	 * not ordering, is what keeps its updates.
	 */
	uint64_t seen = __atomic_load_n(counter, __ATOMIC_RELAXED);

	(void)ctx;
	/* A swap that fails has put what it found into seen. */
	while (!__atomic_compare_exchange_n(counter, &seen, seen + 1, true,
	                                    __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		cpu_pause();
	return 0;
}

SYNC_STRATEGY(cas) = {
	.summary = "compare-and-swap, again until it succeeds",
	.source = "C11 7.17.7.4",
	.claims = SYNC_EXCLUDES | SYNC_RECOVERS,
	.add = cas_add,
};
