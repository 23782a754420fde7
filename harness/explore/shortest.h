/* The way through the graph with the fewest preemptions, and of those the
 * shortest: exact, over (state, who moved last). */
#ifndef HARNESS_EXPLORE_SHORTEST_H
#define HARNESS_EXPLORE_SHORTEST_H

#include "harness/explore/graph.h"

struct shortest;

struct path {
	struct move *moves; /* malloc'ed, the receiver's */
	size_t count;
	unsigned preemptions;
};

/* Finds all ways from the first state. NULL where there is no memory. */
struct shortest *shortest_open(const struct graph *graph, unsigned workers);

/* To the nearest end with that outcome. Returns 0; -ENOENT, -ENOMEM. */
int shortest_path(const struct shortest *shortest, uint16_t outcome,
                  struct path *path);

void shortest_close(struct shortest *shortest);

#endif
