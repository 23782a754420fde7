#include "twin_real.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/process.h"

enum {
	PROCESSES = TWIN_WORKERS + 1,
	HIGH_FD = 200, /* below it, numbers are as in the model */
	PATIENCE_S = 20,
	FORK = -1, /* commands to the parent; the worker is in args[0] */
	KILL = -2,
};

/* Shared with the processes. */
struct notes {
	pid_t pids[PROCESSES];
	int inside[PROCESSES]; /* in an operation */
};

static const struct twin_test *real_test;
static struct twin_side *real_side;
static struct notes *notes;
static int ours[PROCESSES];   /* our ends of the sockets */
static int theirs[PROCESSES]; /* in the processes, from HIGH_FD on */

static void serve(void *worker);

/* What only the parent is asked. */
static void manage(const struct twin_command *command, struct twin_reply *reply)
{
	static unsigned workers[TWIN_WORKERS];
	unsigned worker = (unsigned)command->args[0];
	pid_t *pid = &notes->pids[worker];

	workers[worker] = worker;
	if (command->what == FORK) {
		*pid = process_fork(serve, &workers[worker]);
		reply->result = *pid > 0 ? 0 : *pid;
		return;
	}
	(void)kill(*pid, SIGKILL);
	reply->result = process_reap(*pid);
}

static void obey(unsigned self, const struct twin_command *command)
{
	struct twin_reply reply = { 0 };

	if (command->what < 0) {
		manage(command, &reply);
	} else {
		__atomic_store_n(&notes->inside[self], 1, __ATOMIC_SEQ_CST);
		errno = 0;
		real_test->act(real_side, command, &reply);
		__atomic_store_n(&notes->inside[self], 0, __ATOMIC_SEQ_CST);
	}
	(void)send(theirs[self], &reply, sizeof(reply), MSG_NOSIGNAL);
}

static void serve(void *worker)
{
	unsigned self = *(unsigned *)worker;
	struct twin_command command;

	(void)signal(SIGPIPE, SIG_IGN);
	while (recv(theirs[self], &command, sizeof(command), 0) ==
	       (ssize_t)sizeof(command))
		obey(self, &command);
}

/* Leaves only the standard streams and what was put high. */
static void be_parent(void *unused)
{
	static unsigned self = TWIN_PARENT;

	(void)unused;
	(void)close_range(3, HIGH_FD - 1, 0);
	serve(&self);
}

static int open_sockets(void)
{
	for (unsigned i = 0; i < PROCESSES; i++) {
		int ends[2];

		if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) < 0)
			return -errno;
		ours[i] = ends[0];
		theirs[i] = fcntl(ends[1], F_DUPFD, HIGH_FD);
		(void)close(ends[1]);
	}
	return 0;
}

/* To a process that neither waits nor is dead. */
static int64_t ask(unsigned process, const struct twin_command *command,
                   struct twin_reply *reply)
{
	(void)send(ours[process], command, sizeof(*command), MSG_NOSIGNAL);
	if (recv(ours[process], reply, sizeof(*reply), 0) !=
	    (ssize_t)sizeof(*reply))
		return -EPIPE;
	return reply->result;
}

int real_begin(const struct twin_test *test, struct twin_side *real,
               struct twin_reply *replies)
{
	pid_t pid;
	int err;

	real_test = test;
	real_side = real;
	if (!notes)
		notes = mmap(NULL, sizeof(*notes), PROT_READ | PROT_WRITE,
		             MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (notes == MAP_FAILED)
		return -ENOMEM;
	memset(notes, 0, sizeof(*notes));
	err = open_sockets();
	if (err != 0)
		return err;
	pid = process_fork(be_parent, NULL);
	if (pid < 0)
		return pid;
	notes->pids[TWIN_PARENT] = pid;
	for (unsigned i = 0; i < test->setups; i++)
		(void)ask(TWIN_PARENT, &test->setup[i], &replies[i]);
	return 0;
}

int real_fork(void)
{
	struct twin_command command = { .what = FORK };
	struct twin_reply reply;

	for (int i = 0; i < TWIN_WORKERS; i++) {
		int64_t result;

		command.args[0] = i;
		result = ask(TWIN_PARENT, &command, &reply);
		if (result < 0)
			return (int)result;
	}
	return 0;
}

void real_send(unsigned worker, const struct twin_command *command)
{
	(void)send(ours[worker], command, sizeof(*command), MSG_NOSIGNAL);
}

static bool inside(unsigned worker)
{
	return __atomic_load_n(&notes->inside[worker], __ATOMIC_SEQ_CST);
}

/*
 * A process that was preempted while it was making ready to sleep shows as S, too,
 * and may find that it need not. The kernel tells the number of the system call
 * only of one that has left the processor.
 */
static bool has_stopped(pid_t pid)
{
	char path[32];
	char first;
	ssize_t count;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/syscall", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true; /* no such file in this kernel: S must do */
	count = read(fd, &first, 1);
	(void)close(fd);
	return count != 1 || first != 'r'; /* "running" */
}

/* In the operation before and after we look: so it is there that it sleeps. */
static bool sleeps(unsigned worker)
{
	pid_t pid = notes->pids[worker];
	struct process_peek peek;

	return inside(worker) && process_peek(pid, &peek) == 0 &&
	       peek.state == 'S' && has_stopped(pid) && inside(worker);
}

enum real_state real_wait(unsigned worker, bool prompt,
                          struct twin_reply *reply)
{
	uint64_t end_ns = clock_now_ns() + PATIENCE_S * NS_PER_SEC;

	do {
		if (recv(ours[worker], reply, sizeof(*reply), MSG_DONTWAIT) ==
		    (ssize_t)sizeof(*reply))
			return REAL_REPLIED;
		if (!prompt && sleeps(worker))
			return REAL_ASLEEP;
		(void)sched_yield();
	} while (clock_now_ns() < end_ns);
	return REAL_LOST;
}

void real_kill(unsigned worker)
{
	struct twin_command command = { .what = KILL };
	struct twin_reply reply;

	command.args[0] = (int)worker;
	(void)ask(TWIN_PARENT, &command, &reply);
	notes->pids[worker] = 0;
}

void real_end(void)
{
	if (!notes || notes->pids[TWIN_PARENT] <= 0)
		return;
	for (unsigned i = 0; i < TWIN_WORKERS; i++) {
		if (notes->pids[i] > 0)
			real_kill(i);
	}
	for (int i = 0; i < PROCESSES; i++) {
		(void)close(ours[i]);
		(void)close(theirs[i]);
	}
	(void)kill(notes->pids[TWIN_PARENT], SIGKILL);
	(void)process_reap(notes->pids[TWIN_PARENT]);
	notes->pids[TWIN_PARENT] = 0;
}
