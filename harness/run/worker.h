/* A worker: the child process, or the thread of one, that increments. */
#ifndef HARNESS_RUN_WORKER_H
#define HARNESS_RUN_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/run/counters.h"
#include "harness/run/gate.h"
#include "harness/run/slot.h"
#include "sync/sync.h"

struct worker {
	const struct sync_strategy *strategy;
	struct sync_ctx ctx;
	/* How the loop is run: bare, or as a probe. */
	bool probing;
	struct sync_probe probe;
	uint64_t *counter;
	struct gate *gate;
	struct slot *slot;
	void *common; /* what every worker uses, to be touched first */
	size_t common_bytes, mine_bytes;
	int cpu;          /* where to run, or -1 */
	unsigned cpus;    /* how many workers can run at once */
	uint64_t time_ns; /* how long after the gate, or 0 */
	uint64_t count;   /* how many increments, or 0 */
	/* What the processor is to count, or NULL. */
	const struct counters_event *events;
	struct counters counters;
};

/*
 * The whole life of a worker, in the child or thread: bind, touch, attach, pass the gate,
 * increment, report. What goes wrong is left in the slot.
 */
void worker_main(void *worker);

#endif
