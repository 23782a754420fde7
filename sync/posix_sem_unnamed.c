/*
 * A POSIX semaphore without a name, in memory that the workers share. With pshared
 * it is one for all of them; without, glibc may sleep on a futex that is private
 * to one process, and nobody is woken.
 *
 * Use it where processes share memory anyway, and who gives is not who took: a
 * semaphore has no owner. Where the two are the same a mutex is no dearer, and
 * can tell. It is 32 bytes, needs no name and leaves nothing behind. Alone it
 * costs two atomic instructions; what there is goes to whoever is first, so who
 * is woken often finds nothing and sleeps again. A holder that is killed keeps
 * what it took.
 */
#include "sync/sem.h"
#include "sync/sync.h"

static int posix_sem_unnamed_init(void *shared, unsigned workers)
{
	const int pshared = 1;

	(void)workers;
	return sem_init(shared, pshared, 1) < 0 ? -errno : 0;
}

static int posix_sem_unnamed_lock(struct sync_ctx *ctx)
{
	return sem_take(ctx->shared);
}

static int posix_sem_unnamed_unlock(struct sync_ctx *ctx)
{
	return sem_give(ctx->shared);
}

SYNC_STRATEGY(posix_sem_unnamed) = {
	.summary = "POSIX unnamed semaphore, process-shared",
	.source = "sem_init(3)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(sem_t),
	.init = posix_sem_unnamed_init,
	.lock = posix_sem_unnamed_lock,
	.unlock = posix_sem_unnamed_unlock,
};
