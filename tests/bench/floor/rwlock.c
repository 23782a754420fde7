#include "tests/bench/floor/floor.h"

#include <errno.h>
#include <pthread.h>

static void *rwlock_make(void *room)
{
	pthread_rwlockattr_t attr;

	errno = pthread_rwlockattr_init(&attr);
	if (errno == 0)
		errno = pthread_rwlockattr_setpshared(&attr,
		                                      PTHREAD_PROCESS_SHARED);
	if (errno == 0)
		errno = pthread_rwlock_init(room, &attr);
	return errno == 0 ? room : NULL;
}

static void rwlock_loop(void *lock, uint64_t *counter, uint64_t times)
{
	pthread_rwlock_t *rwlock = lock;

	for (uint64_t i = 0; i < times; i++) {
		/* EDEADLK is for who has it already. */
		(void)pthread_rwlock_wrlock(rwlock);
		floor_increment(counter);
		(void)pthread_rwlock_unlock(rwlock);
	}
}

const struct floor floor_rwlock = {
	.name = "rwlock",
	.batch = 1 << 11,
	.lock_bytes = sizeof(pthread_rwlock_t),
	.make = rwlock_make,
	.loop = rwlock_loop,
};
