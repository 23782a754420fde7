/* Ways to talk as gnuplot wants them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/view/ways.h"
#include "harness/view/words.h"

static void put_row(FILE *out, const struct ways_cell *cell,
                    const struct summary *summary)
{
	(void)fprintf(out, "%s,%llu,%.9g", cell->channel,
	              (unsigned long long)cell->bytes, summary->median);
	if (summary->interval)
		(void)fprintf(out, ",%.9g,%.9g", summary->low, summary->high);
	else
		(void)fputs(",,", out);
}

char *ways_latency_csv(const struct ways *ways)
{
	struct pen pen;

	pen_open(&pen, false);
	if (!pen.out)
		return NULL;
	(void)fputs("channel,bytes,ns,low,high,p99,trials\n", pen.out);
	for (size_t i = 0; i < ways->count; i++) {
		const struct ways_cell *cell = &ways->cells[i];

		if (cell->p50.count == 0)
			continue;
		put_row(pen.out, cell, &cell->p50);
		if (isfinite(cell->p99))
			(void)fprintf(pen.out, ",%.9g", cell->p99);
		else
			(void)fputc(',', pen.out);
		(void)fprintf(pen.out, ",%zu\n", cell->p50.count);
	}
	return pen_close(&pen);
}

char *ways_throughput_csv(const struct ways *ways)
{
	struct pen pen;

	pen_open(&pen, false);
	if (!pen.out)
		return NULL;
	(void)fputs("channel,bytes,mb_per_s,low,high,trials\n", pen.out);
	for (size_t i = 0; i < ways->count; i++) {
		const struct ways_cell *cell = &ways->cells[i];

		if (cell->mb_per_s.count == 0)
			continue;
		put_row(pen.out, cell, &cell->mb_per_s);
		(void)fprintf(pen.out, ",%zu\n", cell->mb_per_s.count);
	}
	return pen_close(&pen);
}

/* A record may hold anything; a control character would break the SVG. */
static char *printable(char *text)
{
	for (char *c = text; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	return text;
}

char *ways_foot(const struct ways *ways)
{
	const struct archive *archive = ways->archive;
	const struct archive_run *run = archive_selected(archive);
	const char *started =
	        json_string_value(json_object_get(run->record, "started"));
	size_t trials = 0;
	char *text;

	for (size_t i = 0; i < ways->count; i++) {
		if (ways->cells[i].trials > trials)
			trials = ways->cells[i].trials;
	}
	if (asprintf(&text,
	             "%s, %s, Linux %s, %.10s: %zu trials of %.0f ms each, "
	             "pin %s",
	             archive_text(run, "host", "name"),
	             archive_text(run, "host", "cpu_model"),
	             archive_text(run, "host", "kernel"),
	             started ? started : "undated", trials,
	             archive_number(run, "spec", "time_ms"),
	             archive_text(run, "spec", "pin")) < 0)
		return NULL;
	return printable(text);
}
