/* From a schedule that was found by chance to one that can be read. */
#ifndef HARNESS_EXPLORE_SHORTEN_H
#define HARNESS_EXPLORE_SHORTEN_H

#include "harness/explore/search.h"
#include "harness/explore/start.h"

/*
 * Takes from the schedule of COUNT moves, which leads to the outcome, one
 * context switch after another, and keeps what still ends in the same way:
 * first the fewest preemptions, then the shortest. Notes the result as the
 * outcome's witness. The machine is left at its start.
 */
void shorten(struct search *search, const struct start *start,
             const struct move *moves, size_t count, uint16_t outcome);

#endif
