/*
 * Lost updates as something to look at: predicted and measured, and how far the
 * counter fell at once.
 */
#ifndef HARNESS_VIEW_LOSS_H
#define HARNESS_VIEW_LOSS_H

#include <stdbool.h>

#include "harness/view/comparison.h"

/*
 * A table with a row for each point, a histogram of how far the counter fell,
 * and what a zero means. At most 80 columns; COLOR uses ANSI sequences. To be
 * freed with free(), or NULL.
 */
char *loss_of(const struct comparison *comparison, bool color);

/*
 * The share that loss_predicted gives for CELL; 0 of what excludes, NAN where
 * the model says nothing: workers share a CPU, or the window is not known.
 */
double loss_expected(const struct comparison_cell *cell);

/*
 * Why CELL lost nothing, as a sentence; NULL where nothing explains it. EMPTY_NS
 * is what a turn of the empty loop takes, or NAN.
 */
const char *loss_why_none(const struct comparison_cell *cell, double empty_ns);

#endif
