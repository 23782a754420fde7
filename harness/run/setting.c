#include "harness/run/setting.h"

#include <errno.h>
#include <string.h>

#include "harness/base/text.h"

static void complain_of_init(const struct sync_strategy *strategy, int err,
                             struct complaint *complaint)
{
	if (err == -EOPNOTSUPP || err == -ENOSYS) {
		complain(complaint, strategy->name,
		         "this machine does not have what it needs (%s)",
		         text_errno(-err));
		if (strategy->ops->needs)
			complain_cure(complaint, "it needs %s",
			              strategy->ops->needs);
		return;
	}
	complain(complaint, strategy->name, "cannot be set up: %s (%s)",
	         strerror(-err), text_errno(-err));
	if (err == -ENOSPC)
		complain_cure(
		        complaint,
		        "a kernel limit, not disk space: SEMMNI, SEMMNS, "
		        "MSGMNI or MSGMNB for System V objects (ipcs -l; ipcs "
		        "-s -q lists what is left behind), "
		        "/proc/sys/fs/mqueue/queues_max for POSIX queues; or "
		        "/dev/shm is full, for POSIX semaphores: df /dev/shm");
	else if (err == -EMFILE || err == -ENFILE)
		complain_cure(
		        complaint,
		        "the limit on open files is reached: see ulimit -n; "
		        "for POSIX queues also ulimit -q");
}

static void *at(const struct run *run, size_t offset)
{
	return (char *)run->arena.base + offset;
}

int setting_begin(struct run *run, const struct sync_strategy *strategy,
                  const struct layout *layout, unsigned workers,
                  struct complaint *complaint)
{
	const struct sync_ops *ops = strategy->ops;
	void *shared = at(run, layout->shared);
	int err = 0;

	if (layout->bytes > run->arena.bytes)
		return -EINVAL;
	/* The note belongs to the janitor and stays. */
	memset(at(run, layout->gate), 0, layout->bytes - layout->gate);
	complain(complaint, strategy->name, "out of memory");
	janitor_arm(&run->janitor, ops, shared);
	if (ops->init)
		err = ops->init(shared, workers);
	if (err)
		complain_of_init(strategy, err, complaint);
	return err;
}

void setting_end(struct run *run, const struct sync_strategy *strategy,
                 const struct layout *layout)
{
	if (layout->bytes > run->arena.bytes)
		return; /* it was not begun */
	if (strategy->ops->destroy)
		strategy->ops->destroy(at(run, layout->shared));
	janitor_disarm(&run->janitor);
}
