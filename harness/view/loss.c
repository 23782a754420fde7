#include "harness/view/loss.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/run/spec.h"
#include "harness/stats/loss.h"
#include "harness/view/page.h"

enum {
	DECADES = 11, /* the last is open */
	BAR = 40,     /* columns of the longest bar */
};

static const char *const decade_names[DECADES] = {
	"1 to 9",       "10 to 99",     "100 to 999",  "1k to 9k",
	"10k to 99k",   "100k to 999k", "1M to 9M",    "10M to 99M",
	"100M to 999M", "1G to 9G",     "10G or more",
};

/* A turn that takes less than this share of an empty one was never made. */
static const double hoisted = 0.1;

const char *loss_why_none(const struct comparison_cell *cell, double empty_ns)
{
	const struct sync_strategy *strategy =
	        run_strategy(cell->point.strategy);

	if (cell->point.workers < 2)
		return "one worker has nobody to lose an update to";
	if (cell->ns.median < hoisted * empty_ns)
		return "the compiler made one addition of the whole loop: an "
		       "increment takes less than a turn of the empty loop";
	if (cell->cpus < 2 && strategy && !strategy->ops->lock)
		return "one CPU interrupts it before or after its one "
		       "instruction, never inside";
	if (cell->insufficient == cell->trials)
		return "the workers hardly ran at the same time: no overlap";
	if (strategy && strategy->ops->claims & SYNC_EXCLUDES)
		return "it claims to let in one at a time";
	return NULL;
}

double loss_expected(const struct comparison_cell *cell)
{
	const struct sync_strategy *strategy =
	        run_strategy(cell->point.strategy);

	if (!strategy || strategy->ops->claims & SYNC_EXCLUDES)
		return 0;
	if (cell->point.workers > cell->cpus || cell->point.inside_ns == 0)
		return NAN;
	return loss_predicted(cell->point.workers, cell->point.inside_ns,
	                      cell->point.outside_ns);
}

/* How often the counter fell, and by how much: all trials of CELL. */
struct falls {
	double expected, times, sum, longest;
	/* By powers of ten of the size. */
	double times_of[DECADES], sum_of[DECADES];
};

static void add_bar(struct falls *falls, const struct archive_bar *bar)
{
	unsigned decade = (unsigned)fmin(log10(fmax(bar->low, 1)), DECADES - 1);
	double count = (double)bar->count, sum = bar->low * count;

	falls->times += count;
	falls->sum += sum;
	falls->times_of[decade] += count;
	falls->sum_of[decade] += sum;
	falls->longest = fmax(falls->longest, bar->low);
}

static struct falls falls_of(const struct comparison *comparison,
                             const struct comparison_cell *cell)
{
	const struct archive *archive = comparison->archive;
	struct falls falls = { 0 };

	for (size_t i = 0; i < archive->rollbacks_count; i++) {
		const struct archive_rollback *trial = &archive->rollbacks[i];

		if (!trial->valid || !archive->runs[trial->run].selected ||
		    !archive_same_point(&trial->point, &cell->point))
			continue;
		falls.expected += (double)trial->expected;
		for (size_t j = 0; j < trial->bars.count; j++)
			add_bar(&falls, &trial->bars.bar[j]);
	}
	return falls;
}

static void put_percent(const struct page *page, int columns, double share)
{
	if (isfinite(share))
		(void)fprintf(page->out, "%*.1f %%", columns - 2, 100 * share);
	else
		(void)fprintf(page->out, "%*s", columns, "-");
}

static void put_number(const struct page *page, int columns, double value)
{
	char text[TEXT_SHORT];

	(void)fprintf(page->out, "%*s", columns,
	              isfinite(value) ? text_short(text, value) : "-");
}

/* Whole below 1000, as they were given. */
static void put_count(const struct page *page, int columns, double count)
{
	char text[TEXT_SHORT];

	if (count < 1000)
		(void)fprintf(page->out, "%*.0f", columns, count);
	else
		(void)fprintf(page->out, "%*s", columns,
		              text_short(text, count));
}

static void put_heading(const struct page *page,
                        const struct comparison *comparison,
                        const struct comparison_cell *cell)
{
	page_bold(page, true);
	page_crowd(page, comparison, cell);
	(void)fputs(", ", page->out);
	page_limit(page, archive_selected(comparison->archive));
	page_bold(page, false);
	(void)fprintf(page->out, "\n%-*s%8s%8s%11s%9s  %-11s%10s%9s\n",
	              page->name, "strategy", "window", "think", "predicted",
	              "lost", "95 %", "falls/M", "deepest");
}

static void put_row(const struct page *page,
                    const struct comparison *comparison,
                    const struct comparison_cell *cell)
{
	struct falls falls = falls_of(comparison, cell);
	const struct summary *lost = &cell->lost_share;
	char interval[32] = "~";

	page_name(page, cell->point.strategy);
	put_count(page, 8, cell->point.inside_ns);
	put_count(page, 8, cell->point.outside_ns);
	put_percent(page, 11, loss_expected(cell));
	put_percent(page, 9, cell->trials ? lost->median : NAN);
	if (lost->interval)
		(void)snprintf(interval, sizeof(interval), "%.1f-%.1f",
		               100 * lost->low, 100 * lost->high);
	(void)fprintf(page->out, "  %-11s", interval);
	put_number(page, 10, 1e6 * falls.times / falls.expected);
	put_count(page, 9, falls.longest);
	(void)fputc('\n', page->out);
}

static void put_bar(const struct page *page, double share)
{
	int columns = (int)lround(BAR * share);

	for (int i = 0; i < columns; i++)
		(void)fputs(i ? "#" : "   #", page->out);
	(void)fputc('\n', page->out);
}

/* How many updates went in falls of which size, of the cell that lost most. */
static void put_falls(const struct page *page,
                      const struct comparison_cell *cell,
                      const struct falls *falls)
{
	(void)fprintf(page->out,
	              "\nHow far the counter fell at once, in trials apart: "
	              "%s, window %u, think %u\n%20s%12s   share of all that "
	              "fell\n",
	              cell->point.strategy, cell->point.inside_ns,
	              cell->point.outside_ns, "updates", "times");
	for (unsigned i = 0; i < DECADES; i++) {
		if (falls->times_of[i] <= 0)
			continue;
		(void)fprintf(page->out, "%20s", decade_names[i]);
		put_count(page, 12, falls->times_of[i]);
		put_bar(page, falls->sum_of[i] / falls->sum);
	}
}

static void put_histogram(const struct page *page,
                          const struct comparison *comparison)
{
	const struct comparison_cell *deepest = NULL;
	struct falls most = { 0 };

	for (size_t i = 0; i < comparison->count; i++) {
		struct falls falls =
		        falls_of(comparison, &comparison->cells[i]);

		if (falls.sum <= most.sum)
			continue;
		most = falls;
		deepest = &comparison->cells[i];
	}
	if (deepest)
		put_falls(page, deepest, &most);
}

/* What a zero says: too few trials say nothing. */
static void put_rate(const struct page *page, size_t trials)
{
	double rate = summary_rate_unseen(trials);

	if (rate < 1)
		(void)fprintf(page->out, "so below %.0f %% of them at 95 %%\n",
		              100 * rate);
	else
		(void)fputs("too few to say more\n", page->out);
}

static void put_zero(const struct page *page,
                     const struct comparison *comparison,
                     const struct comparison_cell *cell)
{
	const char *why = loss_why_none(
	        cell, comparison_empty_ns(comparison, cell->point.workers));

	if (cell->trials == 0 || cell->lost > 0)
		return;
	(void)fprintf(page->out, "%s (window %u, think %u): 0 of %zu trials, ",
	              cell->point.strategy, cell->point.inside_ns,
	              cell->point.outside_ns, cell->trials);
	put_rate(page, cell->trials);
	if (why)
		(void)fprintf(page->out, "  %s\n", why);
}

static void put_foot(const struct page *page,
                     const struct comparison *comparison)
{
	(void)fputs("\nwindow     ns between load and store; think: ns between "
	            "two increments\n"
	            "predicted  window / (window + think) for two workers, "
	            "at most 1 - 1/workers;\n"
	            "           - where workers share a CPU, or the window is "
	            "not known\n"
	            "falls/M    how often in a million increments a worker "
	            "found the counter below\n"
	            "           what it had stored itself; deepest: the "
	            "farthest, in updates\n"
	            "The worst that can happen to workers of two increments "
	            "or more: all but 2 are\nlost, whatever their number "
	            "(racelab explore none finds it).\n",
	            page->out);
	for (size_t i = 0; i < comparison->count; i++)
		put_zero(page, comparison, &comparison->cells[i]);
}

/* Whether the cell at INDEX is the first with so many workers, pinned so. */
static bool begins_table(const struct comparison *comparison, size_t index)
{
	const struct archive_point *point = &comparison->cells[index].point;
	const struct archive_point *before =
	        index > 0 ? &comparison->cells[index - 1].point : NULL;

	return !before || point->workers != before->workers ||
	       strcmp(point->pin, before->pin) != 0;
}

char *loss_of(const struct comparison *comparison, bool color)
{
	struct page page;

	if (!page_open(&page, comparison, color))
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (begins_table(comparison, i)) {
			if (i > 0)
				(void)fputc('\n', page.out);
			put_heading(&page, comparison, cell);
		}
		put_row(&page, comparison, cell);
	}
	put_histogram(&page, comparison);
	put_foot(&page, comparison);
	return page_close(&page);
}
