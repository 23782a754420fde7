/*
 * flock(2): a lock on a whole file that belongs to the open file description.
 *
 * A descriptor that was inherited or duplicated shares the lock of the original; a
 * description that was opened again is somebody else. The lock goes when the last
 * descriptor is closed.
 *
 * To turn a shared lock into an exclusive one, or back, is two steps: the old lock
 * is given up, then the new one is waited for, and somebody may come in between
 * (flock(2), NOTES). With LOCK_NB the old one is lost where the new one cannot be
 * had.
 *
 * Waiters go on in any order.
 */
#include <errno.h>
#include <sys/file.h>

#include "harness/explore/model/file.h"

/* Whose locks are in the way of a lock on INODE. */
struct rivals {
	const struct description *except;
	unsigned inode;
	bool exclusive;
	uint64_t found; /* the set of their numbers */
};

static void add_rival(struct description *what, unsigned number, void *argument)
{
	struct rivals *rivals = argument;

	if (what != rivals->except && what->kind == FD_FILE &&
	    what->object == rivals->inode && what->flock != 0 &&
	    (rivals->exclusive || what->flock == LOCK_EX))
		rivals->found |= UINT64_C(1) << number;
}

static uint64_t rivals_of(struct model *model, const struct description *what,
                          int wanted)
{
	struct rivals rivals = {
		.except = what,
		.inode = what->object,
		.exclusive = wanted == LOCK_EX,
	};

	fd_each(model, add_rival, &rivals);
	return rivals.found;
}

/* Arguments: descriptor, operation. */
static bool waits(struct model *model, const struct description *what,
                  const struct op *op)
{
	int wanted = (int)op->args[1] & ~LOCK_NB;

	return what && what->kind == FD_FILE && wanted != LOCK_UN &&
	       what->flock == 0 && rivals_of(model, what, wanted) != 0;
}

static unsigned flock_ways(struct model *model, unsigned worker,
                           const struct op *op)
{
	return (op->args[1] & LOCK_NB) ||
	       !waits(model, fd_get(model, worker, op->args[0]), op);
}

static int64_t lock(struct model *model, struct description *what,
                    const struct op *op)
{
	int wanted = (int)op->args[1] & ~LOCK_NB;
	bool turns = what && what->flock != 0 && what->flock != wanted;

	if (!what)
		return -EBADF;
	if (what->kind != FD_FILE)
		return NOT_MODELLED;
	if (waits(model, what, op))
		return -EWOULDBLOCK;
	what->flock = wanted == LOCK_UN || turns ? 0 : (uint8_t)wanted;
	return wanted != LOCK_UN && turns ? GOES_ON : 0;
}

static void flock_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	(void)way;
	op->result = lock(model, fd_get(model, worker, op->args[0]), op);
}

static uint32_t flock_holders(struct model *model, unsigned worker,
                              const struct op *op)
{
	const struct description *what = fd_get(model, worker, op->args[0]);
	uint32_t holders = 0;
	uint64_t rivals;

	if (!waits(model, what, op))
		return 0;
	rivals = rivals_of(model, what, (int)op->args[1]);
	for (unsigned i = 0; i < DESCRIPTIONS; i++) {
		if (rivals >> i & 1)
			holders |= fd_holders(model, i);
	}
	return holders;
}

static const struct model_call flock_call = {
	.name = "flock",
	.ways = flock_ways,
	.go = flock_go,
	.holders = flock_holders,
};

FRONT(flock);

int explored_flock(int fd, int operation)
{
	int wanted = operation & ~LOCK_NB;
	int64_t result;

	if (wanted != LOCK_SH && wanted != LOCK_EX && wanted != LOCK_UN)
		return (int)model_errno(-EINVAL);
	do {
		result = MODEL_POST(&flock_call, fd, operation, 0, 0);
	} while (result == GOES_ON);
	return (int)kernel_result(result, "flock of what is not a file",
	                          __builtin_return_address(0));
}
