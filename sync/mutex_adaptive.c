/*
 * An adaptive mutex: who finds it taken looks again for a while, and only then
 * sleeps. glibc looks as often as was worth it lately, and a hundred times at
 * most (glibc.pthread.mutex_spin_count).
 *
 * Use it where sections are shorter than going to sleep and being woken, which
 * takes microseconds, and the owner has a processor of its own. Alone it is a
 * plain mutex. With more workers than processors the owner is often not running,
 * and those who look in vain take the processor that it needs.
 */
#include "sync/pthread_mutex.h"
#include "sync/sync.h"

static int mutex_adaptive_init(void *shared, unsigned workers)
{
	(void)workers;
	return mutex_make(shared, (struct mutex_kind){
	                                  .type = PTHREAD_MUTEX_ADAPTIVE_NP,
	                          });
}

static int mutex_adaptive_lock(struct sync_ctx *ctx)
{
	return -pthread_mutex_lock(ctx->shared);
}

static int mutex_adaptive_unlock(struct sync_ctx *ctx)
{
	return -pthread_mutex_unlock(ctx->shared);
}

SYNC_STRATEGY(mutex_adaptive) = {
	.summary = "pthread mutex, spins a little, then sleeps",
	.source = "glibc manual, POSIX Thread Tunables",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(pthread_mutex_t),
	.init = mutex_adaptive_init,
	.lock = mutex_adaptive_lock,
	.unlock = mutex_adaptive_unlock,
};
