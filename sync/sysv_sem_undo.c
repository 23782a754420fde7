/*
 * A System V semaphore of value 1, with SEM_UNDO: the kernel notes for each
 * process what it has taken, and gives it back when the process ends, however it
 * ends. It is the only semaphore that a death does not lock up.
 *
 * Use it where processes may be killed and need no word of it: unlike a robust
 * mutex it tells nobody that the holder died, so it is for data that is whole at
 * every moment, as a counter is. Each operation is a system call, contended or
 * not, and the note makes it a tenth dearer than sysv_sem. Both take and give must
 * ask for it: with one of the two alone the notes add up, until ERANGE.
 */
#include "sync/sync.h"
#include "sync/sysv.h"

static int sysv_sem_undo_init(void *shared, unsigned workers)
{
	(void)workers;
	return sysv_set_make(shared, 1, 1);
}

static void sysv_sem_undo_destroy(void *shared)
{
	sysv_set_remove(shared);
}

static int sysv_sem_undo_lock(struct sync_ctx *ctx)
{
	return sysv_set_change(ctx->shared, -1, SEM_UNDO);
}

static int sysv_sem_undo_unlock(struct sync_ctx *ctx)
{
	return sysv_set_change(ctx->shared, 1, SEM_UNDO);
}

SYNC_STRATEGY(sysv_sem_undo) = {
	.summary = "System V semaphore with SEM_UNDO",
	.source = "semop(2)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS | SYNC_RECOVERS,
	.shared_size = sizeof(struct sysv_set),
	.init = sysv_sem_undo_init,
	.destroy = sysv_sem_undo_destroy,
	.lock = sysv_sem_undo_lock,
	.unlock = sysv_sem_undo_unlock,
};
