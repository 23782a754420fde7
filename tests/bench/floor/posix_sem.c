#include "tests/bench/floor/floor.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

static void *posix_sem_make(void *room)
{
	char name[48];
	sem_t *sem;

	(void)room;
	(void)snprintf(name, sizeof(name), "/racelab-floor-%ld",
	               (long)getpid());
	sem = sem_open(name, O_CREAT | O_EXCL, 0600, 1u);
	if (sem == SEM_FAILED)
		return NULL;
	(void)sem_unlink(name); /* the children have it by inheritance */
	return sem;
}

static void posix_sem_loop(void *lock, uint64_t *counter, uint64_t times)
{
	sem_t *sem = lock;

	for (uint64_t i = 0; i < times; i++) {
		(void)sem_wait(sem); /* no handler here, so no EINTR */
		floor_increment(counter);
		(void)sem_post(sem); /* one too many would take 2^31 of us */
	}
}

static void posix_sem_drop(void *lock)
{
	(void)sem_close(lock); /* it was opened */
}

const struct floor floor_posix_sem = {
	.name = "posix_sem",
	.batch = 1 << 11,
	.make = posix_sem_make,
	.loop = posix_sem_loop,
	.drop = posix_sem_drop,
};
