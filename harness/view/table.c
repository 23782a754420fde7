#include "harness/view/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/view/page.h"

/* Below this a share in percent is 0.0. */
static const double rare = 0.0005;

enum { LOST_MAX = 9 };

/* "24.1k-25.3k", or what stands for "no interval" */
static void put_interval(const struct page *page, const struct summary *summary)
{
	char low[TEXT_SHORT], high[TEXT_SHORT], both[2 * TEXT_SHORT] = "";

	if (summary->interval)
		(void)snprintf(both, sizeof(both), "%s-%s",
		               text_short(low, summary->low),
		               text_short(high, summary->high));
	else if (summary->count > 0)
		(void)snprintf(both, sizeof(both), "~");
	(void)fprintf(page->out, " %-11s", both);
}

static void put_summary(const struct page *page, char mark,
                        const struct summary *summary)
{
	char median[TEXT_SHORT];

	(void)fprintf(page->out, "%c%6s", mark,
	              summary->count ? text_short(median, summary->median)
	                             : "");
	put_interval(page, summary);
}

/* 0.0 % would look as if nothing had been lost: says in how many trials. */
static void put_rarely_lost(const struct page *page,
                            const struct comparison_cell *cell)
{
	char text[48];

	if (snprintf(text, sizeof(text), "%zu of %zu", cell->lost,
	             cell->trials) > LOST_MAX)
		(void)snprintf(text, sizeof(text), "<0.1 %%");
	(void)fprintf(page->out, "%8s", text);
}

static void put_lost(const struct page *page,
                     const struct comparison_cell *cell)
{
	if (cell->trials == 0)
		(void)fprintf(page->out, "%8s", "-");
	else if (cell->lost == 0)
		(void)fprintf(page->out, "%8s", cell->exact ? "0" : "0 (?)");
	else if (cell->lost_share.median < rare)
		put_rarely_lost(page, cell);
	else
		(void)fprintf(page->out, "%6.1f %%",
		              100 * cell->lost_share.median);
}

static void put_cell(const struct page *page,
                     const struct comparison_cell *cell)
{
	page_name(page, cell->point.strategy);
	put_summary(page, page_mark(cell->noisy), &cell->ns);
	put_summary(page, ' ', &cell->to_atomic);
	put_summary(page, ' ', &cell->to_none);
	if (cell->lost > 0)
		page_bold(page, true);
	put_lost(page, cell);
	if (cell->lost > 0)
		page_bold(page, false);
	(void)fputc('\n', page->out);
}

static void put_columns(const struct page *page)
{
	(void)fprintf(page->out, "\n%-*s %6s %-11s %6s %-11s %6s %-11s%8s\n",
	              page->name, "strategy", "ns/inc", "95 %", "/atomic",
	              "95 %", "/none", "95 %", "lost");
}

static void put_empty(const struct page *page,
                      const struct comparison *comparison,
                      const struct archive_point *point)
{
	char text[TEXT_SHORT];
	double ns = comparison_empty_ns(comparison, point->workers);

	if (isfinite(ns) && point->inside_ns + point->outside_ns == 0)
		(void)fprintf(page->out, "%-*s %6s\n", page->name, "(empty)",
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

static void put_noise(const struct page *page,
                      const struct comparison *comparison)
{
	size_t noisy = 0, trials = 0;
	const char *why = "";

	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		noisy += cell->noisy;
		trials += cell->trials;
		if (!*why)
			why = page_why(comparison->archive, cell);
	}
	page_noise(page, noisy, trials, why);
}

static void put_unseen(const struct page *page, double rate)
{
	(void)fputs("0      no trial lost an update: ", page->out);
	if (rate < 1)
		(void)fprintf(page->out,
		              "the rate is below %.0f %% of trials, at 95 %%\n",
		              100 * rate);
	else
		(void)fputs("too few trials to bound the rate\n", page->out);
}

static void put_foot(const struct page *page,
                     const struct comparison *comparison)
{
	struct signs signs = signs_in(comparison);
	char text[TEXT_SHORT];

	if (signs.trials == 0) {
		(void)fprintf(page->out, "\nNo trial was valid.\n");
		return;
	}
	(void)fprintf(
	        page->out,
	        "\nMedians of %zu trial%s; ns/inc is elapsed time over all "
	        "increments.\nReading the clock takes %s ns.\n",
	        signs.trials, signs.trials == 1 ? "" : "s",
	        text_short(text, comparison_timer_ns(comparison)));
	if (signs.few)
		(void)fprintf(page->out, "~      fewer than 6 trials give no "
		                         "95 %% interval\n");
	if (signs.rare)
		(void)fprintf(page->out, "N of M  so many trials lost updates, "
		                         "too few to show in percent\n");
	if (signs.unseen)
		put_unseen(page, summary_rate_unseen(signs.exact));
	if (signs.unsure)
		(void)fprintf(page->out, "0 (?)  nothing lost, and too little "
		                         "overlap to lose anything: no "
		                         "evidence\n");
	put_noise(page, comparison);
}

static void put_costs(const struct page *page,
                      const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		if (comparison_begins_place(comparison, i)) {
			if (i > 0)
				(void)fputc('\n', page->out);
			page_heading(page, comparison, cell);
			put_columns(page);
			put_empty(page, comparison, &cell->point);
		}
		put_cell(page, cell);
	}
}

char *table_of(const struct comparison *comparison, bool color)
{
	struct page page;

	if (!page_open(&page, comparison, color))
		return NULL;
	put_costs(&page, comparison);
	put_foot(&page, comparison);
	return page_close(&page);
}
