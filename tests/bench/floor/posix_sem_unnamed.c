#include "tests/bench/floor/floor.h"

#include <semaphore.h>

static void *posix_sem_unnamed_make(void *room)
{
	return sem_init(room, 1, 1) < 0 ? NULL : room;
}

static void posix_sem_unnamed_loop(void *lock, uint64_t *counter,
                                   uint64_t times)
{
	sem_t *sem = lock;

	for (uint64_t i = 0; i < times; i++) {
		(void)sem_wait(sem); /* no handler here, so no EINTR */
		floor_increment(counter);
		(void)sem_post(sem); /* one too many would take 2^31 of us */
	}
}

const struct floor floor_posix_sem_unnamed = {
	.name = "posix_sem_unnamed",
	.batch = 1 << 11,
	.lock_bytes = sizeof(sem_t),
	.make = posix_sem_unnamed_make,
	.loop = posix_sem_unnamed_loop,
};
