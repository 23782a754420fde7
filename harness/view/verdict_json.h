/* A verdict for programs, as docs/records.md describes it. */
#ifndef HARNESS_VIEW_VERDICT_JSON_H
#define HARNESS_VIEW_VERDICT_JSON_H

#include "harness/view/names.h"

/*
 * One "verdict" object on a line. OUTCOMES: with all of them. To be freed with
 * free(); NULL where memory ran out.
 */
char *verdict_json(const struct verdict *verdict,
                   const struct verdict_names *names, bool outcomes);

#endif
