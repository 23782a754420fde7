/*
 * A lock on a file that was opened before the fork: all have inherited one and
 * the same lock, and whoever has it has it for all.
 *
 * sc: violates: an update is lost
 * tso: violates: an update is lost
 */
#include <fcntl.h>
#include <racelab.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct flock_inherited {
	int file, counter;
};

static const char path[] = "/tmp/flock_inherited";

static int flock_inherited_init(void *shared, unsigned workers)
{
	struct flock_inherited *this = shared;

	(void)workers;
	this->file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return 0;
}

static void flock_inherited_worker(struct sync_ctx *ctx)
{
	struct flock_inherited *this = ctx->shared;

	if (flock(this->file, LOCK_EX) != 0)
		abort();
	this->counter++;
	(void)flock(this->file, LOCK_UN);
}

static const char *flock_inherited_check(const void *shared, unsigned workers)
{
	const struct flock_inherited *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(flock_inherited) = {
	.summary = "flock on a file that is inherited",
	.workers = 2,
	.shared_size = sizeof(struct flock_inherited),
	.init = flock_inherited_init,
	.worker = flock_inherited_worker,
	.check = flock_inherited_check,
};
