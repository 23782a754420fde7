/* The table of all outcomes, a part of verdict_text(). */
#ifndef HARNESS_VIEW_OUTCOMES_H
#define HARNESS_VIEW_OUTCOMES_H

#include "harness/view/names.h"
#include "harness/view/words.h"

/* Returns false where memory ran out. */
bool outcomes_put(const struct pen *pen, const struct verdict *verdict,
                  const struct verdict_names *names);

/* "  racelab replay 'WITNESS'", without a newline. */
void outcomes_put_command(const struct pen *pen, const char *witness);

#endif
