/*
 * A line that says how far a run is and how long it will still take: redrawn
 * in place on a terminal, a new line now and then elsewhere.
 */
#ifndef HARNESS_CMD_PROGRESS_H
#define HARNESS_CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	bool shown, terminal;
	uint64_t started_ns, said_ns;
	size_t done, all;
};

/* ALL steps are to come, 0 being not known; nothing is ever printed where not
   SHOWN. */
void progress_begin(struct progress *progress, size_t all, bool shown);

/* Another step is about to be taken, with DOING as its name. */
void progress_step(struct progress *progress, const char *doing);

/* Wipes the line. */
void progress_end(struct progress *progress);

#endif
