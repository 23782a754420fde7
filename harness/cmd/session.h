/*
 * One run from the specification to the archive: controls, trials in random
 * blocks, a record after each, kept whatever comes.
 */
#ifndef HARNESS_CMD_SESSION_H
#define HARNESS_CMD_SESSION_H

#include <stdbool.h>

#include "harness/record/archive.h"
#include "harness/run/spec.h"

struct session_options {
	const char *output; /* append the records here; NULL: nowhere */
	bool json;          /* print them, too */
	bool progress;      /* on stderr */
	/*
	 * Whether another block follows: asked after each but the last, with
	 * all records so far. NULL: always.
	 */
	bool (*go_on)(void *context, struct archive *archive, unsigned blocks);
	void *context;
};

/*
 * Runs SPEC and collects its records in ARCHIVE, which starts zeroed. Prints
 * what went wrong. Returns a status: STATUS_OK, _WORKER, _RESOURCE, _OUTPUT,
 * _IMPOSSIBLE, or 128 + the signal that interrupted it.
 */
int session_run(const struct run_spec *spec,
                const struct session_options *options, struct archive *archive);

#endif
