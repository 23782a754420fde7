/*
 * Flat combining: a worker writes down what it wants done, and whoever gets the
 * lock does what everybody wants, while the others wait for their own to be
 * done.
 *
 * Use it for structures that are dear to move between processors, such as
 * queues: the one who combines has them in its cache, and the lock changes hands
 * once for many operations instead of once for each. A counter is the smallest
 * such structure, and too cheap to gain: atomic beats it. Alone it costs an
 * atomic exchange and three stores. Each round looks at the records of all, so
 * it grows with their number, which is not bounded. It waits by spinning: when
 * the one who combines is not running, nobody gets on.
 *
 * Nothing is done twice: only its owner marks a request wanted, when it is not,
 * and only the holder of the lock takes the mark away, when it has been done.
 * Nobody waits for ever: who has a request that is still wanted goes on trying
 * for the lock, and gets it or is served by who has it.
 */
#include <stdatomic.h>

#include "sync/roll.h"
#include "sync/sync.h"

struct combining {
	struct roll roll;
	atomic_bool held; /* somebody combines */
};

struct combining_request {
	struct roll_entry entry; /* first: the roll knows nothing else */
	atomic_bool wanted;
};

static int combining_attach(struct sync_ctx *ctx)
{
	struct combining *this = ctx->shared;
	struct combining_request *mine = ctx->mine;

	roll_enter(&this->roll, &mine->entry);
	return 0;
}

static bool combining_trylock(struct combining *this)
{
	/* Relaxed: only a look, lest the line be taken from who has it. */
	if (atomic_load_explicit(&this->held, memory_order_relaxed))
		return false;
	/* Pairs with the release in combining_unlock. */
	return !atomic_exchange_explicit(&this->held, true,
	                                 memory_order_acquire);
}

static void combining_unlock(struct combining *this)
{
	/* Pairs with the acquire in combining_trylock. */
	atomic_store_explicit(&this->held, false, memory_order_release);
}

/* Does what everybody wants. Only for the holder of the lock. */
static void combining_serve(const struct combining *this, uint64_t *counter)
{
	struct roll_entry *entry = roll_first(&this->roll);

	for (; entry; entry = entry->next) {
		struct combining_request *request =
		        (struct combining_request *)entry;

		/* Pairs with the release of true in combining_add. */
		if (!atomic_load_explicit(&request->wanted,
		                          memory_order_acquire))
			continue;
		sync_increment(counter);
		/* Pairs with the acquire in combining_add. */
		atomic_store_explicit(&request->wanted, false,
		                      memory_order_release);
	}
}

static int combining_add(struct sync_ctx *ctx, uint64_t *counter)
{
	struct combining *this = ctx->shared;
	struct combining_request *mine = ctx->mine;

	/* Pairs with the acquire in combining_serve. */
	atomic_store_explicit(&mine->wanted, true, memory_order_release);
	/* Pairs with the release of false in combining_serve. */
	while (atomic_load_explicit(&mine->wanted, memory_order_acquire)) {
		if (combining_trylock(this)) {
			combining_serve(this, counter);
			combining_unlock(this);
		} else {
			cpu_pause();
		}
	}
	return 0;
}

SYNC_STRATEGY(combining) = {
	.summary = "flat combining: one applies what all have asked for",
	.source = "Hendler, Incze, Shavit and Tzafrir 2010, SPAA",
	.claims = SYNC_EXCLUDES,
	.shared_size = sizeof(struct combining),
	.mine_size = sizeof(struct combining_request),
	.attach = combining_attach,
	.add = combining_add,
};
