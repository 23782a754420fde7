/*
 * Three philosophers (Dijkstra 1971, EWD 310) who all take the left fork first:
 * each can hold one and wait for the next.
 *
 * sc: deadlock
 * tso: deadlock
 */
#include <pthread.h>
#include <racelab.h>

enum { SEATS = 3 };

struct philosophers {
	pthread_mutex_t fork[SEATS];
	int meals[SEATS];
};

static int philosophers_init(void *shared, unsigned workers)
{
	struct philosophers *this = shared;
	pthread_mutexattr_t attr;

	(void)workers;
	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	for (unsigned i = 0; i < SEATS; i++)
		(void)pthread_mutex_init(&this->fork[i], &attr);
	return 0;
}

static void philosophers_worker(struct sync_ctx *ctx)
{
	struct philosophers *this = ctx->shared;
	unsigned left = ctx->self, right = (ctx->self + 1) % SEATS;

	(void)pthread_mutex_lock(&this->fork[left]);
	(void)pthread_mutex_lock(&this->fork[right]);
	this->meals[ctx->self]++;
	(void)pthread_mutex_unlock(&this->fork[right]);
	(void)pthread_mutex_unlock(&this->fork[left]);
}

static const char *philosophers_check(const void *shared, unsigned workers)
{
	const struct philosophers *this = shared;

	for (unsigned i = 0; i < workers; i++) {
		if (this->meals[i] != 1)
			return "somebody went hungry";
	}
	return NULL;
}

PROGRAM(philosophers) = {
	.summary = "dining philosophers",
	.workers = 3,
	.shared_size = sizeof(struct philosophers),
	.init = philosophers_init,
	.worker = philosophers_worker,
	.check = philosophers_check,
};
