/*
 * The few instructions that C cannot ask for. Inline assembly stands here and
 * nowhere else, so that explored builds can take a twin of this file in plain C.
 */
#ifndef SYNC_CPU_H
#define SYNC_CPU_H

#include <stdbool.h>
#include <stdint.h>

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
