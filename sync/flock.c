/*
 * flock(2): an exclusive lock on a whole file, held by an open file description;
 * why each worker has one of its own is told in sync/lock_file.h.
 *
 * For programs that share a file anyway, such as a spool or a pid file: nothing
 * has to be set up, other programs (flock(1) in a script) can take part, and when
 * a holder is killed the kernel closes its files, which gives the lock back. What
 * the holder was changing is then half changed, and the next one must cope.
 * Both operations are system calls. No order is promised among those who wait.
 */
#include <sys/file.h>

#include "sync/lock_file.h"
#include "sync/sync.h"

static int flock_init(void *shared, unsigned workers)
{
	(void)workers;
	return lock_file_make(shared, "racelab-flock");
}

static void flock_destroy(void *shared)
{
	lock_file_drop(shared);
}

static int flock_attach(struct sync_ctx *ctx)
{
	int *fd = ctx->mine;

	*fd = lock_file_open(ctx->shared);
	return *fd < 0 ? *fd : 0;
}

static void flock_detach(struct sync_ctx *ctx)
{
	const int *fd = ctx->mine;

	(void)close(*fd);
}

static int flock_do(const struct sync_ctx *ctx, int operation)
{
	const int *fd = ctx->mine;

	while (flock(*fd, operation) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int flock_lock(struct sync_ctx *ctx)
{
	return flock_do(ctx, LOCK_EX);
}

static int flock_unlock(struct sync_ctx *ctx)
{
	return flock_do(ctx, LOCK_UN);
}

SYNC_STRATEGY(flock) = {
	.summary = "flock on a file, opened by each",
	.source = "flock(2)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS | SYNC_RECOVERS,
	.shared_size = sizeof(struct lock_file),
	.mine_size = sizeof(int),
	.init = flock_init,
	.attach = flock_attach,
	.detach = flock_detach,
	.destroy = flock_destroy,
	.lock = flock_lock,
	.unlock = flock_unlock,
};
