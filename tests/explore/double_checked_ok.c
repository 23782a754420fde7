/*
 * Creation that is checked twice, without the mutex and with it, and published
 * last: who sees that it is there sees all of it.
 *
 * sc: exact
 * tso: exact
 */
#include <pthread.h>
#include <racelab.h>
#include <stdatomic.h>

struct double_checked_ok {
	pthread_mutex_t mutex;
	atomic_bool there;
	atomic_int value, made, seen[2];
};

static void double_checked_ok_create(struct double_checked_ok *this)
{
	atomic_fetch_add(&this->made, 1);
	atomic_store_explicit(&this->value, 42, memory_order_relaxed);
	/* Pairs with the acquire in double_checked_ok_worker. */
	atomic_store_explicit(&this->there, true, memory_order_release);
}

static int double_checked_ok_init(void *shared, unsigned workers)
{
	struct double_checked_ok *this = shared;
	pthread_mutexattr_t attr;

	(void)workers;
	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(&this->mutex, &attr);
	return 0;
}

static void double_checked_ok_worker(struct sync_ctx *ctx)
{
	struct double_checked_ok *this = ctx->shared;

	/* Pairs with the release in double_checked_ok_create. */
	if (!atomic_load_explicit(&this->there, memory_order_acquire)) {
		(void)pthread_mutex_lock(&this->mutex);
		if (!atomic_load_explicit(&this->there, memory_order_relaxed))
			double_checked_ok_create(this);
		(void)pthread_mutex_unlock(&this->mutex);
	}
	atomic_store(&this->seen[ctx->self], atomic_load(&this->value));
}

static const char *double_checked_ok_check(const void *shared, unsigned workers)
{
	const struct double_checked_ok *this = shared;

	(void)workers;
	if (this->made != 1)
		return "it was made twice";
	if (this->seen[0] != 42 || this->seen[1] != 42)
		return "somebody saw it half made";
	return NULL;
}

PROGRAM(double_checked_ok) = {
	.summary = "creation, checked twice",
	.workers = 2,
	.shared_size = sizeof(struct double_checked_ok),
	.init = double_checked_ok_init,
	.worker = double_checked_ok_worker,
	.check = double_checked_ok_check,
};
