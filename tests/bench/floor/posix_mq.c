#include "tests/bench/floor/floor.h"

#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <unistd.h>

static void *posix_mq_make(void *room)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 1 };
	mqd_t *queue = room;
	char name[48];

	(void)snprintf(name, sizeof(name), "/racelab-floor-%ld",
	               (long)getpid());
	*queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &attr);
	if (*queue < 0)
		return NULL;
	(void)mq_unlink(name); /* the children have it by inheritance */
	return mq_send(*queue, "", 0, 0) < 0 ? NULL : room;
}

static void posix_mq_loop(void *lock, uint64_t *counter, uint64_t times)
{
	const mqd_t *queue = lock;
	char nothing;

	/* No handler here, so no EINTR. */
	for (uint64_t i = 0; i < times; i++) {
		if (mq_receive(*queue, &nothing, 1, NULL) < 0)
			_exit(1);
		floor_increment(counter);
		if (mq_send(*queue, "", 0, 0) < 0)
			_exit(1);
	}
}

static void posix_mq_drop(void *lock)
{
	const mqd_t *queue = lock;

	(void)mq_close(*queue);
}

const struct floor floor_posix_mq = {
	.name = "posix_mq",
	.batch = 1 << 3,
	.lock_bytes = sizeof(mqd_t),
	.make = posix_mq_make,
	.loop = posix_mq_loop,
	.drop = posix_mq_drop,
};
