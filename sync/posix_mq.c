/*
 * A message of no bytes in a POSIX queue is the lock: who receives it is inside,
 * and sends it back. The queue has its name only until init has opened it: after
 * that the workers hold it by inheritance, for it is a descriptor, and nothing is
 * left in /dev/mqueue however they end.
 *
 * First come, first served: of those who wait with the same priority the one that
 * waits longest receives (POSIX, mq_receive), and Linux hands the message to that
 * one itself, so that nobody who comes along can be faster. A handler that
 * interrupts the waiting costs the place in line.
 *
 * For processes that find each other by a name, or pass data of several
 * priorities. Both operations are system calls, and as the lock always goes to
 * somebody who sleeps, each handing over costs a wake-up: dear where workers
 * contend. A holder that is killed takes the message with it. Limits of its own:
 * /proc/sys/fs/mqueue (ENOSPC) and ulimit -q (EMFILE).
 */
#include <fcntl.h>
#include <mqueue.h>

#include "sync/name.h"
#include "sync/sync.h"

/* In zeroed shared memory. The flag is there because 0 is a descriptor, too. */
struct posix_mq {
	mqd_t queue; /* the same number in every child: fork keeps it */
	bool open;
	struct name name;
};

/* In the child. One message, as small as they can be: no limit is below that. */
static int posix_mq_make(const char *name)
{
	struct mq_attr attr = { .mq_maxmsg = 1, .mq_msgsize = 1 };
	mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600,
	                      &attr);

	if (queue < 0)
		return -errno;
	(void)mq_close(queue);
	return 0;
}

static int posix_mq_give(const struct posix_mq *this)
{
	while (mq_send(this->queue, "", 0, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int posix_mq_init(void *shared, unsigned workers)
{
	struct posix_mq *this = shared;
	int err;

	(void)workers;
	err = name_make(&this->name, posix_mq_make);
	if (err)
		return err;
	this->queue = mq_open(this->name.text, O_RDWR | O_CLOEXEC);
	if (this->queue < 0)
		return -errno;
	this->open = true;
	if (mq_unlink(this->name.text) < 0)
		return -errno;
	this->name.made = false;
	return posix_mq_give(this);
}

/* To close fails where a helper process does it, which has other descriptors. */
static void posix_mq_destroy(void *shared)
{
	struct posix_mq *this = shared;

	if (this->name.made)
		(void)mq_unlink(this->name.text);
	if (this->open)
		(void)mq_close(this->queue);
	this->name.made = false;
	this->open = false;
}

static int posix_mq_lock(struct sync_ctx *ctx)
{
	const struct posix_mq *this = ctx->shared;
	char nothing; /* there must be room for mq_msgsize */

	while (mq_receive(this->queue, &nothing, 1, NULL) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int posix_mq_unlock(struct sync_ctx *ctx)
{
	return posix_mq_give(ctx->shared);
}

SYNC_STRATEGY(posix_mq) = {
	.summary = "a token in a POSIX message queue",
	.source = "mq_overview(7)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS | SYNC_FIFO,
	.shared_size = sizeof(struct posix_mq),
	.init = posix_mq_init,
	.destroy = posix_mq_destroy,
	.lock = posix_mq_lock,
	.unlock = posix_mq_unlock,
};
