#include "harness/view/tails.h"

#include <math.h>
#include <stdlib.h>

#include "harness/base/text.h"
#include "harness/view/page.h"

static void put_columns(const struct page *page)
{
	(void)fprintf(page->out, "\n%-*s%8s%8s%8s%8s%8s%7s%10s%8s\n",
	              page->name, "latency, ns", "p50", "p90", "p99", "p99.9",
	              "longest", "fair", "handovers", "probed");
}

static void put(const struct page *page, int columns, double value)
{
	char text[TEXT_SHORT];

	(void)fprintf(page->out, "%*s", columns,
	              isfinite(value) ? text_short(text, value) : "-");
}

static void put_cell(const struct page *page,
                     const struct comparison_cell *cell)
{
	page_name(page, cell->point.strategy);
	(void)fputc(page_mark(cell->timed_noisy), page->out);
	put(page, 7, cell->p50.median);
	put(page, 8, cell->p90.median);
	put(page, 8, cell->p99.median);
	put(page, 8, cell->p999.median);
	put(page, 8, cell->longest_ns);
	put(page, 7, cell->fairness);
	put(page, 10, cell->handovers.median);
	put(page, 8, cell->probed.median);
	(void)fputc('\n', page->out);
}

/* The smallest that a probe can show, the median of the runs'. */
static double probe_ns(const struct comparison *comparison)
{
	const struct archive *archive = comparison->archive;

	for (size_t i = archive->latencies_count; i-- > 0;) {
		if (archive->runs[archive->latencies[i].run].selected)
			return archive->latencies[i].ticks_ns;
	}
	return NAN;
}

static void put_foot(const struct page *page,
                     const struct comparison *comparison)
{
	char text[TEXT_SHORT];

	(void)fprintf(
	        page->out,
	        "\nEach increment of these trials was timed, which takes %s ns "
	        "that are in every\nlatency. longest: of all trials; the rest "
	        "are medians of each trial's.\n"
	        "fair       1: all did the same; 1/workers: one did everything "
	        "(bare trials)\n"
	        "handovers  how often the lock changed hands in a million "
	        "increments\n"
	        "probed     cost of a timed increment, divided by that of a "
	        "bare one\n",
	        text_short(text, probe_ns(comparison)));
}

char *tails_of(const struct comparison *comparison, bool color)
{
	size_t timed = 0, noisy = 0;
	struct page page;
	bool begun = false;

	if (!page_open(&page, comparison, color))
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		begun &= !comparison_begins_place(comparison, i);
		if (cell->timed == 0)
			continue;
		if (!begun) {
			(void)fputc('\n', page.out);
			page_heading(&page, comparison, cell);
			put_columns(&page);
		}
		begun = true;
		timed += cell->timed;
		noisy += cell->timed_noisy;
		put_cell(&page, cell);
	}
	if (timed > 0)
		put_foot(&page, comparison);
	page_noise(&page, noisy, timed, "");
	return page_close(&page);
}
