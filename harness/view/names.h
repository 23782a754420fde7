/*
 * What a verdict and a replay do not say of themselves: which target they are
 * about, and how its lines and its memory are called.
 */
#ifndef HARNESS_VIEW_NAMES_H
#define HARNESS_VIEW_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/explore/explore.h"

struct verdict_names {
	const char *target; /* as it was given: a strategy or a file */
	const char *cc;     /* that a witness names; NULL: the usual one */
	bool program;       /* the target is one: no increments and no totals */
	struct machine_spec machine;
	enum search_kind search; /* not looked at for a replay */
	/*
	 * Write a name to TEXT of SIZE bytes and return it. PC is counted from
	 * the text's start ("none.c:9", "?"), OFFSET from where the shared
	 * memory begins ("counter"). NULL: not known.
	 */
	const char *(*line)(void *context, size_t pc, char *text, size_t size);
	const char *(*cell)(void *context, size_t offset, char *text,
	                    size_t size);
	void *context;
};

enum { NAMES_TEXT = 128 };

/* "none: 2 workers x 2 increments, sequential consistency"; to be freed. */
char *names_heading(const struct verdict_names *names);

/* "sc", "tso" */
const char *names_memory(const struct verdict_names *names);

/* Both fit to be printed; "?" for a line that is not known. Return TEXT. */
const char *names_line(const struct verdict_names *names, size_t pc,
                       char text[NAMES_TEXT]);
const char *names_cell(const struct verdict_names *names, size_t offset,
                       char text[NAMES_TEXT]);

/* What the total should be; 0 of a program. */
uint64_t names_expected(const struct verdict_names *names);

/* Whether the outcome is an end at which there is a total. */
bool names_has_total(const struct verdict_names *names,
                     const struct outcome *outcome);

/* The witness of an outcome, to be freed; NULL: it has none. */
char *names_witness(const struct verdict_names *names,
                    const struct verdict *verdict,
                    const struct outcome *outcome);

/*
 * The outcomes by total, and those without one after them by kind and message:
 * VERDICT->outcomes pointers, to be freed; NULL where memory ran out.
 */
const struct outcome **names_sorted(const struct verdict_names *names,
                                    const struct verdict *verdict);

#endif
