/*
 * Workers as processes of their own, over the same shared memory, each of which
 * waits on a futex for its turn.
 */
#ifndef HARNESS_EXPLORE_BATON_H
#define HARNESS_EXPLORE_BATON_H

#include "harness/explore/machine.h"

/* Forks the worker, which waits before its first instruction. Where that fails
 * its pid is negative, and the first turn stops the machine. */
void baton_fork(struct worker *worker);

/* Gives the worker its turn, and waits until it gives it back or dies. */
void baton_resume(struct machine *machine, struct worker *worker);

/* Ends and reaps all that are left. */
void baton_end(struct machine *machine);

#endif
