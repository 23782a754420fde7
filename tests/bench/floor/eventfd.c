#include "tests/bench/floor/floor.h"

#include <sys/eventfd.h>
#include <unistd.h>

static void *eventfd_make(void *room)
{
	int *fd = room;

	*fd = eventfd(1, EFD_SEMAPHORE);
	return *fd < 0 ? NULL : room;
}

static void eventfd_loop(void *lock, uint64_t *counter, uint64_t times)
{
	const int *fd = lock;
	uint64_t one = 1;

	/* No handler here, so no EINTR. */
	for (uint64_t i = 0; i < times; i++) {
		if (read(*fd, &one, sizeof(one)) != sizeof(one))
			_exit(1);
		floor_increment(counter);
		if (write(*fd, &one, sizeof(one)) != sizeof(one))
			_exit(1);
	}
}

static void eventfd_drop(void *lock)
{
	const int *fd = lock;

	(void)close(*fd);
}

const struct floor floor_eventfd = {
	.name = "eventfd",
	.batch = 1 << 3,
	.lock_bytes = sizeof(int),
	.make = eventfd_make,
	.loop = eventfd_loop,
	.drop = eventfd_drop,
};
