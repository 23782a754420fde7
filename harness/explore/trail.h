/*
 * The way that one execution took, and how a spinning wait is recognised on it:
 * a worker that has only read since it was last in the very same place has gone
 * round in vain. Leaving such a round out changes nothing for anybody, so no
 * execution needs one.
 */
#ifndef HARNESS_EXPLORE_TRAIL_H
#define HARNESS_EXPLORE_TRAIL_H

#include "harness/base/pile.h"
#include "harness/explore/machine.h"

struct trail_step {
	struct move move;
	bool pure;      /* it changed nothing that others could see */
	const void *pc; /* of what it did */
	uint64_t
	        before[2]; /* the worker's hash before, of a load or exchange */
};

struct trail {
	struct pile steps;
	struct pile_budget *budget;
};

static inline size_t trail_length(const struct trail *trail)
{
	return trail->steps.used / sizeof(struct trail_step);
}

static inline struct trail_step *trail_at(const struct trail *trail, size_t at)
{
	return (struct trail_step *)(void *)trail->steps.bytes + at;
}

/* Makes the move and notes it. False: the budget is spent, nothing was moved. */
bool trail_move(struct trail *trail, struct machine *machine, struct move move);

/* Forgets the last move. */
void trail_drop(struct trail *trail);

/*
 * Whether the last move closed a round: VAIN where nobody changed anything
 * meanwhile, so that the next round is the same; REDUNDANT where somebody did.
 */
enum trail_round { ROUND_NONE, ROUND_VAIN, ROUND_REDUNDANT };

enum trail_round trail_round(const struct trail *trail,
                             struct machine *machine);

#endif
