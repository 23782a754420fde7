/* The machine as it was before the first move, to be taken back to again and
 * again. */
#ifndef HARNESS_EXPLORE_START_H
#define HARNESS_EXPLORE_START_H

#include "harness/base/pile.h"
#include "harness/explore/machine.h"

struct start {
	struct machine *machine;
	struct pile bytes;
	struct pile_budget *budget;
};

/* Remembers MACHINE as it is. False: the budget is spent. */
bool start_save(struct start *start, struct machine *machine,
                struct pile_budget *budget);
void start_restore(const struct start *start);
void start_free(struct start *start);

#endif
