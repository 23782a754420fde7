/*
 * How often each total comes out, as it follows from all interleavings, and as
 * real trials had it: what plots/outcomes.gp draws.
 */
#ifndef HARNESS_VIEW_OUTCOMES_FIGURE_H
#define HARNESS_VIEW_OUTCOMES_FIGURE_H

#include <stddef.h>
#include <stdint.h>

#include "harness/record/archive.h"
#include "harness/view/names.h"

/*
 * The totals of the valid trials, in the selected runs, of this strategy with
 * as many workers and increments: stored in *TOTALS, to be freed with free().
 * Returns how many, or -ENOMEM.
 */
long outcomes_observed(const struct archive *archive,
                       const struct verdict_names *names, uint64_t **totals);

/*
 * CSV, to be freed with free(); NULL where memory ran out. A line for each total
 * of an outcome or of one of the COUNT observed ones, upwards. A probability is
 * empty where it is not known, and 0 for a total that cannot come out. Only the
 * header where there is no total, as of a program.
 */
char *outcomes_csv(const struct verdict *verdict,
                   const struct verdict_names *names, const uint64_t *totals,
                   size_t count);

/*
 * What goes above and below the figure, printable ASCII, to be freed with
 * free(): what was explored; and how, and where the trials were made. ARCHIVE:
 * NULL where there are none.
 */
char *outcomes_head(const struct verdict_names *names);
char *outcomes_foot(const struct verdict *verdict,
                    const struct verdict_names *names,
                    const struct archive *archive);

#endif
