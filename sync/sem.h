/* POSIX semaphores, named or not: what is done with them is the same. */
#ifndef SYNC_SEM_H
#define SYNC_SEM_H

#include <errno.h>
#include <semaphore.h>

/* Cold: so that the compiler lays the loop out for what never fails. */
static inline __attribute__((cold)) int sem_failure(void)
{
	return -errno;
}

/* Takes one, waiting while there is none. Returns 0 or -errno. */
static inline int sem_take(sem_t *sem)
{
	while (sem_wait(sem) < 0) {
		int err = sem_failure();

		if (err != -EINTR)
			return err;
	}
	return 0;
}

/* Gives one back. Returns 0 or -errno. */
static inline int sem_give(sem_t *sem)
{
	return sem_post(sem) < 0 ? sem_failure() : 0;
}

#endif
