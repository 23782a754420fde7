#include "tests/bench/floor/floor.h"

#include <errno.h>
#include <pthread.h>

static void *spin_make(void *room)
{
	errno = pthread_spin_init(room, PTHREAD_PROCESS_SHARED);
	return errno == 0 ? room : NULL;
}

static void spin_loop(void *lock, uint64_t *counter, uint64_t times)
{
	pthread_spinlock_t *spin = lock;

	for (uint64_t i = 0; i < times; i++) {
		(void)pthread_spin_lock(spin); /* returns 0 only */
		floor_increment(counter);
		(void)pthread_spin_unlock(spin);
	}
}

const struct floor floor_spin = {
	.name = "spin",
	.batch = 1 << 11,
	.lock_bytes = sizeof(pthread_spinlock_t),
	.make = spin_make,
	.loop = spin_loop,
};
