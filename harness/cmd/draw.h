/* Drawing a comparison with gnuplot. */
#ifndef HARNESS_CMD_DRAW_H
#define HARNESS_CMD_DRAW_H

#include <stdbool.h>

#include "harness/view/comparison.h"

struct draw_options {
	const char *directory; /* made if it is not there */
	bool dumb;  /* with characters, on stdout; else svg and png */
	bool quiet; /* do not name the files */
	bool json;  /* name them as JSON Lines instead, quiet or not */
};

/*
 * Writes the CSV of each figure into the directory and has gnuplot draw it
 * there. Prints the files' names, and what went wrong. Returns a status.
 */
int draw_figures(const struct comparison *comparison,
                 const struct draw_options *options);

/*
 * The same for one figure: the name of its script, its CSV, what goes above and
 * below. Nothing is drawn where the CSV has only its header.
 */
int draw_csv(const char *name, const char *csv, const char *head,
             const char *foot, const struct draw_options *options);

#endif
