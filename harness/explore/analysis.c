/*
 * What follows from the graph of states: search.h, analysis_of().
 *
 * Interleavings are paths from the first state to an end. Going through the
 * states in topological order, each passes the number of paths that lead to it
 * on along its edges: what arrives at the ends is exact, however many there are.
 * In the same way goes the probability under a scheduler that draws the next
 * move uniformly. Where the graph has cycles (spinning waits of several
 * accesses) there are infinitely many paths, and only the probability is left:
 * that of the absorbing Markov chain, by repeating the pass until nothing is
 * under way any more.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/explore/distinct.h"
#include "harness/explore/search.h"
#include "harness/explore/shortest.h"

enum { ROUND_MOST = 64 }; /* moves */

static const uint32_t *order_of(const struct graph *graph)
{
	return (const uint32_t *)(const void *)graph->order.bytes;
}

/*
 * Whether the edge leads on: not a spinning wait, not one that nobody followed.
 * Stuck is stuck: that somebody might wake up for no reason is no way on.
 */
static bool leads_on(const struct graph *graph, uint32_t from,
                     const struct edge *edge)
{
	return edge->to != from && edge->to != GRAPH_NONE &&
	       graph_node(graph, from)->outcome == NODE_INNER;
}

/* --- counts and probabilities */

static void add_count(struct count *sum, const struct count *more)
{
	if (count_is_zero(sum))
		*sum = *more;
	else
		count_add(sum, more);
}

static void pass_paths(const struct graph *graph, uint32_t from,
                       struct count *paths)
{
	const struct node *node = graph_node(graph, from);

	for (uint16_t i = 0; i < node->edges; i++) {
		const struct edge *edge = graph_edge(graph, node->edge + i);

		if (leads_on(graph, from, edge))
			add_count(&paths[edge->to], &paths[from]);
	}
}

static void count_paths(const struct graph *graph, struct verdict *verdict)
{
	struct count *paths = calloc(graph->count, sizeof(*paths));

	if (!paths)
		return;
	paths[0] = count_of(1);
	for (uint32_t i = graph->count; i-- > 0;) {
		uint32_t from = order_of(graph)[i];
		uint16_t outcome = graph_node(graph, from)->outcome;

		if (outcome != NODE_INNER)
			count_add(&verdict->outcome[outcome].interleavings,
			          &paths[from]);
		pass_paths(graph, from, paths);
	}
	free(paths);
	verdict->counted = true;
}

static void share_paths(struct verdict *verdict)
{
	struct count all = count_of(0);

	for (size_t i = 0; i < verdict->outcomes; i++)
		count_add(&all, &verdict->outcome[i].interleavings);
	verdict->counted = !all.exceeded;
	for (size_t i = 0; i < verdict->outcomes && !all.exceeded; i++)
		verdict->outcome[i].p_interleavings =
		        count_double(&verdict->outcome[i].interleavings) /
		        count_double(&all);
}

/* Hands the probability of being in FROM on; returns what is still under way. */
static double pass_chance(const struct graph *graph, uint32_t from,
                          double *chance)
{
	const struct node *node = graph_node(graph, from);
	double share = chance[from];
	unsigned ways = 0;

	for (uint16_t i = 0; i < node->edges; i++)
		ways += leads_on(graph, from,
		                 graph_edge(graph, node->edge + i));
	if (!ways)
		return 0;
	chance[from] = 0;
	for (uint16_t i = 0; i < node->edges; i++) {
		const struct edge *edge = graph_edge(graph, node->edge + i);

		if (leads_on(graph, from, edge))
			chance[edge->to] += share / ways;
	}
	return share;
}

/* Where the chance of an outcome arrives: in states with no way on. */
static void collect_chances(const struct graph *graph, const double *chance,
                            struct verdict *verdict)
{
	for (size_t i = 0; i < verdict->outcomes; i++)
		verdict->outcome[i].p_scheduler = 0;
	for (uint32_t i = 0; i < graph->count; i++) {
		uint16_t outcome = graph_node(graph, i)->outcome;

		if (outcome != NODE_INNER)
			verdict->outcome[outcome].p_scheduler += chance[i];
	}
}

static void find_chances(const struct graph *graph, struct verdict *verdict)
{
	static const double rest = 1e-13;
	double *chance = calloc(graph->count, sizeof(*chance));
	double moving = 1;

	if (!chance)
		return;
	chance[0] = 1;
	for (int pass = 0; pass < 100000 && moving > rest; pass++) {
		moving = 0;
		for (uint32_t i = graph->count; i-- > 0;)
			moving +=
			        pass_chance(graph, order_of(graph)[i], chance);
		if (!graph->cyclic)
			moving = 0;
	}
	if (moving <= rest)
		collect_chances(graph, chance, verdict);
	free(chance);
}

/* --- who can still get to an end */

/* Marks what is an end, and all that has a proper move to what is marked. */
static bool spread(const struct graph *graph, unsigned char *marked)
{
	bool changed = false;

	for (uint32_t i = 0; i < graph->count; i++) {
		uint32_t from = order_of(graph)[i];
		const struct node *node = graph_node(graph, from);
		bool mark = node->outcome != NODE_INNER;

		for (uint16_t j = 0; j < node->edges && !mark; j++) {
			const struct edge *edge =
			        graph_edge(graph, node->edge + j);

			mark = graph_is_proper(from, edge) &&
			       (edge->to == GRAPH_NONE || marked[edge->to]);
		}
		changed |= mark && !marked[from];
		marked[from] |= mark;
	}
	return changed;
}

/*
 * A state from which no end can be reached is a livelock: stuck states are ends,
 * too. Returns such a state, or GRAPH_NONE.
 */
static uint32_t endless(const struct graph *graph)
{
	unsigned char *marked = calloc(graph->count, 1);
	uint32_t found = GRAPH_NONE;

	if (!marked || !graph->cyclic) {
		free(marked);
		return GRAPH_NONE;
	}
	while (spread(graph, marked))
		continue;
	for (uint32_t i = 0; i < graph->count && found == GRAPH_NONE; i++) {
		if (!marked[i])
			found = i;
	}
	free(marked);
	return found;
}

/* Returns the state where the livelock begins, or GRAPH_NONE. */
static uint32_t note_livelock(const struct graph *graph,
                              struct verdict *verdict)
{
	static const struct outcome livelock = {
		.kind = VERDICT_LIVELOCK,
		.message = "they go round for ever: no way leads to an end any "
		           "more",
		.p_interleavings = NAN,
		.p_scheduler = NAN,
	};
	uint32_t node = endless(graph);

	if (node == GRAPH_NONE || verdict->outcomes == EXPLORE_OUTCOMES)
		return GRAPH_NONE;
	verdict->outcome[verdict->outcomes] = livelock;
	graph_node(graph, node)->outcome = (uint16_t)verdict->outcomes++;
	return node;
}

/* --- the witnesses */

/* The edge to somebody else's move, where there is one. */
static const struct edge *next_in_round(const struct graph *graph,
                                        uint32_t number, unsigned last)
{
	const struct node *node = graph_node(graph, number);
	const struct edge *best = NULL;

	for (uint16_t i = 0; i < node->edges; i++) {
		const struct edge *edge = graph_edge(graph, node->edge + i);

		if (graph_is_proper(number, edge) && edge->to != GRAPH_NONE &&
		    (!best || best->move.worker <= last) &&
		    (!best || edge->move.worker > last))
			best = edge;
	}
	return best;
}

/*
 * A livelock is seen only by going round once: in turns, from where it begins
 * until a state comes again, or for as long as anybody would look.
 */
static size_t go_round(const struct graph *graph, uint32_t node,
                       struct move *moves, size_t most)
{
	uint32_t seen[ROUND_MOST + 1];
	unsigned last = MODEL_WORKERS;
	size_t count = 0;

	while (count < most) {
		const struct edge *edge = next_in_round(graph, node, last);

		seen[count] = node;
		for (size_t i = 0; i < count; i++) {
			if (seen[i] == node)
				return count;
		}
		if (!edge)
			break;
		moves[count++] = edge->move;
		last = edge->move.worker;
		node = edge->to;
	}
	return count;
}

static void set_witness(struct verdict *verdict, const struct graph *graph,
                        uint16_t outcome, struct path *path, uint32_t round)
{
	struct move *moves = realloc(path->moves, (path->count + ROUND_MOST) *
	                                                  sizeof(*moves));

	if (!moves)
		return;
	path->moves = moves;
	if (round != GRAPH_NONE && graph_node(graph, round)->outcome == outcome)
		path->count +=
		        go_round(graph, round, moves + path->count, ROUND_MOST);
	search_set_witness(verdict, outcome, moves, path->count,
	                   path->preemptions);
}

static void find_witnesses(struct search *search, const struct graph *graph,
                           uint32_t round)
{
	struct verdict *verdict = search->verdict;
	struct shortest *shortest =
	        shortest_open(graph, search->machine->spec.workers);
	struct path path;

	for (size_t i = 0; shortest && i < verdict->outcomes; i++) {
		if (shortest_path(shortest, (uint16_t)i, &path) < 0)
			continue;
		set_witness(verdict, graph, (uint16_t)i, &path, round);
		free(path.moves);
	}
	shortest_close(shortest);
}

void analysis_of(struct search *search, const struct graph *graph)
{
	struct verdict *verdict = search->verdict;
	uint32_t round;

	if (verdict->complete)
		verdict->states = distinct_states(graph);
	if (verdict->complete && search->spec->preemptions == EXPLORE_ANY) {
		if (!graph->cyclic) {
			count_paths(graph, verdict);
			share_paths(verdict);
		}
		find_chances(graph, verdict);
	}
	round = note_livelock(graph, verdict);
	if (search->spec->outcomes || verdict_worst(verdict))
		find_witnesses(search, graph, round);
}
