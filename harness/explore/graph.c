#include "harness/explore/graph.h"

#include <errno.h>
#include <sys/mman.h>

enum { FIRST_SLOTS = 1024 };

/* One of the table's slots is looked at for each move, anywhere in it: with
 * pages of the usual size the processor would look up most of them first. */
static struct graph_slot *map_slots(size_t bytes)
{
	void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	(void)madvise(memory, bytes, MADV_HUGEPAGE); /* only a wish */
	return memory;
}

static size_t slots_bytes(const struct graph *graph)
{
	return graph->slots ? ((size_t)graph->mask + 1) * sizeof(*graph->slots)
	                    : 0;
}

static void drop_slots(struct graph *graph)
{
	if (graph->slots)
		(void)munmap(graph->slots, slots_bytes(graph));
	graph->budget->bytes -= slots_bytes(graph);
	graph->slots = NULL;
}

static void insert(struct graph_slot *table, uint32_t mask,
                   const uint64_t hash[2], uint32_t node)
{
	uint32_t at = (uint32_t)hash[0] & mask;

	while (table[at].node)
		at = (at + 1) & mask;
	table[at].tag = (uint32_t)hash[1];
	table[at].node = node + 1;
}

static bool resize(struct graph *graph, uint32_t slots)
{
	size_t bytes = slots * sizeof(*graph->slots);
	struct graph_slot *table;

	if (graph->budget->bytes + bytes > graph->budget->limit)
		return false;
	table = map_slots(bytes);
	if (!table)
		return false;
	for (uint32_t i = 0; i < graph->count; i++)
		insert(table, slots - 1, graph_node(graph, i)->hash, i);
	drop_slots(graph);
	graph->slots = table;
	graph->mask = slots - 1;
	graph->budget->bytes += bytes;
	return true;
}

int graph_open(struct graph *graph, struct pile_budget *budget)
{
	*graph = (struct graph){ .budget = budget };
	return resize(graph, FIRST_SLOTS) ? 0 : -ENOMEM;
}

void graph_close(struct graph *graph)
{
	drop_slots(graph);
	pile_free(&graph->nodes, graph->budget);
	pile_free(&graph->edges, graph->budget);
	pile_free(&graph->order, graph->budget);
}

uint32_t graph_find(const struct graph *graph, const uint64_t hash[2])
{
	uint32_t at = (uint32_t)hash[0] & graph->mask;

	for (; graph->slots[at].node; at = (at + 1) & graph->mask) {
		const struct node *node;

		if (graph->slots[at].tag != (uint32_t)hash[1])
			continue;
		node = graph_node(graph, graph->slots[at].node - 1);
		if (node->hash[0] == hash[0] && node->hash[1] == hash[1])
			return graph->slots[at].node - 1;
	}
	return GRAPH_NONE;
}

static bool make_room(struct graph *graph, unsigned edges)
{
	/* At most half of the slots are taken; numbers end below NONE. */
	if (graph->count > graph->mask / 2 &&
	    (graph->mask > UINT32_MAX / 4 ||
	     !resize(graph, (graph->mask + 1) * 2)))
		return false;
	return pile_reserve(&graph->nodes, graph->budget,
	                    sizeof(struct node)) &&
	       pile_reserve(&graph->edges, graph->budget,
	                    edges * sizeof(struct edge)) &&
	       pile_reserve(&graph->order, graph->budget,
	                    (graph->count + 1) * sizeof(uint32_t) -
	                            graph->order.used) &&
	       graph->edges.used / sizeof(struct edge) < GRAPH_NONE - edges;
}

uint32_t graph_add(struct graph *graph, const uint64_t hash[2],
                   const struct move *moves, unsigned count)
{
	struct node *node;

	if (!make_room(graph, count))
		return GRAPH_NONE;
	node = pile_push(&graph->nodes, sizeof(*node));
	*node = (struct node){
		.hash = { hash[0], hash[1] },
		.edge = (uint32_t)(graph->edges.used / sizeof(struct edge)),
		.edges = (uint16_t)count,
		.outcome = NODE_INNER,
		.open = true,
	};
	for (unsigned i = 0; i < count; i++) {
		struct edge *edge = pile_push(&graph->edges, sizeof(*edge));

		*edge = (struct edge){ .to = GRAPH_NONE, .move = moves[i] };
	}
	insert(graph->slots, graph->mask, hash, graph->count);
	return graph->count++;
}

void graph_finish(struct graph *graph, uint32_t node)
{
	uint32_t *place = pile_push(&graph->order, sizeof(*place));

	graph_node(graph, node)->open = false;
	*place = node;
}
