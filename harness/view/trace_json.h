/* A replay for programs, as docs/records.md describes it. */
#ifndef HARNESS_VIEW_TRACE_JSON_H
#define HARNESS_VIEW_TRACE_JSON_H

#include "harness/explore/replay.h"
#include "harness/view/names.h"

/*
 * One "replay" object on a line, with all steps. To be freed with free(); NULL
 * where memory ran out.
 */
char *trace_json(const struct replay *replay,
                 const struct verdict_names *names);

#endif
