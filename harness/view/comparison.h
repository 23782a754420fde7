/*
 * What a table, a plot or a program is told about trials: one cell for each
 * strategy at each point: workers, pin, work inside and outside.
 */
#ifndef HARNESS_VIEW_COMPARISON_H
#define HARNESS_VIEW_COMPARISON_H

#include "harness/record/archive.h"
#include "harness/stats/summary.h"

struct comparison_cell {
	struct archive_point point;
	unsigned cpus;
	size_t trials;  /* valid ones; only they enter a figure */
	size_t invalid; /* a worker was killed, stuck, or failed */
	size_t lost, exact, insufficient; /* valid ones by their evidence */
	size_t noisy;   /* valid ones while the machine did something else */
	size_t surplus; /* invalid because the total was too high */
	uint64_t preempted; /* the most in one trial */
	struct summary ns;  /* per increment */
	struct summary lost_share, overlap;
	/* Divided, block by block, by the strategy of that name with as many
	   workers; count is 0 where there was none. */
	struct summary to_atomic, to_none;
	double fairness; /* the median */
	/*
	 * From the trials in which each increment was timed: medians of their
	 * percentiles in ns, and the longest of all.
	 */
	size_t timed, timed_noisy;
	struct summary p50, p90, p99, p999;
	double longest_ns;
	struct summary handovers; /* of the lock, in a million increments */
	struct summary probed; /* their cost, divided by that without a probe */
};

struct comparison {
	const struct archive *archive;
	struct comparison_cell *cells; /* by point, then by cost */
	size_t count;
};

/*
 * Derives the cells from the selected runs of ARCHIVE, which must outlive it.
 * Returns 0 or -ENOMEM; end with comparison_free.
 */
int comparison_of(struct comparison *comparison, const struct archive *archive);

void comparison_free(struct comparison *comparison);

/* Whether two points are the same in all but the strategy. */
bool comparison_same_place(const struct archive_point *a,
                           const struct archive_point *b);

/* Whether the cell at INDEX is the first of its place. */
bool comparison_begins_place(const struct comparison *comparison, size_t index);

/* The evidence of a cell: that of all its trials together. */
enum evidence comparison_evidence(const struct comparison_cell *cell);

/*
 * The values behind a cell: the ns per increment of its valid trials, and their
 * ratios, block by block, to the strategy TO. VALUES has room for every trial of
 * the archive. Returns how many it got, all of them finite.
 */
size_t comparison_costs(const struct comparison *comparison,
                        const struct comparison_cell *cell, double *values);
size_t comparison_ratios(const struct comparison *comparison,
                         const struct comparison_cell *cell, const char *to,
                         double *values);

/* The medians of the controls, the empty loop with WORKERS workers; NAN where
   there are none. */
double comparison_empty_ns(const struct comparison *comparison,
                           unsigned workers);
double comparison_timer_ns(const struct comparison *comparison);

#endif
