/*
 * The states that a search has seen, and the moves between them: found again by
 * a 128-bit hash of the state, numbered in the order of their discovery.
 */
#ifndef HARNESS_EXPLORE_GRAPH_H
#define HARNESS_EXPLORE_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/pile.h"
#include "harness/explore/machine.h"

enum {
	GRAPH_NONE = INT32_MAX,  /* an edge that nobody has followed yet */
	NODE_INNER = UINT16_MAX, /* it is no end */
};

struct node {
	uint64_t hash[2];
	uint64_t outside; /* a hash of what the state looks like from outside */
	uint32_t edge;    /* the first of its edges */
	uint16_t edges;   /* how many */
	uint16_t outcome; /* of an end, the outcome's number; NODE_INNER */
	bool open;        /* the search is still below it */
};

struct edge {
	uint32_t to; /* itself: a spinning wait, which is as good as no move */
	struct move move;
};

/* In the table: enough of the hash to leave most other nodes in peace. */
struct graph_slot {
	uint32_t tag;
	uint32_t node; /* its number + 1; 0: the slot is free */
};

struct graph {
	struct pile nodes, edges;
	struct pile order; /* nodes as the search left them: uint32_t */
	struct graph_slot *slots;
	uint32_t count, mask;
	bool cyclic; /* beyond spinning on one access */
	struct pile_budget *budget;
};

/* Makes it empty. Returns 0 or -ENOMEM. */
int graph_open(struct graph *graph, struct pile_budget *budget);
void graph_close(struct graph *graph);

static inline struct node *graph_node(const struct graph *graph, uint32_t node)
{
	return (struct node *)(void *)graph->nodes.bytes + node;
}

static inline struct edge *graph_edge(const struct graph *graph, uint32_t edge)
{
	return (struct edge *)(void *)graph->edges.bytes + edge;
}

/* The number of the state, or GRAPH_NONE. */
uint32_t graph_find(const struct graph *graph, const uint64_t hash[2]);

/*
 * Adds a state that is not there yet, with its moves. Returns its number, or
 * GRAPH_NONE where the budget is spent.
 */
uint32_t graph_add(struct graph *graph, const uint64_t hash[2],
                   const struct move *moves, unsigned count);

/* The search has left the node: it comes after all that can be reached. */
void graph_finish(struct graph *graph, uint32_t node);

/* Whether the edge is a move that somebody must make in the end: not a spinning
 * wait, and no wake-up for no reason. */
static inline bool graph_is_proper(uint32_t node, const struct edge *edge)
{
	return edge->to != node && edge->move.way != WAY_SPURIOUS;
}

#endif
