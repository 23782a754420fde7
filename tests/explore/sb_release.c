/*
 * Store buffering (SB) with release and acquire: they are for messages, not for
 * this, and cost x86 nothing because they do nothing more than it does anyway.
 *
 * sc: exact
 * tso: violates: both read 0
 */
#include <racelab.h>
#include <stdatomic.h>

struct sb_release {
	atomic_int x, y;
	atomic_int r[2]; /* what was read */
};

/* Each pairs with the acquire of the other worker, and with nothing before it. */
static void send(atomic_int *cell, int value)
{
	atomic_store_explicit(cell, value, memory_order_release);
}

static int receive(atomic_int *cell)
{
	return atomic_load_explicit(cell, memory_order_acquire);
}

static void sb_release_worker(struct sync_ctx *ctx)
{
	struct sb_release *this = ctx->shared;

	if (ctx->self == 0) {
		send(&this->x, 1);
		send(&this->r[0], receive(&this->y));
	} else {
		send(&this->y, 1);
		send(&this->r[1], receive(&this->x));
	}
}

static const char *sb_release_check(const void *shared, unsigned workers)
{
	const struct sb_release *this = shared;

	(void)workers;
	if (this->r[0] == 0 && this->r[1] == 0)
		return "both read 0";
	return NULL;
}

PROGRAM(sb_release) = {
	.summary = "store buffering with release and acquire",
	.workers = 2,
	.shared_size = sizeof(struct sb_release),
	.worker = sb_release_worker,
	.check = sb_release_check,
};
