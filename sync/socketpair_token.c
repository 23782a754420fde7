/*
 * One byte in a pair of connected Unix sockets is the lock: it lies in one end,
 * whoever reads it there is inside, and sends it back from the other end.
 *
 * Datagrams and not a stream, for two reasons. A datagram is taken whole or not
 * at all, so a token may have any size. And Linux wakes one who waits for a
 * datagram, but all who wait for a stream, of whom all but one sleep again:
 * __skb_wait_for_more_packets() in net/core/datagram.c waits exclusively,
 * unix_stream_data_wait() in net/unix/af_unix.c does not.
 *
 * For programs that have such a socket anyway, and to compare it with a pipe: the
 * dearest of the tokens that are descriptors, because each message is a buffer
 * made and freed. Both operations are system calls. A holder that is killed takes
 * the token with it.
 */
#include <sys/socket.h>

#include "sync/sync.h"
#include "sync/token.h"

/* In zeroed shared memory. The flag is there because 0 is a descriptor, too. */
struct socketpair_token {
	int from, to; /* the same numbers in every child: fork keeps them */
	bool made;
};

static int socketpair_token_give(const struct socketpair_token *this)
{
	const char token = 't';

	return token_give(this->to, &token, sizeof(token));
}

static int socketpair_token_init(void *shared, unsigned workers)
{
	struct socketpair_token *this = shared;
	int ends[2];

	(void)workers;
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	*this = (struct socketpair_token){ ends[0], ends[1], true };
	return socketpair_token_give(this);
}

/* Fails where a helper process calls it, which has other descriptors. */
static void socketpair_token_destroy(void *shared)
{
	struct socketpair_token *this = shared;

	if (!this->made)
		return;
	this->made = false;
	(void)close(this->from);
	(void)close(this->to);
}

static int socketpair_token_lock(struct sync_ctx *ctx)
{
	const struct socketpair_token *this = ctx->shared;
	char token;

	return token_take(this->from, &token, sizeof(token));
}

static int socketpair_token_unlock(struct sync_ctx *ctx)
{
	return socketpair_token_give(ctx->shared);
}

SYNC_STRATEGY(socketpair_token) = {
	.summary = "one datagram in a Unix socket pair",
	.source = "unix(7), socketpair(2)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(struct socketpair_token),
	.init = socketpair_token_init,
	.destroy = socketpair_token_destroy,
	.lock = socketpair_token_lock,
	.unlock = socketpair_token_unlock,
};
