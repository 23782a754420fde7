#include "harness/explore/distinct.h"

#include <stdlib.h>
#include <string.h>

enum { ROUNDS_MAX = 1000 };

/* SplitMix64's finalizer (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t value)
{
	value = (value ^ value >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	value = (value ^ value >> 27) * UINT64_C(0x94d049bb133111eb);
	return value ^ value >> 31;
}

/* What a state looks like, and where its moves lead: to which classes so far. */
static uint64_t class_of(const struct graph *graph, uint32_t number,
                         const uint64_t *classes)
{
	const struct node *node = graph_node(graph, number);
	uint64_t class = mix(node->outside + node->outcome);

	for (uint16_t i = 0; i < node->edges; i++) {
		const struct edge *edge = graph_edge(graph, node->edge + i);
		uint64_t move = edge->move.worker * 256u + edge->move.way + 1u;
		uint64_t to = edge->to == number ? 0 : classes[edge->to];

		class = mix(class ^ mix(move + to));
	}
	return class;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t count_different(const uint64_t *classes, uint64_t *sorted,
                                uint32_t count)
{
	uint64_t different = 0;

	memcpy(sorted, classes, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	for (uint32_t i = 0; i < count; i++)
		different += i == 0 || sorted[i] != sorted[i - 1];
	return different;
}

/* Without cycles one pass is enough: what a state leads to comes before it. */
static void refine_in_order(const struct graph *graph, uint64_t *classes)
{
	const uint32_t *order =
	        (const uint32_t *)(const void *)graph->order.bytes;

	for (uint32_t i = 0; i < graph->count; i++)
		classes[order[i]] = class_of(graph, order[i], classes);
}

/* With cycles, all at once, until no class is split any more. */
static uint64_t refine_in_rounds(const struct graph *graph, uint64_t *classes,
                                 uint64_t *next)
{
	uint64_t before = 0, now = 1;

	for (int round = 0; round < ROUNDS_MAX && now != before; round++) {
		for (uint32_t i = 0; i < graph->count; i++)
			next[i] = class_of(graph, i, classes);
		memcpy(classes, next, graph->count * sizeof(*classes));
		before = now;
		now = count_different(classes, next, graph->count);
	}
	return now;
}

uint64_t distinct_states(const struct graph *graph)
{
	uint64_t *classes = calloc(graph->count, sizeof(*classes));
	uint64_t *room = calloc(graph->count, sizeof(*room));
	uint64_t states = graph->count;

	if (classes && room && graph->cyclic) {
		states = refine_in_rounds(graph, classes, room);
	} else if (classes && room) {
		refine_in_order(graph, classes);
		states = count_different(classes, room, graph->count);
	}
	free(classes);
	free(room);
	return states;
}
