/* A ring in shared memory; who finds it empty or full sleeps on a futex. */
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/ipc/channels.h"
#include "harness/ipc/ring.h"

/*
 * One says "I sleep" and then looks at the count; the other stores the count
 * and then looks whether somebody sleeps. Sequentially consistent, all four: in
 * any weaker order both could miss what the other has just stored, and nobody
 * would wake the sleeper.
 */
static void sleep_on(struct ring_end *end, uint32_t seen)
{
	__atomic_store_n(&end->asleep, 1, __ATOMIC_SEQ_CST);
	/* Returns at once where the count is no longer what was seen. */
	if (__atomic_load_n(&end->count, __ATOMIC_SEQ_CST) == seen)
		(void)syscall(SYS_futex, &end->count, FUTEX_WAIT, seen, NULL,
		              NULL, 0);
	__atomic_store_n(&end->asleep, 0, __ATOMIC_RELAXED);
}

static void tell_sleeper(struct ring_end *end, uint32_t count)
{
	__atomic_store_n(&end->count, count, __ATOMIC_SEQ_CST);
	if (__atomic_load_n(&end->asleep, __ATOMIC_SEQ_CST))
		(void)syscall(SYS_futex, &end->count, FUTEX_WAKE, INT_MAX, NULL,
		              NULL, 0);
}

static const struct ring_manners manners = { sleep_on, tell_sleeper };

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

const struct ipc_channel ipc_shm_futex = {
	.name = "shm_futex",
	.summary = "shared memory: a ring of bytes, asleep on a futex",
	.source = "futex(7), shm_overview(7)",
	.init = init,
	.send = send_bytes,
	.receive = receive_bytes,
	.moved = ring_moved,
	.destroy = destroy,
};
