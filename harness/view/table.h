/* A comparison as text for people: at most 80 columns, plain ASCII. */
#ifndef HARNESS_VIEW_TABLE_H
#define HARNESS_VIEW_TABLE_H

#include <stdbool.h>

#include "harness/view/comparison.h"

/*
 * The result table. COLOR uses ANSI sequences, for a terminal. Returns text to
 * be freed with free(), or NULL.
 */
char *table_of(const struct comparison *comparison, bool color);

/*
 * What a reader must know to judge the table, each with the next command to
 * type; "" where all is well. To be freed with free(), or NULL.
 */
char *table_warnings(const struct comparison *comparison);

#endif
