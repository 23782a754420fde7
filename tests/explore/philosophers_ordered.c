/*
 * Three philosophers (Dijkstra 1971, EWD 310) who take the fork with the lower
 * number first: there is no circle.
 *
 * sc: exact
 * tso: exact
 */
#include <pthread.h>
#include <racelab.h>

enum { SEATS = 3 };

struct philosophers_ordered {
	pthread_mutex_t fork[SEATS];
	int meals[SEATS];
};

static int philosophers_ordered_init(void *shared, unsigned workers)
{
	struct philosophers_ordered *this = shared;
	pthread_mutexattr_t attr;

	(void)workers;
	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	for (unsigned i = 0; i < SEATS; i++)
		(void)pthread_mutex_init(&this->fork[i], &attr);
	return 0;
}

static void philosophers_ordered_worker(struct sync_ctx *ctx)
{
	struct philosophers_ordered *this = ctx->shared;
	unsigned left = ctx->self, right = (ctx->self + 1) % SEATS;
	unsigned low = left < right ? left : right;

	(void)pthread_mutex_lock(&this->fork[low]);
	(void)pthread_mutex_lock(&this->fork[left + right - low]);
	this->meals[ctx->self]++;
	(void)pthread_mutex_unlock(&this->fork[left + right - low]);
	(void)pthread_mutex_unlock(&this->fork[low]);
}

static const char *philosophers_ordered_check(const void *shared,
                                              unsigned workers)
{
	const struct philosophers_ordered *this = shared;

	for (unsigned i = 0; i < workers; i++) {
		if (this->meals[i] != 1)
			return "somebody went hungry";
	}
	return NULL;
}

PROGRAM(philosophers_ordered) = {
	.summary = "dining philosophers, forks in order",
	.workers = 3,
	.shared_size = sizeof(struct philosophers_ordered),
	.init = philosophers_ordered_init,
	.worker = philosophers_ordered_worker,
	.check = philosophers_ordered_check,
};
