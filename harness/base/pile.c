#include "harness/base/pile.h"

#include <stdlib.h>

enum { FIRST = 4096 };

/* Half as much again, or up to the limit where that is enough. */
static size_t wanted(const struct pile *pile, const struct pile_budget *budget,
                     size_t needed)
{
	size_t capacity = pile->capacity + pile->capacity / 2;
	size_t most = budget->limit - budget->bytes + pile->capacity;

	if (capacity < FIRST)
		capacity = FIRST;
	if (capacity < needed)
		capacity = needed;
	return capacity > most ? most : capacity;
}

bool pile_reserve(struct pile *pile, struct pile_budget *budget, size_t count)
{
	size_t needed = pile->used + count, capacity;
	unsigned char *bytes;

	if (needed <= pile->capacity)
		return true;
	capacity = wanted(pile, budget, needed);
	if (capacity < needed)
		return false;
	bytes = realloc(pile->bytes, capacity);
	if (!bytes)
		return false;
	budget->bytes += capacity - pile->capacity;
	pile->bytes = bytes;
	pile->capacity = capacity;
	return true;
}

void pile_free(struct pile *pile, struct pile_budget *budget)
{
	free(pile->bytes);
	budget->bytes -= pile->capacity;
	*pile = (struct pile){ 0 };
}
