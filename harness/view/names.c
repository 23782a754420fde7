#include "harness/view/names.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/witness.h"
#include "harness/view/words.h"

const char *names_memory(const struct verdict_names *names)
{
	return names->machine.memory == MEMORY_TSO ? "tso" : "sc";
}

static void put_memory(FILE *out, const struct machine_spec *machine)
{
	if (machine->memory == MEMORY_TSO)
		(void)fprintf(out, ", x86-TSO, store buffers of %u",
		              machine->buffer);
	else
		(void)fprintf(out, ", sequential consistency");
}

char *names_heading(const struct verdict_names *names)
{
	const struct machine_spec *machine = &names->machine;
	char target[WITNESS_TARGET];
	struct pen pen;

	pen_open(&pen, false);
	if (!pen.out)
		return NULL;
	(void)fprintf(pen.out, "%s: %u worker%s",
	              words_copy(target, sizeof(target), names->target),
	              machine->workers, machine->workers == 1 ? "" : "s");
	if (!names->program)
		(void)fprintf(pen.out, " x %" PRIu64 " increment%s",
		              machine->increments,
		              machine->increments == 1 ? "" : "s");
	put_memory(pen.out, machine);
	return pen_close(&pen);
}

const char *names_line(const struct verdict_names *names, size_t pc,
                       char text[NAMES_TEXT])
{
	char raw[NAMES_TEXT];

	if (!names->line || pc == 0)
		return words_copy(text, NAMES_TEXT, "?");
	return words_copy(text, NAMES_TEXT,
	                  names->line(names->context, pc, raw, sizeof(raw)));
}

const char *names_cell(const struct verdict_names *names, size_t offset,
                       char text[NAMES_TEXT])
{
	char raw[NAMES_TEXT];

	if (names->cell)
		return words_copy(
		        text, NAMES_TEXT,
		        names->cell(names->context, offset, raw, sizeof(raw)));
	(void)snprintf(text, NAMES_TEXT, "byte %zu", offset);
	return text;
}

uint64_t names_expected(const struct verdict_names *names)
{
	return names->program
	               ? 0
	               : names->machine.workers * names->machine.increments;
}

/* An operation that fails, or an assertion, violates without a total. */
bool names_has_total(const struct verdict_names *names,
                     const struct outcome *outcome)
{
	if (names->program)
		return false;
	return outcome->kind == VERDICT_EXACT ||
	       outcome->kind == VERDICT_LOST_UPDATE ||
	       (outcome->kind == VERDICT_VIOLATES &&
	        outcome->total > names_expected(names));
}

char *names_witness(const struct verdict_names *names,
                    const struct verdict *verdict,
                    const struct outcome *outcome)
{
	const char *cc = names->cc ? names->cc : "";
	struct witness witness = { .machine = names->machine };
	size_t size;
	char *text;

	if (!outcome || outcome->text == 0 ||
	    strlen(names->target) >= sizeof(witness.target) ||
	    strlen(cc) >= sizeof(witness.cc))
		return NULL;
	(void)snprintf(witness.target, sizeof(witness.target), "%s",
	               names->target);
	(void)snprintf(witness.cc, sizeof(witness.cc), "%s", cc);
	witness.schedule = verdict->text + outcome->text;
	witness.digest = outcome->digest;
	size = sizeof(witness) + strlen(witness.schedule);
	text = malloc(size);
	if (text && witness_write(&witness, text, size) == 0)
		return text;
	free(text);
	return NULL;
}

/* --- sorting */

static int by_number(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

struct order {
	const struct verdict_names *names;
};

static int by_end(const void *a, const void *b, void *argument)
{
	const struct verdict_names *names = ((struct order *)argument)->names;
	const struct outcome *one = *(const struct outcome *const *)a;
	const struct outcome *other = *(const struct outcome *const *)b;
	bool has = names_has_total(names, one);
	int order;

	if (has != names_has_total(names, other))
		return has ? -1 : 1;
	order = has ? by_number(one->total, other->total) : 0;
	if (!order)
		order = by_number(one->kind, other->kind);
	if (!order)
		order = strcmp(one->message, other->message);
	return order ? order : by_number(one->pc, other->pc);
}

const struct outcome **names_sorted(const struct verdict_names *names,
                                    const struct verdict *verdict)
{
	struct order order = { names };
	const struct outcome **sorted =
	        calloc(verdict->outcomes + 1, sizeof(*sorted));

	if (!sorted)
		return NULL;
	for (size_t i = 0; i < verdict->outcomes; i++)
		sorted[i] = &verdict->outcome[i];
	qsort_r(sorted, verdict->outcomes, sizeof(*sorted), by_end, &order);
	return sorted;
}
