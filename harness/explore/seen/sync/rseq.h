/*
 * The twin of sync/rseq.h for explored builds, found before it. All workers are
 * on one processor, where they get in each other's way; on two they would add to
 * two slots. What the kernel and the sequence promise is that nobody else's
 * increment of a slot comes between the load and the store of one, however often
 * it had to begin again: it is a single step.
 */
#ifndef SYNC_RSEQ_H
#define SYNC_RSEQ_H

#include <stdint.h>

enum { RSEQ_CPUS = 1 };

struct rseq_slot {
	uint64_t count;
};

static inline int rseq_possible(void)
{
	return 0;
}

static inline void rseq_increment(struct rseq_slot slot[RSEQ_CPUS])
{
	(void)__atomic_fetch_add(&slot[0].count, 1, __ATOMIC_RELAXED);
}

#endif
