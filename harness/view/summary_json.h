/* A comparison for programs. */
#ifndef HARNESS_VIEW_SUMMARY_JSON_H
#define HARNESS_VIEW_SUMMARY_JSON_H

#include "harness/view/comparison.h"

/*
 * One "summary" object a line for each cell, as docs/records.md describes it.
 * To be freed with free(); NULL where memory ran out.
 */
char *summary_json(const struct comparison *comparison);

#endif
