/*
 * Creation that is checked twice, without the mutex and with it, but published
 * before it is filled: who comes by in between takes it half made.
 *
 * sc: violates: somebody saw it half made
 * tso: violates: somebody saw it half made
 */
#include <pthread.h>
#include <racelab.h>
#include <stdatomic.h>

struct double_checked {
	pthread_mutex_t mutex;
	atomic_bool there;
	atomic_int value, made, seen[2];
};

static void double_checked_create(struct double_checked *this)
{
	atomic_fetch_add(&this->made, 1);
	atomic_store(&this->there, true);
	atomic_store(&this->value, 42);
}

static int double_checked_init(void *shared, unsigned workers)
{
	struct double_checked *this = shared;
	pthread_mutexattr_t attr;

	(void)workers;
	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(&this->mutex, &attr);
	return 0;
}

static void double_checked_worker(struct sync_ctx *ctx)
{
	struct double_checked *this = ctx->shared;

	if (!atomic_load(&this->there)) {
		(void)pthread_mutex_lock(&this->mutex);
		if (!atomic_load(&this->there))
			double_checked_create(this);
		(void)pthread_mutex_unlock(&this->mutex);
	}
	atomic_store(&this->seen[ctx->self], atomic_load(&this->value));
}

static const char *double_checked_check(const void *shared, unsigned workers)
{
	const struct double_checked *this = shared;

	(void)workers;
	if (this->made != 1)
		return "it was made twice";
	if (this->seen[0] != 42 || this->seen[1] != 42)
		return "somebody saw it half made";
	return NULL;
}

PROGRAM(double_checked) = {
	.summary = "creation, checked twice, published too early",
	.workers = 2,
	.shared_size = sizeof(struct double_checked),
	.init = double_checked_init,
	.worker = double_checked_worker,
	.check = double_checked_check,
};
