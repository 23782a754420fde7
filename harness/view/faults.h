/*
 * What went wrong in a run, beyond what a table can show: trials that are
 * invalid, and claims that are broken.
 */
#ifndef HARNESS_VIEW_FAULTS_H
#define HARNESS_VIEW_FAULTS_H

#include "harness/view/comparison.h"

/*
 * A line "racelab: WHAT: WHY" for each, and what follows from it; "" where all
 * is well. To be freed with free(), or NULL.
 */
char *faults_of(const struct comparison *comparison);

#endif
