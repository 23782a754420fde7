/*
 * A split counter: each worker has a slot of its own and adds to that, with no
 * more than the load, add and store of a counter that nobody else writes. The
 * value is the sum of the slots.
 *
 * Use it for what is counted often and read seldom, as statistics are. It costs
 * what no synchronization costs, with any number of workers, because each has
 * its cache line, and the one that is fetched with it, to itself; slots side by
 * side on one line would travel like a shared counter. The price is paid
 * elsewhere: two lines for each worker, and whoever wants the value has to go
 * through them all, and gets, while workers are adding, one that may never have
 * been the true sum. Where workers come and go by the thousand, percpu_rseq
 * needs a slot for each processor only.
 *
 * A worker killed at any instruction has added or has not, and its slot stays.
 */
#include "sync/roll.h"
#include "sync/sync.h"

struct sharded_slot {
	struct roll_entry entry; /* first: the roll knows nothing else */
	uint64_t count;
};

static int sharded_attach(struct sync_ctx *ctx)
{
	struct sharded_slot *slot = ctx->mine;

	roll_enter(ctx->shared, &slot->entry);
	return 0;
}

static int sharded_add(struct sync_ctx *ctx, uint64_t *counter)
{
	struct sharded_slot *slot = ctx->mine;

	(void)counter;
	/* Not atomic: only this worker writes it, and total comes after. */
	sync_increment(&slot->count);
	return 0;
}

static uint64_t sharded_total(const void *shared, unsigned workers,
                              const uint64_t *counter)
{
	const struct roll_entry *entry = roll_first(shared);
	uint64_t sum = 0;

	(void)workers;
	(void)counter;
	for (; entry; entry = entry->next)
		sum += ((const struct sharded_slot *)entry)->count;
	return sum;
}

SYNC_STRATEGY(sharded) = {
	.summary = "split counter: a slot for each worker",
	.source = "McKenney, perfbook, 5.2: statistical counters",
	.claims = SYNC_EXCLUDES | SYNC_RECOVERS,
	.shared_size = sizeof(struct roll),
	.mine_size = sizeof(struct sharded_slot),
	.attach = sharded_attach,
	.add = sharded_add,
	.total = sharded_total,
};
