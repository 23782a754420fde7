/* A comparison for programs. */
#ifndef HARNESS_VIEW_SUMMARY_JSON_H
#define HARNESS_VIEW_SUMMARY_JSON_H

#include <jansson.h>

#include "harness/stats/summary.h"
#include "harness/view/comparison.h"

/*
 * One "summary" object a line for each cell, as docs/records.md describes it.
 * To be freed with free(); NULL where memory ran out.
 */
char *summary_json(const struct comparison *comparison);

/*
 * {"median", "low", "high"}, or null where there is no value; low and high are
 * null where there is no interval. A new reference, or NULL.
 */
json_t *summary_interval_json(const struct summary *summary);

#endif
