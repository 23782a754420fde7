/*
 * A ring of bytes in shared memory, from one sender to one receiver (Lamport,
 * Specifying Concurrent Program Modules, 1983, for why it needs no lock). How
 * to wait and how to tell is the channel's: the functions are inlined into it.
 *
 * Each side counts the bytes that it has put in or taken out, and only it
 * writes that count. They run over at 2^32, of which the ring's size is a
 * divisor.
 */
#ifndef HARNESS_IPC_RING_H
#define HARNESS_IPC_RING_H

#include <stdint.h>
#include <string.h>

#include "harness/ipc/ipc.h"

enum {
	RING_BYTES = IPC_HELD,
	/* Told in parts: so both sides can be at work on one long message. */
	RING_PART = RING_BYTES / 4,
	RING_APART = 128, /* two cache lines: the next one is fetched along */
};

struct ring_end {
	_Alignas(RING_APART) uint32_t count;
	uint32_t asleep; /* somebody waits for count to change */
};

struct ring {
	struct ring_end put, taken;
	_Alignas(4096) unsigned char byte[RING_BYTES];
};

_Static_assert(sizeof(struct ring) <= IPC_SHARED, "a way's memory holds it");

struct ring_manners {
	/* Returns after COUNT has changed from SEEN; too early does no harm. */
	void (*wait)(struct ring_end *end, uint32_t seen);
	/* Stores COUNT with release, or stronger, and wakes who waits for it. */
	void (*tell)(struct ring_end *end, uint32_t count);
};

/* How much of BYTES goes now: FREE at most, and not over the ring's end. */
static inline uint32_t ring_part(size_t bytes, uint32_t free, uint32_t at)
{
	uint32_t part = RING_BYTES - at;

	if (part > free)
		part = free;
	if (part > RING_PART)
		part = RING_PART;
	return bytes < part ? (uint32_t)bytes : part;
}

/* As in struct ipc_channel. */
static inline uint64_t ring_moved(const struct ipc_way *way)
{
	const struct ring *ring = way->shared;

	return (uint64_t)__atomic_load_n(&ring->put.count, __ATOMIC_RELAXED) +
	       __atomic_load_n(&ring->taken.count, __ATOMIC_RELAXED);
}

static inline __attribute__((always_inline)) void ring_put(
        struct ring *ring, const struct ring_manners *manners,
        const unsigned char *from, size_t bytes)
{
	uint32_t put = ring->put.count; /* nobody else writes it */

	while (bytes > 0) {
		/* Pairs with tell in ring_take: the bytes have been copied. */
		uint32_t taken =
		        __atomic_load_n(&ring->taken.count, __ATOMIC_ACQUIRE);
		uint32_t at = put % RING_BYTES;
		uint32_t part =
		        ring_part(bytes, RING_BYTES - (put - taken), at);

		if (part == 0) {
			manners->wait(&ring->taken, taken);
			continue;
		}
		memcpy(ring->byte + at, from, part);
		put += part;
		manners->tell(&ring->put, put);
		from += part;
		bytes -= part;
	}
}

static inline __attribute__((always_inline)) void ring_take(
        struct ring *ring, const struct ring_manners *manners,
        unsigned char *to, size_t bytes)
{
	uint32_t taken = ring->taken.count;

	while (bytes > 0) {
		/* Pairs with tell in ring_put: the bytes are there. */
		uint32_t put =
		        __atomic_load_n(&ring->put.count, __ATOMIC_ACQUIRE);
		uint32_t at = taken % RING_BYTES;
		uint32_t part = ring_part(bytes, put - taken, at);

		if (part == 0) {
			manners->wait(&ring->put, put);
			continue;
		}
		memcpy(to, ring->byte + at, part);
		taken += part;
		manners->tell(&ring->taken, taken);
		to += part;
		bytes -= part;
	}
}

#endif
