/*
 * A semaphore of value 1 round a counter: at most one is inside.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <semaphore.h>

struct sem_as_mutex {
	sem_t sem;
	int counter;
};

static int sem_as_mutex_init(void *shared, unsigned workers)
{
	struct sem_as_mutex *this = shared;

	(void)workers;
	(void)sem_init(&this->sem, 1, 1);
	return 0;
}

static void sem_as_mutex_worker(struct sync_ctx *ctx)
{
	struct sem_as_mutex *this = ctx->shared;

	(void)sem_wait(&this->sem);
	this->counter++;
	(void)sem_post(&this->sem);
}

static const char *sem_as_mutex_check(const void *shared, unsigned workers)
{
	const struct sem_as_mutex *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(sem_as_mutex) = {
	.summary = "a semaphore of value 1",
	.workers = 3,
	.shared_size = sizeof(struct sem_as_mutex),
	.init = sem_as_mutex_init,
	.worker = sem_as_mutex_worker,
	.check = sem_as_mutex_check,
};
