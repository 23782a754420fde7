/*
 * A lock on a file that each worker opens for itself: the lock belongs to what
 * open returned.
 *
 * sc: exact
 * tso: exact
 */
#include <fcntl.h>
#include <racelab.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

struct flock_ok {
	int counter;
};

static const char path[] = "/tmp/flock_ok";

static void flock_ok_worker(struct sync_ctx *ctx)
{
	struct flock_ok *this = ctx->shared;
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (file < 0 || flock(file, LOCK_EX) != 0)
		abort();
	this->counter++;
	(void)flock(file, LOCK_UN);
	(void)close(file);
}

static const char *flock_ok_check(const void *shared, unsigned workers)
{
	const struct flock_ok *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(flock_ok) = {
	.summary = "flock on a file that is opened by each",
	.workers = 2,
	.shared_size = sizeof(struct flock_ok),
	.worker = flock_ok_worker,
	.check = flock_ok_check,
};
