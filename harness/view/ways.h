/*
 * What a table, a plot or a program is told about ways to talk: one cell for
 * each channel with each size of message.
 */
#ifndef HARNESS_VIEW_WAYS_H
#define HARNESS_VIEW_WAYS_H

#include "harness/record/archive.h"
#include "harness/stats/summary.h"

struct ways_cell {
	char channel[MESSAGE_NAME];
	uint64_t bytes, pieces;
	bool alone;              /* the control: no channel, and no latency */
	size_t trials;           /* the most valid ones of one mode */
	size_t invalid;          /* of both modes */
	char fate[MESSAGE_FATE]; /* of the first that is not valid, or "" */
	struct summary p50;      /* one way, ns */
	/* Medians of the trials', NAN where a trial had too few to tell. */
	double p90, p99, p999;
	double max; /* of all trials */
	struct summary mb_per_s, messages_per_s;
};

struct ways {
	const struct archive *archive;
	struct ways_cell *cells; /* by size; the control, then by latency */
	size_t count;
};

/*
 * Derives the cells from the selected runs of ARCHIVE, which must outlive it.
 * Returns 0 or -ENOMEM; end with ways_free.
 */
int ways_of(struct ways *ways, const struct archive *archive);
void ways_free(struct ways *ways);

/*
 * The result table: at most 80 columns, plain ASCII, with ANSI sequences where
 * COLOR is set. To be freed with free(), or NULL.
 */
char *ways_table(const struct ways *ways, bool color);

/*
 * What gnuplot is given: the CSV of latency and of throughput by size, and the
 * text below the figure. To be freed with free(), or NULL.
 */
char *ways_latency_csv(const struct ways *ways);
char *ways_throughput_csv(const struct ways *ways);
char *ways_foot(const struct ways *ways);

#endif
