#include "tests/bench/floor/floor.h"

#include <errno.h>
#include <pthread.h>

static void *mutex_adaptive_make(void *room)
{
	pthread_mutexattr_t attr;

	errno = pthread_mutexattr_init(&attr);
	if (errno == 0)
		errno = pthread_mutexattr_setpshared(&attr,
		                                     PTHREAD_PROCESS_SHARED);
	if (errno == 0)
		errno = pthread_mutexattr_settype(&attr,
		                                  PTHREAD_MUTEX_ADAPTIVE_NP);
	if (errno == 0)
		errno = pthread_mutex_init(room, &attr);
	return errno == 0 ? room : NULL;
}

static void mutex_adaptive_loop(void *lock, uint64_t *counter, uint64_t times)
{
	pthread_mutex_t *mutex = lock;

	for (uint64_t i = 0; i < times; i++) {
		/* An adaptive mutex that is unlocked by its owner cannot fail. */
		(void)pthread_mutex_lock(mutex);
		floor_increment(counter);
		(void)pthread_mutex_unlock(mutex);
	}
}

const struct floor floor_mutex_adaptive = {
	.name = "mutex_adaptive",
	.batch = 1 << 11,
	.lock_bytes = sizeof(pthread_mutex_t),
	.make = mutex_adaptive_make,
	.loop = mutex_adaptive_loop,
};
