/*
 * The controls that every run carries: what the laboratory itself costs and
 * what the machine can do, measured the same way as everything else.
 */
#ifndef HARNESS_RUN_CONTROL_H
#define HARNESS_RUN_CONTROL_H

#include "harness/run/run.h"

/* The empty loop as a strategy; it is not in the registry. */
const struct sync_ops *control_empty_ops(void);

/* The median cost of reading the clock, in ns. */
double control_timer_ns(void);

/* The median of what a probe finds of an increment that takes no time, in ns. */
double control_ticks_ns(double ns_per_tick);

/* How many turns of cpu_work take a ns: the best of a few short goes. */
double control_turns_per_ns(void);

/*
 * The empty loop with WORKERS workers: ns per turn, all workers together, in a
 * short trial. Returns as run_trial.
 */
int control_empty_ns(struct run *run, unsigned workers, double *ns,
                     struct complaint *complaint);

/*
 * How many times the work of one worker a worker on each CPU allowed does,
 * wherever the run pins its own: medians of a few short trials in alternation.
 * nproc is not parallelism. At most the number of CPUs; 0 where a trial went
 * wrong. Returns as run_trial.
 */
int control_parallelism(struct run *run, double *parallelism,
                        struct complaint *complaint);

#endif
