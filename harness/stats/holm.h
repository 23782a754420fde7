/*
 * Many comparisons at once: of twenty that compare equals, one is expected to
 * have a p below 5 %.
 */
#ifndef HARNESS_STATS_HOLM_H
#define HARNESS_STATS_HOLM_H

#include <stddef.h>

/*
 * Writes to CORRECTED what each of COUNT values of p is worth among the others:
 * where those below 5 % are taken for differences, the probability that even
 * one of them is none stays below 5 %, however they depend on each other (Holm,
 * A Simple Sequentially Rejective Multiple Test Procedure, Scandinavian Journal
 * of Statistics 6, 1979). NAN is no comparison and stays NAN. A pure function;
 * the two arrays are not the same.
 */
void holm_correct(const double *p, double *corrected, size_t count);

#endif
