/*
 * The carrier: the process whose threads the workers of a trial are. Being a
 * child like any other worker, it can be watched, killed and reaped, and takes
 * all its threads with it; so does a signal that one of them is hit by.
 */
#ifndef HARNESS_RUN_CARRIER_H
#define HARNESS_RUN_CARRIER_H

#include "harness/run/worker.h"

/*
 * Of the stack of each. Virtual memory; only what is touched counts. The usual
 * 8 MiB of thousands of threads would be more than some machines promise.
 */
enum { CARRIER_STACK_KB = 512 };

struct carrier {
	unsigned workers;
	/* Fills in a worker, from 0; STAGE is handed on. */
	struct worker (*worker_of)(const void *stage, unsigned worker);
	const void *stage;
};

/*
 * The whole life of the carrier, in the child: starts the threads, each with
 * worker_main as its body, and waits for all of them. It ends at once, and all
 * threads with it, when one cannot be made ("unborn" in its slot says why), or
 * has ended before it passed the gate, at which the others would wait for it.
 */
void carrier_main(void *carrier);

#endif
