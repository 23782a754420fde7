/*
 * fcntl(2) with F_OFD_SETLKW: a write lock on a range of a file, here its first
 * byte, held by an open file description; why each worker has one of its own is
 * told in sync/lock_file.h.
 *
 * The older F_SETLKW has locks that belong to the process: threads do not shut
 * each other out with them, and closing any descriptor of the file, perhaps by a
 * library that had it open for a moment, drops them all. So use these, unless a
 * program that cannot be changed uses the older ones.
 *
 * For programs that share a file and lock parts of it, as databases do: locks on
 * different ranges do not wait for each other. When a holder is killed the kernel
 * closes its files, which gives the lock back; what the holder was changing is
 * then half changed, and the next one must cope. Both operations are system
 * calls. No order is promised among those who wait.
 */
#include "sync/lock_file.h"
#include "sync/sync.h"

static int fcntl_ofd_init(void *shared, unsigned workers)
{
	(void)workers;
	return lock_file_make(shared, "racelab-fcntl_ofd");
}

static void fcntl_ofd_destroy(void *shared)
{
	lock_file_drop(shared);
}

static int fcntl_ofd_attach(struct sync_ctx *ctx)
{
	int *fd = ctx->mine;

	*fd = lock_file_open(ctx->shared);
	return *fd < 0 ? *fd : 0;
}

static void fcntl_ofd_detach(struct sync_ctx *ctx)
{
	const int *fd = ctx->mine;

	(void)close(*fd);
}

/* The byte need not be there: the file is empty. */
static int fcntl_ofd_set(const struct sync_ctx *ctx, short type)
{
	struct flock range = {
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = 0,
		.l_len = 1,
		.l_pid = 0, /* or EINVAL */
	};
	const int *fd = ctx->mine;

	while (fcntl(*fd, F_OFD_SETLKW, &range) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int fcntl_ofd_lock(struct sync_ctx *ctx)
{
	return fcntl_ofd_set(ctx, F_WRLCK);
}

static int fcntl_ofd_unlock(struct sync_ctx *ctx)
{
	return fcntl_ofd_set(ctx, F_UNLCK);
}

SYNC_STRATEGY(fcntl_ofd) = {
	.summary = "open file description lock, fcntl",
	.source = "fcntl(2), open file description locks",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS | SYNC_RECOVERS,
	.shared_size = sizeof(struct lock_file),
	.mine_size = sizeof(int),
	.init = fcntl_ofd_init,
	.attach = fcntl_ofd_attach,
	.detach = fcntl_ofd_detach,
	.destroy = fcntl_ofd_destroy,
	.lock = fcntl_ofd_lock,
	.unlock = fcntl_ofd_unlock,
};
