#include "harness/explore/sandbox.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/base/process.h"

enum { GRACE_S = 10 }; /* after the time that was given */

struct task {
	void (*body)(void *argument);
	void *argument;
	double seconds;
};

/* Output, and whatever else the target could do to the terminal, is lost. */
static void confine(double seconds)
{
	struct rlimit none = { 0, 0 };
	rlim_t most = (rlim_t)ceil(seconds) + GRACE_S;
	struct rlimit cpu = { most, most };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int fd = 0; fd < 3 && null >= 0; fd++)
		(void)dup2(null, fd);
	/* Both only lower a limit, which cannot fail. */
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)setrlimit(RLIMIT_CPU, &cpu);
}

static void perform(void *argument)
{
	const struct task *task = argument;

	confine(task->seconds);
	task->body(task->argument);
}

/* A child that neither ends nor computes hangs in the kernel. */
static void await(pid_t pid, double seconds)
{
	struct pollfd child = { .events = POLLIN };
	int milliseconds = (int)fmin((seconds + GRACE_S) * 1000, INT_MAX);

	child.fd = pidfd_open(pid, 0);
	if (child.fd < 0)
		return;
	/* An interruption only shortens the wait of a caller that ends. */
	if (poll(&child, 1, milliseconds) == 0)
		(void)kill(pid, SIGKILL);
	(void)close(child.fd);
}

int sandbox_run(void (*body)(void *argument), void *argument, double seconds,
                int *status)
{
	struct task task = { body, argument, seconds };
	pid_t pid = process_fork(perform, &task);

	if (pid < 0)
		return pid;
	await(pid, seconds);
	*status = process_reap(pid);
	return 0;
}
