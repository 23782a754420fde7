/*
 * What one worker reports, in shared memory. Only the worker writes; the parent
 * reads begun and done while it works, and the rest after its end.
 */
#ifndef HARNESS_RUN_SLOT_H
#define HARNESS_RUN_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/run/result.h"

struct slot {
	/* Stored once a batch, with __atomic_store_n. */
	uint64_t begun; /* increments begun, the whole batch counted at once */
	uint64_t done;  /* increments finished */

	uint64_t start_ns, stop_ns;      /* CLOCK_MONOTONIC */
	uint64_t user_ns, system_ns;     /* processor time, the same time */
	uint64_t voluntary, involuntary; /* context switches, the same time */
	uint64_t preempted; /* involuntary ones while two or more worked */
	uint64_t count[RUN_COUNTS]; /* where it was asked for */
	int cpu;                    /* the CPU it ended on */
	int err;                    /* what an operation returned, or 0 */
	bool started;               /* passed the gate; start_ns is set */
	bool finished;              /* all of the above is set */

	/* Of a thread, see carrier.h; a process leaves them 0. */
	int tid;    /* stored with __atomic_store_n; 0: it does not run yet */
	int unborn; /* why it could not be made: -errno */
	int fatal;  /* the signal that it brought upon all, or 0 */
	bool left;  /* it has ended */
};

#endif
