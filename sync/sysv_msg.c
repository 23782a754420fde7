/*
 * A message of no bytes in a System V queue is the lock: who receives it is
 * inside, and sends it back. It is received by its type, so that the mark of
 * sync/sysv.h, which is in the queue as well, stays where it is.
 *
 * For programs that have such a queue anyway, with messages of several types.
 * Both operations are system calls. Linux hands the message to who waits longest,
 * but neither POSIX nor msgop(2) promises an order. A holder that is killed takes
 * the message with it: there is no undo, as semaphores have. The queue outlives
 * all who used it until somebody removes it.
 */
#include "sync/sync.h"
#include "sync/sysv.h"

enum { SYSV_MSG_TOKEN = 1 }; /* a type; any but the mark's */

static int sysv_msg_unlock(struct sync_ctx *ctx)
{
	const struct sysv_queue *queue = ctx->shared;
	const long token = SYSV_MSG_TOKEN;

	/* Neither is restarted after a signal, whatever SA_RESTART says. */
	while (msgsnd(queue->id, &token, 0, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int sysv_msg_lock(struct sync_ctx *ctx)
{
	const struct sysv_queue *queue = ctx->shared;
	long token;

	while (msgrcv(queue->id, &token, 0, SYSV_MSG_TOKEN, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int sysv_msg_init(void *shared, unsigned workers)
{
	struct sync_ctx ctx = { .shared = shared, .workers = workers };
	int err = sysv_queue_make(shared);

	return err ? err : sysv_msg_unlock(&ctx);
}

static void sysv_msg_destroy(void *shared)
{
	sysv_queue_remove(shared);
}

SYNC_STRATEGY(sysv_msg) = {
	.summary = "a token in a System V message queue",
	.source = "msgop(2)",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(struct sysv_queue),
	.init = sysv_msg_init,
	.destroy = sysv_msg_destroy,
	.lock = sysv_msg_lock,
	.unlock = sysv_msg_unlock,
};
