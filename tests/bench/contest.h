/*
 * Two ways of doing the same thing, measured in turns: A B, B A, A B ... A
 * machine that drifts drifts for both, so it is the ratio within a round that
 * counts, and the median of the ratios with its interval.
 */
#ifndef TESTS_BENCH_CONTEST_H
#define TESTS_BENCH_CONTEST_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/stats/summary.h"

enum verdict {
	VERDICT_OPEN, /* the interval is too wide to tell */
	VERDICT_OK,   /* all of it is at or below the limit */
	VERDICT_SLOW, /* all of it is above */
};

struct contest;

/* Measures one side once. Returns 0 or -errno. */
typedef int contest_side(const struct contest *contest, double *cost);

struct contest_round {
	double harness, floor;
};

struct contest {
	const char *name;
	unsigned workers;
	double limit; /* of the ratio */
	contest_side *harness, *floor;
	const void *entry; /* for the two sides */

	bool impossible; /* on this machine */
	size_t count, capacity;
	struct contest_round *rounds;
};

/* One more round. Returns 0 or -errno. */
int contest_round(struct contest *contest);

/* What the rounds so far say. */
struct contest_standing {
	double harness, floor; /* medians */
	struct summary ratio;
	enum verdict verdict;
	size_t more; /* rounds that may be needed to tell, where it is open */
};

/* Returns 0 or -ENOMEM. */
int contest_stand(const struct contest *contest,
                  struct contest_standing *standing);

/*
 * Whether the contest can be left alone, looked at after some numbers of rounds
 * only: who looks after each one finds, sooner or later, what he looks for.
 */
int contest_decided(const struct contest *contest, bool *decided);

void contest_free(struct contest *contest);

#endif
