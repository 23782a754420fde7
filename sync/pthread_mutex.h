/*
 * What the kinds of process-shared pthread mutexes have in common. What sets
 * each apart stands in its own file, and mutex.c shows the plain one in full.
 */
#ifndef SYNC_PTHREAD_MUTEX_H
#define SYNC_PTHREAD_MUTEX_H

#include <errno.h>
#include <pthread.h>

/* As the attributes of the same names; what is zero is the default. */
struct mutex_kind {
	int type;     /* PTHREAD_MUTEX_ADAPTIVE_NP ... */
	int protocol; /* PTHREAD_PRIO_INHERIT ... */
	int robust;   /* PTHREAD_MUTEX_ROBUST: an enumerator, no macro */
};

_Static_assert(PTHREAD_MUTEX_DEFAULT == 0 && PTHREAD_PRIO_NONE == 0 &&
                       PTHREAD_MUTEX_STALLED == 0,
               "zero is not the default");

/*
 * Makes a process-shared mutex of that kind in shared memory. Returns 0 or
 * -errno; -ENOTSUP: the kernel has no futexes that inherit priority.
 */
static inline int mutex_make(pthread_mutex_t *mutex, struct mutex_kind kind)
{
	pthread_mutexattr_t attr;
	int err = pthread_mutexattr_init(&attr);

	if (err)
		return -err;
	err = pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	if (!err)
		err = pthread_mutexattr_settype(&attr, kind.type);
	if (!err)
		err = pthread_mutexattr_setprotocol(&attr, kind.protocol);
	if (!err)
		err = pthread_mutexattr_setrobust(&attr, kind.robust);
	if (!err)
		err = pthread_mutex_init(mutex, &attr);
	(void)pthread_mutexattr_destroy(&attr); /* cannot fail in glibc */
	return -err;
}

/*
 * ERR is what locking a robust mutex returned, and not 0. EOWNERDEAD: we have
 * it, but whoever had it died inside, and what it protects may be half done. A
 * counter is not: it is changed by a single store, which was made or was not. So
 * there is nothing to mend, and to say so is all. Who unlocks it without saying
 * so makes it useless for good: ENOTRECOVERABLE.
 *
 * Cold: so that the compiler lays the loop out for what hardly ever happens.
 * Returns 0 or -errno.
 */
static inline __attribute__((cold)) int mutex_mend(pthread_mutex_t *mutex,
                                                   int err)
{
	if (err == EOWNERDEAD)
		err = pthread_mutex_consistent(mutex);
	return -err;
}

#endif
