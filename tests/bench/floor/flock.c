#include "tests/bench/floor/floor.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>

static void *flock_make(void *room)
{
	int *fd = room;

	*fd = memfd_create("floor", 0);
	return *fd < 0 ? NULL : room;
}

/* Each process opens the file for itself, once: a fork shares the lock. */
static int flock_open(const int *fd)
{
	static int own = -1;
	char path[32];

	if (own >= 0)
		return own;
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", *fd);
	own = open(path, O_RDWR);
	if (own < 0)
		_exit(1);
	return own;
}

static void flock_loop(void *lock, uint64_t *counter, uint64_t times)
{
	int own = flock_open(lock);

	/* No handler here, so no EINTR. */
	for (uint64_t i = 0; i < times; i++) {
		if (flock(own, LOCK_EX) < 0)
			_exit(1);
		floor_increment(counter);
		if (flock(own, LOCK_UN) < 0)
			_exit(1);
	}
}

static void flock_drop(void *lock)
{
	const int *fd = lock;

	(void)close(*fd);
}

const struct floor floor_flock = {
	.name = "flock",
	.batch = 1 << 3,
	.lock_bytes = sizeof(int),
	.make = flock_make,
	.loop = flock_loop,
	.drop = flock_drop,
};
