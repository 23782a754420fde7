/*
 * Two mutexes, taken in one order by A and in the other by B: each can hold what
 * the other waits for.
 *
 * sc: deadlock
 * tso: deadlock
 */
#include <pthread.h>
#include <racelab.h>

struct lock_order {
	pthread_mutex_t left, right;
	int sum;
};

static int lock_order_init(void *shared, unsigned workers)
{
	struct lock_order *this = shared;
	pthread_mutexattr_t attr;

	(void)workers;
	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(&this->left, &attr);
	(void)pthread_mutex_init(&this->right, &attr);
	return 0;
}

static void lock_order_worker(struct sync_ctx *ctx)
{
	struct lock_order *this = ctx->shared;
	pthread_mutex_t *first = ctx->self == 0 ? &this->left : &this->right;
	pthread_mutex_t *second = ctx->self == 0 ? &this->right : &this->left;

	(void)pthread_mutex_lock(first);
	(void)pthread_mutex_lock(second);
	this->sum++;
	(void)pthread_mutex_unlock(second);
	(void)pthread_mutex_unlock(first);
}

static const char *lock_order_check(const void *shared, unsigned workers)
{
	const struct lock_order *this = shared;

	return this->sum == (int)workers ? NULL : "an update is lost";
}

PROGRAM(lock_order) = {
	.summary = "two mutexes in opposite order",
	.workers = 2,
	.shared_size = sizeof(struct lock_order),
	.init = lock_order_init,
	.worker = lock_order_worker,
	.check = lock_order_check,
};
