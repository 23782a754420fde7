/*
 * Locks on ranges of a file: fcntl(2) F_SETLK, F_SETLKW, F_GETLK and their F_OFD_
 * forms, and lockf(3).
 *
 * A lock belongs to the process (F_SETLK), and is dropped when it closes any
 * descriptor of the file, or to the open file description (F_OFD_SETLK). Both
 * kinds are in one list and conflict; flock() is apart. Ranges of one owner are
 * split and merged as in posix_lock_inode() of fs/locks.c.
 *
 * Waiters go on in any order. Of several locks in the way, F_GETLK reports any.
 *
 * Not modelled: the kernel answers EDEADLK to the last call of a circle of
 * F_SETLKW. Here that is the deadlock that it would be with F_OFD_SETLKW, which
 * the kernel does not look at.
 *
 * Bound: 12 ranges a file.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "harness/explore/model/file.h"

/* The arguments of the call. */
enum {
	DESCRIPTOR,
	COMMAND, /* and type << 8, whence << 16 */
	START,
	LENGTH,
};

/* Of struct record, but for F_UNLCK. */
static uint8_t type_of(const struct op *op)
{
	return (uint8_t)((op->args[COMMAND] >> 8 & 0xff) + 1);
}

static int command_of(const struct op *op)
{
	return (int)(op->args[COMMAND] & 0xff);
}

static bool is_query(const struct op *op)
{
	return command_of(op) == F_GETLK || command_of(op) == F_OFD_GETLK;
}

static bool waits_for_it(const struct op *op)
{
	return command_of(op) == F_SETLKW || command_of(op) == F_OFD_SETLKW;
}

/* As flock_to_posix_lock() in fs/locks.c: 0 or -errno. */
static int64_t range_of(const struct inode *inode,
                        const struct description *what, const struct op *op,
                        struct record *range)
{
	int64_t length = (int64_t)op->args[LENGTH];
	uint64_t whence = op->args[COMMAND] >> 16;
	int64_t base = whence == SEEK_CUR   ? what->offset
	               : whence == SEEK_END ? inode->size
	                                    : 0;

	if (__builtin_add_overflow(base, (int64_t)op->args[START],
	                           &range->start))
		return -EOVERFLOW;
	if (range->start < 0 || whence > SEEK_END)
		return -EINVAL;
	range->end = INT64_MAX;
	if (length > 0 &&
	    __builtin_add_overflow(range->start, length - 1, &range->end))
		return -EOVERFLOW;
	if (length < 0) {
		range->end = range->start - 1;
		if (__builtin_add_overflow(range->start, length,
		                           &range->start) ||
		    range->start < 0)
			return -EINVAL;
	}
	return 0;
}

/* What is asked for: 0 or -errno. */
static int64_t wish(struct model *model, unsigned worker, const struct op *op,
                    struct inode **inode, struct record *range)
{
	int number = fd_find(model, worker, op->args[DESCRIPTOR]);
	const struct description *what =
	        fd_get(model, worker, op->args[DESCRIPTOR]);
	bool ofd = command_of(op) >= F_OFD_GETLK;
	int64_t err;

	if (!what)
		return -EBADF;
	*inode = file_inode(model, what);
	if (!*inode)
		return NOT_MODELLED;
	err = range_of(*inode, what, op, range);
	if (err != 0)
		return err;
	range->type = type_of(op);
	range->owner = (uint8_t)(ofd ? RECORD_DESCRIPTION + number
	                             : RECORD_WORKER + (int)worker);
	if (is_query(op))
		return 0;
	if ((range->type == F_RDLCK + 1 && !(what->mode & FD_READS)) ||
	    (range->type == F_WRLCK + 1 && !(what->mode & FD_WRITES)))
		return -EBADF;
	return 0;
}

/*
 * Whether the range that is waited for could move meanwhile, which the kernel
 * does not allow: it is counted from an offset that others share, or from the
 * end of the file. Then to fall asleep is a step of its own, which fixes it.
 */
static bool must_fix(struct model *model, unsigned worker, const struct op *op)
{
	uint64_t whence = op->args[COMMAND] >> 16;
	int number = fd_find(model, worker, op->args[DESCRIPTOR]);

	return waits_for_it(op) &&
	       (whence == SEEK_END ||
	        (whence == SEEK_CUR &&
	         (fd_holders(model, (unsigned)number) & ~(1u << worker))));
}

static unsigned lock_ways(struct model *model, unsigned worker,
                          const struct op *op)
{
	struct record range;
	struct inode *inode;
	unsigned rivals = 0;

	if (wish(model, worker, op, &inode, &range) != 0)
		return 1;
	while (record_rival(inode, &range, rivals))
		rivals++;
	if (is_query(op))
		return rivals > 0 ? rivals : 1;
	return rivals == 0 || !waits_for_it(op) || must_fix(model, worker, op);
}

static void place(struct flock *lock, const struct record *range)
{
	lock->l_whence = SEEK_SET;
	lock->l_start = range->start;
	lock->l_len =
	        range->end == INT64_MAX ? 0 : range->end - range->start + 1;
}

/* Member by member: the padding of an operation's data is compared, too. */
static void answer(struct op *op, short type, const struct record *range,
                   pid_t pid)
{
	struct flock lock;

	memset(&lock, 0, sizeof(lock));
	lock.l_type = type;
	lock.l_pid = pid;
	if (range)
		place(&lock, range);
	memset(op->data, 0, sizeof(op->data));
	memcpy(op->data, &lock, sizeof(lock));
}

/* For the front, which asks again. */
static void fix(struct op *op, const struct record *range)
{
	answer(op, (short)(range->type - 1), range, 0);
	op->result = GOES_ON;
}

static void report(struct op *op, const struct record *found)
{
	if (!found)
		answer(op, F_UNLCK, NULL, 0);
	else
		answer(op, (short)(found->type - 1), found,
		       found->owner >= RECORD_DESCRIPTION
		               ? -1
		               : kernel_pid(found->owner - RECORD_WORKER));
}

static void lock_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	struct record range;
	struct inode *inode;

	op->result = wish(model, worker, op, &inode, &range);
	if (op->result != 0)
		return;
	if (is_query(op))
		report(op, record_rival(inode, &range, way));
	else if (!record_rival(inode, &range, 0))
		op->result = record_put(inode, &range);
	else if (must_fix(model, worker, op))
		fix(op, &range);
	else
		op->result = -EAGAIN;
}

static uint32_t lock_holders(struct model *model, unsigned worker,
                             const struct op *op)
{
	const struct record *other;
	struct record range;
	struct inode *inode;
	uint32_t holders = 0;

	if (wish(model, worker, op, &inode, &range) != 0)
		return 0;
	for (unsigned i = 0; (other = record_rival(inode, &range, i)); i++)
		holders |=
		        other->owner >= RECORD_DESCRIPTION
		                ? fd_holders(model,
		                             other->owner - RECORD_DESCRIPTION)
		                : 1u << other->owner;
	return holders;
}

/* --- fronts */

static const struct model_call lock_call = {
	.name = "fcntl",
	.ways = lock_ways,
	.go = lock_go,
	.holders = lock_holders,
};

/* LOCK becomes what was found, or what is waited for. */
static ON_FIBER int64_t post_lock(int fd, int command, struct flock *lock,
                                  const void *pc)
{
	int64_t result;

	kernel_send(NULL, 0);
	result = model_post(&lock_call, pc, (uint64_t)fd,
	                    (uint64_t)command | (uint64_t)lock->l_type << 8 |
	                            (uint64_t)lock->l_whence << 16,
	                    (uint64_t)lock->l_start, (uint64_t)lock->l_len);
	if (result >= 0)
		memcpy(lock, model_op()->data, sizeof(*lock));
	return result;
}

ON_FIBER int64_t fd_record_lock(int fd, int command, struct flock *lock,
                                const void *pc)
{
	bool query = command == F_GETLK || command == F_OFD_GETLK;
	struct flock copy;
	struct flock found;
	int64_t result;

	model_copy(&copy, lock, sizeof(copy), pc);
	if (copy.l_type < F_RDLCK || copy.l_type > F_UNLCK ||
	    copy.l_whence < SEEK_SET || copy.l_whence > SEEK_END)
		return -EINVAL;
	if (command == F_GETLK && copy.l_type == F_UNLCK)
		return -EINVAL;
	if (command == F_OFD_GETLK && copy.l_type == F_UNLCK)
		model_refuse("fcntl F_OFD_GETLK of F_UNLCK", pc);
	if (command >= F_OFD_GETLK && copy.l_pid != 0)
		return -EINVAL;
	found = copy;
	do {
		result = post_lock(fd, command, &found, pc);
	} while (result == GOES_ON);
	if (!query || result < 0)
		return result;
	if (found.l_type == F_UNLCK) {
		copy.l_type = F_UNLCK; /* and the rest stays as it was */
		found = copy;
	}
	model_copy(lock, &found, sizeof(found), pc);
	return 0;
}

FRONT(lockf);
FRONT(lockf64);

/* As in glibc: a write lock from the offset on; F_TEST asks for a read lock. */
static ON_FIBER int lock_file(int fd, int what, off_t length, const void *pc)
{
	struct flock lock = {
		.l_type = F_WRLCK,
		.l_whence = SEEK_CUR,
		.l_len = length,
	};
	int command = F_SETLK;
	int64_t result;

	switch (what) {
	case F_TEST:
		lock.l_type = F_RDLCK;
		command = F_GETLK;
		break;
	case F_ULOCK:
		lock.l_type = F_UNLCK;
		break;
	case F_LOCK:
		command = F_SETLKW;
		break;
	case F_TLOCK:
		break;
	default:
		return (int)model_errno(-EINVAL);
	}
	result = fd_record_lock(fd, command, &lock, pc);
	if (what == F_TEST && result == 0 && lock.l_type != F_UNLCK)
		result = -EACCES;
	return (int)kernel_result(result, "lockf: that many record locks", pc);
}

int explored_lockf(int fd, int what, off_t length)
{
	return lock_file(fd, what, length, __builtin_return_address(0));
}

int explored_lockf64(int fd, int what, off64_t length)
{
	return lock_file(fd, what, length, __builtin_return_address(0));
}
