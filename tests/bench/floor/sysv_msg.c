#include "tests/bench/floor/floor.h"

#include <errno.h>
#include <sys/msg.h>
#include <unistd.h>

#include "sync/sysv.h"

static const long token = 1; /* a message of that type, and nothing else */

static void *sysv_msg_make(void *room)
{
	struct sysv_queue *queue = room;
	int err = sysv_queue_make(queue);

	if (!err && msgsnd(queue->id, &token, 0, 0) < 0)
		err = -errno;
	if (err)
		sysv_queue_remove(queue);
	errno = -err;
	return err ? NULL : room;
}

static void sysv_msg_loop(void *lock, uint64_t *counter, uint64_t times)
{
	int id = ((struct sysv_queue *)lock)->id;
	long type;

	for (uint64_t i = 0; i < times; i++) {
		while (msgrcv(id, &type, 0, token, 0) < 0) {
			if (errno != EINTR)
				_exit(1);
		}
		floor_increment(counter);
		while (msgsnd(id, &token, 0, 0) < 0) {
			if (errno != EINTR)
				_exit(1);
		}
	}
}

static void sysv_msg_drop(void *lock)
{
	sysv_queue_remove(lock);
}

const struct floor floor_sysv_msg = {
	.name = "sysv_msg",
	.batch = 1 << 3,
	.lock_bytes = sizeof(struct sysv_queue),
	.make = sysv_msg_make,
	.loop = sysv_msg_loop,
	.drop = sysv_msg_drop,
};
