#include "harness/view/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/median.h"

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

static char *cost_csv(const struct comparison *comparison)
{
	struct sheet sheet;

	if (!sheet_open(&sheet, comparison,
	                "strategy,workers,ns,low,high,trials\n"))
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (cell->trials == 0)
			continue;
		(void)fprintf(sheet.out, "%s,%u,%.9g", cell->strategy,
		              cell->workers, cell->ns.median);
		put_interval(sheet.out, &cell->ns);
		(void)fprintf(sheet.out, ",%zu\n", cell->trials);
	}
	return sheet_close(&sheet);
}

static char *lost_csv(const struct comparison *comparison)
{
	struct sheet sheet;

	if (!sheet_open(
	            &sheet, comparison,
	            "strategy,workers,share,low,high,trials,insufficient\n"))
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		/* One worker has nobody to lose an update to. */
		if (cell->trials == 0 || cell->workers < 2)
			continue;
		(void)fprintf(sheet.out, "%s,%u,%.9g", cell->strategy,
		              cell->workers, cell->lost_share.median);
		put_interval(sheet.out, &cell->lost_share);
		(void)fprintf(sheet.out, ",%zu,%zu\n", cell->trials,
		              cell->insufficient);
	}
	return sheet_close(&sheet);
}

static bool drawn(const struct comparison *comparison,
                  const struct archive_trial *trial, const char *strategy,
                  unsigned workers)
{
	return comparison->archive->runs[trial->run].selected &&
	       trial->measures.valid && trial->workers == workers &&
	       strcmp(trial->strategy, strategy) == 0;
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

		if (drawn(comparison, trial, cell->strategy, cell->workers) &&
		    trial->measures.expected > 0)
			values[count++] = (double)trial->done[worker] /
			                  (double)trial->measures.expected;
	}
	return count ? median_of(values, count) : 0;
}

/* Of the largest number of workers only: there the differences show. */
static char *share_csv(const struct comparison *comparison)
{
	size_t count = comparison->count;
	unsigned most = count ? comparison->cells[count - 1].workers : 0;
	double *values =
	        calloc(comparison->archive->trials_count + 1, sizeof(*values));
	struct sheet sheet;

	if (!values ||
	    !sheet_open(&sheet, comparison,
	                "strategy,workers,worker,share,fairness\n")) {
		free(values);
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		for (unsigned worker = 0;
		     worker < cell->workers && cell->workers == most &&
		     cell->trials > 0;
		     worker++)
			(void)fprintf(
			        sheet.out, "%s,%u,%u,%.9g,%.9g\n",
			        cell->strategy, cell->workers, worker + 1,
			        share_of(comparison, cell, worker, values),
			        cell->fairness);
	}
	free(values);
	return sheet_close(&sheet);
}

static char *totals_csv(const struct comparison *comparison)
{
	const struct archive *archive = comparison->archive;
	struct sheet sheet;

	if (!sheet_open(&sheet, comparison,
	                "strategy,workers,observed,expected\n"))
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		for (size_t j = 0;
		     j < archive->trials_count && cell->workers > 1 &&
		     strcmp(cell->strategy, "none") == 0;
		     j++) {
			const struct archive_trial *trial = &archive->trials[j];

			if (drawn(comparison, trial, "none", cell->workers) &&
			    trial->measures.expected > 0)
				(void)fprintf(
				        sheet.out, "none,%u,%llu,%llu\n",
				        cell->workers,
				        (unsigned long long)trial->observed,
				        (unsigned long long)
				                trial->measures.expected);
		}
	}
	return sheet_close(&sheet);
}

const struct figure figures[] = {
	{ "cost", cost_csv },     { "lost", lost_csv },
	{ "scaling", cost_csv },  { "share", share_csv },
	{ "totals", totals_csv }, { 0 },
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
