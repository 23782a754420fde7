#include "harness/view/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/median.h"
#include "harness/view/loss.h"

struct sheet {
	const struct comparison *comparison;
	char *text;
	size_t size;
	FILE *out;
};

static bool sheet_open(struct sheet *sheet, const struct comparison *comparison,
                       const char *heading)
{
	*sheet = (struct sheet){ .comparison = comparison };
	sheet->out = open_memstream(&sheet->text, &sheet->size);
	if (!sheet->out)
		return false;
	(void)fputs(heading, sheet->out);
	return true;
}

static char *sheet_close(struct sheet *sheet)
{
	if (fclose(sheet->out) == 0)
		return sheet->text;
	free(sheet->text);
	return NULL;
}

/* ",low,high", empty where there is no interval */
static void put_interval(FILE *out, const struct summary *summary)
{
	if (summary->interval)
		(void)fprintf(out, ",%.9g,%.9g", summary->low, summary->high);
	else
		(void)fputs(",,", out);
}

/*
 * Whether a cell is where the run began: pinned in the first of the ways given,
 * with the least work. Only there are strategies compared by their workers.
 */
static bool is_plain(const struct comparison *comparison,
                     const struct comparison_cell *cell)
{
	const char *pins = archive_text(archive_selected(comparison->archive),
	                                "spec", "pin");
	size_t first = strcspn(pins, ",");
	bool least = true;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct archive_point *other = &comparison->cells[i].point;

		least &= cell->point.inside_ns <= other->inside_ns &&
		         cell->point.outside_ns <= other->outside_ns;
	}
	return least && strlen(cell->point.pin) == first &&
	       strncmp(cell->point.pin, pins, first) == 0;
}

/* The next plain cell with valid trials from index *I on, or NULL. */
static const struct comparison_cell *next_plain(const struct sheet *sheet,
                                                size_t *i)
{
	while (*i < sheet->comparison->count) {
		const struct comparison_cell *cell =
		        &sheet->comparison->cells[(*i)++];

		if (cell->trials > 0 && is_plain(sheet->comparison, cell))
			return cell;
	}
	return NULL;
}

/* ",median,low,high,trials" and the end of the line */
static void put_summary(FILE *out, const struct summary *summary)
{
	(void)fprintf(out, ",%.9g", summary->median);
	put_interval(out, summary);
	(void)fprintf(out, ",%zu\n", summary->count);
}

static char *cost_csv(const struct comparison *comparison)
{
	const struct comparison_cell *cell;
	struct sheet sheet;
	size_t i = 0;

	if (!sheet_open(&sheet, comparison,
	                "strategy,workers,ns,low,high,trials\n"))
		return NULL;
	while ((cell = next_plain(&sheet, &i)) != NULL) {
		(void)fprintf(sheet.out, "%s,%u", cell->point.strategy,
		              cell->point.workers);
		put_summary(sheet.out, &cell->ns);
	}
	return sheet_close(&sheet);
}

static char *lost_csv(const struct comparison *comparison)
{
	const struct comparison_cell *cell;
	struct sheet sheet;
	size_t i = 0;

	if (!sheet_open(
	            &sheet, comparison,
	            "strategy,workers,share,low,high,trials,insufficient\n"))
		return NULL;
	while ((cell = next_plain(&sheet, &i)) != NULL) {
		/* One worker has nobody to lose an update to. */
		if (cell->point.workers < 2)
			continue;
		(void)fprintf(sheet.out, "%s,%u,%.9g", cell->point.strategy,
		              cell->point.workers, cell->lost_share.median);
		put_interval(sheet.out, &cell->lost_share);
		(void)fprintf(sheet.out, ",%zu,%zu\n", cell->trials,
		              cell->insufficient);
	}
	return sheet_close(&sheet);
}

static bool drawn(const struct comparison *comparison,
                  const struct archive_trial *trial,
                  const struct comparison_cell *cell)
{
	return comparison->archive->runs[trial->run].selected &&
	       trial->measures.valid && trial->measures.expected > 0 &&
	       archive_same_point(&trial->point, &cell->point);
}

/* The median over the trials of what one worker did of all that was done. */
static double share_of(const struct comparison *comparison,
                       const struct comparison_cell *cell, unsigned worker,
                       double *values)
{
	const struct archive *archive = comparison->archive;
	size_t count = 0;

	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];

		if (drawn(comparison, trial, cell))
			values[count++] = (double)trial->done[worker] /
			                  (double)trial->measures.expected;
	}
	return count ? median_of(values, count) : 0;
}

static void put_shares(const struct sheet *sheet,
                       const struct comparison_cell *cell, double *values)
{
	for (unsigned worker = 0; worker < cell->point.workers; worker++)
		(void)fprintf(sheet->out, "%s,%u,%u,%.9g,%.9g\n",
		              cell->point.strategy, cell->point.workers,
		              worker + 1,
		              share_of(sheet->comparison, cell, worker, values),
		              cell->fairness);
}

/* The cells are sorted by workers. */
static unsigned most_workers(const struct comparison *comparison)
{
	size_t count = comparison->count;

	return count ? comparison->cells[count - 1].point.workers : 0;
}

/* Of the largest number of workers only: there the differences show. */
static char *share_csv(const struct comparison *comparison)
{
	double *values =
	        calloc(comparison->archive->trials_count + 1, sizeof(*values));
	const struct comparison_cell *cell;
	struct sheet sheet;
	size_t i = 0;

	if (!values ||
	    !sheet_open(&sheet, comparison,
	                "strategy,workers,worker,share,fairness\n")) {
		free(values);
		return NULL;
	}
	while ((cell = next_plain(&sheet, &i)) != NULL) {
		if (cell->point.workers == most_workers(comparison))
			put_shares(&sheet, cell, values);
	}
	free(values);
	return sheet_close(&sheet);
}

static void put_totals(const struct sheet *sheet,
                       const struct comparison_cell *cell)
{
	const struct archive *archive = sheet->comparison->archive;

	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];

		if (drawn(sheet->comparison, trial, cell))
			(void)fprintf(
			        sheet->out, "none,%u,%llu,%llu\n",
			        cell->point.workers,
			        (unsigned long long)trial->observed,
			        (unsigned long long)trial->measures.expected);
	}
}

static char *totals_csv(const struct comparison *comparison)
{
	const struct comparison_cell *cell;
	struct sheet sheet;
	size_t i = 0;

	if (!sheet_open(&sheet, comparison,
	                "strategy,workers,observed,expected\n"))
		return NULL;
	while ((cell = next_plain(&sheet, &i)) != NULL) {
		if (cell->point.workers > 1 &&
		    strcmp(cell->point.strategy, "none") == 0)
			put_totals(&sheet, cell);
	}
	return sheet_close(&sheet);
}

/* The most that could run at once; where all were crowded, the most. */
static unsigned most_at_once(const struct comparison *comparison)
{
	unsigned most = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (cell->point.workers <= cell->cpus &&
		    cell->point.workers > most)
			most = cell->point.workers;
	}
	return most ? most : most_workers(comparison);
}

/* The cost by the work inside, where there was more than one. */
static char *inside_csv(const struct comparison *comparison)
{
	static const char heading[] = "strategy,inside,ns,low,high,trials\n";
	unsigned workers = most_at_once(comparison);
	struct sheet sheet;
	size_t rows = 0;

	if (!sheet_open(&sheet, comparison, heading))
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];
		struct comparison_cell least = *cell;

		least.point.inside_ns = comparison->cells[0].point.inside_ns;
		if (cell->trials == 0 || cell->point.workers != workers ||
		    !is_plain(comparison, &least))
			continue;
		rows += cell->point.inside_ns > least.point.inside_ns;
		(void)fprintf(sheet.out, "%s,%u", cell->point.strategy,
		              cell->point.inside_ns);
		put_summary(sheet.out, &cell->ns);
	}
	if (rows > 0)
		return sheet_close(&sheet);
	free(sheet_close(&sheet));
	return strdup(heading);
}

/* What was lost by the share of time in the window, and what should be. */
static char *window_csv(const struct comparison *comparison)
{
	struct sheet sheet;

	if (!sheet_open(&sheet, comparison,
	                "strategy,workers,share,low,high,window,predicted\n"))
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];
		double inside = cell->point.inside_ns;
		double expected = loss_expected(cell);

		if (cell->trials == 0 || !(expected > 0))
			continue;
		(void)fprintf(sheet.out, "%s,%u,%.9g", cell->point.strategy,
		              cell->point.workers, cell->lost_share.median);
		put_interval(sheet.out, &cell->lost_share);
		(void)fprintf(sheet.out, ",%.9g,%.9g\n",
		              inside / (inside + cell->point.outside_ns),
		              expected);
	}
	return sheet_close(&sheet);
}

/* The times of single increments. */
static char *latency_csv(const struct comparison *comparison)
{
	unsigned workers = most_at_once(comparison);
	const struct comparison_cell *cell;
	struct sheet sheet;
	size_t i = 0;

	if (!sheet_open(&sheet, comparison,
	                "strategy,permille,ns,low,high,trials\n"))
		return NULL;
	while ((cell = next_plain(&sheet, &i)) != NULL) {
		const struct {
			unsigned permille;
			const struct summary *summary;
		} columns[] = { { 500, &cell->p50 },
			        { 900, &cell->p90 },
			        { 990, &cell->p99 },
			        { 999, &cell->p999 } };

		if (cell->p50.count == 0 || cell->point.workers != workers)
			continue;
		for (int j = 0; j < 4; j++) {
			(void)fprintf(sheet.out, "%s,%u", cell->point.strategy,
			              columns[j].permille);
			put_summary(sheet.out, columns[j].summary);
		}
		(void)fprintf(sheet.out, "%s,1000,%.9g,,,%zu\n",
		              cell->point.strategy, cell->longest_ns,
		              cell->timed);
	}
	return sheet_close(&sheet);
}

const struct figure figures[] = {
	{ "cost", cost_csv },
	{ "lost", lost_csv },
	{ "scaling", cost_csv },
	{ "share", share_csv },
	{ "totals", totals_csv },
	{ "latency", latency_csv },
	{ "inside", inside_csv },
	{ "window", window_csv },
	{ 0 },
};

size_t figure_rows(const char *csv)
{
	size_t lines = 0;

	for (; *csv; csv++)
		lines += *csv == '\n';
	return lines > 0 ? lines - 1 : 0;
}

/* A record may hold anything; a control character would break the SVG. */
static char *printable(char *text)
{
	for (char *c = text; c && *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	return text;
}

char *figure_head(const struct comparison *comparison)
{
	const struct archive_run *run = archive_selected(comparison->archive);
	double cpus = archive_number(run, "host", "cpus_allowed");
	double quota = archive_number(run, "host", "cgroup_quota_cpus");
	char limit[48] = "";
	char *text;

	if (quota > 0)
		(void)snprintf(limit, sizeof(limit), ", limited to %.2g",
		               quota);
	if (asprintf(&text, "%.0f CPU%s%s", cpus, cpus > 1 ? "s" : "", limit) <
	    0)
		return NULL;
	return printable(text);
}

char *figure_foot(const struct comparison *comparison)
{
	const struct archive *archive = comparison->archive;
	const struct archive_run *run = archive_selected(archive);
	const char *started =
	        json_string_value(json_object_get(run->record, "started"));
	double ms = archive_number(run, "spec", "time_ms");
	size_t trials = 0;
	char limit[64], *text;

	for (size_t i = 0; i < archive->trials_count; i++)
		trials += archive->runs[archive->trials[i].run].selected &&
		          archive->trials[i].measures.valid;
	if (ms > 0)
		(void)snprintf(limit, sizeof(limit), "%.0f ms", ms);
	else
		(void)snprintf(limit, sizeof(limit), "%.0f increments",
		               archive_number(run, "spec", "count"));
	if (asprintf(&text, "%s, %s, Linux %s, %.10s: %zu trials of %s, pin %s",
	             archive_text(run, "host", "name"),
	             archive_text(run, "host", "cpu_model"),
	             archive_text(run, "host", "kernel"),
	             started ? started : "undated", trials, limit,
	             archive_text(run, "spec", "pin")) < 0)
		return NULL;
	return printable(text);
}
