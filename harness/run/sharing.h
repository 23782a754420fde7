/*
 * Whether a strategy's counter and lock are what all workers share, found out
 * before anything is timed. A lock in private memory excludes nobody, and looks
 * fast; whether updates are lost, too, is luck.
 *
 * Luck has no part in this: two workers, of the kind that the run has, do one
 * thing after the other.
 *
 * - One increments and ends; then so does the other. The total must be 2.
 * - Of a strategy that locks and claims to exclude: one is inside and stays; the
 *   other wants to get in. It must be seen to wait, whatever time that takes:
 *   asleep and not once scheduled between looks, or awake, with processor time
 *   spent or many turns taken, and still not in.
 */
#ifndef HARNESS_RUN_SHARING_H
#define HARNESS_RUN_SHARING_H

#include "harness/run/run.h"

/*
 * Checks STRATEGY, which must be able to have two workers, in a run of at least
 * two. Nothing of it is left. Returns
 *	0	it shares; or nobody can tell, because a worker failed, died or
 *		hung by itself, which a trial will tell, too
 *	-EXDEV	it does not; the complaint says what of it
 *	other	as run_trial
 */
int sharing_check(struct run *run, const struct sync_strategy *strategy,
                  struct complaint *complaint);

#endif
