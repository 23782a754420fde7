/*
 * A byte in a pipe as a lock: who has read it is inside, and writes it back.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdlib.h>
#include <unistd.h>

struct pipe_token {
	int ends[2], counter;
};

static int pipe_token_init(void *shared, unsigned workers)
{
	struct pipe_token *this = shared;

	(void)workers;
	if (pipe(this->ends) != 0 || write(this->ends[1], "t", 1) != 1)
		return -1;
	return 0;
}

static void pipe_token_worker(struct sync_ctx *ctx)
{
	struct pipe_token *this = ctx->shared;
	char token;

	if (read(this->ends[0], &token, 1) != 1)
		abort();
	this->counter++;
	if (write(this->ends[1], &token, 1) != 1)
		abort();
}

static const char *pipe_token_check(const void *shared, unsigned workers)
{
	const struct pipe_token *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(pipe_token) = {
	.summary = "a token in a pipe",
	.workers = 3,
	.shared_size = sizeof(struct pipe_token),
	.init = pipe_token_init,
	.worker = pipe_token_worker,
	.check = pipe_token_check,
};
