/*
 * A worker that ends while it holds a System V semaphore: without SEM_UNDO it
 * stays taken, and the other waits for ever.
 *
 * sc: deadlock
 * tso: deadlock
 */
#include <racelab.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>

struct sysv_no_undo {
	int set, counter;
};

/* What semctl(2) wants, and no header declares. */
union argument {
	int value;
};

static int sysv_no_undo_init(void *shared, unsigned workers)
{
	struct sysv_no_undo *this = shared;
	union argument one = { .value = 1 };

	(void)workers;
	this->set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
	if (this->set < 0 || semctl(this->set, 0, SETVAL, one) != 0)
		return -1;
	return 0;
}

static void sysv_no_undo_worker(struct sync_ctx *ctx)
{
	struct sysv_no_undo *this = ctx->shared;
	struct sembuf take = { .sem_op = -1 };

	if (semop(this->set, &take, 1) != 0)
		abort();
	this->counter++;
}

static const char *sysv_no_undo_check(const void *shared, unsigned workers)
{
	const struct sysv_no_undo *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(sysv_no_undo) = {
	.summary = "a worker that ends inside, without SEM_UNDO",
	.workers = 2,
	.shared_size = sizeof(struct sysv_no_undo),
	.init = sysv_no_undo_init,
	.worker = sysv_no_undo_worker,
	.check = sysv_no_undo_check,
};
