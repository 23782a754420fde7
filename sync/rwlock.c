/*
 * A pthread read-write lock, always taken for writing: what it costs where there
 * is nothing but writers. Many may read at the same time, a writer is alone.
 *
 * Use it where reading is long and much more frequent than writing. For sections
 * as short as this one it is no gain even then: each reader writes to the lock
 * itself, and the line travels all the same. Alone it costs about as much as a
 * mutex. By default readers overtake writers that wait, who may starve
 * (pthread_rwlockattr_setkind_np(3)). A writer that is killed keeps it.
 */
#include <pthread.h>

#include "sync/sync.h"

static int rwlock_init(void *shared, unsigned workers)
{
	pthread_rwlockattr_t attr;
	int err;

	(void)workers;
	err = pthread_rwlockattr_init(&attr);
	if (err)
		return -err;
	err = pthread_rwlockattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	if (!err)
		err = pthread_rwlock_init(shared, &attr);
	(void)pthread_rwlockattr_destroy(&attr); /* cannot fail in glibc */
	return -err;
}

static int rwlock_lock(struct sync_ctx *ctx)
{
	return -pthread_rwlock_wrlock(ctx->shared);
}

static int rwlock_unlock(struct sync_ctx *ctx)
{
	return -pthread_rwlock_unlock(ctx->shared);
}

SYNC_STRATEGY(rwlock) = {
	.summary = "pthread read-write lock, taken for writing",
	.source = "pthread_rwlock_wrlock(3p)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(pthread_rwlock_t),
	.init = rwlock_init,
	.lock = rwlock_lock,
	.unlock = rwlock_unlock,
};
