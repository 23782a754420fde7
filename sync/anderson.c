/*
 * Anderson's array lock: a ticket lock in which each number has a flag of its
 * own. Take a number, wait for its flag in the array; who leaves sets the flag
 * of the number that follows.
 *
 * Each waits on a line of its own, so that letting go disturbs one processor
 * only, where ticket has all of them fetch the same line. First come, first
 * served; it collapses where the next in line is not running. Alone it costs one
 * atomic instruction, as ticket does. The price is the array: a line for each
 * worker that there can be, for each lock, and no more workers than that. mcs
 * and clh need one line a worker, for all locks together.
 */
#include <stdatomic.h>

#include "sync/sync.h"

enum {
	ANDERSON_WORKERS = 64,
	ANDERSON_APART = 128, /* a cache line, and what is fetched with it */
};

struct anderson_flag {
	atomic_bool go;
	char apart[ANDERSON_APART - sizeof(atomic_bool)];
};

struct anderson {
	atomic_uint next; /* the number that the next worker takes */
	char apart[ANDERSON_APART - sizeof(atomic_uint)];
	struct anderson_flag flag[ANDERSON_WORKERS];
};

/* The first to come need not wait. */
static int anderson_init(void *shared, unsigned workers)
{
	struct anderson *this = shared;

	(void)workers;
	atomic_init(&this->flag[0].go, true);
	return 0;
}

/*
 * How many flags are in use, less one: with fewer than workers, two would wait
 * for the same. A power of two, because numbers wrap around at 2^32, and must go
 * on with the right flag.
 */
static unsigned anderson_mask(unsigned workers)
{
	return ~0u >> __builtin_clz((workers - 1) | 1);
}

static int anderson_lock(struct sync_ctx *ctx)
{
	struct anderson *this = ctx->shared;
	/* Relaxed: taking a number orders nothing, waiting for it does. */
	unsigned number =
	        atomic_fetch_add_explicit(&this->next, 1, memory_order_relaxed);
	struct anderson_flag *mine =
	        &this->flag[number & anderson_mask(ctx->workers)];

	/* Pairs with the release in anderson_unlock. */
	while (!atomic_load_explicit(&mine->go, memory_order_acquire))
		cpu_pause();
	/* Relaxed: who sets it again does so after us, a full round later. */
	atomic_store_explicit(&mine->go, false, memory_order_relaxed);
	ctx->note = mine;
	return 0;
}

static int anderson_unlock(struct sync_ctx *ctx)
{
	struct anderson *this = ctx->shared;
	struct anderson_flag *next = (struct anderson_flag *)ctx->note + 1;

	if (next > &this->flag[anderson_mask(ctx->workers)])
		next = &this->flag[0];
	/* Pairs with the acquire in anderson_lock. */
	atomic_store_explicit(&next->go, true, memory_order_release);
	return 0;
}

SYNC_STRATEGY(anderson) = {
	.summary = "Anderson's lock: a ticket, a flag for each",
	.source = "Anderson 1990, IEEE TPDS 1(1); Mellor-Crummey and Scott "
	          "1991, 2.3",
	.claims = SYNC_EXCLUDES | SYNC_FIFO,
	.max_workers = ANDERSON_WORKERS,
	.shared_size = sizeof(struct anderson),
	.init = anderson_init,
	.lock = anderson_lock,
	.unlock = anderson_unlock,
};
