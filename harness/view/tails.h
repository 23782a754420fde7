/*
 * The table of single increments: how long they took, and how the lock went
 * from hand to hand.
 */
#ifndef HARNESS_VIEW_TAILS_H
#define HARNESS_VIEW_TAILS_H

#include <stdbool.h>

#include "harness/view/comparison.h"

/*
 * At most 80 columns; "" where no trial was timed. COLOR uses ANSI sequences.
 * To be freed with free(), or NULL.
 */
char *tails_of(const struct comparison *comparison, bool color);

#endif
