/*
 * A pthread spinlock: tas as libc has it. On x86 a locked decrement takes it, a
 * plain store frees it, and who waits only reads until it is free: test, and then
 * test-and-set.
 *
 * Use it where sections are a few instructions and each worker has a processor
 * that nobody takes from it, as under SCHED_FIFO on processors set apart. Elsewhere
 * a mutex is no dearer and does not burn a whole time slice when the owner is off
 * its processor; the man page warns of it. Between processes the attribute says
 * so, though on Linux it changes nothing: there is no futex in it. A holder that
 * is killed keeps it.
 */
#include <pthread.h>

#include "sync/sync.h"

static int spin_init(void *shared, unsigned workers)
{
	(void)workers;
	return -pthread_spin_init(shared, PTHREAD_PROCESS_SHARED);
}

static int spin_lock(struct sync_ctx *ctx)
{
	return -pthread_spin_lock(ctx->shared);
}

static int spin_unlock(struct sync_ctx *ctx)
{
	return -pthread_spin_unlock(ctx->shared);
}

SYNC_STRATEGY(spin) = {
	.summary = "pthread spinlock, process-shared",
	.source = "pthread_spin_init(3)",
	.claims = SYNC_EXCLUDES,
	.shared_size = sizeof(pthread_spinlock_t),
	.init = spin_init,
	.lock = spin_lock,
	.unlock = spin_unlock,
};
