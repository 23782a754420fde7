/*
 * Creating a file that must not be there yet: between the look and the creation
 * the other one creates it, too.
 *
 * sc: violates: both have created it
 * tso: violates: both have created it
 */
#include <fcntl.h>
#include <racelab.h>
#include <stdatomic.h>
#include <unistd.h>

struct toctou {
	atomic_int created;
};

static const char path[] = "/tmp/toctou";

static void toctou_worker(struct sync_ctx *ctx)
{
	struct toctou *this = ctx->shared;
	int file = open(path, O_RDONLY | O_CLOEXEC);

	if (file >= 0) {
		(void)close(file);
		return;
	}
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	atomic_fetch_add(&this->created, 1);
	(void)close(file);
}

static const char *toctou_check(const void *shared, unsigned workers)
{
	const struct toctou *this = shared;

	(void)workers;
	if (this->created > 1)
		return "both have created it";
	return this->created == 1 ? NULL : "nobody has created it";
}

PROGRAM(toctou) = {
	.summary = "check, then use",
	.workers = 2,
	.shared_size = sizeof(struct toctou),
	.worker = toctou_worker,
	.check = toctou_check,
};
