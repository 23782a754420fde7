/*
 * System V semaphore sets that can be found again.
 *
 * A set outlives every process that used it, and cannot be removed early: the
 * next operation on it would fail with EIDRM. So each set carries one spare
 * semaphore at its end, the mark: its value says that the set is ours, and its
 * sempid says who made it. Whoever finds a marked set whose maker is dead may
 * remove it.
 *
 * Key IPC_PRIVATE and mode 0600: nobody else can name the set or open it.
 */
#ifndef SYNC_SYSV_H
#define SYNC_SYSV_H

#include <errno.h>
#include <stdbool.h>
#include <sys/ipc.h>
#include <sys/sem.h>

enum {
	SYSV_MARK = 0x5ace, /* below SEMVMX, 32767 */
	SYSV_SET_MAX = 16,  /* semaphores in a set, the mark not counted */
};

/* Lives in zeroed shared memory. The id comes with a flag: 0 is a valid id. */
struct sysv_set {
	int id;
	bool made;
};

/* What semctl(2) wants as its fourth argument, and no header declares. */
union sysv_semun {
	int val;
	struct semid_ds *buf;
	unsigned short *array;
};

/* Removes the set, if there is one. Any process that sees SET may call it. */
static inline void sysv_set_remove(struct sysv_set *set)
{
	if (!set->made)
		return;
	/* EIDRM, EINVAL: somebody was faster. Nothing is left either way. */
	(void)semctl(set->id, 0, IPC_RMID);
	set->made = false; /* last: who is killed in between leaves it true */
}

/*
 * Makes a set of COUNT semaphores, each of value INITIAL, and its mark.
 * Returns 0, or -errno: ENOSPC is a limit (SEMMNI sets or SEMMNS semaphores),
 * not disk space.
 */
static inline int sysv_set_make(struct sysv_set *set, unsigned short count,
                                unsigned short initial)
{
	unsigned short values[SYSV_SET_MAX + 1];
	union sysv_semun arg = { .array = values };
	int err;

	if (count > SYSV_SET_MAX)
		return -EINVAL;
	for (unsigned short i = 0; i < count; i++)
		values[i] = initial;
	values[count] = SYSV_MARK;
	set->id = semget(IPC_PRIVATE, count + 1, IPC_CREAT | IPC_EXCL | 0600);
	if (set->id < 0)
		return -errno;
	set->made = true;
	/* One call sets the values and, on each semaphore, our pid. */
	if (semctl(set->id, 0, SETALL, arg) < 0) {
		err = -errno;
		sysv_set_remove(set);
		return err;
	}
	return 0;
}

/* Adds CHANGE to semaphore 0 of the set, waiting where it would go below 0. */
static inline int sysv_set_change(const struct sysv_set *set, short change,
                                  short flags)
{
	struct sembuf op = { .sem_op = change, .sem_flg = flags };

	/* semop is never restarted after a signal, whatever SA_RESTART says. */
	while (semop(set->id, &op, 1) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

#endif
