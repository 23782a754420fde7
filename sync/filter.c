/*
 * The filter lock, which is Peterson's for many workers: between outside and
 * inside there are as many levels as others, and each level keeps back at least
 * one. Who comes to a level says so, makes itself the one to be kept back there,
 * and waits while it still is and somebody is as far or further. So one fewer
 * gets through each level, and one through the last.
 *
 * To learn from: what generality costs. There are N - 1 levels with two fences
 * and the cells of all others each, also when nobody else is there; tournament
 * does the same with log2 N levels, and bakery with one. Nobody starves, but who
 * comes later may pass any number of times: it is not first come, first served.
 *
 * Why it excludes. Of those who come to a level, look at the last one to make
 * itself the one kept back. If another is there, that one has said so before, so
 * the last one sees it and waits. Hence not all get further, and with N - 1
 * levels for N workers only one does. Of two who come at the same time each has
 * a fence between saying that it is there and naming itself, and one between
 * that and looking; see peterson for why both.
 */
#include <stdatomic.h>

#include "sync/sync.h"

enum { FILTER_WORKERS = 64 };

struct filter {
	atomic_uint level[FILTER_WORKERS]; /* of each worker; 0: outside */
	atomic_uint back[FILTER_WORKERS];  /* whom each level keeps back */
};

/* Waits at a level until OTHER is not as far, or somebody else is kept back. */
static void filter_wait_for(struct filter *this, unsigned me, unsigned level,
                            unsigned other)
{
	/* Pair with the releases in filter_unlock and filter_climb. */
	while (atomic_load_explicit(&this->level[other],
	                            memory_order_acquire) >= level &&
	       atomic_load_explicit(&this->back[level], memory_order_acquire) ==
	               me)
		cpu_pause();
}

static void filter_climb(struct filter *this, unsigned me, unsigned workers,
                         unsigned level)
{
	/* Relaxed: the fence orders it. */
	atomic_store_explicit(&this->level[me], level, memory_order_relaxed);
	atomic_thread_fence(memory_order_seq_cst);
	/* Pairs with the acquire of back in filter_wait_for. */
	atomic_store_explicit(&this->back[level], me, memory_order_release);
	atomic_thread_fence(memory_order_seq_cst);
	for (unsigned other = 0; other < workers; other++) {
		if (other != me)
			filter_wait_for(this, me, level, other);
	}
}

static int filter_lock(struct sync_ctx *ctx)
{
	struct filter *this = ctx->shared;
	const unsigned workers = ctx->workers;

	/* One level even for one worker: it is to cost what it costs alone. */
	filter_climb(this, ctx->self, workers, 1);
	for (unsigned level = 2; level < workers; level++)
		filter_climb(this, ctx->self, workers, level);
	return 0;
}

static int filter_unlock(struct sync_ctx *ctx)
{
	struct filter *this = ctx->shared;

	/* Pairs with the acquire of level in filter_wait_for. */
	atomic_store_explicit(&this->level[ctx->self], 0, memory_order_release);
	return 0;
}

SYNC_STRATEGY(filter) = {
	.summary = "filter lock: Peterson's for many workers",
	.source = "Peterson 1981; Herlihy and Shavit 2008, 2.4",
	.claims = SYNC_EXCLUDES,
	.max_workers = FILTER_WORKERS,
	.shared_size = sizeof(struct filter),
	.lock = filter_lock,
	.unlock = filter_unlock,
};
