/*
 * Running trials: fork, release, collect.
 *
 *	struct run run;
 *
 *	err = run_begin(&run, &spec, &complaint);
 *	while (!err && ...)
 *		err = run_trial(&run, &trial, &result, &complaint);
 *	run_end(&run);
 *
 * One run at a time in a process, from one thread.
 */
#ifndef HARNESS_RUN_RUN_H
#define HARNESS_RUN_RUN_H

#include "harness/base/arena.h"
#include "harness/base/complaint.h"
#include "harness/base/janitor.h"
#include "harness/base/signals.h"
#include "harness/run/counters.h"
#include "harness/run/noise.h"
#include "harness/run/result.h"
#include "harness/run/spec.h"

struct run {
	const struct run_spec *spec;
	struct arena arena; /* large enough for every trial of the spec */
	struct janitor janitor;
	struct signals signals;
	double turns_per_ns; /* of cpu_work; 0: not needed, not measured */
	struct noise_clocks clocks; /* when it began */
};

/* One trial to make. */
struct run_trial {
	const struct sync_strategy *strategy;
	unsigned workers;
	enum run_pin pin;
	/* Work, in ns: in the critical section, and between two increments. */
	unsigned inside_ns, outside_ns;
	bool latency;            /* notes down the time of each increment */
	bool watched;            /* notes down where the counter fell */
	uint64_t time_ns, count; /* one of them is 0 */
	/* What the processor is to count; NULL: nothing. */
	const struct counters_event *events;
	/* Whose CPUs to go by; NULL: the run's own specification. */
	const struct run_spec *place;
};

/*
 * Maps the memory, starts the janitor, holds back the signals. SPEC must live
 * until run_end, which must be called whatever this returns: 0, or -errno with
 * a complaint.
 */
int run_begin(struct run *run, const struct run_spec *spec,
              struct complaint *complaint);

/*
 * Makes one trial, with no more workers than the spec's largest number and a
 * strategy of the spec (or one that needs no more memory). Stores the result,
 * to be freed with free(). Returns
 *	0	the workers are gone; the result tells how (it may be invalid)
 *	-EINTR	a signal came (run->signals.caught); no result
 *	-EOPNOTSUPP, -ENOSYS, -EACCES ... from the strategy's init: not here
 *	-errno	something is missing; the complaint names the limit
 */
int run_trial(struct run *run, const struct run_trial *trial,
              struct run_result **result, struct complaint *complaint);

void run_end(struct run *run);

/* How long a tick of cpu_ticks is, by the two clocks since the run began. */
double run_ns_per_tick(const struct run *run);

/* Whether an error from run_trial means "not possible on this machine". */
bool run_impossible_here(int err);

#endif
