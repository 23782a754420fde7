/*
 * A robust mutex: one that outlives its owner. glibc keeps a list of the robust
 * mutexes that a thread has, and the kernel knows where it is. When a process
 * dies, however it dies, the kernel walks the list, marks each mutex, and wakes
 * one that waits. The next to lock it has it, and is told with EOWNERDEAD.
 *
 * Use it where processes that can be killed share data: with a plain mutex, one
 * that is killed at the wrong moment stops all others for ever. Whoever is told
 * must mend the data, and then say so with pthread_mutex_consistent(). A mutex
 * cannot mend anything: data that no one can mend wants it to become
 * ENOTRECOVERABLE instead, which is what unlocking without saying so does.
 *
 * It costs some stores more than a plain mutex each time, to put the mutex into
 * the list and to take it out. No system call, unless there is a wait.
 */
#include "sync/pthread_mutex.h"
#include "sync/sync.h"

static int mutex_robust_init(void *shared, unsigned workers)
{
	(void)workers;
	return mutex_make(
	        shared, (struct mutex_kind){ .robust = PTHREAD_MUTEX_ROBUST });
}

static int mutex_robust_lock(struct sync_ctx *ctx)
{
	int err = pthread_mutex_lock(ctx->shared);

	/* EOWNERDEAD, for one: we have it, and the owner before us is dead. */
	return err ? mutex_mend(ctx->shared, err) : 0;
}

static int mutex_robust_unlock(struct sync_ctx *ctx)
{
	return -pthread_mutex_unlock(ctx->shared);
}

SYNC_STRATEGY(mutex_robust) = {
	.summary = "pthread mutex, robust",
	.source = "pthread_mutexattr_setrobust(3)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS | SYNC_RECOVERS,
	.shared_size = sizeof(pthread_mutex_t),
	.init = mutex_robust_init,
	.lock = mutex_robust_lock,
	.unlock = mutex_robust_unlock,
};
