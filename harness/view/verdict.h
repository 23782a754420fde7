/*
 * A verdict as text for people: at most 80 columns, but for a command that is to
 * be copied.
 */
#ifndef HARNESS_VIEW_VERDICT_H
#define HARNESS_VIEW_VERDICT_H

#include "harness/view/names.h"

/*
 * Target, verdict, what was covered, data races, and the witness with the
 * command that replays it. OUTCOMES: all of them, too, as a table. COLOR uses
 * ANSI sequences. To be freed with free(); NULL where memory ran out.
 */
char *verdict_text(const struct verdict *verdict,
                   const struct verdict_names *names, bool outcomes,
                   bool color);

/*
 * The data race number INDEX, as "a.c:1" twice and the cell. Returns false where
 * one before it reads the same.
 */
struct race_names {
	char line[2][NAMES_TEXT], cell[NAMES_TEXT];
};

bool verdict_race(const struct verdict *verdict,
                  const struct verdict_names *names, size_t index,
                  struct race_names *race);

#endif
