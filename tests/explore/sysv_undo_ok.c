/*
 * A worker that ends while it holds a System V semaphore: with SEM_UNDO the
 * kernel gives it back.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/sem.h>

struct sysv_undo_ok {
	int set, counter;
};

/* What semctl(2) wants, and no header declares. */
union argument {
	int value;
};

static int sysv_undo_ok_init(void *shared, unsigned workers)
{
	struct sysv_undo_ok *this = shared;
	union argument one = { .value = 1 };

	(void)workers;
	this->set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
	if (this->set < 0 || semctl(this->set, 0, SETVAL, one) != 0)
		return -1;
	return 0;
}

static void sysv_undo_ok_worker(struct sync_ctx *ctx)
{
	struct sysv_undo_ok *this = ctx->shared;
	struct sembuf take = { .sem_op = -1, .sem_flg = SEM_UNDO };

	if (semop(this->set, &take, 1) != 0)
		abort();
	this->counter++;
}

static const char *sysv_undo_ok_check(const void *shared, unsigned workers)
{
	const struct sysv_undo_ok *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(sysv_undo_ok) = {
	.summary = "a worker that ends inside, with SEM_UNDO",
	.workers = 2,
	.shared_size = sizeof(struct sysv_undo_ok),
	.init = sysv_undo_ok_init,
	.worker = sysv_undo_ok_worker,
	.check = sysv_undo_ok_check,
};
