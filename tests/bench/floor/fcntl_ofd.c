#include "tests/bench/floor/floor.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static void *fcntl_ofd_make(void *room)
{
	int *fd = room;

	*fd = memfd_create("floor", 0);
	return *fd < 0 ? NULL : room;
}

/* Each process opens the file for itself, once: a fork shares the lock. */
static int fcntl_ofd_open(const int *fd)
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

static void fcntl_ofd_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct flock range = { .l_whence = SEEK_SET, .l_len = 1 };
	int own = fcntl_ofd_open(lock);

	/* No handler here, so no EINTR. */
	for (uint64_t i = 0; i < times; i++) {
		range.l_type = F_WRLCK;
		if (fcntl(own, F_OFD_SETLKW, &range) < 0)
			_exit(1);
		floor_increment(counter);
		range.l_type = F_UNLCK;
		if (fcntl(own, F_OFD_SETLKW, &range) < 0)
			_exit(1);
	}
}

static void fcntl_ofd_drop(void *lock)
{
	const int *fd = lock;

	(void)close(*fd);
}

const struct floor floor_fcntl_ofd = {
	.name = "fcntl_ofd",
	.batch = 1 << 3,
	.lock_bytes = sizeof(int),
	.make = fcntl_ofd_make,
	.loop = fcntl_ofd_loop,
	.drop = fcntl_ofd_drop,
};
