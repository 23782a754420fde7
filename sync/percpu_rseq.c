/*
 * A split counter with a slot for each processor. A worker adds to the slot of
 * the one that it is on, in a restartable sequence: should another come to run
 * there before the store, the kernel makes the worker begin again.
 *
 * Use it where sharded would need too many slots: there are as many as there
 * are processors (here room for 1024), whoever comes and goes. It costs the
 * plain increment and a second store, which tells the kernel of the sequence;
 * no atomic instruction, and no line that travels. Whoever wants the value has
 * to add up all slots. It needs Linux 4.18, glibc 2.35 and x86-64: sync/rseq.h.
 *
 * Why nothing is lost. Of two on one processor, whoever had loaded and not yet
 * stored when the other ran begins again; two on different processors have
 * different slots; and being moved to another one restarts the sequence, too.
 * A worker killed at any instruction has stored or has not.
 */
#include "sync/rseq.h"
#include "sync/sync.h"

static int percpu_rseq_init(void *shared, unsigned workers)
{
	(void)shared;
	(void)workers;
	return rseq_possible();
}

static int percpu_rseq_add(struct sync_ctx *ctx, uint64_t *counter)
{
	(void)counter;
	rseq_increment(ctx->shared);
	return 0;
}

static uint64_t percpu_rseq_total(const void *shared, unsigned workers,
                                  const uint64_t *counter)
{
	const struct rseq_slot *slot = shared;
	uint64_t sum = 0;

	(void)workers;
	(void)counter;
	for (unsigned i = 0; i < RSEQ_CPUS; i++)
		sum += slot[i].count;
	return sum;
}

SYNC_STRATEGY(percpu_rseq) = {
	.summary = "split counter: a slot for each processor",
	.source = "Linux, include/uapi/linux/rseq.h; rseq(2)",
	.needs = "rseq(2): x86-64, Linux 4.18, glibc 2.35, and not "
	         "GLIBC_TUNABLES=glibc.pthread.rseq=0",
	.claims = SYNC_EXCLUDES | SYNC_RECOVERS,
	.shared_size = RSEQ_CPUS * sizeof(struct rseq_slot),
	.init = percpu_rseq_init,
	.add = percpu_rseq_add,
	.total = percpu_rseq_total,
};
