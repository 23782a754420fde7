#include "harness/view/comparison.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/median.h"

static bool selected(const struct archive *archive,
                     const struct archive_trial *trial)
{
	return archive->runs[trial->run].selected;
}

static bool belongs(const struct archive_trial *trial,
                    const struct comparison_cell *cell)
{
	return trial->workers == cell->workers &&
	       strcmp(trial->strategy, cell->strategy) == 0;
}

/* Selected, valid, and of that strategy with as many workers as CELL. */
static const struct archive_trial *partner(const struct archive *archive,
                                           const struct archive_trial *trial,
                                           const char *strategy)
{
	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *other = &archive->trials[i];

		if (other->run == trial->run && other->block == trial->block &&
		    other->workers == trial->workers && other->measures.valid &&
		    strcmp(other->strategy, strategy) == 0)
			return other;
	}
	return NULL;
}

enum column { NS, LOST_SHARE, OVERLAP, FAIRNESS, TO_ATOMIC, TO_NONE };

static double ratio(const struct archive *archive,
                    const struct archive_trial *trial, const char *strategy)
{
	const struct archive_trial *other = partner(archive, trial, strategy);

	return other ? trial->measures.ns_per_increment /
	                       other->measures.ns_per_increment
	             : NAN;
}

static double value_of(const struct archive *archive,
                       const struct archive_trial *trial, enum column column)
{
	switch (column) {
	case NS:
		return trial->measures.ns_per_increment;
	case LOST_SHARE:
		return trial->measures.lost_share;
	case OVERLAP:
		return trial->measures.overlap;
	case FAIRNESS:
		return trial->measures.fairness;
	case TO_ATOMIC:
		return ratio(archive, trial, "atomic");
	case TO_NONE:
		return ratio(archive, trial, "none");
	}
	return NAN;
}

/* VALUES has room for every trial of the archive. */
static struct summary summarize(const struct archive *archive,
                                const struct comparison_cell *cell,
                                enum column column, double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];
		double value;

		if (!selected(archive, trial) || !trial->measures.valid ||
		    !belongs(trial, cell))
			continue;
		value = value_of(archive, trial, column);
		if (isfinite(value))
			values[count++] = value;
	}
	return summary_of(values, count);
}

static void count_evidence(struct comparison_cell *cell,
                           const struct archive_trial *trial)
{
	const struct run_measures *measures = &trial->measures;

	cell->trials += measures->valid;
	cell->invalid += !measures->valid;
	cell->surplus += measures->surplus > 0;
	cell->lost += measures->evidence == EVIDENCE_LOST;
	cell->exact += measures->evidence == EVIDENCE_EXACT;
	cell->insufficient += measures->evidence == EVIDENCE_INSUFFICIENT;
	if (measures->preempted > cell->preempted)
		cell->preempted = measures->preempted;
}

static struct comparison_cell *cell_of(struct comparison *comparison,
                                       const struct archive_trial *trial)
{
	struct comparison_cell *cell = comparison->cells;

	for (size_t i = 0; i < comparison->count; i++, cell++) {
		if (belongs(trial, cell))
			return cell;
	}
	/* There is room for a cell for each trial. */
	comparison->count++;
	memcpy(cell->strategy, trial->strategy, sizeof(cell->strategy));
	cell->workers = trial->workers;
	cell->cpus = trial->cpus;
	return cell;
}

static int by_workers_then_cost(const void *a, const void *b)
{
	const struct comparison_cell *x = a, *y = b;

	if (x->workers != y->workers)
		return x->workers < y->workers ? -1 : 1;
	/* A cell without a valid trial has no cost, and comes last. */
	if (isnan(x->ns.median) || isnan(y->ns.median))
		return isnan(x->ns.median) - isnan(y->ns.median);
	if (x->ns.median < y->ns.median || x->ns.median > y->ns.median)
		return x->ns.median < y->ns.median ? -1 : 1;
	return strcmp(x->strategy, y->strategy);
}

static void fill(struct comparison *comparison, double *values)
{
	const struct archive *archive = comparison->archive;

	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];

		if (selected(archive, trial))
			count_evidence(cell_of(comparison, trial), trial);
	}
	for (size_t i = 0; i < comparison->count; i++) {
		struct comparison_cell *cell = &comparison->cells[i];

		cell->ns = summarize(archive, cell, NS, values);
		cell->lost_share = summarize(archive, cell, LOST_SHARE, values);
		cell->overlap = summarize(archive, cell, OVERLAP, values);
		cell->to_atomic = summarize(archive, cell, TO_ATOMIC, values);
		cell->to_none = summarize(archive, cell, TO_NONE, values);
		cell->fairness =
		        summarize(archive, cell, FAIRNESS, values).median;
	}
	qsort(comparison->cells, comparison->count, sizeof(*comparison->cells),
	      by_workers_then_cost);
}

int comparison_of(struct comparison *comparison, const struct archive *archive)
{
	size_t most = archive->trials_count + 1; /* calloc(0) may be NULL */
	double *values = calloc(most, sizeof(*values));

	*comparison = (struct comparison){ .archive = archive };
	comparison->cells = calloc(most, sizeof(*comparison->cells));
	if (values && comparison->cells)
		fill(comparison, values);
	free(values);
	return values && comparison->cells ? 0 : -ENOMEM;
}

void comparison_free(struct comparison *comparison)
{
	free(comparison->cells);
	*comparison = (struct comparison){ 0 };
}

enum evidence comparison_evidence(const struct comparison_cell *cell)
{
	if (cell->lost > 0)
		return EVIDENCE_LOST;
	if (cell->exact > 0)
		return EVIDENCE_EXACT;
	return cell->insufficient > 0 ? EVIDENCE_INSUFFICIENT : EVIDENCE_NONE;
}

static double control_median(const struct comparison *comparison,
                             unsigned workers, bool timer)
{
	const struct archive *archive = comparison->archive;
	double *values = calloc(archive->controls_count + 1, sizeof(*values));
	size_t count = 0;
	double median;

	for (size_t i = 0; values && i < archive->controls_count; i++) {
		const struct archive_control *control = &archive->controls[i];
		double value = timer ? control->timer_ns : control->empty_ns;

		if (archive->runs[control->run].selected && isfinite(value) &&
		    (timer || control->workers == workers))
			values[count++] = value;
	}
	median = median_of(values, count);
	free(values);
	return median;
}

double comparison_empty_ns(const struct comparison *comparison,
                           unsigned workers)
{
	return control_median(comparison, workers, false);
}

double comparison_timer_ns(const struct comparison *comparison)
{
	return control_median(comparison, 0, true);
}
