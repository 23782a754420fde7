/*
 * What gnuplot is given: CSV made for one figure each, and the texts above and
 * below it. All to be freed with free(), NULL where memory ran out.
 */
#ifndef HARNESS_VIEW_FIGURE_H
#define HARNESS_VIEW_FIGURE_H

#include "harness/view/comparison.h"

struct figure {
	const char *name; /* of the script and of the files: "cost" */
	char *(*csv)(const struct comparison *comparison);
};

/* Every figure there is; the last one has no name. */
extern const struct figure figures[];

/* The machine, in a few words of printable ASCII: goes above. */
char *figure_head(const struct comparison *comparison);

/* Host, kernel, date, trials: goes below, in one line of the same. */
char *figure_foot(const struct comparison *comparison);

/* How many lines of data a CSV has. */
size_t figure_rows(const char *csv);

#endif
