/*
 * The few instructions that C cannot ask for. Inline assembly stands here and
 * nowhere else, so that explored builds can take a twin of this file in plain C.
 */
#ifndef SYNC_CPU_H
#define SYNC_CPU_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/*
 * Makes the compiler forget what it knows of VALUE, at no cost at run time.
 * Between a load and a store it keeps the two apart: without it clang 14 fuses
 * even volatile ones into `addq $1,(mem)`.
 */
static inline uint64_t cpu_opaque(uint64_t value)
{
	__asm__ volatile("" : "+r"(value));
	return value;
}

/* Tells the processor that this is a spinning wait. */
static inline void cpu_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__asm__ volatile("pause");
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Keeps the processor busy for TURNS turns of a loop, about a cycle each. */
static inline void cpu_work(uint64_t turns)
{
	for (; turns > 0; turns--)
		__asm__ volatile("" : "+r"(turns));
}

/*
 * A clock that is cheap to read, in ticks of its own: the time stamp counter,
 * where there is one. What comes before in the program is done by then, and
 * what comes after has not begun (Intel, How to Benchmark Code Execution Times,
 * 2010).
 */
static inline uint64_t cpu_ticks(void)
{
#if defined(__x86_64__)
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc; lfence"
	                 : "=a"(low), "=d"(high)
	                 :
	                 : "memory");
	return (uint64_t)high << 32 | low;
#else
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
#endif
}

/* Whether the machine can add to memory in one instruction without a lock. */
static inline bool cpu_has_unlocked_add(void)
{
#if defined(__x86_64__)
	return true;
#else
	return false;
#endif
}

/*
 * Adds one to *counter in a single read-modify-write instruction WITHOUT the
 * lock prefix: an interrupt cannot split it, another processor can.
 * Only where cpu_has_unlocked_add().
 */
static inline void cpu_unlocked_add(uint64_t *counter)
{
#if defined(__x86_64__)
	__asm__ volatile("incq %0" : "+m"(*counter) : : "cc");
#else
	*(volatile uint64_t *)counter += 1;
#endif
}

#endif
