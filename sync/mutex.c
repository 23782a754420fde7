/*
 * A pthread mutex in shared memory. PTHREAD_PROCESS_SHARED is what makes it
 * work between processes: with the default attribute glibc may wait on a futex
 * that is private to one process. A holder that is killed keeps it locked.
 *
 * The one to begin with. Free, it costs an atomic instruction to take and one to
 * let go, and no system call; who waits sleeps, so it stands more workers than
 * processors. It is not fair: who comes along when it is let go may be faster
 * than who is being woken.
 */
#include <pthread.h>

#include "sync/sync.h"

static int mutex_init(void *shared, unsigned workers)
{
	pthread_mutexattr_t attr;
	int err;

	(void)workers;
	err = pthread_mutexattr_init(&attr);
	if (err)
		return -err;
	err = pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	if (!err)
		err = pthread_mutex_init(shared, &attr);
	(void)pthread_mutexattr_destroy(&attr); /* cannot fail in glibc */
	return -err;
}

static int mutex_lock(struct sync_ctx *ctx)
{
	return -pthread_mutex_lock(ctx->shared);
}

static int mutex_unlock(struct sync_ctx *ctx)
{
	return -pthread_mutex_unlock(ctx->shared);
}

SYNC_STRATEGY(mutex) = {
	.summary = "pthread mutex, process-shared",
	.source = "pthread_mutexattr_setpshared(3p)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(pthread_mutex_t),
	.init = mutex_init,
	.lock = mutex_lock,
	.unlock = mutex_unlock,
};
