/*
 * What the ways to search have in common: the machine they drive, the verdict
 * they fill in, and when they have to stop.
 */
#ifndef HARNESS_EXPLORE_SEARCH_H
#define HARNESS_EXPLORE_SEARCH_H

#include "harness/base/pile.h"
#include "harness/explore/explore.h"
#include "harness/explore/graph.h"

struct search {
	struct machine *machine; /* started; left as it was found */
	const struct explore_spec *spec;
	struct verdict *verdict;
	struct pile_budget budget;
	uint64_t deadline_ns;
	unsigned hangs; /* executions that ran on without a step */
};

/* Each fills in the verdict but for kind and witness. */
void search_all(struct search *search, struct graph *graph);
void search_every(struct search *search);
void search_walk(struct search *search);

/* Whether time is up. Cheap: looks at the clock now and then. */
bool search_is_over(struct search *search);

/*
 * Which outcome the machine's state is: stopped, ended, or stuck where no move
 * is left. SPINNING: somebody could move, but in vain.
 */
struct outcome search_outcome(struct machine *machine, bool stuck,
                              bool spinning);

/* Says in words what is wrong with a total, where that has not been said. */
void search_word(const struct machine *machine, struct outcome *outcome);

/*
 * The same, seen in the verdict: its number there. It is added when it is new;
 * the last number is for all that do not fit.
 */
uint16_t search_end(struct search *search, bool stuck, bool spinning);

/* Notes two accesses of which neither waits for the other. */
void search_races(struct search *search);

/* Notes a schedule that leads to the outcome, as moves from the start, unless a
 * simpler one is known. */
void search_set_witness(struct verdict *verdict, uint16_t outcome,
                        const struct move *moves, size_t count,
                        unsigned preemptions);

/*
 * After search_all(): who can still get to an end, how often each outcome comes,
 * and each outcome's witness, in the fewest preemptions.
 */
void analysis_of(struct search *search, const struct graph *graph);

#endif
