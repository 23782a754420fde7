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
	return archive_same_point(&trial->point, &cell->point);
}

bool comparison_same_place(const struct archive_point *a,
                           const struct archive_point *b)
{
	return a->workers == b->workers && a->inside_ns == b->inside_ns &&
	       a->outside_ns == b->outside_ns && strcmp(a->pin, b->pin) == 0;
}

bool comparison_begins_place(const struct comparison *comparison, size_t index)
{
	const struct comparison_cell *cell = &comparison->cells[index];

	return index == 0 ||
	       !comparison_same_place(&cell->point, &cell[-1].point);
}

/* The valid trial of STRATEGY at POINT in the same block. */
static const struct archive_trial *partner(const struct archive *archive,
                                           size_t run, unsigned block,
                                           const struct archive_point *point,
                                           const char *strategy)
{
	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *other = &archive->trials[i];

		if (other->run == run && other->block == block &&
		    other->measures.valid &&
		    comparison_same_place(&other->point, point) &&
		    strcmp(other->point.strategy, strategy) == 0)
			return other;
	}
	return NULL;
}

/* Divided by the partner's; NAN where there is none. */
static double ratio(const struct archive *archive,
                    const struct archive_trial *trial, const char *strategy)
{
	const struct archive_trial *other = partner(
	        archive, trial->run, trial->block, &trial->point, strategy);

	return other ? trial->measures.ns_per_increment /
	                       other->measures.ns_per_increment
	             : NAN;
}

enum column { NS, LOST_SHARE, OVERLAP, FAIRNESS, RATIO };

/* TO is the strategy of a ratio. */
static double value_of(const struct archive *archive,
                       const struct archive_trial *trial, enum column column,
                       const char *to)
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
	case RATIO:
		return ratio(archive, trial, to);
	}
	return NAN;
}

/* VALUES has room for every trial of the archive. Returns how many it got. */
static size_t collect(const struct archive *archive,
                      const struct comparison_cell *cell, enum column column,
                      const char *to, double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];
		double value;

		if (!selected(archive, trial) || !trial->measures.valid ||
		    !belongs(trial, cell))
			continue;
		value = value_of(archive, trial, column, to);
		if (isfinite(value))
			values[count++] = value;
	}
	return count;
}

static struct summary summarize(const struct archive *archive,
                                const struct comparison_cell *cell,
                                enum column column, double *values)
{
	return summary_of(values, collect(archive, cell, column, NULL, values));
}

static struct summary summarize_ratios(const struct archive *archive,
                                       const struct comparison_cell *cell,
                                       const char *to, double *values)
{
	return summary_of(values, collect(archive, cell, RATIO, to, values));
}

size_t comparison_costs(const struct comparison *comparison,
                        const struct comparison_cell *cell, double *values)
{
	return collect(comparison->archive, cell, NS, NULL, values);
}

size_t comparison_ratios(const struct comparison *comparison,
                         const struct comparison_cell *cell, const char *to,
                         double *values)
{
	return collect(comparison->archive, cell, RATIO, to, values);
}

enum timed { P50, P90, P99, P999, HANDOVERS, PROBED };

static double timed_value(const struct archive *archive,
                          const struct archive_latency *latency,
                          enum timed column)
{
	const struct archive_trial *bare;

	switch (column) {
	case P50:
		return latency->p50_ns;
	case P90:
		return latency->p90_ns;
	case P99:
		return latency->p99_ns;
	case P999:
		return latency->p999_ns;
	case HANDOVERS:
		return 1e6 * latency->handovers / (double)latency->expected;
	case PROBED:
		bare = partner(archive, latency->run, latency->block,
		               &latency->point, latency->point.strategy);
		return bare ? latency->ns_per_increment /
		                       bare->measures.ns_per_increment
		            : NAN;
	}
	return NAN;
}

static bool is_timed(const struct archive *archive,
                     const struct archive_latency *latency,
                     const struct comparison_cell *cell)
{
	return archive->runs[latency->run].selected && latency->valid &&
	       archive_same_point(&latency->point, &cell->point);
}

/* VALUES has room for every latency of the archive. */
static struct summary summarize_timed(const struct archive *archive,
                                      const struct comparison_cell *cell,
                                      enum timed column, double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < archive->latencies_count; i++) {
		const struct archive_latency *latency = &archive->latencies[i];
		double value;

		if (!is_timed(archive, latency, cell))
			continue;
		value = timed_value(archive, latency, column);
		if (isfinite(value))
			values[count++] = value;
	}
	return summary_of(values, count);
}

static void fill_timed(struct comparison_cell *cell,
                       const struct archive *archive, double *values)
{
	for (size_t i = 0; i < archive->latencies_count; i++) {
		const struct archive_latency *latency = &archive->latencies[i];

		if (!is_timed(archive, latency, cell))
			continue;
		cell->timed++;
		cell->timed_noisy += latency->noisy;
		cell->longest_ns = fmax(cell->longest_ns, latency->max_ns);
	}
	cell->p50 = summarize_timed(archive, cell, P50, values);
	cell->p90 = summarize_timed(archive, cell, P90, values);
	cell->p99 = summarize_timed(archive, cell, P99, values);
	cell->p999 = summarize_timed(archive, cell, P999, values);
	cell->handovers = summarize_timed(archive, cell, HANDOVERS, values);
	cell->probed = summarize_timed(archive, cell, PROBED, values);
}

static void count_evidence(struct comparison_cell *cell,
                           const struct archive_trial *trial)
{
	const struct run_measures *measures = &trial->measures;

	cell->trials += measures->valid;
	cell->invalid += !measures->valid;
	cell->noisy += measures->valid && trial->noisy;
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
	cell->point = trial->point;
	cell->cpus = trial->cpus;
	return cell;
}

static int by_place(const struct archive_point *x,
                    const struct archive_point *y)
{
	int pin = strcmp(x->pin, y->pin);

	if (x->workers != y->workers)
		return x->workers < y->workers ? -1 : 1;
	if (pin)
		return pin;
	if (x->inside_ns != y->inside_ns)
		return x->inside_ns < y->inside_ns ? -1 : 1;
	return (x->outside_ns > y->outside_ns) -
	       (x->outside_ns < y->outside_ns);
}

static int by_place_then_cost(const void *a, const void *b)
{
	const struct comparison_cell *x = a, *y = b;
	int place = by_place(&x->point, &y->point);

	if (place)
		return place;
	/* A cell without a valid trial has no cost, and comes last. */
	if (isnan(x->ns.median) || isnan(y->ns.median))
		return isnan(x->ns.median) - isnan(y->ns.median);
	if (x->ns.median < y->ns.median || x->ns.median > y->ns.median)
		return x->ns.median < y->ns.median ? -1 : 1;
	return strcmp(x->point.strategy, y->point.strategy);
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
		cell->to_atomic =
		        summarize_ratios(archive, cell, "atomic", values);
		cell->to_none = summarize_ratios(archive, cell, "none", values);
		cell->fairness =
		        summarize(archive, cell, FAIRNESS, values).median;
		fill_timed(cell, archive, values);
	}
	qsort(comparison->cells, comparison->count, sizeof(*comparison->cells),
	      by_place_then_cost);
}

int comparison_of(struct comparison *comparison, const struct archive *archive)
{
	/* calloc(0) may be NULL */
	size_t most = archive->trials_count + archive->latencies_count + 1;
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
