/*
 * A mutex of three states on a futex: free, held, and held with somebody asleep
 * (Drepper 2011, Futexes Are Tricky, mutex3).
 *
 * sc: exact
 * tso: exact
 */
#include <linux/futex.h>
#include <racelab.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FREE, HELD, AWAITED };

struct futex_mutex {
	atomic_uint state;
	int counter;
};

static void futex_mutex_lock(struct futex_mutex *this)
{
	unsigned state = FREE;

	if (atomic_compare_exchange_strong(&this->state, &state, HELD))
		return;
	if (state != AWAITED)
		state = atomic_exchange(&this->state, AWAITED);
	while (state != FREE) {
		(void)syscall(SYS_futex, &this->state, FUTEX_WAIT, AWAITED,
		              NULL, NULL, 0);
		state = atomic_exchange(&this->state, AWAITED);
	}
}

static void futex_mutex_unlock(struct futex_mutex *this)
{
	if (atomic_exchange(&this->state, FREE) == AWAITED)
		(void)syscall(SYS_futex, &this->state, FUTEX_WAKE, 1, NULL,
		              NULL, 0);
}

static void futex_mutex_worker(struct sync_ctx *ctx)
{
	struct futex_mutex *this = ctx->shared;

	futex_mutex_lock(this);
	this->counter++;
	futex_mutex_unlock(this);
}

static const char *futex_mutex_check(const void *shared, unsigned workers)
{
	const struct futex_mutex *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(futex_mutex) = {
	.summary = "a futex mutex",
	.workers = 3,
	.shared_size = sizeof(struct futex_mutex),
	.worker = futex_mutex_worker,
	.check = futex_mutex_check,
};
