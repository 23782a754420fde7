/* The sequence is written in assembly, so it is the same one. */
#include "tests/bench/floor/floor.h"

#include <errno.h>

#include "sync/rseq.h"

static void *percpu_rseq_make(void *room)
{
	errno = -rseq_possible();
	return errno == 0 ? room : NULL;
}

static void percpu_rseq_loop(void *lock, uint64_t *counter, uint64_t times)
{
	(void)counter;
	for (uint64_t i = 0; i < times; i++)
		rseq_increment(lock);
}

const struct floor floor_percpu_rseq = {
	.name = "percpu_rseq",
	.batch = 1 << 16,
	.lock_bytes = RSEQ_CPUS * sizeof(struct rseq_slot),
	.make = percpu_rseq_make,
	.loop = percpu_rseq_loop,
};
