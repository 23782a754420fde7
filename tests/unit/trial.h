/* Making one whole trial, for tests. */
#ifndef TESTS_UNIT_TRIAL_H
#define TESTS_UNIT_TRIAL_H

#include "harness/run/run.h"

/*
 * Runs STRATEGY, which need not be in the registry, as TEXT says: with its first
 * number of workers, its first pin, and its time or count. TEXT names no
 * strategy. Returns as run_trial or run_begin; the test fails where TEXT is
 * wrong, or an error has no complaint. The result is to be freed with free().
 */
int trial_make(const struct sync_strategy *strategy,
               const struct run_text *text, struct run_result **result);

/* The same for a count, where it must succeed. */
struct run_result *trial_result(const struct sync_strategy *strategy,
                                const struct run_text *text);

/* The test fails unless the fate of WORKER, from 0, is that text. */
void trial_expect_fate(const struct run_result *result, unsigned worker,
                       const char *fate);

#endif
