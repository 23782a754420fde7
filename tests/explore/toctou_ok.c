/*
 * Creating a file that must not be there yet: O_EXCL looks and creates in one
 * step.
 *
 * sc: exact
 * tso: exact
 */
#include <fcntl.h>
#include <racelab.h>
#include <stdatomic.h>
#include <unistd.h>

struct toctou_ok {
	atomic_int created;
};

static const char path[] = "/tmp/toctou_ok";

static void toctou_ok_worker(struct sync_ctx *ctx)
{
	struct toctou_ok *this = ctx->shared;
	int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (file < 0)
		return;
	atomic_fetch_add(&this->created, 1);
	(void)close(file);
}

static const char *toctou_ok_check(const void *shared, unsigned workers)
{
	const struct toctou_ok *this = shared;

	(void)workers;
	if (this->created > 1)
		return "both have created it";
	return this->created == 1 ? NULL : "nobody has created it";
}

PROGRAM(toctou_ok) = {
	.summary = "check, then use, in one step",
	.workers = 2,
	.shared_size = sizeof(struct toctou_ok),
	.worker = toctou_ok_worker,
	.check = toctou_ok_check,
};
