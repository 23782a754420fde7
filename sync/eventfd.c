/*
 * An eventfd as a semaphore of value 1: a counter in the kernel behind a
 * descriptor. With EFD_SEMAPHORE a read takes one from it, and waits where there
 * is none; without, it would take all. A write adds one.
 *
 * What a pipe with one byte in it does, for one descriptor instead of two and no
 * page of memory; and as it is a descriptor, poll(2) can wait for it together
 * with others, which no other semaphore offers. Both operations are system
 * calls. A holder that is killed takes the one with it. Linux only.
 */
#include <sys/eventfd.h>

#include "sync/sync.h"
#include "sync/token.h"

/* In zeroed shared memory. The flag is there because 0 is a descriptor, too. */
struct counter {
	int fd; /* the same number in every child: fork keeps it */
	bool made;
};

static int eventfd_init(void *shared, unsigned workers)
{
	struct counter *this = shared;

	(void)workers;
	this->fd = eventfd(1, EFD_SEMAPHORE | EFD_CLOEXEC);
	if (this->fd < 0)
		return -errno;
	this->made = true;
	return 0;
}

/* Fails where a helper process calls it, which has other descriptors. */
static void eventfd_destroy(void *shared)
{
	struct counter *this = shared;

	if (this->made)
		(void)close(this->fd);
	this->made = false;
}

static int eventfd_lock(struct sync_ctx *ctx)
{
	const struct counter *this = ctx->shared;
	uint64_t one;

	return token_take(this->fd, &one, sizeof(one));
}

static int eventfd_unlock(struct sync_ctx *ctx)
{
	const struct counter *this = ctx->shared;
	const uint64_t one = 1;

	return token_give(this->fd, &one, sizeof(one));
}

SYNC_STRATEGY(eventfd) = {
	.summary = "an eventfd that counts like a semaphore",
	.source = "eventfd(2), EFD_SEMAPHORE",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(struct counter),
	.init = eventfd_init,
	.destroy = eventfd_destroy,
	.lock = eventfd_lock,
	.unlock = eventfd_unlock,
};
