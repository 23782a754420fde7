/*
 * What carries a worker from one step to the next: a fiber of this process, for
 * the search; or a process of its own, for a replay with nothing simulated but
 * the moment (see baton.h).
 */
#ifndef HARNESS_EXPLORE_VEHICLE_H
#define HARNESS_EXPLORE_VEHICLE_H

#include "harness/explore/machine.h"

enum { HEAP_BYTES = 1 << 20 }; /* what each worker can malloc */

/* Puts each worker at the start of its work, with the parent's memory. */
void vehicle_fork(struct machine *machine);

/* Lets WORKER go on until its next operation, or its end. */
void vehicle_resume(struct machine *machine, struct worker *worker);

/*
 * Runs BODY as the parent, whose accesses are no steps and whose calls may not
 * wait. What it leaves in private memory is kept if KEEP says so.
 */
void vehicle_as_parent(struct machine *machine, void (*body)(void), bool keep);

/* What each worker does, on its own stack or in its own process. */
void vehicle_work(void);

/* The machine, for bodies, which have no argument. */
extern struct machine *vehicle_machine;

#endif
