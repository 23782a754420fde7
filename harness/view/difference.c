#include "harness/view/difference.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness/stats/holm.h"
#include "harness/stats/signs.h"

/* Of an error among all rows: 95 %, as everywhere. */
static const double alpha = 0.05;

/* --- which cells belong together ------------------------------------------ */

static const struct comparison_cell *find(const struct comparison *comparison,
                                          const char *strategy,
                                          const struct archive_point *place)
{
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (strcmp(cell->point.strategy, strategy) == 0 &&
		    comparison_same_place(&cell->point, place))
			return cell;
	}
	return NULL;
}

/* A row for each cell of STRATEGY, or of any where that is NULL. */
static void pair_up(struct difference *difference, const char *strategy,
                    const char *after)
{
	for (size_t i = 0; i < difference->before->count; i++) {
		const struct comparison_cell *cell =
		        &difference->before->cells[i];
		const struct comparison_cell *other;

		if (strategy && strcmp(cell->point.strategy, strategy) != 0)
			continue;
		other = find(difference->after,
		             after ? after : cell->point.strategy,
		             &cell->point);
		if (other)
			difference->rows[difference->count++] =
			        (struct difference_row){ .before = cell,
				                         .after = other };
		else
			difference->only_before++;
	}
}

/* --- what each row says --------------------------------------------------- */

/* A cost of 0, which no trial of ours has, has no ratio to anything. */
static size_t positive(double *values, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (values[i] > 0)
			values[kept++] = values[i];
	}
	return kept;
}

static size_t zeros(const struct comparison *comparison,
                    const struct comparison_cell *cell, double *values)
{
	size_t count = comparison_costs(comparison, cell, values);

	return count - positive(values, count);
}

static void compare_apart(const struct difference *difference,
                          struct difference_row *row, double *a, double *b)
{
	size_t m = comparison_costs(difference->before, row->before, a);
	size_t n = comparison_costs(difference->after, row->after, b);
	struct ranks_test test;

	m = positive(a, m);
	n = positive(b, n);
	test = ranks_test_of(a, m, b, n);
	row->method = test.method;
	row->p = test.p;
	row->least_p = ranks_least_p(m, n);
	row->ratio = ranks_ratio(a, m, b, n);
}

static void compare_pairs(const struct difference *difference,
                          struct difference_row *row, double *ratios)
{
	size_t count = comparison_ratios(difference->after, row->after,
	                                 row->before->point.strategy, ratios);

	count = positive(ratios, count);
	row->p = signs_test_of(ratios, count);
	row->least_p = signs_least_p(count);
	row->ratio = summary_of(ratios, count);
}

/* So many trials of each, in all rows, could show a difference. */
static size_t needed(const struct difference *difference)
{
	double rows = (double)difference->count;
	size_t trials = 1;

	while (rows * (difference->paired ? signs_least_p(trials)
	                                  : ranks_least_p(trials, trials)) >=
	       alpha)
		trials++;
	return trials;
}

static void judge(const struct difference *difference,
                  struct difference_row *row, size_t compared)
{
	if (row->p_holm < alpha) {
		row->verdict = row->ratio.median < 1 ? DIFFERENCE_FASTER
		                                     : DIFFERENCE_SLOWER;
	} else if ((double)compared * row->least_p < alpha) {
		row->verdict = DIFFERENCE_NOT_SHOWN;
	} else if (row->zeros > 0) {
		row->verdict = DIFFERENCE_NO_RATIO;
	} else {
		row->verdict = DIFFERENCE_TOO_FEW;
		row->needed = needed(difference);
	}
}

/* P has room for two numbers a row. */
static void judge_all(struct difference *difference, double *p)
{
	size_t count = difference->count, compared = 0;
	double *corrected = p + count;

	for (size_t i = 0; i < count; i++) {
		p[i] = difference->rows[i].p;
		compared += isnan(p[i]) ? 0 : 1;
	}
	holm_correct(p, corrected, count);
	for (size_t i = 0; i < count; i++) {
		struct difference_row *row = &difference->rows[i];

		row->p_holm = corrected[i];
		judge(difference, row, compared ? compared : 1);
	}
}

/* VALUES has room for all trials, and for two numbers a row. */
static void compare(struct difference *difference, double *values)
{
	double *more = values + difference->before->archive->trials_count;

	for (size_t i = 0; i < difference->count; i++) {
		struct difference_row *row = &difference->rows[i];

		row->zeros = zeros(difference->before, row->before, values) +
		             zeros(difference->after, row->after, values);
		if (difference->paired)
			compare_pairs(difference, row, values);
		else
			compare_apart(difference, row, values, more);
	}
	judge_all(difference, values);
}

/* STRATEGY and AFTER as in pair_up. */
static int make(struct difference *difference, const char *strategy,
                const char *after)
{
	size_t most = difference->before->count + 1;
	size_t trials = difference->before->archive->trials_count +
	                difference->after->archive->trials_count;
	double *values = calloc(trials + 2 * most, sizeof(*values));

	difference->rows = calloc(most, sizeof(*difference->rows));
	if (values && difference->rows) {
		pair_up(difference, strategy, after);
		compare(difference, values);
	}
	free(values);
	return values && difference->rows ? 0 : -ENOMEM;
}

int difference_of_archives(struct difference *difference,
                           const struct comparison *before,
                           const struct comparison *after)
{
	int err;

	*difference = (struct difference){ .before = before, .after = after };
	err = make(difference, NULL, NULL);
	difference->only_after = after->count - difference->count;
	return err;
}

int difference_of_strategies(struct difference *difference,
                             const struct comparison *comparison,
                             const char *before, const char *after)
{
	*difference = (struct difference){ .before = comparison,
		                           .after = comparison,
		                           .paired = true };
	return make(difference, before, after);
}

void difference_free(struct difference *difference)
{
	free(difference->rows);
	*difference = (struct difference){ 0 };
}

double difference_width(const struct difference *difference)
{
	double widest = difference->count ? 0 : INFINITY;

	for (size_t i = 0; i < difference->count; i++) {
		const struct summary *ratio = &difference->rows[i].ratio;

		widest = fmax(widest, ratio->interval
		                              ? (ratio->high - ratio->low) /
		                                        ratio->median
		                              : INFINITY);
	}
	return widest;
}

size_t difference_pairs(const struct difference *difference)
{
	size_t fewest = difference->count ? SIZE_MAX : 0;

	for (size_t i = 0; i < difference->count; i++) {
		if (difference->rows[i].ratio.count < fewest)
			fewest = difference->rows[i].ratio.count;
	}
	return fewest;
}
