/* Two strategies, block by block, until it is known by which factor they differ. */
#ifndef HARNESS_CMD_VERSUS_H
#define HARNESS_CMD_VERSUS_H

#include "harness/cmd/options.h"

struct versus_options {
	const char *within, *max_seconds; /* as typed; NULL: 2 %, 60 s */
};

/*
 * Runs the two strategies of TEXT until, for every number of workers, the
 * interval of their ratio is narrow enough or the time is up; TEXT's trials
 * bound the blocks, too. Appends the records to OUTPUT where it is not NULL, and
 * prints the table of the difference, or, with --json, the records and then the
 * differences. Ends the program where OPTIONS cannot be. Returns a status.
 */
int versus_run(const struct run_text *text,
               const struct versus_options *options, const char *output,
               const struct common_options *common);

#endif
