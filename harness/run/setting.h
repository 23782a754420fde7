/* A strategy set up in the memory of a run, for workers that are yet to come. */
#ifndef HARNESS_RUN_SETTING_H
#define HARNESS_RUN_SETTING_H

#include "harness/run/layout.h"
#include "harness/run/run.h"

/*
 * Zeroes what LAYOUT says but the janitor's note, tells the janitor, and has the
 * strategy set itself up. Must be followed by setting_end whatever it returns:
 * 0, -EINVAL where the memory is too small, or what init returned, with a
 * complaint.
 */
int setting_begin(struct run *run, const struct sync_strategy *strategy,
                  const struct layout *layout, unsigned workers,
                  struct complaint *complaint);

/* Once all workers are gone: takes the strategy down. */
void setting_end(struct run *run, const struct sync_strategy *strategy,
                 const struct layout *layout);

#endif
