/*
 * The timed loop once more, as a probe: with work in the critical section and
 * between two increments, and with notes on how each increment went. What is
 * noted changes what is measured, so cost and loss are never taken from here.
 */
#ifndef SYNC_PROBE_H
#define SYNC_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/cpu.h"

/*
 * A histogram of whole numbers, exact below 64 and to 1 in 32 above: so many
 * buckets for each power of two (as HdrHistogram's, by Gil Tene).
 */
enum {
	SYNC_EXACT = 64,
	SYNC_EXACT_BITS = 6,
	SYNC_STEPS = 32,
	SYNC_STEPS_BITS = 5,
	SYNC_BUCKETS = SYNC_EXACT + (64 - SYNC_EXACT_BITS) * SYNC_STEPS,
};

static inline unsigned sync_bucket(uint64_t value)
{
	unsigned power;

	if (value < SYNC_EXACT)
		return (unsigned)value;
	power = 63 - (unsigned)__builtin_clzll(value);
	return SYNC_EXACT + (power - SYNC_EXACT_BITS) * SYNC_STEPS +
	       (unsigned)(value >> (power - SYNC_STEPS_BITS)) % SYNC_STEPS;
}

/* The smallest value of a bucket; one past the last gives 2^64 - 1. */
static inline uint64_t sync_bucket_low(unsigned bucket)
{
	unsigned power, step;

	if (bucket < SYNC_EXACT)
		return bucket;
	if (bucket >= SYNC_BUCKETS)
		return UINT64_MAX;
	power = SYNC_EXACT_BITS + (bucket - SYNC_EXACT) / SYNC_STEPS;
	step = (bucket - SYNC_EXACT) % SYNC_STEPS;
	return (uint64_t)(SYNC_STEPS + step) << (power - SYNC_STEPS_BITS);
}

/* Of one worker, on lines of its own; starts zeroed. */
struct sync_notes {
	uint64_t latency[SYNC_BUCKETS];  /* of an increment, in cpu_ticks */
	uint64_t rollback[SYNC_BUCKETS]; /* by how much the counter fell */
	uint64_t longest;                /* latency, in cpu_ticks */
	uint64_t handovers; /* the lock had last been with somebody else */
	uint64_t last;      /* what this worker stored last */
};

/* What a probe does besides incrementing. */
struct sync_probe {
	/* Turns of cpu_work: between load and store, between increments. */
	uint64_t inside, outside;
	bool timed;   /* takes the time of each increment */
	bool watched; /* looks whether the counter fell, and who was before */
	unsigned *holder; /* shared: who was inside last, from 1 */
	struct sync_notes *notes;
};

static inline void sync_note_latency(struct sync_notes *notes, uint64_t ticks)
{
	notes->latency[sync_bucket(ticks)]++;
	if (ticks > notes->longest)
		notes->longest = ticks;
}

/* Inside, where only one should be: SEEN is what the counter says. */
static inline void sync_note_inside(const struct sync_probe *probe,
                                    unsigned self, uint64_t seen)
{
	struct sync_notes *notes = probe->notes;

	if (seen < notes->last)
		notes->rollback[sync_bucket(notes->last - seen)]++;
	notes->last = seen + 1;
	if (*(volatile unsigned *)probe->holder == self + 1)
		return;
	notes->handovers++;
	*(volatile unsigned *)probe->holder = self + 1;
}

/* As sync_increment, with work where another worker may come in between. */
static inline void sync_probed_increment(const struct sync_probe *probe,
                                         unsigned self, uint64_t *counter)
{
	uint64_t seen = *(volatile uint64_t *)counter;

	if (probe->watched)
		sync_note_inside(probe, self, seen);
	cpu_work(probe->inside);
	*(volatile uint64_t *)counter = cpu_opaque(seen) + 1;
}

#endif
