/* What became of a worker, from what it left behind and what we saw. */
#ifndef HARNESS_RUN_FATE_H
#define HARNESS_RUN_FATE_H

#include "harness/run/crew.h"
#include "harness/run/slot.h"

/*
 * Fills in fate and detail of RESULT, once all of the crew is gone. OTHERS is
 * whether some worker ended before it passed the gate: for threads, so did all.
 */
void fate_find(const struct crew *crew, unsigned worker,
               const struct slot *slot, bool others,
               struct worker_result *result);

#endif
