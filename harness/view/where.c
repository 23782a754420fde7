#include "harness/view/where.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/median.h"
#include "harness/base/text.h"
#include "harness/view/page.h"
#include "harness/view/words.h"

enum column {
	USER,
	SYSTEM,
	OFF,
	VOLUNTARY,
	INVOLUNTARY,
	CYCLES,
	INSTRUCTIONS,
	MISSES,
};

/* The time that the CPUs had for the workers, less what those used of it. */
static double off_ns(const struct archive_trial *trial)
{
	unsigned cpus = trial->cpus < trial->point.workers
	                        ? trial->cpus
	                        : trial->point.workers;
	double used = trial->user_ns + trial->system_ns;
	double had = (double)trial->measures.elapsed_ns * cpus;

	/* fmax would make 0 of what is not known. */
	return used > had ? 0 : had - used;
}

static double sum_of(const struct archive_trial *trial, enum column column)
{
	switch (column) {
	case USER:
		return trial->user_ns;
	case SYSTEM:
		return trial->system_ns;
	case OFF:
		return off_ns(trial);
	case VOLUNTARY:
		return 1e6 * trial->voluntary;
	case INVOLUNTARY:
		return 1e6 * trial->involuntary;
	case CYCLES:
		return trial->count[RUN_COUNT_CYCLES];
	case INSTRUCTIONS:
		return trial->count[RUN_COUNT_INSTRUCTIONS];
	case MISSES:
		return trial->count[RUN_COUNT_MISSES];
	}
	return NAN;
}

/* The median over the cell's trials. VALUES has room for all of the archive. */
static double median_in(const struct archive *archive,
                        const struct comparison_cell *cell, enum column column,
                        double *values)
{
	size_t count = 0;

	for (size_t i = 0; i < archive->trials_count; i++) {
		const struct archive_trial *trial = &archive->trials[i];
		double value;

		if (!archive->runs[trial->run].selected ||
		    !trial->measures.valid ||
		    !archive_same_point(&trial->point, &cell->point))
			continue;
		value = sum_of(trial, column) /
		        (double)trial->measures.expected;
		if (isfinite(value))
			values[count++] = value;
	}
	return median_of(values, count);
}

static void put_columns(const struct page *page)
{
	(void)fprintf(page->out, "\n%-*s%8s%8s%8s%8s%8s%8s%8s%8s\n", page->name,
	              "where", "user", "system", "off CPU", "vol", "invol",
	              "cycles", "instr", "misses");
}

static void put_cell(const struct page *page, const struct archive *archive,
                     const struct comparison_cell *cell, double *values)
{
	page_name(page, cell->point.strategy);
	(void)fputc(page_mark(cell->noisy), page->out);
	for (enum column column = USER; column <= MISSES; column++) {
		double median = median_in(archive, cell, column, values);
		char text[TEXT_SHORT];

		(void)fprintf(page->out, "%*s", column == USER ? 7 : 8,
		              text_short(text, median));
	}
	(void)fputc('\n', page->out);
}

/* What the processor does not count is said once, and why. */
static void put_missing(const struct page *page,
                        const struct comparison *comparison)
{
	const struct archive_run *run = archive_selected(comparison->archive);
	const char *perf =
	        json_string_value(json_object_get(run->record, "perf"));
	char clean[128];

	if (!perf)
		return;
	(void)fputs("counters       ", page->out);
	words_put(page->out, words_copy(clean, sizeof(clean), perf), 15);
}

static void put_foot(const struct page *page,
                     const struct comparison *comparison)
{
	(void)fputs(
	        "\nPer increment, all workers together; medians of each "
	        "trial's.\n"
	        "user, system   processor time in ns, as the kernel splits "
	        "it\n"
	        "off CPU        ns that a CPU had for them and they did not "
	        "use: they waited,\n"
	        "               or somebody else had it\n"
	        "vol, invol     context switches in a million increments: "
	        "to wait, and when\n"
	        "               the CPU was taken away\n"
	        "instr, misses  instructions, and misses of the last cache\n",
	        page->out);
	put_missing(page, comparison);
}

static void put_cells(const struct page *page,
                      const struct comparison *comparison, double *values)
{
	size_t shown = 0;
	bool begun = false;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_cell *cell = &comparison->cells[i];

		begun &= !comparison_begins_place(comparison, i);
		if (cell->trials == 0)
			continue;
		if (!begun) {
			(void)fputc('\n', page->out);
			page_heading(page, comparison, cell);
			put_columns(page);
		}
		begun = true;
		shown++;
		put_cell(page, comparison->archive, cell, values);
	}
	if (shown > 0)
		put_foot(page, comparison);
}

char *where_of(const struct comparison *comparison, bool color)
{
	/* calloc(0) may be NULL */
	double *values =
	        calloc(comparison->archive->trials_count + 1, sizeof(*values));
	struct page page;

	if (!values || !page_open(&page, comparison, color)) {
		free(values);
		return NULL;
	}
	put_cells(&page, comparison, values);
	free(values);
	return page_close(&page);
}
