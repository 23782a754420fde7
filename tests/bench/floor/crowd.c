/*
 * As little as can be done with many processes that are all there at once: the
 * last to arrive lets the others go.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/floor/floor.h"

struct gate {
	unsigned arrived;
	unsigned open; /* a futex */
};

static _Noreturn void run(struct gate *gate, unsigned workers)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		_exit(1);
	if (__atomic_add_fetch(&gate->arrived, 1, __ATOMIC_ACQ_REL) ==
	    workers) {
		__atomic_store_n(&gate->open, 1, __ATOMIC_RELEASE);
		(void)syscall(SYS_futex, &gate->open, FUTEX_WAKE, INT_MAX, NULL,
		              NULL, 0);
	}
	while (!__atomic_load_n(&gate->open, __ATOMIC_ACQUIRE))
		(void)syscall(SYS_futex, &gate->open, FUTEX_WAIT, 0, NULL, NULL,
		              0);
	_exit(0);
}

static int fork_and_wait(struct gate *gate, unsigned workers, pid_t *pids)
{
	unsigned forked;
	int err = 0;

	for (forked = 0; forked < workers; forked++) {
		pids[forked] = fork();
		if (pids[forked] == 0)
			run(gate, workers);
		if (pids[forked] < 0) {
			err = -errno;
			break;
		}
	}
	for (unsigned i = 0; i < forked; i++) {
		if (err) /* the gate would never open */
			(void)kill(pids[i], SIGKILL);
		while (waitpid(pids[i], NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	return err;
}

int floor_crowd(unsigned workers)
{
	pid_t *pids = calloc(workers, sizeof(*pids));
	struct gate *gate;
	int err;

	if (!pids)
		return -ENOMEM;
	gate = mmap(NULL, sizeof(*gate), PROT_READ | PROT_WRITE,
	            MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (gate == MAP_FAILED) {
		free(pids);
		return -errno;
	}
	err = fork_and_wait(gate, workers, pids);
	(void)munmap(gate, sizeof(*gate)); /* it was mapped */
	free(pids);
	return err;
}
