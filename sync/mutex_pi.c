/*
 * A mutex with priority inheritance: while somebody waits for it, its owner runs
 * with the priority of the most urgent who waits. Without, a worker of middling
 * priority can keep the owner off the processor, and so, for as long as it likes,
 * the urgent one who waits for the owner: priority inversion.
 *
 * Use it between real-time processes of different priority that share a lock,
 * and nowhere else. To know whose priority to raise, the kernel must know the
 * owner, so the mutex holds its thread id: alone it costs little more than a
 * robust one. But who lets go while others wait must call the kernel, which
 * hands the mutex to the first of them, asleep as it is; nobody can have it until
 * that one runs. So each turn is a switch, and contended it is the slowest mutex
 * by far.
 *
 * It is robust as well, and that is no luxury. When the owner of one that is not
 * robust dies, the kernel still hands it on, and marked; for glibc that cannot
 * be, and it aborts who waited (an assertion in pthread_mutex_lock.c), one after
 * another; who comes later finds no owner to wait for, and sleeps for ever. So one
 * that is killed would take all others along. Compare it with mutex_robust: what
 * it costs beyond that is the inheritance.
 */
#include "sync/pthread_mutex.h"
#include "sync/sync.h"

static int mutex_pi_init(void *shared, unsigned workers)
{
	(void)workers;
	return mutex_make(shared, (struct mutex_kind){
	                                  .protocol = PTHREAD_PRIO_INHERIT,
	                                  .robust = PTHREAD_MUTEX_ROBUST,
	                          });
}

static int mutex_pi_lock(struct sync_ctx *ctx)
{
	int err = pthread_mutex_lock(ctx->shared);

	/* EOWNERDEAD, for one: we have it, and the owner before us is dead. */
	return err ? mutex_mend(ctx->shared, err) : 0;
}

static int mutex_pi_unlock(struct sync_ctx *ctx)
{
	return -pthread_mutex_unlock(ctx->shared);
}

SYNC_STRATEGY(mutex_pi) = {
	.summary = "pthread mutex, inherits priority",
	.source = "Sha, Rajkumar and Lehoczky 1990, Priority inheritance",
	.claims = SYNC_EXCLUDES | SYNC_SLEEPS | SYNC_RECOVERS,
	.shared_size = sizeof(pthread_mutex_t),
	.init = mutex_pi_init,
	.lock = mutex_pi_lock,
	.unlock = mutex_pi_unlock,
};
