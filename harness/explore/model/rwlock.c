/*
 * pthread_rwlock_*: glibc 2.36, nptl/pthread_rwlock_common.c, and
 * pthread_rwlockattr_setkind_np(3).
 *
 * The lock is in a read phase or in a write phase. A reader registers; in a read
 * phase it then has the lock, in a write phase it waits until the writer hands the
 * phase over to all that are registered. A writer becomes the primary one first;
 * then it waits until the last reader hands the phase over to it. So who was
 * handed the lock has it, although it may not have run since, or may be asleep for
 * ever, where the lock is not process-shared.
 *
 * By default readers overtake writers that wait. PREFER_WRITER_NONRECURSIVE_NP
 * has new readers wait while a writer waits for older ones; of that kind, and of
 * PREFER_WRITER_NP, a writer hands the lock over to one that waits.
 *
 * Simplified: a worker has it for reading 255 times at most; unlocking what nobody
 * has, which corrupts glibc's lock, is refused.
 */
#include <errno.h>
#include <pthread.h>

#include "harness/explore/model/rwlock_calls.h"
#include "harness/explore/model/wait.h"

WAIT_FRONT(pthread_rwlock_init);
WAIT_FRONT(pthread_rwlock_destroy);
WAIT_FRONT(pthread_rwlock_rdlock);
WAIT_FRONT(pthread_rwlock_tryrdlock);
WAIT_FRONT(pthread_rwlock_timedrdlock);
WAIT_FRONT(pthread_rwlock_clockrdlock);
WAIT_FRONT(pthread_rwlock_wrlock);
WAIT_FRONT(pthread_rwlock_trywrlock);
WAIT_FRONT(pthread_rwlock_timedwrlock);
WAIT_FRONT(pthread_rwlock_clockwrlock);
WAIT_FRONT(pthread_rwlock_unlock);

/* libc reads what kind it is with plain loads, before anything else. */
static ON_WORKER int64_t post(const struct model_call *call,
                              const pthread_rwlock_t *lock, unsigned timed,
                              const void *pc)
{
	unsigned kind = lock->__data.__flags;

	if (lock->__data.__shared)
		kind |= RWLOCK_SHARED;
	return model_post(call, pc, (uintptr_t)lock, kind, timed, 0);
}

/* Posts a call, and the other if it comes to sleep in the first. */
static ON_WORKER int64_t post_or_sleep(const struct model_call *call,
                                       const struct model_call *asleep,
                                       const pthread_rwlock_t *lock,
                                       unsigned timed, const void *pc)
{
	int64_t result = post(call, lock, timed, pc);

	if (result == RWLOCK_SLEEPS)
		result = post(asleep, lock, timed, pc);
	return result;
}

static ON_WORKER int read_lock(const struct model_call *call,
                               const pthread_rwlock_t *lock, unsigned timed,
                               const void *pc)
{
	int64_t result =
	        post_or_sleep(call, &rwlock_asleep_call, lock, timed, pc);

	if (result == RWLOCK_WAITS)
		result = post_or_sleep(&rwlock_registered_call,
		                       &rwlock_registered_asleep_call, lock,
		                       timed, pc);
	return (int)-result;
}

static ON_WORKER int write_lock(const struct model_call *call,
                                const pthread_rwlock_t *lock, unsigned timed,
                                const void *pc)
{
	int64_t result =
	        post_or_sleep(call, &rwlock_asleep_call, lock, timed, pc);

	if (result == RWLOCK_QUEUES)
		result = post_or_sleep(&rwlock_queued_call,
		                       &rwlock_queued_asleep_call, lock, timed,
		                       pc);
	if (result == RWLOCK_WAITS)
		result = post_or_sleep(&rwlock_primary_call,
		                       &rwlock_primary_asleep_call, lock, timed,
		                       pc);
	return (int)-result;
}

MODEL_FRONT int explored_pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	return read_lock(&rwlock_read_call, lock, UNTIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_rwlock_timedrdlock(
        pthread_rwlock_t *lock, const struct timespec *until)
{
	if (wait_until(until) == BADLY_TIMED)
		return EINVAL;
	return read_lock(&rwlock_timedread_call, lock, TIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_rwlock_clockrdlock(
        pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until)
{
	if (wait_until(until) == BADLY_TIMED || !wait_has_clock(clock))
		return EINVAL;
	return read_lock(&rwlock_clockread_call, lock, TIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
	return write_lock(&rwlock_write_call, lock, UNTIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_rwlock_timedwrlock(
        pthread_rwlock_t *lock, const struct timespec *until)
{
	if (wait_until(until) == BADLY_TIMED)
		return EINVAL;
	return write_lock(&rwlock_timedwrite_call, lock, TIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_rwlock_clockwrlock(
        pthread_rwlock_t *lock, clockid_t clock, const struct timespec *until)
{
	if (wait_until(until) == BADLY_TIMED || !wait_has_clock(clock))
		return EINVAL;
	return write_lock(&rwlock_clockwrite_call, lock, TIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_rwlock_tryrdlock(pthread_rwlock_t *lock)
{
	return (int)-post(&rwlock_tryread_call, lock, UNTIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_rwlock_trywrlock(pthread_rwlock_t *lock)
{
	return (int)-post(&rwlock_trywrite_call, lock, UNTIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_rwlock_unlock(pthread_rwlock_t *lock)
{
	int64_t result = post(&rwlock_unlock_call, lock, UNTIMED, WAIT_CALLER);

	if (result < 0)
		model_refuse("pthread_rwlock_unlock of a lock that nobody has",
		             WAIT_CALLER);
	return 0;
}

/* libc itself says what becomes of the attributes. Before the call, which waits
 * until what is stored is seen by all. */
MODEL_FRONT int explored_pthread_rwlock_init(
        pthread_rwlock_t *lock, const pthread_rwlockattr_t *attributes)
{
	pthread_rwlock_t fresh;
	int err = pthread_rwlock_init(&fresh, attributes);

	if (err)
		return err;
	model_copy(&lock->__data.__flags, &fresh.__data.__flags,
	           sizeof(fresh.__data.__flags), WAIT_CALLER);
	model_copy(&lock->__data.__shared, &fresh.__data.__shared,
	           sizeof(fresh.__data.__shared), WAIT_CALLER);
	return (int)-post(&rwlock_init_call, lock, UNTIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_rwlock_destroy(pthread_rwlock_t *lock)
{
	return (int)-post(&rwlock_destroy_call, lock, UNTIMED, WAIT_CALLER);
}
