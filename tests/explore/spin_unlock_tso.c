/*
 * Store buffering (SB) where each store is made under a lock of its own, and
 * the load after it is let go. pthread_spin_unlock is a plain store on x86-64,
 * which waits in the buffer behind the first.
 *
 * needs: x86_64
 * sc: exact
 * tso: violates: both read 0
 */
#include <pthread.h>
#include <racelab.h>
#include <stdatomic.h>

struct spin_unlock_tso {
	pthread_spinlock_t lock[2];
	atomic_int cell[2];
	atomic_int r[2]; /* what was read */
};

static int spin_unlock_tso_init(void *shared, unsigned workers)
{
	struct spin_unlock_tso *this = shared;

	(void)workers;
	(void)pthread_spin_init(&this->lock[0], PTHREAD_PROCESS_SHARED);
	(void)pthread_spin_init(&this->lock[1], PTHREAD_PROCESS_SHARED);
	return 0;
}

static void spin_unlock_tso_worker(struct sync_ctx *ctx)
{
	struct spin_unlock_tso *this = ctx->shared;
	unsigned me = ctx->self;
	int seen;

	(void)pthread_spin_lock(&this->lock[me]);
	/* Relaxed: the lock, or its end, is what is tried. */
	atomic_store_explicit(&this->cell[me], 1, memory_order_relaxed);
	(void)pthread_spin_unlock(&this->lock[me]);
	seen = atomic_load_explicit(&this->cell[1 - me], memory_order_relaxed);
	atomic_store_explicit(&this->r[me], seen, memory_order_relaxed);
}

static const char *spin_unlock_tso_check(const void *shared, unsigned workers)
{
	const struct spin_unlock_tso *this = shared;

	(void)workers;
	return this->r[0] == 0 && this->r[1] == 0 ? "both read 0" : NULL;
}

PROGRAM(spin_unlock_tso) = {
	.summary = "store buffering round a spin lock",
	.workers = 2,
	.shared_size = sizeof(struct spin_unlock_tso),
	.init = spin_unlock_tso_init,
	.worker = spin_unlock_tso_worker,
	.check = spin_unlock_tso_check,
};
