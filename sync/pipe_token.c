/*
 * One byte in a pipe is the lock. Who reads it is inside, everybody else finds
 * the pipe empty and sleeps; who leaves writes it back.
 *
 * For processes that have nothing in common but a parent, and no shared memory:
 * make's jobserver shares out its slots in this way, a byte for each. Both
 * operations are system calls, and handing over costs a wake-up. No order is
 * promised among those who wait. A holder that is killed takes the byte with it.
 */
#include <fcntl.h>

#include "sync/sync.h"
#include "sync/token.h"

/* In zeroed shared memory. The flag is there because 0 is a descriptor, too. */
struct pipe_token {
	int from, to; /* the same numbers in every child: fork keeps them */
	bool made;
};

static int pipe_token_give(const struct pipe_token *this)
{
	const char token = 't';

	return token_give(this->to, &token, sizeof(token));
}

static int pipe_token_init(void *shared, unsigned workers)
{
	struct pipe_token *this = shared;
	int ends[2];

	(void)workers;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	*this = (struct pipe_token){ ends[0], ends[1], true };
	return pipe_token_give(this);
}

/* Fails where a helper process calls it, which has other descriptors. */
static void pipe_token_destroy(void *shared)
{
	struct pipe_token *this = shared;

	if (!this->made)
		return;
	this->made = false;
	(void)close(this->from);
	(void)close(this->to);
}

static int pipe_token_lock(struct sync_ctx *ctx)
{
	const struct pipe_token *this = ctx->shared;
	char token;

	return token_take(this->from, &token, sizeof(token));
}

static int pipe_token_unlock(struct sync_ctx *ctx)
{
	return pipe_token_give(ctx->shared);
}

SYNC_STRATEGY(pipe_token) = {
	.summary = "a byte in a pipe: who has read it is inside",
	.source = "pipe(7)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(struct pipe_token),
	.init = pipe_token_init,
	.destroy = pipe_token_destroy,
	.lock = pipe_token_lock,
	.unlock = pipe_token_unlock,
};
