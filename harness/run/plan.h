/*
 * The order of the trials: random blocks. A block has each strategy once at each
 * point of the axes (workers, pin, work inside and outside), and once more for
 * each kind of note that is wanted, in an order of its own; so a machine that
 * drifts drifts for all alike, and trials of a block can be compared in pairs.
 */
#ifndef HARNESS_RUN_PLAN_H
#define HARNESS_RUN_PLAN_H

#include <stdbool.h>

#include "harness/base/random.h"
#include "harness/run/run.h"
#include "harness/run/spec.h"

struct plan {
	const struct run_spec *spec;
	struct random random;
	size_t cells; /* trials in a block */
	size_t next;  /* trials given out so far */
	unsigned *order;
};

struct plan_item {
	struct run_trial trial;
	unsigned number; /* of the trial in the run, from 1 */
	unsigned block;  /* from 1 */
	bool first_of_block;
};

/* The same spec and seed give the same order. Returns 0 or -ENOMEM. */
int plan_begin(struct plan *plan, const struct run_spec *spec);

/* The next trial; false when there is none left. An open plan has no end. */
bool plan_next(struct plan *plan, struct plan_item *item);

/* How many trials there are in all; 0: no bound is set. */
size_t plan_size(const struct plan *plan);

void plan_end(struct plan *plan);

#endif
