/*
 * What to explore, and how. A specification is obtained only from text: either
 * it is complete and valid, or there is a complaint that says why not.
 */
#ifndef HARNESS_EXPLORE_SPEC_H
#define HARNESS_EXPLORE_SPEC_H

#include "harness/explore/explore.h"

/* As a user types it; NULL where nothing was said. */
struct explore_text {
	const char *workers, *increments;
	const char *memory, *search;
	const char *preemptions, *depth, *seed, *executions;
	const char *buffer, *spurious;
	const char *max_seconds, *max_mib;
	bool outcomes;
};

/*
 * Fills in SPEC. What TEXT leaves out: as many workers as the target wants, 2
 * increments, sc, all, no bound on preemptions, depth 3, seed 1, 100,000
 * executions, 4 entries of a store buffer, one spurious wake-up, 60 s, 1 GiB.
 * Returns 0, or -EINVAL and a complaint.
 */
int explore_spec_parse(struct explore_spec *spec,
                       const struct explore_text *text,
                       struct complaint *complaint);

/* "all", "random" ... */
const char *search_name(enum search_kind search);

/* "sc", "tso" */
const char *memory_name(enum memory_model memory);

#endif
