#include "harness/view/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"

/* Below this a share in percent is 0.0. */
static const double rare = 0.0005;

/* Of the columns; what is left of 80 is for the longest name. */
enum { NAME_MIN = 11, NAME_MAX = 14, LOST_MAX = 9 };

struct pen {
	FILE *out;
	bool color;
	int name; /* columns of the first one */
};

/* A name that is too long for its column has a line for itself. */
static void put_name(const struct pen *pen, const char *name)
{
	if (strlen(name) > NAME_MAX)
		(void)fprintf(pen->out, "%s\n%*s", name, pen->name, "");
	else
		(void)fprintf(pen->out, "%-*s", pen->name, name);
}

static void bold(const struct pen *pen, bool on)
{
	if (pen->color)
		(void)fputs(on ? "\033[1m" : "\033[0m", pen->out);
}

/* "24.1k-25.3k", or what stands for "no interval" */
static void put_interval(const struct pen *pen, const struct summary *summary)
{
	char low[TEXT_SHORT], high[TEXT_SHORT], both[2 * TEXT_SHORT] = "";

	if (summary->interval)
		(void)snprintf(both, sizeof(both), "%s-%s",
		               text_short(low, summary->low),
		               text_short(high, summary->high));
	else if (summary->count > 0)
		(void)snprintf(both, sizeof(both), "~");
	(void)fprintf(pen->out, " %-11s", both);
}

static void put_summary(const struct pen *pen, const struct summary *summary)
{
	char median[TEXT_SHORT];

	(void)fprintf(pen->out, " %6s",
	              summary->count ? text_short(median, summary->median)
	                             : "");
	put_interval(pen, summary);
}

/* 0.0 % would look as if nothing had been lost: says in how many trials. */
static void put_rarely_lost(const struct pen *pen,
                            const struct comparison_cell *cell)
{
	char text[48];

	if (snprintf(text, sizeof(text), "%zu of %zu", cell->lost,
	             cell->trials) > LOST_MAX)
		(void)snprintf(text, sizeof(text), "<0.1 %%");
	(void)fprintf(pen->out, "%8s", text);
}

static void put_lost(const struct pen *pen, const struct comparison_cell *cell)
{
	if (cell->trials == 0)
		(void)fprintf(pen->out, "%8s", "-");
	else if (cell->lost == 0)
		(void)fprintf(pen->out, "%8s", cell->exact ? "0" : "0 (?)");
	else if (cell->lost_share.median < rare)
		put_rarely_lost(pen, cell);
	else
		(void)fprintf(pen->out, "%6.1f %%",
		              100 * cell->lost_share.median);
}

static void put_cell(const struct pen *pen, const struct comparison_cell *cell)
{
	put_name(pen, cell->strategy);
	put_summary(pen, &cell->ns);
	put_summary(pen, &cell->to_atomic);
	put_summary(pen, &cell->to_none);
	if (cell->lost > 0)
		bold(pen, true);
	put_lost(pen, cell);
	if (cell->lost > 0)
		bold(pen, false);
	(void)fputc('\n', pen->out);
}

static void put_limit(const struct pen *pen, const struct archive_run *run)
{
	double ms = archive_number(run, "spec", "time_ms");

	if (ms > 0)
		(void)fprintf(pen->out, "trials of %.0f ms", ms);
	else
		(void)fprintf(pen->out, "trials of %.0f increments each",
		              archive_number(run, "spec", "count"));
}

static void put_heading(const struct pen *pen,
                        const struct comparison *comparison,
                        const struct comparison_cell *cell)
{
	const struct archive_run *run = archive_selected(comparison->archive);

	bold(pen, true);
	(void)fprintf(pen->out, "%u worker%s on %u CPU%s (pin %s), ",
	              cell->workers, cell->workers == 1 ? "" : "s", cell->cpus,
	              cell->cpus == 1 ? "" : "s",
	              archive_text(run, "spec", "pin"));
	put_limit(pen, run);
	bold(pen, false);
	(void)fprintf(pen->out, "\n%-*s %6s %-11s %6s %-11s %6s %-11s%8s\n",
	              pen->name, "strategy", "ns/inc", "95 %", "/atomic",
	              "95 %", "/none", "95 %", "lost");
}

static void put_empty(const struct pen *pen,
                      const struct comparison *comparison, unsigned workers)
{
	char text[TEXT_SHORT];
	double ns = comparison_empty_ns(comparison, workers);

	if (isfinite(ns))
		(void)fprintf(pen->out, "%-*s %6s\n", pen->name, "(empty)",
		              text_short(text, ns));
}

/* Which of the signs in the table need an explanation. */
struct signs {
	size_t trials; /* the most in a cell */
	size_t exact;  /* the fewest that lost nothing, in a cell that says 0 */
	bool few, rare, unseen, unsure;
};

static struct signs signs_in(const struct comparison *comparison)
{
	struct signs signs = { 0 };

	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];
		bool zero = cell->lost == 0;

		if (cell->trials > signs.trials)
			signs.trials = cell->trials;
		signs.few |= cell->trials > 0 && !cell->ns.interval;
		signs.rare |= !zero && cell->lost_share.median < rare;
		if (zero && cell->exact > 0 &&
		    (!signs.unseen || cell->exact < signs.exact))
			signs.exact = cell->exact;
		signs.unseen |= zero && cell->exact > 0;
		signs.unsure |=
		        zero && cell->exact == 0 && cell->insufficient > 0;
	}
	return signs;
}

static void put_foot(const struct pen *pen, const struct comparison *comparison)
{
	struct signs signs = signs_in(comparison);
	char text[TEXT_SHORT];

	if (signs.trials == 0) {
		(void)fprintf(pen->out, "\nNo trial was valid.\n");
		return;
	}
	(void)fprintf(
	        pen->out,
	        "\nMedians of %zu trial%s; ns/inc is elapsed time over all "
	        "increments.\nReading the clock takes %s ns.\n",
	        signs.trials, signs.trials == 1 ? "" : "s",
	        text_short(text, comparison_timer_ns(comparison)));
	if (signs.few)
		(void)fprintf(pen->out, "~      fewer than 6 trials give no "
		                        "95 %% interval\n");
	if (signs.rare)
		(void)fprintf(pen->out, "N of M  so many trials lost updates, "
		                        "too few to show in percent\n");
	if (signs.unseen)
		(void)fprintf(pen->out,
		              "0      no trial lost an update: the rate is "
		              "below %.0f %% of trials, at 95 %%\n",
		              100 * summary_rate_unseen(signs.exact));
	if (signs.unsure)
		(void)fprintf(pen->out, "0 (?)  nothing lost, and too little "
		                        "overlap to lose anything: no "
		                        "evidence\n");
}

static int name_columns(const struct comparison *comparison)
{
	size_t most = NAME_MIN;

	for (size_t i = 0; i < comparison->count; i++) {
		size_t length = strlen(comparison->cells[i].strategy);

		if (length > most && length <= NAME_MAX)
			most = length;
	}
	return (int)most;
}

char *table_of(const struct comparison *comparison, bool color)
{
	char *text = NULL;
	size_t size;
	struct pen pen = { .out = open_memstream(&text, &size),
		           .color = color };
	unsigned workers = 0;

	if (!pen.out)
		return NULL;
	pen.name = name_columns(comparison);
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (cell->workers != workers) {
			if (workers)
				(void)fputc('\n', pen.out);
			workers = cell->workers;
			put_heading(&pen, comparison, cell);
			put_empty(&pen, comparison, workers);
		}
		put_cell(&pen, cell);
	}
	put_foot(&pen, comparison);
	if (fclose(pen.out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}
