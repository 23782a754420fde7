/*
 * System V semaphore sets and message queues that can be found again.
 *
 * They outlive every process that used them, and cannot be removed early: the
 * next operation would fail with EIDRM. So each carries a mark, which says that it
 * is ours and who made it. Whoever finds a marked one whose maker is dead may
 * remove it.
 *
 *	a set      one spare semaphore at its end, of value SYSV_MARK; its sempid
 *	           is the maker's, for nobody else touches it
 *	a queue    one spare message, the first, of type SYSV_MARK, that nobody
 *	           receives. Who sent last (msg_lspid) changes with each message,
 *	           so the maker stands in it.
 *
 * Key IPC_PRIVATE and mode 0600: nobody else can name or open them.
 */
#ifndef SYNC_SYSV_H
#define SYNC_SYSV_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

#include "sync/maker.h"

enum {
	SYSV_MARK = 0x5ace, /* below SEMVMX, 32767 */
	SYSV_SET_MAX = 16,  /* semaphores in a set, the mark not counted */
};

/* --- semaphore sets */

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

/* --- message queues */

/* Lives in zeroed shared memory. The id comes with a flag: 0 is a valid id. */
struct sysv_queue {
	int id;
	bool made;
};

/* The mark, as msgsnd(2) wants a message. */
struct sysv_queue_mark {
	long type; /* SYSV_MARK */
	struct maker maker;
};

/* Removes the queue, if there is one. Any process that sees QUEUE may call it. */
static inline void sysv_queue_remove(struct sysv_queue *queue)
{
	if (!queue->made)
		return;
	/* EIDRM, EINVAL: somebody was faster. Nothing is left either way. */
	(void)msgctl(queue->id, IPC_RMID, NULL);
	queue->made = false; /* last: who is killed in between leaves it true */
}

/*
 * Makes a queue that holds nothing but its mark: receive by a type that is not
 * SYSV_MARK. Returns 0, or -errno: ENOSPC is a limit (MSGMNI queues, or MSGMNB
 * bytes, which the mark must fit into), not disk space.
 */
static inline int sysv_queue_make(struct sysv_queue *queue)
{
	struct sysv_queue_mark mark = { .type = SYSV_MARK,
		                        .maker = maker_self() };
	int err;

	queue->id = msgget(IPC_PRIVATE, IPC_CREAT | IPC_EXCL | 0600);
	if (queue->id < 0)
		return -errno;
	queue->made = true;
	/* Would wait for room, but nobody makes any. */
	if (msgsnd(queue->id, &mark, sizeof(mark.maker), IPC_NOWAIT) < 0) {
		err = errno == EAGAIN ? -ENOSPC : -errno;
		sysv_queue_remove(queue);
		return err;
	}
	return 0;
}

#endif
