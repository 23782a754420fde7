/*
 * A mutex of three states on a futex: free, held, and held with somebody asleep
 * (Drepper 2011, Futexes Are Tricky, mutex2). But here who was woken takes it
 * as if nobody else slept: the next one is never woken.
 *
 * sc: deadlock
 * tso: deadlock
 */
#include <linux/futex.h>
#include <racelab.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FREE, HELD, AWAITED };

struct futex_mutex_wrong {
	atomic_uint state;
	int counter;
};

static void futex_mutex_wrong_lock(struct futex_mutex_wrong *this)
{
	unsigned state = FREE;

	if (atomic_compare_exchange_strong(&this->state, &state, HELD))
		return;
	do {
		unsigned held = HELD;

		if (state == AWAITED ||
		    atomic_compare_exchange_strong(&this->state, &held,
		                                   AWAITED) ||
		    held != FREE)
			(void)syscall(SYS_futex, &this->state, FUTEX_WAIT,
			              AWAITED, NULL, NULL, 0);
		state = FREE;
	} while (!atomic_compare_exchange_strong(&this->state, &state, HELD));
}

static void futex_mutex_wrong_unlock(struct futex_mutex_wrong *this)
{
	if (atomic_exchange(&this->state, FREE) == AWAITED)
		(void)syscall(SYS_futex, &this->state, FUTEX_WAKE, 1, NULL,
		              NULL, 0);
}

static void futex_mutex_wrong_worker(struct sync_ctx *ctx)
{
	struct futex_mutex_wrong *this = ctx->shared;

	futex_mutex_wrong_lock(this);
	this->counter++;
	futex_mutex_wrong_unlock(this);
}

static const char *futex_mutex_wrong_check(const void *shared, unsigned workers)
{
	const struct futex_mutex_wrong *this = shared;

	return this->counter == (int)workers ? NULL : "an update is lost";
}

PROGRAM(futex_mutex_wrong) = {
	.summary = "a futex mutex that forgets who sleeps",
	.workers = 3,
	.shared_size = sizeof(struct futex_mutex_wrong),
	.worker = futex_mutex_wrong_worker,
	.check = futex_mutex_wrong_check,
};
