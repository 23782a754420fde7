/*
 * A mutex of three states, made by hand: what the kernel offers is only to sleep
 * while a word has a value, and to wake who sleeps on it. When nobody waits there
 * is no system call, neither to take it nor to let go.
 *
 * To learn from, and the smallest lock that sleeps: 4 bytes, where pthread_mutex_t
 * takes 40. Elsewhere use mutex, which does the same and more. Alone it costs two
 * atomic instructions. A holder that is killed keeps it; and whoever is killed
 * between freeing it and waking takes the wake-up along.
 *
 * Why nobody sleeps for ever. Who sleeps has found the word CONTENDED, or has made
 * it so; the kernel looks again before the sleep, in one step with it. So who frees
 * the lock finds CONTENDED and wakes one. That one cannot know whether it was the
 * last, so it takes the lock as CONTENDED: at worst the next to free it wakes
 * nobody. A lock with two states would have to wake each time.
 *
 * No FUTEX_PRIVATE_FLAG: the kernel would look for sleepers of this process only.
 */
#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sync/sync.h"

enum { FREE, HELD, CONTENDED };

struct futex {
	atomic_uint word;
};

/* Sleeps while the word is CONTENDED. */
static int futex_sleep(struct futex *this)
{
	/* EAGAIN: it is not, by now. EINTR: a signal. Both look again. */
	if (syscall(SYS_futex, &this->word, FUTEX_WAIT, CONTENDED, NULL, NULL,
	            0) < 0 &&
	    errno != EAGAIN && errno != EINTR)
		return -errno;
	return 0;
}

/* Changes FROM into TO, if that is what it is. Returns what it was. */
static unsigned futex_change(struct futex *this, unsigned from, unsigned to)
{
	/* Acquire pairs with the release in futex_unlock. */
	atomic_compare_exchange_strong_explicit(&this->word, &from, to,
	                                        memory_order_acquire,
	                                        memory_order_relaxed);
	return from;
}

/* Cold: so that the compiler lays the loop out for a lock that is free. */
static __attribute__((cold)) int futex_wait(struct futex *this, unsigned seen)
{
	while (seen != FREE) {
		/* Whoever has it must know that we sleep, or it is free by now. */
		if (seen == CONTENDED ||
		    futex_change(this, HELD, CONTENDED) != FREE) {
			int err = futex_sleep(this);

			if (err)
				return err;
		}
		seen = futex_change(this, FREE, CONTENDED);
	}
	return 0;
}

static int futex_lock(struct sync_ctx *ctx)
{
	unsigned seen = futex_change(ctx->shared, FREE, HELD);

	return seen == FREE ? 0 : futex_wait(ctx->shared, seen);
}

static __attribute__((cold)) int futex_wake(struct futex *this)
{
	return syscall(SYS_futex, &this->word, FUTEX_WAKE, 1, NULL, NULL, 0) < 0
	               ? -errno
	               : 0;
}

static int futex_unlock(struct sync_ctx *ctx)
{
	struct futex *this = ctx->shared;

	/* Pairs with the acquire in futex_change. */
	if (atomic_exchange_explicit(&this->word, FREE, memory_order_release) ==
	    CONTENDED)
		return futex_wake(this);
	return 0;
}

SYNC_STRATEGY(futex) = {
	.summary = "mutex of three states, made with futex(2)",
	.source = "Drepper 2011, Futexes are tricky: mutex, take 2",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS,
	.shared_size = sizeof(struct futex),
	.lock = futex_lock,
	.unlock = futex_unlock,
};
