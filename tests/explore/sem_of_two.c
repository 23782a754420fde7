/*
 * A semaphore of value 2 round a counter: it lets two inside.
 *
 * sc: violates: an update is lost
 * tso: violates: an update is lost
 */
#include <racelab.h>
#include <semaphore.h>

struct sem_of_two {
	sem_t sem;
	int counter;
};

static int sem_of_two_init(void *shared, unsigned workers)
{
	struct sem_of_two *this = shared;

	(void)workers;
	(void)sem_init(&this->sem, 1, 2);
	return 0;
}

static void sem_of_two_worker(struct sync_ctx *ctx)
{
	struct sem_of_two *this = ctx->shared;

	(void)sem_wait(&this->sem);
	this->counter++;
	(void)sem_post(&this->sem);
}

static const char *sem_of_two_check(const void *shared, unsigned workers)
{
	const struct sem_of_two *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(sem_of_two) = {
	.summary = "a semaphore of value 2",
	.workers = 2,
	.shared_size = sizeof(struct sem_of_two),
	.init = sem_of_two_init,
	.worker = sem_of_two_worker,
	.check = sem_of_two_check,
};
