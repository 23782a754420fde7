#include "harness/fault/gc.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "sync/sysv.h"

enum verdict { FOREIGN, ALIVE, DEAD };

static enum verdict judge_maker(int64_t pid)
{
	/* 0 stands for a process of another PID namespace: not ours to judge. */
	if (pid <= 0)
		return FOREIGN;
	return kill((pid_t)pid, 0) < 0 && errno == ESRCH ? DEAD : ALIVE;
}

static bool may_be_ours(const struct ipc_perm *perm)
{
	return perm->__key == IPC_PRIVATE && perm->uid == geteuid() &&
	       (perm->mode & 0777) == 0600;
}

static void count(enum verdict verdict, bool removed, struct gc_found *found)
{
	found->alive += verdict == ALIVE;
	/* Another process may have been faster. */
	found->removed += verdict == DEAD && removed;
}

/* --- semaphore sets */

/* The set's last semaphore bears the mark and its maker's pid. */
static enum verdict judge_set(int id, const struct semid_ds *set)
{
	int mark = (int)set->sem_nsems - 1;

	if (!may_be_ours(&set->sem_perm) || set->sem_nsems < 2 ||
	    semctl(id, mark, GETVAL) != SYSV_MARK)
		return FOREIGN;
	return judge_maker(semctl(id, mark, GETPID));
}

static int collect_sets(struct gc_found *found)
{
	struct seminfo info;
	union sysv_semun arg = { .array = (unsigned short *)&info };
	int last = semctl(0, 0, SEM_INFO, arg);

	if (last < 0)
		return -errno;
	for (int index = 0; index <= last; index++) {
		struct semid_ds set = { 0 };
		union sysv_semun out = { .buf = &set };
		/* By index, not by id; gives the id, or fails for a free one. */
		int id = semctl(index, 0, SEM_STAT, out);
		enum verdict verdict = id < 0 ? FOREIGN : judge_set(id, &set);

		count(verdict, verdict == DEAD && semctl(id, 0, IPC_RMID) == 0,
		      found);
	}
	return 0;
}

/* --- message queues */

/*
 * The mark is the queue's first message, in which its maker stands. To look at it
 * where it is changes nothing, and is not even noted as a receive: MSG_COPY, in
 * msgop(2), takes the message's place, not its type. A foreign message that is
 * longer gives E2BIG.
 */
static enum verdict judge_queue(int id, const struct msqid_ds *queue)
{
	uint64_t space = maker_self().space;
	struct sysv_queue_mark mark;

	if (!may_be_ours(&queue->msg_perm) ||
	    msgrcv(id, &mark, sizeof(mark.maker), 0, MSG_COPY | IPC_NOWAIT) !=
	            sizeof(mark.maker) ||
	    mark.type != SYSV_MARK || space == 0 || mark.maker.space != space)
		return FOREIGN;
	return judge_maker(mark.maker.pid);
}

static int collect_queues(struct gc_found *found)
{
	struct msginfo info;
	int last = msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&info);

	if (last < 0)
		return -errno;
	for (int index = 0; index <= last; index++) {
		struct msqid_ds queue = { 0 };
		/* By index, not by id; gives the id, or fails for a free one. */
		int id = msgctl(index, MSG_STAT, &queue);
		enum verdict verdict =
		        id < 0 ? FOREIGN : judge_queue(id, &queue);

		count(verdict,
		      verdict == DEAD && msgctl(id, IPC_RMID, NULL) == 0,
		      found);
	}
	return 0;
}

int gc_collect(struct gc_found *found)
{
	int err;

	*found = (struct gc_found){ 0 };
	err = collect_sets(found);
	return err ? err : collect_queues(found);
}
