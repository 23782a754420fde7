/*
 * How many states there are, whatever the compiler left lying about.
 *
 * A register or a place on the stack that nobody will read again still tells two
 * states apart, and compilers differ in what they leave there. So states that
 * look alike from outside (memory, objects, store buffers, what each worker is
 * about to do) and that always lead to states that look alike are counted as
 * one: the classes of a bisimulation (Park 1981), by refining a partition.
 */
#ifndef HARNESS_EXPLORE_DISTINCT_H
#define HARNESS_EXPLORE_DISTINCT_H

#include "harness/explore/graph.h"

/* Of a graph that was searched to the end. Where there is not enough memory for
 * it, the number of nodes. */
uint64_t distinct_states(const struct graph *graph);

#endif
