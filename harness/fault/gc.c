#include "harness/fault/gc.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include "sync/sysv.h"

enum verdict { FOREIGN, ALIVE, DEAD };

/* The set's last semaphore bears the mark and its maker's pid. */
static enum verdict judge(int id, const struct semid_ds *set)
{
	int mark = (int)set->sem_nsems - 1;
	int maker;

	if (set->sem_perm.__key != IPC_PRIVATE ||
	    set->sem_perm.uid != geteuid() ||
	    (set->sem_perm.mode & 0777) != 0600 || set->sem_nsems < 2 ||
	    semctl(id, mark, GETVAL) != SYSV_MARK)
		return FOREIGN;
	maker = semctl(id, mark, GETPID);
	/* 0 stands for a process of another PID namespace: not ours to judge. */
	if (maker <= 0)
		return FOREIGN;
	return kill(maker, 0) < 0 && errno == ESRCH ? DEAD : ALIVE;
}

int gc_collect(struct gc_found *found)
{
	struct seminfo info;
	union sysv_semun arg = { .array = (unsigned short *)&info };
	int last = semctl(0, 0, SEM_INFO, arg);

	*found = (struct gc_found){ 0 };
	if (last < 0)
		return -errno;
	for (int index = 0; index <= last; index++) {
		struct semid_ds set = { 0 };
		union sysv_semun out = { .buf = &set };
		/* By index, not by id; gives the id, or fails for a free one. */
		int id = semctl(index, 0, SEM_STAT, out);
		enum verdict verdict = id < 0 ? FOREIGN : judge(id, &set);

		found->alive += verdict == ALIVE;
		/* Another process may have been faster. */
		if (verdict == DEAD && semctl(id, 0, IPC_RMID) == 0)
			found->removed++;
	}
	return 0;
}
