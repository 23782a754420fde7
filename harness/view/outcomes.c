#include "harness/view/outcomes.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/view/end.h"

enum {
	SHARE = 8,       /* columns: "5.80e-11" */
	PREEMPTIONS = 7, /* as wide as its heading */
	NUMBER = COUNT_TEXT + 8,
};

/* What the rows have in common. */
struct sheet {
	const struct pen *pen;
	const struct verdict *verdict;
	const struct verdict_names *names;
	const struct outcome **sorted;
	const char *heading; /* of the counts */
	size_t total, count; /* columns; no total: 0 */
	size_t end;          /* where the last column begins */
	bool cut;            /* a count lacks digits */
};

/* --- numbers */

/* Three digits, and never a certainty that it is not. */
static const char *share(double value, char text[NUMBER])
{
	if (isnan(value))
		return "-";
	if (value < 1 && value >= 0.9995)
		return ">0.999";
	(void)snprintf(text, NUMBER, "%#.3g", value);
	return text;
}

/* How often: of all interleavings, or of the executions that were run. */
static const char *how_often(const struct sheet *sheet,
                             const struct outcome *outcome, char text[NUMBER])
{
	const struct count *count = &outcome->interleavings;

	if (sheet->verdict->counted && count->exceeded)
		(void)snprintf(text, NUMBER, ">1.1e77");
	else if (sheet->verdict->counted)
		(void)count_text(*count, text);
	else if (sheet->names->search != SEARCH_ALL)
		(void)snprintf(text, NUMBER, "%" PRIu64, outcome->seen);
	else
		(void)snprintf(text, NUMBER, "-");
	return text;
}

/* Leaves out digits in the middle. */
static void shorten(char *text, size_t width)
{
	size_t length = strlen(text), head = (width - 1) / 2;
	size_t tail = width - 2 - head;

	memset(text + head, '.', 2);
	memmove(text + head + 2, text + length - tail, tail + 1);
}

/* --- columns */

static void measure(struct sheet *sheet)
{
	char text[NUMBER];

	sheet->total = sheet->names->program ? 0 : strlen("total");
	sheet->count = strlen(sheet->heading);
	for (size_t i = 0; i < sheet->verdict->outcomes; i++) {
		const struct outcome *outcome = &sheet->verdict->outcome[i];
		size_t length = strlen(how_often(sheet, outcome, text));

		sheet->count = length > sheet->count ? length : sheet->count;
		if (!names_has_total(sheet->names, outcome))
			continue;
		length = (size_t)snprintf(text, sizeof(text), "%" PRIu64,
		                          outcome->total);
		sheet->total = length > sheet->total ? length : sheet->total;
	}
}

/* Messages need room; totals are followed by a word or two. */
static size_t last_column(const struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->verdict->outcomes; i++) {
		if (!names_has_total(sheet->names, &sheet->verdict->outcome[i]))
			return 54;
	}
	return WORDS_COLUMNS - strlen("lost update");
}

static void lay_out(struct sheet *sheet)
{
	size_t most = last_column(sheet), others;

	measure(sheet);
	others = sheet->total + SHARE + 2u + SHARE + 2u + PREEMPTIONS + 2u +
	         (sheet->total ? 4 : 2);
	sheet->cut = sheet->count + others > most;
	if (sheet->cut)
		sheet->count = most - others;
	sheet->end = sheet->count + others;
}

static void put_row(const struct sheet *sheet, const char *total,
                    const char *const cells[4])
{
	FILE *out = sheet->pen->out;

	if (sheet->total)
		(void)fprintf(out, "%*s  ", (int)sheet->total, total);
	(void)fprintf(out, "%*s  %*s  %*s  %*s  ", (int)sheet->count, cells[0],
	              SHARE, cells[1], SHARE, cells[2], PREEMPTIONS, cells[3]);
}

static void put_heading(const struct sheet *sheet)
{
	const char *const cells[] = { sheet->heading, "p_inter", "p_sched",
		                      "preempt" };

	(void)fputc('\n', sheet->pen->out);
	pen_color(sheet->pen, "1");
	put_row(sheet, "total", cells);
	(void)fputs("end\n", sheet->pen->out);
	pen_color(sheet->pen, NULL);
}

/* --- rows */

static void put_end(const struct sheet *sheet, const struct outcome *outcome)
{
	char message[sizeof(outcome->message)];
	char text[sizeof(message) + 32];
	bool plain =
	        names_has_total(sheet->names, outcome) || !outcome->message[0];

	(void)snprintf(
	        text, sizeof(text), "%s%s%s", end_words(outcome->kind),
	        plain ? "" : ": ",
	        plain ? ""
	              : words_copy(message, sizeof(message), outcome->message));
	pen_color(sheet->pen, end_color(outcome->kind));
	words_put(sheet->pen->out, text, sheet->end);
	pen_color(sheet->pen, NULL);
}

static void put_outcome(const struct sheet *sheet,
                        const struct outcome *outcome)
{
	char total[NUMBER] = "-", count[NUMBER], preemptions[NUMBER] = "-";
	char by_count[NUMBER], by_step[NUMBER];
	const char *const cells[] = { count,
		                      share(outcome->p_interleavings, by_count),
		                      share(outcome->p_scheduler, by_step),
		                      preemptions };

	if (names_has_total(sheet->names, outcome))
		(void)snprintf(total, sizeof(total), "%" PRIu64,
		               outcome->total);
	(void)how_often(sheet, outcome, count);
	if (strlen(count) > sheet->count)
		shorten(count, sheet->count);
	if (outcome->text)
		(void)snprintf(preemptions, sizeof(preemptions), "%u",
		               outcome->preemptions);
	put_row(sheet, total, cells);
	put_end(sheet, outcome);
}

/* --- below the table */

static void put_legend(const struct sheet *sheet)
{
	const struct verdict *verdict = sheet->verdict;
	FILE *out = sheet->pen->out;
	bool counts = false, steps = false;

	for (size_t i = 0; i < verdict->outcomes; i++) {
		counts |= !isnan(verdict->outcome[i].p_interleavings);
		steps |= !isnan(verdict->outcome[i].p_scheduler);
	}
	if (verdict->outcomes_left_out)
		(void)fprintf(out, "%zu more outcomes are not kept\n",
		              verdict->outcomes_left_out);
	(void)fputc('\n', out);
	if (sheet->cut)
		(void)fputs("..       digits left out; --json has them all\n",
		            out);
	if (counts)
		(void)fputs("p_inter  probability if all interleavings are "
		            "equally likely\n",
		            out);
	if (steps)
		(void)fputs("p_sched  if at each step all that could come "
		            "next is equally likely\n",
		            out);
	(void)fputs("preempt  preemptions of the witness\n", out);
}

void outcomes_put_command(const struct pen *pen, const char *witness)
{
	(void)fputs("  racelab replay '", pen->out);
	for (; *witness; witness++) {
		if (*witness == '\'') /* in a shell's quotes */
			(void)fputs("'\\''", pen->out);
		else
			(void)fputc(*witness, pen->out);
	}
	(void)fputc('\'', pen->out);
}

static void put_replay(const struct sheet *sheet, const struct outcome *outcome)
{
	char *witness = names_witness(sheet->names, sheet->verdict, outcome);

	if (!witness)
		return;
	outcomes_put_command(sheet->pen, witness);
	if (names_has_total(sheet->names, outcome))
		(void)fprintf(sheet->pen->out, " # %" PRIu64 "\n",
		              outcome->total);
	else
		(void)fprintf(sheet->pen->out, " # %s\n",
		              end_words(outcome->kind));
	free(witness);
}

static void put_replays(const struct sheet *sheet)
{
	size_t count = sheet->verdict->outcomes;
	bool any = false;

	for (size_t i = 0; i < count; i++)
		any |= sheet->sorted[i]->text > 0;
	if (any)
		(void)fputs("\nSee one of them:\n", sheet->pen->out);
	for (size_t i = 0; i < count; i++)
		put_replay(sheet, sheet->sorted[i]);
}

bool outcomes_put(const struct pen *pen, const struct verdict *verdict,
                  const struct verdict_names *names)
{
	struct sheet sheet = { .pen = pen, .verdict = verdict, .names = names };

	sheet.sorted = names_sorted(names, verdict);
	if (!sheet.sorted)
		return false;
	sheet.heading = verdict->counted || names->search == SEARCH_ALL
	                        ? "interleavings"
	                        : "executions";
	lay_out(&sheet);
	put_heading(&sheet);
	for (size_t i = 0; i < verdict->outcomes; i++)
		put_outcome(&sheet, sheet.sorted[i]);
	put_legend(&sheet);
	put_replays(&sheet);
	free(sheet.sorted);
	return true;
}
