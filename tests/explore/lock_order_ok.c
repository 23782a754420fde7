/*
 * Two mutexes, taken by all in the same order: nobody who waits for the second
 * one is waited for.
 *
 * sc: exact
 * tso: exact
 */
#include <pthread.h>
#include <racelab.h>

struct lock_order_ok {
	pthread_mutex_t left, right;
	int sum;
};

static int lock_order_ok_init(void *shared, unsigned workers)
{
	struct lock_order_ok *this = shared;
	pthread_mutexattr_t attr;

	(void)workers;
	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(&this->left, &attr);
	(void)pthread_mutex_init(&this->right, &attr);
	return 0;
}

static void lock_order_ok_worker(struct sync_ctx *ctx)
{
	struct lock_order_ok *this = ctx->shared;

	(void)pthread_mutex_lock(&this->left);
	(void)pthread_mutex_lock(&this->right);
	this->sum++;
	(void)pthread_mutex_unlock(&this->right);
	(void)pthread_mutex_unlock(&this->left);
}

static const char *lock_order_ok_check(const void *shared, unsigned workers)
{
	const struct lock_order_ok *this = shared;

	return this->sum == (int)workers ? NULL : "an update is lost";
}

PROGRAM(lock_order_ok) = {
	.summary = "two mutexes in the same order",
	.workers = 2,
	.shared_size = sizeof(struct lock_order_ok),
	.init = lock_order_ok_init,
	.worker = lock_order_ok_worker,
	.check = lock_order_ok_check,
};
