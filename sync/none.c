/*
 * No synchronization at all: load, add, store. Two workers that load the same
 * value store the same sum, and one of the two updates is lost.
 *
 * The race itself, and what every other strategy is measured by: it is what an
 * increment costs where nothing protects it.
 */
#include "sync/sync.h"

static int none_lock(struct sync_ctx *ctx)
{
	(void)ctx;
	return 0;
}

static int none_unlock(struct sync_ctx *ctx)
{
	(void)ctx;
	return 0;
}

SYNC_STRATEGY(none) = {
	.summary = "no synchronization: load, add, store",
	.source = "the race itself",
	.lock = none_lock,
	.unlock = none_unlock,
};
