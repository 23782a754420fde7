/* What a table does not say by itself, each with what to do next. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/run/spec.h"
#include "harness/view/table.h"
#include "harness/view/words.h"

/* Above this share of time in which some task waited for a CPU, PSI. */
static const double noisy_percent = 20;
/* Below this many CPUs' worth of work from two, they are not two. */
static const double parallel_enough = 1.5;

/*
 * So many times the cost with a CPU for each worker is no longer what taking
 * turns costs: docs/how-we-measure.md.
 */
static const double collapse_ratio = 20;

static bool claims_to_exclude(const char *name)
{
	const struct sync_strategy *strategy = run_strategy(name);

	/* One that this build does not know: nothing can be said. */
	return !strategy || (strategy->ops->claims & SYNC_EXCLUDES);
}

static bool alone(const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++) {
		if (comparison->cells[i].point.workers > 1)
			return false;
	}
	return comparison->count > 0;
}

static void warn_of_insufficient(FILE *out, const struct comparison_cell *cell)
{
	if (comparison_evidence(cell) != EVIDENCE_INSUFFICIENT ||
	    cell->point.workers < 2)
		return;
	(void)fprintf(
	        out,
	        "warning: %s (%u workers) lost nothing, but they hardly ran\n"
	        "  at the same time: no evidence; try longer trials\n"
	        "  racelab run %s -w %u -t 1000\n",
	        cell->point.strategy, cell->point.workers, cell->point.strategy,
	        cell->point.workers);
}

static bool is_unseen(const struct comparison_cell *cell)
{
	return cell->lost == 0 && cell->trials > 0 && cell->point.workers > 1;
}

/* Whether a cell before INDEX was the same strategy's, and told the same. */
static bool said_before(const struct comparison *comparison, size_t index)
{
	const struct comparison_cell *cells = comparison->cells;

	for (size_t i = 0; i < index; i++) {
		if (is_unseen(&cells[i]) &&
		    strcmp(cells[i].point.strategy,
		           cells[index].point.strategy) == 0)
			return true;
	}
	return false;
}

/* It was lucky, or the machine hides it. */
static void warn_of_unseen(FILE *out, const struct comparison_cell *cell,
                           bool said)
{
	if (!is_unseen(cell) || said)
		return;
	(void)fprintf(
	        out,
	        "warning: %s lost nothing here, which is no proof that it "
	        "cannot\n",
	        cell->point.strategy);
	if (cell->cpus < 2)
		(void)fprintf(
		        out,
		        "  On one CPU another worker gets its turn only between "
		        "two instructions,\n  never inside one; on two CPUs "
		        "both are inside at the same time.\n"
		        "  racelab run %s -w 2   (with two CPUs or more)\n",
		        cell->point.strategy);
	else
		(void)fprintf(out, "  racelab run %s -w %u -t 1000 -r 20\n",
		              cell->point.strategy, cell->point.workers);
}

static void note_lag(FILE *out, const struct comparison *comparison,
                     const struct comparison_cell *cell)
{
	const struct sync_strategy *strategy =
	        run_strategy(cell->point.strategy);
	const struct archive *archive = comparison->archive;
	uint64_t most = 0;

	if (!strategy || strategy->ops->lag == 0)
		return;
	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];

		if (archive->runs[trial->run].selected &&
		    trial->measures.valid &&
		    archive_same_point(&trial->point, &cell->point) &&
		    trial->observed > trial->counter &&
		    trial->observed - trial->counter > most)
			most = trial->observed - trial->counter;
	}
	(void)fprintf(out,
	              "note: %s: the counter itself lagged by at most %llu\n"
	              "  of its bound %llu (%u worker%s x %u)\n",
	              cell->point.strategy, (unsigned long long)most,
	              (unsigned long long)cell->point.workers *
	                      strategy->ops->lag,
	              cell->point.workers, cell->point.workers == 1 ? "" : "s",
	              strategy->ops->lag);
}

static void warn_of_crowd(FILE *out, const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (cell->point.workers <= cell->cpus)
			continue;
		(void)fprintf(
		        out,
		        "note: %u workers take turns on %u CPU%s; waiting for "
		        "a turn is in the cost\n",
		        cell->point.workers, cell->cpus,
		        cell->cpus == 1 ? "" : "s");
		return;
	}
}

/* The same as CROWD, with a worker on each of its CPUs; NULL: there is none. */
static const struct comparison_cell *one_each(
        const struct comparison *comparison,
        const struct comparison_cell *crowd)
{
	struct archive_point point = crowd->point;

	point.workers = crowd->cpus;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (archive_same_point(&cell->point, &point) &&
		    cell->cpus == crowd->cpus)
			return cell;
	}
	return NULL;
}

/*
 * How many times as much CROWD costs as with a CPU for each; 0 where that is
 * not known. One worker has nobody to wait for: it is no measure.
 */
static double crowding_of(const struct comparison *comparison,
                          const struct comparison_cell *crowd)
{
	const struct comparison_cell *base;
	double ratio;

	if (crowd->point.workers <= crowd->cpus || crowd->cpus < 2)
		return 0;
	base = one_each(comparison, crowd);
	ratio = base ? crowd->ns.median / base->ns.median : 0;
	return isfinite(ratio) ? ratio : 0;
}

/* Whether no other cell of its strategy is more crowded; of equals the first. */
static bool is_worst(const struct comparison *comparison, size_t index)
{
	const struct comparison_cell *cells = comparison->cells;
	double ratio = crowding_of(comparison, &cells[index]);

	for (size_t i = 0; i < comparison->count; i++) {
		double other = crowding_of(comparison, &cells[i]);

		if (strcmp(cells[i].point.strategy,
		           cells[index].point.strategy) == 0 &&
		    (other > ratio || (i < index && other >= ratio)))
			return false;
	}
	return true;
}

/* Writes ", NAME (x 51.0 at 8 on 2)" for each that collapses. */
static void list_collapsing(FILE *out, const struct comparison *comparison)
{
	const char *separator = "";

	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];
		double ratio = crowding_of(comparison, cell);
		char text[TEXT_SHORT];

		if (ratio <= collapse_ratio || !is_worst(comparison, i))
			continue;
		(void)fprintf(out, "%s%s (x %s at %u on %u)", separator,
		              cell->point.strategy, text_short(text, ratio),
		              cell->point.workers, cell->cpus);
		separator = ", ";
	}
}

static void warn_of_collapse(FILE *out, const struct comparison *comparison)
{
	struct pen pen;
	size_t begun;
	char *text;

	pen_open(&pen, false);
	if (!pen.out)
		return;
	(void)fputs("note: collapse with more workers than CPUs, where the "
	            "next in line is often not running: ",
	            pen.out);
	begun = (size_t)ftell(pen.out);
	list_collapsing(pen.out, comparison);
	text = pen_close(&pen);
	if (text && text[begun])
		words_put(out, text, 2);
	free(text);
}

static void warn_of_machine(FILE *out, const struct archive_run *run)
{
	double pressure = archive_number(run, "host", "cpu_pressure_percent");
	double cpus = archive_number(run, "host", "cpus_allowed");
	double parallel = archive_number(run, "host", "effective_parallelism");
	char text[TEXT_SHORT];

	if (pressure > noisy_percent)
		(void)fprintf(
		        out,
		        "warning: the machine is noisy: before this run, tasks "
		        "waited for a CPU\n  %.0f %% of the time\n"
		        "  compare ratios, not times; racelab doctor says more\n",
		        pressure);
	if (cpus >= 2 && parallel > 0 && parallel < parallel_enough)
		(void)fprintf(
		        out,
		        "warning: %.0f CPUs are allowed, but together they do "
		        "%s times the work of one\n  racelab doctor\n",
		        cpus, text_short(text, parallel));
}

char *table_warnings(const struct comparison *comparison)
{
	const struct archive_run *run = archive_selected(comparison->archive);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (!claims_to_exclude(cell->point.strategy))
			warn_of_unseen(out, cell, said_before(comparison, i));
		else
			warn_of_insufficient(out, cell);
		note_lag(out, comparison, cell);
	}
	if (alone(comparison))
		(void)fprintf(out,
		              "note: one worker has nobody to race with\n"
		              "  racelab run %s -w 2\n",
		              comparison->cells[0].point.strategy);
	warn_of_crowd(out, comparison);
	warn_of_collapse(out, comparison);
	warn_of_machine(out, run);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
