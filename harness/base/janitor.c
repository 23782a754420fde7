#include "harness/base/janitor.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "harness/base/process.h"

struct watch {
	int pipe; /* the read end */
	const struct janitor_note *note;
};

static void wait_and_clean(void *argument)
{
	const struct watch *watch = argument;
	char byte;

	(void)prctl(PR_SET_NAME, "racelab-janitor"); /* for ps(1) only */
	while (read(watch->pipe, &byte, 1) != 0 && errno == EINTR)
		continue;
	/* Pairs with the release in janitor_arm. */
	if (__atomic_load_n(&watch->note->armed, __ATOMIC_ACQUIRE))
		watch->note->ops->destroy(watch->note->shared);
}

int janitor_start(struct janitor *janitor, struct janitor_note *note)
{
	struct watch watch = { .note = note };
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	watch.pipe = ends[0];
	/* detached: it keeps no descriptor but the read end */
	pid = process_fork_detached(wait_and_clean, &watch, ends[0]);
	(void)close(ends[0]);
	if (pid < 0) {
		(void)close(ends[1]);
		return pid;
	}
	*janitor =
	        (struct janitor){ .pid = pid, .pipe = ends[1], .note = note };
	return 0;
}

void janitor_arm(struct janitor *janitor, const struct sync_ops *ops,
                 void *shared)
{
	if (!ops->destroy)
		return;
	janitor->note->ops = ops;
	janitor->note->shared = shared;
	__atomic_store_n(&janitor->note->armed, 1, __ATOMIC_RELEASE);
}

void janitor_disarm(struct janitor *janitor)
{
	__atomic_store_n(&janitor->note->armed, 0, __ATOMIC_RELEASE);
}

void janitor_stop(struct janitor *janitor)
{
	if (janitor->pid <= 0)
		return;
	(void)close(janitor->pipe);
	(void)process_reap(janitor->pid);
	janitor->pid = 0;
}
