/*
 * malloc and its kin, from a piece of memory that belongs to the worker alone.
 * What is free is found again in lists of one size each, powers of two, so that
 * a program that frees what it has taken comes back to the state it was in.
 */
#include <errno.h>
#include <string.h>

#include "harness/explore/hooks.h"
#include "harness/explore/model/model.h"
#include "harness/explore/vehicle.h"

enum {
	SMALLEST = 4, /* as powers of two: 16 bytes */
	LARGEST = 20,
	HEADER = 16, /* keeps what follows aligned */
};

/* At the start of the heap; offsets into it, 0: none. */
struct lists {
	uint32_t first[LARGEST + 1];
};

struct block {
	uint32_t power;
	uint32_t next; /* while it is free */
};

static HOOK struct block *block_at(uint32_t offset)
{
	return (struct block *)(void *)(hooks.heap + offset);
}

static HOOK uint32_t power_for(size_t bytes)
{
	uint32_t power = SMALLEST;

	while (power < LARGEST && ((size_t)1 << power) < bytes)
		power++;
	return power;
}

/* Returns 0 where the heap is full. */
static HOOK uint32_t take(uint32_t power)
{
	struct lists *lists = (struct lists *)(void *)hooks.heap;
	uint32_t *used = &hooks.self->now.heap_used;
	uint32_t offset;

	if (*used == 0) {
		__builtin_memset(lists, 0, sizeof(*lists));
		*used = (sizeof(*lists) + HEADER - 1) / HEADER * HEADER;
	}
	offset = lists->first[power];
	if (offset) {
		lists->first[power] = block_at(offset)->next;
		return offset;
	}
	offset = *used;
	if (offset + HEADER + (1u << power) > HEAP_BYTES)
		return 0;
	*used = offset + HEADER + (1u << power);
	return offset;
}

void *explored_malloc(size_t bytes);
MODEL_FRONT void *explored_malloc(size_t bytes)
{
	uint32_t power = power_for(bytes), offset = 0;

	if (bytes <= (size_t)1 << power)
		offset = take(power);
	if (!offset) {
		(void)model_errno(-ENOMEM);
		return NULL;
	}
	/* Zeroed: what was there before must not tell two states apart. */
	__builtin_memset(block_at(offset), 0, HEADER + ((size_t)1 << power));
	block_at(offset)->power = power;
	return hooks.heap + offset + HEADER;
}

void explored_free(void *memory);
MODEL_FRONT void explored_free(void *memory)
{
	struct lists *lists = (struct lists *)(void *)hooks.heap;
	uint32_t offset;

	if (!memory)
		return;
	offset = (uint32_t)((unsigned char *)memory - hooks.heap) - HEADER;
	if (offset >= hooks.self->now.heap_used ||
	    block_at(offset)->power > LARGEST || block_at(offset)->next)
		hooks_stop(STOP_CRASH, 0, __builtin_return_address(0),
		           "free of what malloc did not give");
	__builtin_memset(memory, 0, (size_t)1 << block_at(offset)->power);
	block_at(offset)->next = lists->first[block_at(offset)->power];
	lists->first[block_at(offset)->power] = offset;
}

void *explored_calloc(size_t count, size_t bytes);
MODEL_FRONT void *explored_calloc(size_t count, size_t bytes)
{
	size_t all;

	if (__builtin_mul_overflow(count, bytes, &all))
		all = SIZE_MAX;
	return explored_malloc(all);
}

void *explored_realloc(void *memory, size_t bytes);
MODEL_FRONT void *explored_realloc(void *memory, size_t bytes)
{
	void *moved = explored_malloc(bytes);
	size_t old;

	if (!memory || !moved)
		return moved;
	old = (size_t)1 << block_at((uint32_t)((unsigned char *)memory -
	                                       hooks.heap) -
	                            HEADER)
	                           ->power;
	__builtin_memcpy(moved, memory, old < bytes ? old : bytes);
	explored_free(memory);
	return moved;
}
