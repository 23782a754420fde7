#include "tests/bench/floor/floor.h"

#include <errno.h>
#include <pthread.h>

static void *mutex_pi_make(void *room)
{
	pthread_mutexattr_t attr;

	errno = pthread_mutexattr_init(&attr);
	if (errno == 0)
		errno = pthread_mutexattr_setpshared(&attr,
		                                     PTHREAD_PROCESS_SHARED);
	if (errno == 0)
		errno = pthread_mutexattr_setprotocol(&attr,
		                                      PTHREAD_PRIO_INHERIT);
	if (errno == 0)
		errno = pthread_mutexattr_setrobust(&attr,
		                                    PTHREAD_MUTEX_ROBUST);
	if (errno == 0)
		errno = pthread_mutex_init(room, &attr);
	return errno == 0 ? room : NULL;
}

static void mutex_pi_loop(void *lock, uint64_t *counter, uint64_t times)
{
	pthread_mutex_t *mutex = lock;

	for (uint64_t i = 0; i < times; i++) {
		/* Nobody dies here, so it is locked by nobody who has. */
		(void)pthread_mutex_lock(mutex);
		floor_increment(counter);
		(void)pthread_mutex_unlock(mutex);
	}
}

const struct floor floor_mutex_pi = {
	.name = "mutex_pi",
	.batch = 1 << 9,
	.lock_bytes = sizeof(pthread_mutex_t),
	.make = mutex_pi_make,
	.loop = mutex_pi_loop,
};
