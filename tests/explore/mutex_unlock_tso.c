/*
 * Store buffering (SB) where each store is made under a lock of its own, and
 * the load after it is let go. pthread_mutex_unlock is a locked instruction on
 * x86-64, and empties the buffer.
 *
 * sc: exact
 * tso: exact
 */
#include <pthread.h>
#include <racelab.h>
#include <stdatomic.h>

struct mutex_unlock_tso {
	pthread_mutex_t lock[2];
	atomic_int cell[2];
	atomic_int r[2]; /* what was read */
};

static int mutex_unlock_tso_init(void *shared, unsigned workers)
{
	struct mutex_unlock_tso *this = shared;
	pthread_mutexattr_t attr;

	(void)workers;
	(void)pthread_mutexattr_init(&attr);
	(void)pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	(void)pthread_mutex_init(&this->lock[0], &attr);
	(void)pthread_mutex_init(&this->lock[1], &attr);
	return 0;
}

static void mutex_unlock_tso_worker(struct sync_ctx *ctx)
{
	struct mutex_unlock_tso *this = ctx->shared;
	unsigned me = ctx->self;
	int seen;

	(void)pthread_mutex_lock(&this->lock[me]);
	/* Relaxed: the lock, or its end, is what is tried. */
	atomic_store_explicit(&this->cell[me], 1, memory_order_relaxed);
	(void)pthread_mutex_unlock(&this->lock[me]);
	seen = atomic_load_explicit(&this->cell[1 - me], memory_order_relaxed);
	atomic_store_explicit(&this->r[me], seen, memory_order_relaxed);
}

static const char *mutex_unlock_tso_check(const void *shared, unsigned workers)
{
	const struct mutex_unlock_tso *this = shared;

	(void)workers;
	return this->r[0] == 0 && this->r[1] == 0 ? "both read 0" : NULL;
}

PROGRAM(mutex_unlock_tso) = {
	.summary = "store buffering round a mutex",
	.workers = 2,
	.shared_size = sizeof(struct mutex_unlock_tso),
	.init = mutex_unlock_tso_init,
	.worker = mutex_unlock_tso_worker,
	.check = mutex_unlock_tso_check,
};
