/* Running a specification and printing what came of it. */
#ifndef HARNESS_CMD_REPORT_H
#define HARNESS_CMD_REPORT_H

#include <stdio.h>

#include "harness/cmd/options.h"
#include "harness/view/comparison.h"

struct report {
	struct archive archive;
	struct comparison comparison;
};

/*
 * Runs SPEC, appending the records to OUTPUT where it is not NULL and printing
 * them with --json, and derives the comparison. REPORT starts zeroed. Returns a
 * status.
 */
int report_measure(struct report *report, const struct run_spec *spec,
                   const char *output, const struct common_options *common);

/* Prints TEXT and frees it; NULL: there was no memory. Returns a status. */
int report_put(FILE *out, char *text);

/*
 * As report_measure, and prints: the tables, without --json; and on stderr
 * what went wrong, and the warnings, without -q.
 */
int report_run(struct report *report, const struct run_spec *spec,
               const char *output, const struct common_options *common);

/*
 * Removes what an earlier run could not, because its janitor was killed, too;
 * says so on stderr, unless QUIET.
 */
void report_clean_up(bool quiet);

void report_free(struct report *report);

#endif
