/*
 * A ring in shared memory; who finds it empty or full looks again at once. No
 * system call is made: nothing is faster where each side has a processor, and
 * where they share one, each turn waits for the end of the other's time slice.
 */
#include "harness/ipc/channels.h"
#include "harness/ipc/ring.h"
#include "sync/cpu.h"

static void spin(struct ring_end *end, uint32_t seen)
{
	while (__atomic_load_n(&end->count, __ATOMIC_RELAXED) == seen)
		cpu_pause();
}

/* Pairs with the acquires in ring_put and ring_take. */
static void tell(struct ring_end *end, uint32_t count)
{
	__atomic_store_n(&end->count, count, __ATOMIC_RELEASE);
}

static const struct ring_manners manners = { spin, tell };

static int init(struct ipc_way *way)
{
	(void)way; /* a ring that is all zero is empty */
	return 0;
}

static int send_bytes(const struct ipc_way *way, const void *buffer,
                      size_t bytes)
{
	ring_put(way->shared, &manners, buffer, bytes);
	return 0;
}

static int receive_bytes(const struct ipc_way *way, void *buffer, size_t bytes)
{
	ring_take(way->shared, &manners, buffer, bytes);
	return 0;
}

static void destroy(struct ipc_way *way)
{
	(void)way; /* the memory is the engine's */
}

const struct ipc_channel ipc_shm_spin = {
	.name = "shm_spin",
	.summary = "shared memory: a ring of bytes, never asleep",
	.source = "shm_overview(7)",
	.init = init,
	.send = send_bytes,
	.receive = receive_bytes,
	.moved = ring_moved,
	.destroy = destroy,
};
