/* A replay as a table for people: at most 80 columns. */
#ifndef HARNESS_VIEW_TRACE_H
#define HARNESS_VIEW_TRACE_H

#include "harness/explore/replay.h"
#include "harness/view/names.h"

/*
 * A row for each step: its number, the line of the source, what the worker did
 * in its own column, and what is in memory afterwards, with an arrow that shows
 * which way the value went. Columns of up to four workers stand around the
 * memory, more share one. Steps that one worker repeats are one row. Below a
 * store that overwrites what others stored since its worker loaded the cell,
 * that is said. At the end: how it ended.
 *
 * UTF8 draws arrows as characters; COLOR uses ANSI sequences. To be freed with
 * free(); NULL where memory ran out.
 */
char *trace_text(const struct replay *replay, const struct verdict_names *names,
                 bool utf8, bool color);

#endif
