/*
 * Is the difference real? What an increment cost before is compared with what
 * it costs after, place by place: workers, pin, work inside and outside.
 *
 * Before and after are either two archives, of one strategy each time, or two
 * strategies of one archive. The former were measured apart and are compared
 * by ranks (harness/stats/ranks.h). The latter were measured in the same
 * blocks, which makes pairs: the ratios of the pairs are compared with 1
 * (harness/stats/signs.h), and what slowed down a whole block falls out.
 */
#ifndef HARNESS_VIEW_DIFFERENCE_H
#define HARNESS_VIEW_DIFFERENCE_H

#include <stdbool.h>

#include "harness/record/origin.h"
#include "harness/stats/ranks.h"
#include "harness/view/comparison.h"

enum difference_verdict {
	DIFFERENCE_TOO_FEW,  /* no difference could show in so few trials */
	DIFFERENCE_NO_RATIO, /* nor with more: some cost 0 */
	DIFFERENCE_NOT_SHOWN,
	DIFFERENCE_FASTER, /* after than before */
	DIFFERENCE_SLOWER,
};

struct difference_row {
	const struct comparison_cell *before, *after;
	struct summary ratio; /* after / before; its count is that of pairs */
	enum ranks_method method; /* of p, where they are not paired */
	double p, p_holm; /* two-sided, alone and among all rows; or NAN */
	double least_p;   /* that so many trials could have shown; or NAN */
	enum difference_verdict verdict;
	size_t zeros;  /* trials of both that cost 0: they enter no ratio */
	size_t needed; /* trials of each that could show one, if too few */
};

struct difference {
	const struct comparison *before, *after; /* the same where paired */
	bool paired;
	struct difference_row *rows; /* by place, then by cost before */
	size_t count;
	size_t only_before, only_after; /* cells without a partner */
};

/*
 * Compares two archives in every cell that both have, or two strategies of one
 * archive at every place that both have. The comparisons must outlive it.
 * Returns 0 or -ENOMEM; end with difference_free.
 */
int difference_of_archives(struct difference *difference,
                           const struct comparison *before,
                           const struct comparison *after);
int difference_of_strategies(struct difference *difference,
                             const struct comparison *comparison,
                             const char *before, const char *after);

void difference_free(struct difference *difference);

/*
 * How wide the widest interval of a ratio is, of the ratio itself: 0.02 for
 * 0.99-1.01. INFINITY where a row has none, or there is no row.
 */
double difference_width(const struct difference *difference);

/* The fewest pairs, or ratios, in a row. */
size_t difference_pairs(const struct difference *difference);

/*
 * The table, in at most 80 columns. COLOR uses ANSI sequences, for a terminal.
 * Returns text to be freed with free(), or NULL.
 */
char *difference_table(const struct difference *difference, bool color);

/*
 * What a reader must know beside the table: other machines and builds, cells
 * without a partner, trials that were left out; "" where all is well. To be
 * freed with free(), or NULL.
 */
char *difference_notes(const struct difference *difference);

/* "differ" or "differs", as the words of KEY take it. */
const char *difference_verb(const struct origin_key *key);

/* A line of JSON for each row; to be freed with free(), or NULL. */
char *difference_json(const struct difference *difference);

#endif
