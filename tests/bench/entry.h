/* Who takes part: the harness on one side, hand-written C on the other. */
#ifndef TESTS_BENCH_ENTRY_H
#define TESTS_BENCH_ENTRY_H

#include "harness/run/run.h"
#include "tests/bench/contest.h"
#include "tests/bench/floor/floor.h"

/* Workers of the contest in starting and reaping many. */
enum { ENTRY_CROWD = 1000 };

struct entry {
	struct run *run;
	struct complaint *complaint; /* where something went wrong */
	const struct floor *floor;
	const struct sync_strategy *strategy;
};

/* ns an increment of a trial, in the harness and by hand. */
contest_side entry_trial, entry_floor;

/* ns an increment of one worker that adds to what nobody else writes. */
contest_side entry_plain;

/* How far apart the last ENTRY_CROWD workers of STRATEGY started, in ns. */
int entry_skew(const struct entry *entry, uint64_t *skew_ns);

/* ns a worker of a trial with one increment each, and of a bare loop. */
contest_side entry_crowd, entry_bare_crowd;

#endif
