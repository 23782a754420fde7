/* Who takes part: the harness on one side, hand-written C on the other. */
#ifndef TESTS_BENCH_ENTRY_H
#define TESTS_BENCH_ENTRY_H

#include "harness/run/run.h"
#include "tests/bench/contest.h"
#include "tests/bench/floor/floor.h"

/* Workers of the contest in starting and reaping many. */
enum { ENTRY_CROWD = 200 };

struct entry {
	struct run *run;
	struct complaint *complaint; /* where something went wrong */
	const struct floor *floor;
	const struct sync_strategy *strategy;
};

/* ns an increment of a trial, in the harness and by hand. */
contest_side entry_trial, entry_floor;

/* ns a worker of a trial with one increment each, and of a bare loop. */
contest_side entry_crowd, entry_bare_crowd;

#endif
