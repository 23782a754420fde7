/*
 * One instruction is not one step: `incq (mem)` without the lock prefix. On one
 * processor nothing is lost, because an interrupt comes before or after it; two
 * processors still read, add and write at the same time. To learn from; it costs
 * what none costs, and loses a little less.
 */
#include <errno.h>

#include "sync/sync.h"

static int none_rmw_init(void *shared, unsigned workers)
{
	(void)shared;
	(void)workers;
	return cpu_has_unlocked_add() ? 0 : -EOPNOTSUPP;
}

static int none_rmw_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)ctx;
	cpu_unlocked_add(counter);
	return 0;
}

SYNC_STRATEGY(none_rmw) = {
	.summary =
	        "no synchronization, in a single instruction (no lock prefix)",
	.source = "Intel SDM vol. 3A, 9.1: locked atomic operations",
	.needs = "x86-64: addition to memory in one instruction",
	.init = none_rmw_init,
	.add = none_rmw_add,
};
