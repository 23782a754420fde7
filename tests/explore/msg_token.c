/*
 * A message in a System V queue as a lock: who has received it is inside, and
 * sends it back.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>

struct msg_token {
	int queue, counter;
};

struct token {
	long type;
	char text[1];
};

static int msg_token_init(void *shared, unsigned workers)
{
	struct msg_token *this = shared;
	struct token token = { .type = 1 };

	(void)workers;
	this->queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	if (this->queue < 0 || msgsnd(this->queue, &token, 1, 0) != 0)
		return -1;
	return 0;
}

static void msg_token_worker(struct sync_ctx *ctx)
{
	struct msg_token *this = ctx->shared;
	struct token token;

	if (msgrcv(this->queue, &token, 1, 0, 0) != 1)
		abort();
	this->counter++;
	if (msgsnd(this->queue, &token, 1, 0) != 0)
		abort();
}

static const char *msg_token_check(const void *shared, unsigned workers)
{
	const struct msg_token *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(msg_token) = {
	.summary = "a token in a message queue",
	.workers = 3,
	.shared_size = sizeof(struct msg_token),
	.init = msg_token_init,
	.worker = msg_token_worker,
	.check = msg_token_check,
};
