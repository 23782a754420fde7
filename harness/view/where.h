/* The table of where the time of an increment goes. */
#ifndef HARNESS_VIEW_WHERE_H
#define HARNESS_VIEW_WHERE_H

#include <stdbool.h>

#include "harness/view/comparison.h"

/*
 * At most 80 columns; "" where no trial was valid. COLOR uses ANSI sequences.
 * To be freed with free(), or NULL.
 */
char *where_of(const struct comparison *comparison, bool color);

#endif
