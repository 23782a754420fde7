#include "tests/bench/floor/floor.h"

#include <errno.h>
#include <sys/sem.h>
#include <unistd.h>

#include "sync/sysv.h"

static void *sysv_sem_undo_make(void *room)
{
	int err = sysv_set_make(room, 1, 1);

	errno = -err;
	return err ? NULL : room;
}

static void sysv_sem_undo_loop(void *lock, uint64_t *counter, uint64_t times)
{
	struct sembuf down = { .sem_op = -1, .sem_flg = SEM_UNDO };
	struct sembuf up = { .sem_op = 1, .sem_flg = SEM_UNDO };
	int id = ((struct sysv_set *)lock)->id;

	for (uint64_t i = 0; i < times; i++) {
		while (semop(id, &down, 1) < 0) {
			if (errno != EINTR)
				_exit(1);
		}
		floor_increment(counter);
		while (semop(id, &up, 1) < 0) {
			if (errno != EINTR)
				_exit(1);
		}
	}
}

static void sysv_sem_undo_drop(void *lock)
{
	sysv_set_remove(lock);
}

const struct floor floor_sysv_sem_undo = {
	.name = "sysv_sem_undo",
	.batch = 1 << 3,
	.lock_bytes = sizeof(struct sysv_set),
	.make = sysv_sem_undo_make,
	.loop = sysv_sem_undo_loop,
	.drop = sysv_sem_undo_drop,
};
