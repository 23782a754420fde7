#include "harness/explore/baton.h"

#include <errno.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/explore/guard.h"
#include "harness/explore/hooks.h"
#include "harness/explore/vehicle.h"

enum { LOOK_NS = 50000000 }; /* how often to look whether it is still alive */

static HOOK void hand_over(struct worker *worker, uint32_t turn)
{
	__atomic_store_n(&worker->turn, turn, __ATOMIC_SEQ_CST);
	(void)syscall(SYS_futex, &worker->turn, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* Waits a while for the turn to be TURN; whether it is. */
static HOOK bool await(struct worker *worker, uint32_t turn)
{
	struct timespec soon = { .tv_nsec = LOOK_NS };

	if (__atomic_load_n(&worker->turn, __ATOMIC_SEQ_CST) != turn)
		(void)syscall(SYS_futex, &worker->turn, FUTEX_WAIT, !turn,
		              &soon, NULL, 0);
	return __atomic_load_n(&worker->turn, __ATOMIC_SEQ_CST) == turn;
}

/* In the worker: instead of fiber_leave(). */
static HOOK void leave(void)
{
	struct worker *self = hooks.self;
	bool last = self->now.state != WORKER_READY;

	hand_over(self, 0);
	if (last)
		_exit(0);
	while (!await(self, 1))
		continue;
	vehicle_machine->steps++; /* this process's own: it goes on */
}

static HOOK void work(void *argument)
{
	struct worker *self = argument;

	hooks.self = self;
	hooks.leave = leave;
	(void)guard_watch_time(); /* timers are not inherited */
	while (!await(self, 1))
		continue;
	vehicle_work();
}

void baton_fork(struct worker *worker)
{
	worker->pid = process_fork(work, worker);
}

static void note_death(struct machine *machine, struct worker *worker,
                       int status)
{
	struct stop *stop = machine->stop;

	worker->now.state = WORKER_STOPPED;
	worker->pid = 0;
	stop->kind = STOP_CRASH;
	stop->worker = worker->index;
	stop->pc = worker->now.op.pc;
	(void)snprintf(stop->text, sizeof(stop->text), "%s",
	               WIFSIGNALED(status) ? text_signal(WTERMSIG(status))
	                                   : "the process ended");
}

void baton_resume(struct machine *machine, struct worker *worker)
{
	int status = 0;

	if (worker->pid <= 0) {
		note_death(machine, worker, status);
		return;
	}
	hand_over(worker, 1);
	while (!await(worker, 0)) {
		if (waitpid(worker->pid, &status, WNOHANG) != worker->pid)
			continue;
		if (__atomic_load_n(&worker->turn, __ATOMIC_SEQ_CST) != 0)
			note_death(machine, worker, status);
		return;
	}
}

void baton_end(struct machine *machine)
{
	for (unsigned i = 0; i < machine->spec.workers; i++) {
		struct worker *worker = &machine->workers[i];

		if (!machine->spec.real || worker->pid <= 0)
			continue;
		(void)kill(worker->pid, SIGKILL); /* it is ours, not reaped */
		(void)process_reap(worker->pid);
		worker->pid = 0;
	}
}
