/*
 * A System V semaphore of value 1. Every operation is a system call, contended
 * or not. Without SEM_UNDO a holder that is killed keeps it.
 *
 * For processes that find it by a key, or that take several semaphores of a set
 * in one step, which no other lock can. The price is a system call each way,
 * hundreds of times an atomic instruction, and a wake-up for each handing over;
 * and a set outlives everybody until it is removed: see sync/sysv.h.
 */
#include "sync/sync.h"
#include "sync/sysv.h"

static int sysv_sem_init(void *shared, unsigned workers)
{
	(void)workers;
	return sysv_set_make(shared, 1, 1);
}

static void sysv_sem_destroy(void *shared)
{
	sysv_set_remove(shared);
}

static int sysv_sem_lock(struct sync_ctx *ctx)
{
	return sysv_set_change(ctx->shared, -1, 0);
}

static int sysv_sem_unlock(struct sync_ctx *ctx)
{
	return sysv_set_change(ctx->shared, 1, 0);
}

SYNC_STRATEGY(sysv_sem) = {
	.summary = "System V semaphore",
	.source = "semop(2)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(struct sysv_set),
	.init = sysv_sem_init,
	.destroy = sysv_sem_destroy,
	.lock = sysv_sem_lock,
	.unlock = sysv_sem_unlock,
};
