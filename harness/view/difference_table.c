/* The table of a difference, and what must be known beside it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/text.h"
#include "harness/view/difference.h"
#include "harness/view/page.h"
#include "harness/view/words.h"

/* --- one row -------------------------------------------------------------- */

enum { SHORT = 24 };

/* What %.3f has a digit for. */
static const double least_ratio = 0.0005;

/* Near 1 three decimals matter; far from it, three digits. */
static const char *ratio_text(char text[SHORT], double ratio)
{
	char digits[TEXT_SHORT];

	if (!isfinite(ratio))
		(void)snprintf(text, SHORT, "-");
	else if (ratio < least_ratio)
		(void)snprintf(text, SHORT, "%s", text_power(digits, ratio));
	else if (ratio < 9.9995)
		(void)snprintf(text, SHORT, "%.3f", ratio);
	else
		(void)snprintf(text, SHORT, "%s", text_short(digits, ratio));
	return text;
}

static const char *p_text(char text[SHORT], double p)
{
	if (isnan(p))
		(void)snprintf(text, SHORT, "-");
	else if (p < 0.00005)
		(void)snprintf(text, SHORT, "<.0001");
	else
		(void)snprintf(text, SHORT, "%.4f", p);
	return text;
}

static void put_verdict(const struct page *page,
                        const struct difference_row *row)
{
	switch (row->verdict) {
	case DIFFERENCE_TOO_FEW:
		(void)fprintf(page->out, "need %zu trials", row->needed);
		break;
	case DIFFERENCE_NO_RATIO:
		(void)fputs("a cost of 0", page->out);
		break;
	case DIFFERENCE_NOT_SHOWN:
		(void)fputc('~', page->out);
		break;
	case DIFFERENCE_FASTER:
		page_bold(page, true);
		(void)fputs("faster", page->out);
		page_bold(page, false);
		break;
	case DIFFERENCE_SLOWER:
		page_bold(page, true);
		(void)fputs("slower", page->out);
		page_bold(page, false);
		break;
	}
	(void)fputc('\n', page->out);
}

static void put_row(const struct page *page, const struct difference_row *row)
{
	char before[TEXT_SHORT], after[TEXT_SHORT], ratio[SHORT], low[SHORT],
	        high[SHORT], p[SHORT], holm[SHORT];
	char both[2 * SHORT + 1] = "";

	if (row->ratio.interval && !isfinite(row->ratio.high))
		(void)snprintf(both, sizeof(both), "-");
	else if (row->ratio.interval)
		(void)snprintf(both, sizeof(both), "%s-%s",
		               ratio_text(low, row->ratio.low),
		               ratio_text(high, row->ratio.high));
	else if (row->ratio.count > 0)
		(void)snprintf(both, sizeof(both), "~");
	(void)fprintf(page->out, "%c%6s %6s %7s %-11s %6s %6s  ",
	              page_mark(row->before->noisy + row->after->noisy),
	              text_short(before, row->before->ns.median),
	              text_short(after, row->after->ns.median),
	              ratio_text(ratio, row->ratio.median), both,
	              p_text(p, row->p), p_text(holm, row->p_holm));
	put_verdict(page, row);
}

/* --- the table ------------------------------------------------------------ */

/*
 * "2", or, where the rows differ in more than their workers, all of the place,
 * which has a line for itself then.
 */
static void put_place(char *text, size_t size,
                      const struct difference *difference, size_t index)
{
	const struct archive_point *point =
	        &difference->rows[index].before->point;
	bool only_workers = true;

	for (size_t i = 0; i < difference->count; i++) {
		struct archive_point other = difference->rows[i].before->point;

		other.workers = point->workers;
		only_workers &= comparison_same_place(&other, point);
	}
	if (only_workers)
		(void)snprintf(text, size, "%u", point->workers);
	else
		(void)snprintf(text, size,
		               "%u, pin %s, %u ns inside, %u ns outside",
		               point->workers, point->pin, point->inside_ns,
		               point->outside_ns);
}

static void put_columns(const struct page *page, const char *first,
                        const char *const titles[3])
{
	(void)fprintf(page->out, "%-*s %6s %6s %7s %-11s %6s %6s  %s\n",
	              page->name, first, titles[0], titles[1], titles[2],
	              "95 %", "p", "p Holm", "verdict");
}

/* One strategy before and after: a heading for each place. */
static void put_archives(const struct page *page,
                         const struct difference *difference)
{
	static const char *const titles[] = { "old", "new", "new/old" };
	const struct comparison_cell *last = NULL;

	for (size_t i = 0; i < difference->count; i++) {
		const struct difference_row *row = &difference->rows[i];

		if (!last ||
		    !comparison_same_place(&last->point, &row->before->point)) {
			if (last)
				(void)fputc('\n', page->out);
			page_heading(page, difference->before, row->before);
			(void)fputc('\n', page->out);
			put_columns(page, "strategy", titles);
		}
		last = row->before;
		page_name(page, row->before->point.strategy);
		put_row(page, row);
	}
}

/* Two strategies: a row for each place. */
static void put_strategies(const struct page *page,
                           const struct difference *difference)
{
	static const char *const titles[] = { "A", "B", "B/A" };

	if (difference->count == 0)
		return;
	page_bold(page, true);
	(void)fprintf(page->out, "A  %s\nB  %s",
	              difference->rows[0].before->point.strategy,
	              difference->rows[0].after->point.strategy);
	page_bold(page, false);
	(void)fputc('\n', page->out);
	put_columns(page, "workers", titles);
	for (size_t i = 0; i < difference->count; i++) {
		char place[64];

		put_place(place, sizeof(place), difference, i);
		page_name(page, place);
		put_row(page, &difference->rows[i]);
	}
}

/* Which of the signs in the table need an explanation. */
static bool has(const struct difference *difference,
                enum difference_verdict verdict)
{
	for (size_t i = 0; i < difference->count; i++) {
		if (difference->rows[i].verdict == verdict)
			return true;
	}
	return false;
}

/* As put_row() writes it. */
static bool lacks_interval(const struct difference *difference)
{
	for (size_t i = 0; i < difference->count; i++) {
		if (!difference->rows[i].ratio.interval)
			return true;
	}
	return false;
}

static void put_method(const struct page *page,
                       const struct difference *difference)
{
	if (difference->paired)
		(void)fprintf(
		        page->out,
		        "\nMedians of ns/inc. B/A is formed in pairs, of two "
		        "trials of the same block: the\nmedian of %zu ratios "
		        "or more, and p of the sign test.\n",
		        difference_pairs(difference));
	else
		(void)fprintf(
		        page->out,
		        "\nMedians of ns/inc. new/old is the median of all "
		        "ratios of a new trial to an old\none, and p is of "
		        "Mann and Whitney's test. Between the two the machine "
		        "may have\nchanged, which is in the ratio, too.\n");
}

static void put_noise(const struct page *page,
                      const struct difference *difference)
{
	const struct archive *old = difference->before->archive;
	const struct archive *new = difference->after->archive;
	size_t noisy = 0, trials = 0;
	const char *why = "";

	for (size_t i = 0; i < difference->count; i++) {
		const struct difference_row *row = &difference->rows[i];

		noisy += row->before->noisy + row->after->noisy;
		trials += row->before->trials + row->after->trials;
		if (!*why)
			why = page_why(old, row->before);
		if (!*why)
			why = page_why(new, row->after);
	}
	page_noise(page, noisy, trials, why);
}

static void put_foot(const struct page *page,
                     const struct difference *difference)
{
	put_method(page, difference);
	if (difference->count > 1)
		(void)fprintf(page->out,
		              "p Holm allows for there being %zu rows, of "
		              "which one may look good by luck.\n",
		              difference->count);
	if (has(difference, DIFFERENCE_FASTER) ||
	    has(difference, DIFFERENCE_SLOWER))
		(void)fprintf(page->out, "faster, slower  p Holm is below "
		                         "0.05\n");
	if (has(difference, DIFFERENCE_NOT_SHOWN))
		(void)fprintf(page->out, "~      no difference is shown, which "
		                         "does not show that there is none\n");
	if (lacks_interval(difference))
		(void)fprintf(page->out, "~      in place of an interval: too "
		                         "few trials for one\n");
	if (has(difference, DIFFERENCE_TOO_FEW))
		(void)fprintf(page->out,
		              "need N trials  of each: with fewer no "
		              "difference could show\n");
	if (has(difference, DIFFERENCE_NO_RATIO))
		(void)fprintf(page->out,
		              "a cost of 0  has no ratio to another: such "
		              "trials enter no ratio and no p\n");
	put_noise(page, difference);
}

char *difference_table(const struct difference *difference, bool color)
{
	struct page page;

	if (!page_open(&page, difference->before, color))
		return NULL;
	if (difference->paired)
		put_strategies(&page, difference);
	else
		put_archives(&page, difference);
	put_foot(&page, difference);
	return page_close(&page);
}

/* --- beside the table ----------------------------------------------------- */

const char *difference_verb(const struct origin_key *key)
{
	static const char *const plural[] = { "flags", "cpus_allowed", "cpus" };

	for (size_t i = 0; i < sizeof(plural) / sizeof(plural[0]); i++) {
		if (strcmp(key->key, plural[i]) == 0)
			return "differ";
	}
	return "differs";
}

static void note_origin(FILE *out, const struct difference *difference,
                        enum origin_kind kind, const char *level)
{
	const struct archive_run *old =
	        archive_selected(difference->before->archive);
	const struct archive_run *new =
	        archive_selected(difference->after->archive);
	const struct origin_key *key = NULL;

	while ((key = origin_difference(old, new, kind, key))) {
		char was[ORIGIN_TEXT], is[ORIGIN_TEXT];

		(void)fprintf(out, "%s: %s %s\n  old: %s\n  new: %s\n", level,
		              key->words, difference_verb(key),
		              origin_text(old, key, was),
		              origin_text(new, key, is));
	}
}

static size_t invalid(const struct difference *difference)
{
	size_t count = 0;

	for (size_t i = 0; i < difference->count; i++)
		count += difference->rows[i].before->invalid +
		         difference->rows[i].after->invalid;
	return count;
}

static void note_partners(FILE *out, const struct difference *difference)
{
	size_t old = difference->only_before, new = difference->only_after;

	if (old > 0 && new > 0 && !difference->paired)
		(void)fprintf(out,
		              "note: without a partner, %zu row%s of old and "
		              "%zu of new left out\n",
		              old, old == 1 ? "" : "s", new);
	else if (old + new > 0 && !difference->paired)
		(void)fprintf(out,
		              "note: without a partner, %zu row%s of %s left "
		              "out\n",
		              old + new, old + new == 1 ? "" : "s",
		              old > 0 ? "old" : "new");
	else if (old > 0)
		(void)fprintf(out,
		              "note: B was not run with as many workers as A "
		              "in %zu case%s\n",
		              old, old == 1 ? "" : "s");
}

char *difference_notes(const struct difference *difference)
{
	struct pen pen;

	pen_open(&pen, false);
	if (!pen.out)
		return NULL;
	if (!difference->paired) {
		note_origin(pen.out, difference, ORIGIN_MACHINE, "warning");
		note_origin(pen.out, difference, ORIGIN_SOFTWARE, "note");
	}
	note_partners(pen.out, difference);
	if (invalid(difference) > 0)
		(void)fprintf(pen.out,
		              "note: %zu invalid trial%s left out: they enter "
		              "no figure\n",
		              invalid(difference),
		              invalid(difference) == 1 ? "" : "s");
	return pen_close(&pen);
}
