/*
 * An eventfd as a semaphore: a read takes one, and waits where there is none.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct eventfd_token {
	int file, counter;
};

static int eventfd_token_init(void *shared, unsigned workers)
{
	struct eventfd_token *this = shared;

	(void)workers;
	this->file = eventfd(1, EFD_SEMAPHORE | EFD_CLOEXEC);
	return 0;
}

static void eventfd_token_worker(struct sync_ctx *ctx)
{
	struct eventfd_token *this = ctx->shared;
	uint64_t one;

	if (read(this->file, &one, sizeof(one)) != sizeof(one))
		abort();
	this->counter++;
	if (write(this->file, &one, sizeof(one)) != sizeof(one))
		abort();
}

static const char *eventfd_token_check(const void *shared, unsigned workers)
{
	const struct eventfd_token *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(eventfd_token) = {
	.summary = "a token in an eventfd",
	.workers = 3,
	.shared_size = sizeof(struct eventfd_token),
	.init = eventfd_token_init,
	.worker = eventfd_token_worker,
	.check = eventfd_token_check,
};
