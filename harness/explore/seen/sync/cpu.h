/*
 * The twin of sync/cpu.h for explored builds, found before it: the same
 * functions in plain C, so that each access to memory is seen. Not one
 * instruction depends on the compiler's mood here, so that gcc and clang give
 * the same steps.
 */
#ifndef SYNC_CPU_H
#define SYNC_CPU_H

#include <stdbool.h>
#include <stdint.h>

/* A load and a store are kept apart by the hook of the store between them. */
static inline uint64_t cpu_opaque(uint64_t value)
{
	return value;
}

/* A hint, and no step: the search knows a spinning wait when it sees one. */
static inline void cpu_pause(void)
{
}

/* Time does not pass between two steps. */
static inline void cpu_work(uint64_t turns)
{
	(void)turns;
}

static inline uint64_t cpu_ticks(void)
{
	return 0;
}

static inline bool cpu_has_unlocked_add(void)
{
	return true;
}

/*
 * One instruction, but two steps: what is explored runs on several processors,
 * and another one can come between the load and the store of `incq (mem)`.
 */
static inline void cpu_unlocked_add(uint64_t *counter)
{
	uint64_t seen = *(volatile uint64_t *)counter;

	*(volatile uint64_t *)counter = seen + 1;
}

#endif
