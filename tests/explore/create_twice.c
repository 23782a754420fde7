/*
 * Creation that is checked before the mutex is taken, and not again: both may
 * have found it missing.
 *
 * sc: violates: it was made twice
 * tso: violates: it was made twice
 */
#include <pthread.h>
#include <racelab.h>
#include <stdatomic.h>

struct create_twice {
	pthread_mutex_t mutex;
	atomic_bool there;
	int made;
};

static int create_twice_init(void *shared, unsigned workers)
{
	struct create_twice *this = shared;
	pthread_mutexattr_t attr;

	(void)workers;
	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(&this->mutex, &attr);
	return 0;
}

static void create_twice_worker(struct sync_ctx *ctx)
{
	struct create_twice *this = ctx->shared;

	if (atomic_load(&this->there))
		return;
	(void)pthread_mutex_lock(&this->mutex);
	this->made++;
	atomic_store(&this->there, true);
	(void)pthread_mutex_unlock(&this->mutex);
}

static const char *create_twice_check(const void *shared, unsigned workers)
{
	const struct create_twice *this = shared;

	(void)workers;
	return this->made == 1 ? NULL : "it was made twice";
}

PROGRAM(create_twice) = {
	.summary = "creation, checked once",
	.workers = 2,
	.shared_size = sizeof(struct create_twice),
	.init = create_twice_init,
	.worker = create_twice_worker,
	.check = create_twice_check,
};
