/*
 * No synchronization at all: load, add, store. Two workers that load the same
 * value store the same sum, and one of the two updates is lost.
 */
#include "sync/sync.h"

static int none_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)ctx;
	sync_increment(counter);
	return 0;
}

SYNC_STRATEGY(none) = {
	.summary = "no synchronization: load, add, store",
	.source = "the race itself",
	.add = none_add,
};
