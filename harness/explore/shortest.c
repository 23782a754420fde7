#include "harness/explore/shortest.h"

#include <errno.h>
#include <stdlib.h>

#include "harness/explore/explore.h"

/*
 * A place is a state and who made the last step there; WORKERS says nobody. Its
 * cost: preemptions in the upper half, moves in the lower.
 */
struct place {
	uint64_t cost;
	uint64_t from; /* the place before */
	uint32_t edge; /* and the edge from there */
	bool queued;
};

struct shortest {
	const struct graph *graph;
	uint64_t width; /* places of one state */
	struct place *places;
	uint64_t *queue; /* a ring; each place stands in it at most once */
	uint64_t head, waiting, capacity;
	uint64_t nearest[EXPLORE_OUTCOMES]; /* of an outcome, its best end */
};

static const uint64_t unreached = UINT64_MAX;
static const uint64_t preemption = UINT64_C(1) << 32;

static void enqueue(struct shortest *this, uint64_t place)
{
	if (this->places[place].queued)
		return;
	this->places[place].queued = true;
	this->queue[(this->head + this->waiting++) % this->capacity] = place;
}

static uint64_t dequeue(struct shortest *this)
{
	uint64_t place = this->queue[this->head];

	this->head = (this->head + 1) % this->capacity;
	this->waiting--;
	this->places[place].queued = false;
	return place;
}

/* Whether LAST could go on in that state by itself. */
static bool can_go(const struct graph *graph, uint32_t number, uint64_t last)
{
	const struct node *node = graph_node(graph, number);

	for (uint16_t i = 0; i < node->edges; i++) {
		const struct edge *edge = graph_edge(graph, node->edge + i);

		if (edge->move.worker == last && edge->move.way != WAY_FLUSH &&
		    graph_is_proper(number, edge))
			return true;
	}
	return false;
}

static void relax(struct shortest *this, uint64_t from, uint32_t edge_number,
                  bool last_can)
{
	const struct edge *edge = graph_edge(this->graph, edge_number);
	uint64_t last = from % this->width, cost, to;
	bool flush = edge->move.way == WAY_FLUSH;

	cost = this->places[from].cost + 1;
	if (!flush && edge->move.worker != last && last_can)
		cost += preemption;
	to = edge->to * this->width + (flush ? last : edge->move.worker);
	if (cost >= this->places[to].cost)
		return;
	this->places[to].cost = cost;
	this->places[to].from = from;
	this->places[to].edge = edge_number;
	enqueue(this, to);
}

static void find_all(struct shortest *this)
{
	const struct graph *graph = this->graph;
	uint64_t first = this->width - 1; /* nobody has moved */

	this->places[first].cost = 0;
	enqueue(this, first);
	while (this->waiting) {
		uint64_t from = dequeue(this);
		uint32_t number = (uint32_t)(from / this->width);
		const struct node *node = graph_node(graph, number);
		bool last_can = can_go(graph, number, from % this->width);

		for (uint32_t i = 0; i < node->edges; i++) {
			uint32_t to = graph_edge(graph, node->edge + i)->to;

			if (to != number && to != GRAPH_NONE)
				relax(this, from, node->edge + i, last_can);
		}
	}
}

/* Finds, for each of the outcomes, the end that is nearest. */
static void find_nearest(struct shortest *this)
{
	for (uint64_t i = 0; i < this->capacity; i++) {
		uint16_t outcome =
		        graph_node(this->graph, (uint32_t)(i / this->width))
		                ->outcome;
		uint64_t *nearest;

		if (outcome == NODE_INNER)
			continue;
		nearest = &this->nearest[outcome];
		if (this->places[i].cost != unreached &&
		    (*nearest == unreached ||
		     this->places[i].cost < this->places[*nearest].cost))
			*nearest = i;
	}
}

static void fill(struct shortest *this, unsigned workers)
{
	this->width = workers + 1;
	this->capacity = this->width * this->graph->count;
	this->places = calloc(this->capacity, sizeof(*this->places));
	this->queue = calloc(this->capacity, sizeof(*this->queue));
	if (!this->places || !this->queue)
		return;
	for (uint64_t i = 0; i < this->capacity; i++)
		this->places[i].cost = unreached;
	for (size_t i = 0; i < EXPLORE_OUTCOMES; i++)
		this->nearest[i] = unreached;
	find_all(this);
	find_nearest(this);
}

struct shortest *shortest_open(const struct graph *graph, unsigned workers)
{
	struct shortest *this = calloc(1, sizeof(*this));

	if (!this)
		return NULL;
	this->graph = graph;
	fill(this, workers);
	if (!this->places || !this->queue) {
		shortest_close(this);
		return NULL;
	}
	return this;
}

void shortest_close(struct shortest *this)
{
	if (!this)
		return;
	free(this->places);
	free(this->queue);
	free(this);
}

static int trace(const struct shortest *this, uint64_t place, struct path *path)
{
	uint64_t cost = this->places[place].cost;

	path->count = (uint32_t)cost;
	path->preemptions = (unsigned)(cost >> 32);
	path->moves = calloc(path->count + 1, sizeof(*path->moves));
	if (!path->moves)
		return -ENOMEM;
	for (size_t i = path->count; i-- > 0;) {
		const struct place *here = &this->places[place];

		path->moves[i] = graph_edge(this->graph, here->edge)->move;
		place = here->from;
	}
	return 0;
}

int shortest_path(const struct shortest *this, uint16_t outcome,
                  struct path *path)
{
	uint64_t place = this->nearest[outcome];

	return place == unreached ? -ENOENT : trace(this, place, path);
}
