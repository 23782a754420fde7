#include "harness/base/arena.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

int arena_map(struct arena *arena, size_t bytes)
{
	void *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	                  MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (base == MAP_FAILED)
		return -errno;
	arena->base = base;
	arena->bytes = bytes;
	return 0;
}

void arena_unmap(struct arena *arena)
{
	if (arena->base)
		(void)munmap(arena->base, arena->bytes); /* it was mapped */
	arena->base = NULL;
	arena->bytes = 0;
}

void arena_touch(void *start, size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *byte = start;
	/* To the next page's start from the first byte, then page by page. */
	size_t step = page - (uintptr_t)start % page;

	/* Adding nothing writes without disturbing whoever else writes there. */
	for (size_t at = 0; at < bytes; at += step, step = page)
		(void)__atomic_fetch_add(&byte[at], 0, __ATOMIC_RELAXED);
}
