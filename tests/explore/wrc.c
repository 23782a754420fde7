/*
 * Write to read causality (WRC): A stores; B sees it and stores; C sees that,
 * and so must see what A stored. There is one memory under TSO, so it does.
 *
 * sc: exact
 * tso: exact
 */
#include <racelab.h>
#include <stdatomic.h>

struct wrc {
	atomic_int x, y;
	atomic_int r[3]; /* what was read */
};

/* Relaxed: on x86 a plain mov, and nothing that pairs. */
static void put(atomic_int *cell, int value)
{
	atomic_store_explicit(cell, value, memory_order_relaxed);
}

static int get(atomic_int *cell)
{
	return atomic_load_explicit(cell, memory_order_relaxed);
}

static void wrc_worker(struct sync_ctx *ctx)
{
	struct wrc *this = ctx->shared;

	switch (ctx->self) {
	case 0:
		put(&this->x, 1);
		break;
	case 1:
		put(&this->r[0], get(&this->x));
		put(&this->y, 1);
		break;
	default:
		put(&this->r[1], get(&this->y));
		put(&this->r[2], get(&this->x));
		break;
	}
}

static const char *wrc_check(const void *shared, unsigned workers)
{
	const struct wrc *this = shared;

	(void)workers;
	if (this->r[0] == 1 && this->r[1] == 1 && this->r[2] == 0)
		return "the effect came before the cause";
	return NULL;
}

PROGRAM(wrc) = {
	.summary = "write to read causality",
	.workers = 3,
	.shared_size = sizeof(struct wrc),
	.worker = wrc_worker,
	.check = wrc_check,
};
