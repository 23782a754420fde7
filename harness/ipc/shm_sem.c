/*
 * Shared memory as a ring of slots, and two semaphores: how many are free, and
 * how many are filled. The bounded buffer of the textbooks (Dijkstra,
 * Cooperating Sequential Processes, 1965, 4.3).
 */
#include <errno.h>
#include <semaphore.h>
#include <string.h>

#include "harness/ipc/channels.h"

enum { SLOT = 4096, SLOTS = IPC_HELD / SLOT, APART = 128 };

struct buffer {
	_Alignas(APART) sem_t free;
	_Alignas(APART) sem_t filled;
	_Alignas(APART) size_t next_out; /* the sender's alone */
	_Alignas(APART) size_t next_in;  /* the receiver's alone */
	_Alignas(SLOT) char slot[SLOTS][SLOT];
};

_Static_assert(sizeof(struct buffer) <= IPC_SHARED, "a way's memory holds it");

static int make_buffer(struct ipc_way *way)
{
	struct buffer *buffer = way->shared;

	way->piece = SLOT;
	if (sem_init(&buffer->free, 1, SLOTS) < 0)
		return -errno;
	if (sem_init(&buffer->filled, 1, 0) < 0)
		return -errno;
	return 0;
}

static int wait_for(sem_t *semaphore)
{
	while (sem_wait(semaphore) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int send_slots(const struct ipc_way *way, const void *message,
                      size_t bytes)
{
	struct buffer *buffer = way->shared;
	const char *from = message;

	while (bytes > 0) {
		size_t piece = ipc_smaller(bytes, SLOT);
		int err = wait_for(&buffer->free);

		if (err)
			return err;
		memcpy(buffer->slot[buffer->next_out++ % SLOTS], from, piece);
		if (sem_post(&buffer->filled) < 0)
			return -errno;
		from += piece;
		bytes -= piece;
	}
	return 0;
}

static int receive_slots(const struct ipc_way *way, void *message, size_t bytes)
{
	struct buffer *buffer = way->shared;
	char *to = message;

	while (bytes > 0) {
		size_t piece = ipc_smaller(bytes, SLOT);
		int err = wait_for(&buffer->filled);

		if (err)
			return err;
		memcpy(to, buffer->slot[buffer->next_in++ % SLOTS], piece);
		if (sem_post(&buffer->free) < 0)
			return -errno;
		to += piece;
		bytes -= piece;
	}
	return 0;
}

/* The memory is the engine's, and on Linux a semaphore is nothing else. */
static void destroy(struct ipc_way *way)
{
	(void)way;
}

const struct ipc_channel ipc_shm_sem = {
	.name = "shm_sem",
	.summary = "shared memory: slots, counted by two semaphores",
	.source = "sem_overview(7), shm_overview(7)",
	.init = make_buffer,
	.send = send_slots,
	.receive = receive_slots,
	.destroy = destroy,
};
