/*
 * Depth first over states: from each state every move is tried once, and a state
 * that is known is not searched again. With a bound on preemptions a state is
 * told apart by who moved last, and how many there were.
 */
#include <string.h>

#include "harness/explore/search.h"

struct frame {
	uint32_t node;
	uint16_t next;  /* which of its edges */
	uint8_t worker; /* whose move led here */
	uint8_t last;   /* who last made a step; MODEL_PARENT: nobody */
	uint32_t preemptions;
	size_t tape; /* where the tape ended before that move */
};

struct descent {
	struct search *search;
	struct graph *graph;
	struct pile frames, tape;
	bool pruned;
};

static struct frame *top(const struct descent *descent)
{
	return (struct frame *)(void *)(descent->frames.bytes +
	                                descent->frames.used) -
	       1;
}

/* The worker that moved last comes first: what it can do decides what is a
 * preemption. */
static void put_first(struct move *moves, unsigned count, unsigned last)
{
	unsigned to = 0;

	for (unsigned i = 0; i < count; i++) {
		struct move move = moves[i];

		if (move.worker != last)
			continue;
		memmove(&moves[to + 1], &moves[to], (i - to) * sizeof(move));
		moves[to++] = move;
	}
}

static bool is_bounded(const struct descent *descent)
{
	return descent->search->spec->preemptions != EXPLORE_ANY;
}

static void hash_state(const struct descent *descent, const struct frame *frame,
                       uint64_t hash[2])
{
	machine_hash(descent->search->machine, hash);
	if (!is_bounded(descent))
		return;
	hash[0] += (frame->preemptions + UINT64_C(1)) *
	           UINT64_C(0x9e3779b97f4a7c15);
	hash[1] += (frame->last + UINT64_C(1)) * UINT64_C(0xbf58476d1ce4e5b9);
}

/* Adds the machine's state and goes there. False: the budget is spent. */
static bool enter(struct descent *descent, struct frame frame,
                  const uint64_t hash[2])
{
	struct search *search = descent->search;
	struct move moves[MACHINE_MOVES];
	unsigned count = machine_moves(search->machine, moves);
	struct frame *place;

	if (is_bounded(descent))
		put_first(moves, count, frame.last);
	if (!pile_reserve(&descent->frames, &search->budget, sizeof(frame)))
		return false;
	frame.node = graph_add(descent->graph, hash, moves, count);
	if (frame.node == GRAPH_NONE)
		return false;
	graph_node(descent->graph, frame.node)->outside =
	        machine_hash_outside(search->machine);
	place = pile_push(&descent->frames, sizeof(frame));
	*place = frame;
	search_races(search);
	if (count == 0)
		graph_node(descent->graph, frame.node)->outcome = search_end(
		        search, !machine_ended(search->machine), false);
	return true;
}

static bool save(struct descent *descent, unsigned worker)
{
	const struct machine *machine = descent->search->machine;
	size_t bytes = machine_saved_bytes(machine, worker);

	if (!pile_reserve(&descent->tape, &descent->search->budget, bytes))
		return false;
	machine_save(machine, worker, pile_push(&descent->tape, bytes));
	return true;
}

static void take_back(struct descent *descent, unsigned worker, size_t tape)
{
	machine_restore(descent->search->machine, worker,
	                descent->tape.bytes + tape);
	descent->tape.used = tape;
}

/* Whether who moved last could have gone on. */
static bool last_can_go(const struct graph *graph, const struct frame *frame)
{
	const struct node *node = graph_node(graph, frame->node);

	for (uint16_t i = 0; i < frame->next; i++) {
		const struct edge *edge = graph_edge(graph, node->edge + i);

		if (edge->move.worker == frame->last &&
		    edge->move.way != WAY_FLUSH &&
		    graph_is_proper(frame->node, edge))
			return true;
	}
	return false;
}

/* The frame that MOVE leads to; false where the bound forbids it. */
static bool follow(struct descent *descent, const struct frame *from,
                   struct move move, struct frame *to)
{
	*to = (struct frame){ .worker = move.worker,
		              .last = from->last,
		              .preemptions = from->preemptions,
		              .tape = descent->tape.used };
	if (!is_bounded(descent) || move.way == WAY_FLUSH)
		return true;
	to->last = move.worker;
	if (move.worker != from->last && last_can_go(descent->graph, from))
		to->preemptions++;
	if (to->preemptions <= (unsigned)descent->search->spec->preemptions)
		return true;
	descent->pruned = true;
	return false;
}

/* Takes the next edge of the top frame. False: the budget is spent. */
static bool advance(struct descent *descent)
{
	struct graph *graph = descent->graph;
	struct frame *from = top(descent), to;
	uint32_t at = graph_node(graph, from->node)->edge + from->next;
	uint32_t node, self = from->node;
	struct move move = graph_edge(graph, at)->move;
	uint64_t hash[2];

	if (!follow(descent, from, move, &to)) {
		from->next++;
		return true;
	}
	if (!save(descent, move.worker))
		return false;
	machine_step(descent->search->machine, move);
	descent->search->verdict->steps++;
	from->next++;
	hash_state(descent, &to, hash);
	node = graph_find(graph, hash);
	if (node == GRAPH_NONE) {
		graph_edge(graph, at)->to = graph->count;
		if (enter(descent, to, hash))
			return true;
		graph_edge(graph, at)->to = GRAPH_NONE;
		take_back(descent, move.worker, to.tape);
		return false;
	}
	graph_edge(graph, at)->to = node;
	graph->cyclic |= node != self && graph_node(graph, node)->open;
	descent->search->verdict->executions++;
	take_back(descent, move.worker, to.tape);
	return true;
}

/* Whether nobody gets anywhere from here: all moves are waits in vain. */
static bool is_stuck(const struct graph *graph, uint32_t number, bool *spinning)
{
	const struct node *node = graph_node(graph, number);

	*spinning = false;
	for (uint16_t i = 0; i < node->edges; i++) {
		const struct edge *edge = graph_edge(graph, node->edge + i);

		if (graph_is_proper(number, edge))
			return false;
		*spinning |= edge->to == number;
	}
	return node->edges > 0;
}

static void leave(struct descent *descent, bool whole)
{
	struct frame frame = *top(descent);
	bool spinning;

	if (whole && is_stuck(descent->graph, frame.node, &spinning))
		graph_node(descent->graph, frame.node)->outcome =
		        search_end(descent->search, true, spinning);
	if (graph_node(descent->graph, frame.node)->edges == 0)
		descent->search->verdict->executions++;
	graph_finish(descent->graph, frame.node);
	descent->frames.used -= sizeof(frame);
	if (descent->frames.used)
		take_back(descent, frame.worker, frame.tape);
}

static void descend(struct descent *descent)
{
	bool whole = true;

	while (descent->frames.used) {
		const struct frame *frame = top(descent);

		if (!whole ||
		    frame->next ==
		            graph_node(descent->graph, frame->node)->edges)
			leave(descent, whole);
		else
			whole = !search_is_over(descent->search) &&
			        advance(descent);
	}
	descent->search->verdict->complete = whole && !descent->pruned;
	descent->search->verdict->cut = !whole;
}

void search_all(struct search *search, struct graph *graph)
{
	struct descent descent = { .search = search, .graph = graph };
	struct frame root = { .last = MODEL_PARENT };
	uint64_t hash[2];

	hash_state(&descent, &root, hash);
	if (enter(&descent, root, hash))
		descend(&descent);
	else
		search->verdict->cut = true;
	search->verdict->states = graph->count;
	pile_free(&descent.frames, &search->budget);
	pile_free(&descent.tape, &search->budget);
}
