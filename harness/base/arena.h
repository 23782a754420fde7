/*
 * Anonymous memory that forked children share: no name, no key, and the kernel
 * frees it with the last process. All of it is zero and in place at once, so
 * that no page is first touched while a clock runs.
 */
#ifndef HARNESS_BASE_ARENA_H
#define HARNESS_BASE_ARENA_H

#include <stddef.h>

struct arena {
	void *base; /* page-aligned; NULL before arena_map and after unmap */
	size_t bytes;
};

/* Maps at least BYTES. Returns 0 or -errno. */
int arena_map(struct arena *arena, size_t bytes);

/* Gives it back. Copes with an arena that was never mapped. */
void arena_unmap(struct arena *arena);

/*
 * Brings a range of the mapping into the calling process's page table. A child
 * pays for the first touch of each page even if its parent touched it before.
 */
void arena_touch(void *start, size_t bytes);

#endif
