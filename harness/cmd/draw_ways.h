/* Drawing ways to talk with gnuplot. */
#ifndef HARNESS_CMD_DRAW_WAYS_H
#define HARNESS_CMD_DRAW_WAYS_H

#include "harness/cmd/draw.h"
#include "harness/view/ways.h"

/* As draw_figures(): latency and throughput against size. Returns a status. */
int draw_ways(const struct ways *ways, const struct draw_options *options);

#endif
