#include "harness/view/outcomes_figure.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/view/words.h"

/* --- what was observed */

static bool is_like(const struct archive *archive,
                    const struct archive_trial *trial,
                    const struct verdict_names *names)
{
	if (!archive->runs[trial->run].selected || !trial->measures.valid ||
	    trial->point.workers != names->machine.workers ||
	    strcmp(trial->point.strategy, names->target) != 0)
		return false;
	for (unsigned i = 0; i < trial->point.workers; i++) {
		if (trial->done[i] != names->machine.increments)
			return false;
	}
	return true;
}

long outcomes_observed(const struct archive *archive,
                       const struct verdict_names *names, uint64_t **totals)
{
	long count = 0;

	*totals = calloc(archive->trials_count + 1, sizeof(**totals));
	if (!*totals)
		return -ENOMEM;
	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];

		if (is_like(archive, trial, names))
			(*totals)[count++] = trial->observed;
	}
	return count;
}

/* --- a row for each total */

struct row {
	uint64_t total;
	double by_count, by_step; /* NAN: not known */
	size_t observed;
};

static int by_total(const void *a, const void *b)
{
	const struct row *one = a, *other = b;

	return (one->total > other->total) - (one->total < other->total);
}

/* What cannot come out has no outcome; it may have been observed all the same. */
static struct row new_row(const struct verdict *verdict, uint64_t total)
{
	bool known = verdict->complete && verdict->counted;

	return (struct row){ .total = total,
		             .by_count = known ? 0 : NAN,
		             .by_step = known ? 0 : NAN };
}

/* One row for an outcome or a trial each, in order. Returns how many. */
static size_t fill(struct row *rows, const struct verdict *verdict,
                   const struct verdict_names *names, const uint64_t *totals,
                   size_t count)
{
	size_t used = 0;

	for (size_t i = 0; i < verdict->outcomes; i++) {
		const struct outcome *outcome = &verdict->outcome[i];

		if (!names_has_total(names, outcome))
			continue;
		rows[used++] =
		        (struct row){ .total = outcome->total,
			              .by_count = outcome->p_interleavings,
			              .by_step = outcome->p_scheduler };
	}
	for (size_t i = 0; i < count && !names->program; i++) {
		rows[used] = new_row(verdict, totals[i]);
		rows[used++].observed = 1;
	}
	qsort(rows, used, sizeof(*rows), by_total);
	return used;
}

/* Adds up those with the same total. An outcome's probabilities win. */
static size_t merge(struct row *rows, size_t count)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++) {
		struct row *into = &rows[used - (used > 0)];

		if (used == 0 || into->total != rows[i].total) {
			rows[used++] = rows[i];
			continue;
		}
		into->by_count = fmax(into->by_count, rows[i].by_count);
		into->by_step = fmax(into->by_step, rows[i].by_step);
		into->observed += rows[i].observed;
	}
	return used;
}

/* --- as CSV */

/* A file's name without its folder; with nothing that CSV or gnuplot reads. */
static void put_name(FILE *out, const char *target)
{
	const char *slash = strrchr(target, '/');

	for (target = slash ? slash + 1 : target; *target; target++) {
		const char label[] = { 'x', *target, '\0' };

		(void)fputc(text_is_label(label) ? *target : '_', out);
	}
}

static void put_share(FILE *out, double share)
{
	if (isnan(share))
		(void)fputc(',', out);
	else
		(void)fprintf(out, ",%.9g", share);
}

static void put_row(FILE *out, const struct verdict_names *names,
                    const struct row *row, size_t trials)
{
	put_name(out, names->target);
	(void)fprintf(out, ",%u,%" PRIu64 ",%" PRIu64, names->machine.workers,
	              names_expected(names), row->total);
	put_share(out, row->by_count);
	put_share(out, row->by_step);
	put_share(out, trials ? (double)row->observed / (double)trials : NAN);
	(void)fprintf(out, ",%zu\n", row->observed);
}

char *outcomes_csv(const struct verdict *verdict,
                   const struct verdict_names *names, const uint64_t *totals,
                   size_t count)
{
	struct row *rows = calloc(verdict->outcomes + count + 1, sizeof(*rows));
	struct pen pen;
	size_t used;

	pen_open(&pen, false);
	if (!rows || !pen.out) {
		free(rows);
		free(pen_close(&pen));
		return NULL;
	}
	(void)fputs("strategy,workers,expected,total,p_interleavings,"
	            "p_scheduler,observed,count\n",
	            pen.out);
	used = merge(rows, fill(rows, verdict, names, totals, count));
	for (size_t i = 0; i < used; i++)
		put_row(pen.out, names, &rows[i], count);
	free(rows);
	return pen_close(&pen);
}

/* --- above and below */

static char *printable(char *text)
{
	for (char *c = text; c && *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	return text;
}

char *outcomes_head(const struct verdict_names *names)
{
	struct pen pen;

	pen_open(&pen, false);
	if (!pen.out)
		return NULL;
	put_name(pen.out, names->target);
	(void)fprintf(pen.out, ", %u worker%s x %" PRIu64 " increment%s",
	              names->machine.workers,
	              names->machine.workers == 1 ? "" : "s",
	              names->machine.increments,
	              names->machine.increments == 1 ? "" : "s");
	return pen_close(&pen);
}

char *outcomes_foot(const struct verdict *verdict,
                    const struct verdict_names *names,
                    const struct archive *archive)
{
	const struct archive_run *run =
	        archive ? archive_selected(archive) : NULL;
	struct pen pen;

	pen_open(&pen, false);
	if (!pen.out)
		return NULL;
	(void)fprintf(pen.out, "Explored under %s: %s, %" PRIu64 " states",
	              names->machine.memory == MEMORY_TSO
	                      ? "x86-TSO"
	                      : "sequential consistency",
	              verdict->coverage, verdict->states);
	if (verdict->states == 0 || names->search != SEARCH_ALL)
		(void)fprintf(pen.out, ", %" PRIu64 " executions",
		              verdict->executions);
	if (run)
		(void)fprintf(pen.out, ". Trials: %s, %s, Linux %s, pin %s",
		              archive_text(run, "host", "name"),
		              archive_text(run, "host", "cpu_model"),
		              archive_text(run, "host", "kernel"),
		              archive_text(run, "spec", "pin"));
	return printable(pen_close(&pen));
}
