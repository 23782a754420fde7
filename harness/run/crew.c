#include "harness/run/crew.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "harness/base/process.h"

/* What crew_wait gets for the signals' descriptor; no worker has this index. */
static const uint64_t signals_tag = UINT64_MAX;

static int poll_add(struct crew *crew, int fd, uint64_t tag)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = tag };

	return epoll_ctl(crew->poll, EPOLL_CTL_ADD, fd, &event) < 0 ? -errno
	                                                            : 0;
}

int crew_begin(struct crew *crew, unsigned workers, bool threads, int signals)
{
	*crew = (struct crew){
		.workers = workers,
		.threads = threads,
		.size = threads ? 1 : workers,
	};
	crew->poll = epoll_create1(EPOLL_CLOEXEC);
	if (crew->poll < 0)
		return -errno;
	crew->member = calloc(crew->size, sizeof(*crew->member));
	crew->verdict = calloc(workers, sizeof(*crew->verdict));
	if (!crew->member || !crew->verdict)
		return -ENOMEM;
	return signals < 0 ? 0 : poll_add(crew, signals, signals_tag);
}

int crew_fork(struct crew *crew, void (*body)(void *), void *argument)
{
	struct crew_member *member = &crew->member[crew->started];
	pid_t pid = process_fork(body, argument);

	if (pid < 0)
		return pid;
	*member = (struct crew_member){ .pid = pid, .pidfd = -1 };
	crew->started++;
	crew->alive++;
	return 0;
}

/*
 * Only after the last fork: a worker that inherited the descriptors of all
 * before it would have to close them, which is quadratic work. The pids are
 * safe to open until they are reaped.
 */
int crew_watch(struct crew *crew)
{
	int err = 0;

	for (unsigned i = 0; i < crew->started && !err; i++) {
		struct crew_member *member = &crew->member[i];

		member->pidfd = pidfd_open(member->pid, 0);
		err = member->pidfd < 0 ? -errno
		                        : poll_add(crew, member->pidfd, i);
	}
	return err;
}

static void reap(struct crew *crew, struct crew_member *member)
{
	member->status = process_reap(member->pid);
	member->pid = 0;
	if (member->pidfd >= 0)
		(void)close(member->pidfd);
	member->pidfd = -1;
	crew->alive--;
}

int crew_wait(struct crew *crew, int timeout_ms, unsigned *which)
{
	struct epoll_event event;
	int ready = epoll_wait(crew->poll, &event, 1, timeout_ms);

	if (ready < 0)
		return errno == EINTR ? CREW_TIMEOUT : -errno;
	if (ready == 0)
		return CREW_TIMEOUT;
	if (event.data.u64 == signals_tag)
		return CREW_SIGNAL;
	*which = (unsigned)event.data.u64;
	reap(crew, &crew->member[*which]);
	return CREW_ENDED;
}

struct crew_member *crew_member_of(const struct crew *crew, unsigned worker)
{
	return &crew->member[crew->threads ? 0 : worker];
}

void crew_kill(struct crew *crew, unsigned worker, enum fate verdict)
{
	struct crew_member *member = crew_member_of(crew, worker);

	if (member->pid == 0)
		return;
	if (crew->verdict[worker] == FATE_FINISHED)
		crew->verdict[worker] = verdict;
	/* Not reaped yet, so the pid cannot be another's. */
	(void)kill(member->pid, SIGKILL);
}

void crew_kill_all(struct crew *crew, enum fate verdict)
{
	unsigned workers = crew->threads ? crew->workers : crew->started;

	for (unsigned i = 0; i < workers; i++)
		crew_kill(crew, i, verdict);
	for (unsigned i = 0; i < crew->started; i++) {
		if (crew->member[i].pid != 0)
			reap(crew, &crew->member[i]);
	}
}

void crew_end(struct crew *crew)
{
	if (crew->member && crew->verdict)
		crew_kill_all(crew, FATE_ABANDONED);
	free(crew->member);
	crew->member = NULL;
	free(crew->verdict);
	crew->verdict = NULL;
	if (crew->poll >= 0)
		(void)close(crew->poll);
	crew->poll = -1;
}
