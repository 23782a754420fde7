/*
 * Bytes one after another that grow at the end: an array of what is not known
 * beforehand to be how many. Growing may move it: keep indices, not pointers.
 */
#ifndef HARNESS_BASE_PILE_H
#define HARNESS_BASE_PILE_H

#include <stdbool.h>
#include <stddef.h>

struct pile {
	unsigned char *bytes;
	size_t used, capacity;
};

/* What several piles may take together. */
struct pile_budget {
	size_t bytes, limit;
};

/* Makes room for COUNT more bytes. False where that would exceed the budget. */
bool pile_reserve(struct pile *pile, struct pile_budget *budget, size_t count);

/* Gives the memory back to the budget and to the system. */
void pile_free(struct pile *pile, struct pile_budget *budget);

/* COUNT more bytes, for which there is room; not zeroed. */
static inline void *pile_push(struct pile *pile, size_t count)
{
	void *bytes = pile->bytes + pile->used;

	pile->used += count;
	return bytes;
}

#endif
