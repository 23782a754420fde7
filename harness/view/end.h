/* How an execution ended, in words: the same for a verdict and for a replay. */
#ifndef HARNESS_VIEW_END_H
#define HARNESS_VIEW_END_H

#include "harness/explore/explore.h"
#include "harness/view/names.h"
#include "harness/view/words.h"

/* In a table: "lost update". */
const char *end_words(enum verdict_kind kind);

/* The color that it is shown in. */
const char *end_color(enum verdict_kind kind);

/*
 * A line or several: "LOST UPDATE: the total is 2, not 4". Of VERDICT_EXACT what
 * is said behind "EXACT" is FINE, since that depends on what was covered. PC:
 * where, or 0.
 */
void end_put(const struct pen *pen, const struct verdict_names *names,
             enum verdict_kind kind, const char *message, size_t pc,
             const char *fine);

#endif
