#include "harness/view/verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/view/end.h"
#include "harness/view/outcomes.h"
#include "harness/view/words.h"

static bool put_heading(const struct pen *pen,
                        const struct verdict_names *names)
{
	char *heading = names_heading(names);

	if (!heading)
		return false;
	pen_color(pen, "1");
	words_put(pen->out, heading, 0);
	pen_color(pen, NULL);
	free(heading);
	return true;
}

/* Never just "safe": with the model that it was found under. */
static void put_verdict(const struct pen *pen, const struct verdict *verdict,
                        const struct verdict_names *names)
{
	bool tso = names->machine.memory == MEMORY_TSO;
	const char *model =
	        tso ? ", safe on x86 (TSO)" : " under sequential consistency";
	char fine[128];

	if (names->program)
		(void)snprintf(fine, sizeof(fine),
		               "%s: the check finds nothing wrong in any "
		               "execution",
		               model);
	else
		(void)snprintf(fine, sizeof(fine),
		               "%s: every execution ends with %" PRIu64, model,
		               names_expected(names));
	end_put(pen, names, verdict->kind, verdict->message, verdict->pc, fine);
	if (verdict->kind == VERDICT_UNFINISHED)
		(void)fputs("  That is no proof: there may be a bug, and "
		            "there may be none.\n",
		            pen->out);
}

static void put_count(FILE *out, uint64_t count, const char *what)
{
	(void)fprintf(out, ", %" PRIu64 " %s%s", count, what,
	              count == 1 ? "" : "s");
}

/* A search of states comes to many ends by one execution: it counts none. */
static void put_coverage(const struct pen *pen, const struct verdict *verdict,
                         const struct verdict_names *names)
{
	static const char label[] = "coverage: ";
	char covered[sizeof(verdict->coverage)];
	struct pen line;
	char *text;

	pen_open(&line, false);
	if (!line.out)
		return;
	(void)fputs(words_copy(covered, sizeof(covered), verdict->coverage),
	            line.out);
	if (verdict->states)
		put_count(line.out, verdict->states, "state");
	if (verdict->executions && names->search != SEARCH_ALL)
		put_count(line.out, verdict->executions, "execution");
	if (verdict->seconds < 0.01)
		(void)fputs(", under 0.01 s", line.out);
	else
		(void)fprintf(line.out, ", %.2f s", verdict->seconds);
	text = pen_close(&line);
	(void)fputs(label, pen->out);
	words_put(pen->out, text ? text : verdict->coverage, strlen(label));
	free(text);
}

/* --- data races */

static void name_race(const struct verdict *verdict,
                      const struct verdict_names *names, size_t index,
                      struct race_names *race)
{
	const struct race *from = &verdict->race[index];

	(void)names_line(names, from->pc[0], race->line[0]);
	(void)names_line(names, from->pc[1], race->line[1]);
	(void)names_cell(names, from->offset, race->cell);
}

/* A line may have several instructions, which nobody can tell apart here. */
bool verdict_race(const struct verdict *verdict,
                  const struct verdict_names *names, size_t index,
                  struct race_names *race)
{
	struct race_names before;

	name_race(verdict, names, index, race);
	for (size_t i = 0; i < index; i++) {
		name_race(verdict, names, i, &before);
		if (strcmp(race->line[0], before.line[0]) == 0 &&
		    strcmp(race->line[1], before.line[1]) == 0 &&
		    strcmp(race->cell, before.cell) == 0)
			return false;
	}
	return true;
}

static void put_races(const struct pen *pen, const struct verdict *verdict,
                      const struct verdict_names *names)
{
	struct race_names race;
	char line[sizeof(race) + 16];

	if (verdict->races == 0)
		return;
	(void)fputs("\nData races: two accesses at once, one of them a store, "
	            "not both atomic.\n",
	            pen->out);
	for (size_t i = 0; i < verdict->races; i++) {
		if (!verdict_race(verdict, names, i, &race))
			continue;
		(void)snprintf(line, sizeof(line), "%s and %s, on %s",
		               race.line[0], race.line[1], race.cell);
		(void)fputs("  ", pen->out);
		words_put(pen->out, line, 4);
	}
	if (verdict->races == EXPLORE_RACES)
		(void)fputs("  and perhaps more\n", pen->out);
}

/* --- the witness */

static void put_witness(const struct pen *pen, const struct verdict *verdict,
                        const struct verdict_names *names)
{
	const struct outcome *worst = verdict_worst(verdict);
	char *witness = names_witness(names, verdict, worst);

	if (!witness)
		return;
	(void)fprintf(pen->out, "\nSee it, with %u preemption%s:\n",
	              worst->preemptions, worst->preemptions == 1 ? "" : "s");
	outcomes_put_command(pen, witness);
	(void)fputc('\n', pen->out);
	free(witness);
}

char *verdict_text(const struct verdict *verdict,
                   const struct verdict_names *names, bool outcomes, bool color)
{
	struct pen pen;
	bool whole = true;
	char *text;

	pen_open(&pen, color);
	if (!pen.out)
		return NULL;
	whole = put_heading(&pen, names);
	put_verdict(&pen, verdict, names);
	put_coverage(&pen, verdict, names);
	if (outcomes && verdict->outcomes)
		whole = outcomes_put(&pen, verdict, names) && whole;
	put_races(&pen, verdict, names);
	put_witness(&pen, verdict, names);
	text = pen_close(&pen);
	if (whole)
		return text;
	free(text);
	return NULL;
}
