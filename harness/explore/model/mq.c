/*
 * POSIX message queues: mq_open(3), mq_send(3), mq_receive(3) and their timed
 * forms, mq_close(3), mq_unlink(3), mq_getattr(3).
 *
 * A queue has a name until mq_unlink, and lives on while somebody has it open. Its
 * descriptor is one like others (mq_overview(7)), and is inherited by fork. The
 * oldest message of the highest priority comes first. A sender waits where
 * mq_maxmsg messages are in it, a receiver where none is.
 *
 * Waiters go on in any order; the kernel wakes the one of the highest priority
 * that waits longest. A time limit can be over whenever there is nothing to be had.
 *
 * Bounds: 16 queues, names of 63 characters, messages of 64 bytes; 760 bytes in a
 * queue, 6 of them for each message, and what does not fit leaves the verdict
 * unfinished. What an unprivileged process gets depends on the machine above 10
 * messages and 8192 bytes, so more is refused, as are mq_setattr and mq_notify.
 */
#include "harness/explore/model/mq.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <stdarg.h>

enum {
	QUEUES = 16,
	MESSAGES_MAX = 10, /* /proc/sys/fs/mqueue/msg_default, and msg_max */
	BYTES_MAX = 8192,  /* msgsize_default and msgsize_max */
};

static struct mq *mq_at(struct model *model, unsigned number)
{
	return model_find_numbered(model, MODEL_MQ, number);
}

struct mq *mq_of(struct model *model, unsigned worker, const struct op *op,
                 uint8_t mode)
{
	const struct description *what = fd_get(model, worker, op->args[0]);

	return what && what->kind == FD_MQ && (what->mode & mode) == mode
	               ? mq_at(model, what->object)
	               : NULL;
}

/* The number, or QUEUES. */
static unsigned find_name(struct model *model, const unsigned char *name)
{
	for (unsigned i = 0; i < QUEUES; i++) {
		const struct mq *mq = mq_at(model, i);

		if (mq && memcmp(mq->name, name, OP_DATA) == 0)
			return i;
	}
	return QUEUES;
}

/* Arguments: flags, messages_max, bytes_max, as the caller wants them; the name is
 * in data. */
static int64_t make(struct model *model, const struct op *op)
{
	int64_t messages = (int64_t)op->args[1];
	int64_t bytes = (int64_t)op->args[2];

	if (messages < 1 || bytes < 1)
		return -EINVAL;
	if (messages > MESSAGES_MAX || bytes > BYTES_MAX)
		return NOT_MODELLED;
	for (unsigned i = 0; i < QUEUES; i++) {
		struct mq *mq = model_numbered(model, MODEL_MQ, i, sizeof(*mq));

		if (mq->used)
			continue;
		mq->used = true;
		mq->messages_max = (uint8_t)messages;
		mq->bytes_max = (uint16_t)bytes;
		memcpy(mq->name, op->data, OP_DATA);
		return i;
	}
	return NOT_MODELLED;
}

static int64_t open_name(struct model *model, unsigned worker,
                         const struct op *op)
{
	static const uint8_t modes[] = {
		[O_RDONLY] = FD_READS,
		[O_WRONLY] = FD_WRITES,
		[O_RDWR] = FD_READS | FD_WRITES,
	};
	int flags = (int)op->args[0];
	int64_t number = find_name(model, op->data);
	struct description what = {
		.kind = FD_MQ,
		.mode = modes[flags & O_ACCMODE],
	};

	if (number < QUEUES && (flags & O_CREAT) && (flags & O_EXCL))
		return -EEXIST;
	if (number == QUEUES && !(flags & O_CREAT))
		return -ENOENT;
	if (number == QUEUES)
		number = make(model, op);
	if (number < 0)
		return number;
	if (flags & O_NONBLOCK)
		what.mode |= FD_NONBLOCK;
	what.object = (uint8_t)number;
	return fd_open(model, worker, &what, FD_CLOEXEC);
}

static void open_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	op->result = open_name(model, worker, op);
}

struct search {
	unsigned queue;
	bool found;
};

static void is_of(struct description *what, unsigned number, void *argument)
{
	struct search *search = argument;

	(void)number;
	if (what->kind == FD_MQ && what->object == search->queue)
		search->found = true;
}

/* Frees the queue where it has no name and nobody has it open. */
static void forget(struct model *model, unsigned number)
{
	struct search search = { .queue = number };
	struct mq *mq = mq_at(model, number);

	fd_each(model, is_of, &search);
	if (!search.found && mq->name[0] == 0)
		*mq = (struct mq){ 0 };
}

static void unlink_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	unsigned number = find_name(model, op->data);

	(void)worker, (void)way;
	op->result = number == QUEUES ? -ENOENT : 0;
	if (number == QUEUES)
		return;
	memset(mq_at(model, number)->name, 0, OP_DATA);
	forget(model, number);
}

static void release(struct model *model, struct description *what,
                    unsigned number)
{
	unsigned queue = what->object;

	(void)number;
	*what = (struct description){ 0 };
	forget(model, queue);
}

/* read and write are for mq_send and mq_receive only. */
static int64_t refuse(struct model *model, struct description *what,
                      struct op *op)
{
	(void)model, (void)what, (void)op;
	return NOT_MODELLED;
}

const struct fd_type mq_type = {
	.read = refuse,
	.write = refuse,
	.release = release,
};

/* Out of it in data: struct mq_attr. */
static void getattr_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	const struct description *what = fd_get(model, worker, op->args[0]);
	const struct mq *mq = mq_of(model, worker, op, 0);
	long values[4];

	(void)way;
	op->result = mq ? 0 : -EBADF;
	if (!mq)
		return;
	values[0] = what->mode & FD_NONBLOCK ? O_NONBLOCK : 0;
	values[1] = mq->messages_max;
	values[2] = mq->bytes_max;
	values[3] = mq->queue.count;
	memcpy(op->data, values, sizeof(values));
}

/* --- fronts */

static const struct model_call open_call = {
	.name = "mq_open",
	.ways = model_one_way,
	.go = open_go,
};

static const struct model_call unlink_call = {
	.name = "mq_unlink",
	.ways = model_one_way,
	.go = unlink_go,
};

static const struct model_call getattr_call = {
	.name = "mq_getattr",
	.ways = model_one_way,
	.go = getattr_go,
};

FRONT(mq_open);
FRONT(mq_unlink);
FRONT(mq_close);
FRONT(mq_getattr);

/* Puts the name into the next operation: 0 or -errno. */
static ON_FIBER int send_name(const char *name, const void *pc)
{
	size_t length = strlen(name);

	if (name[0] != '/')
		return -EINVAL;
	if (length == 1)
		return -ENOENT;
	if (length - 1 > NAME_MAX)
		return -ENAMETOOLONG;
	if (strchr(name + 1, '/'))
		return -EACCES;
	if (length > OP_DATA)
		model_refuse("mq_open: a name of more than 63 characters", pc);
	kernel_send(name + 1, length - 1);
	return 0;
}

mqd_t explored_mq_open(const char *name, int flags, ...)
{
	const void *pc = __builtin_return_address(0);
	struct mq_attr attr = { .mq_maxmsg = MESSAGES_MAX,
		                .mq_msgsize = BYTES_MAX };
	const struct mq_attr *wanted = NULL;
	int64_t result;
	va_list rest;

	va_start(rest, flags);
	if (flags & O_CREAT) {
		(void)va_arg(rest, mode_t);
		wanted = va_arg(rest, const struct mq_attr *);
	}
	va_end(rest);
	if (wanted)
		model_copy(&attr, wanted, sizeof(attr), pc);
	result = send_name(name, pc);
	if ((flags & O_ACCMODE) == O_ACCMODE)
		result = -EINVAL;
	if (result == 0)
		result = model_post(&open_call, pc, (uint64_t)flags,
		                    (uint64_t)attr.mq_maxmsg,
		                    (uint64_t)attr.mq_msgsize, 0);
	return (int)kernel_result(result, "mq_open: a queue that large", pc);
}

int explored_mq_unlink(const char *name)
{
	int64_t result = send_name(name, __builtin_return_address(0));

	if (result == 0)
		result = MODEL_POST(&unlink_call, 0, 0, 0, 0);
	return (int)model_errno(result);
}

int explored_mq_close(mqd_t fd)
{
	return fd_close(fd, __builtin_return_address(0));
}

int explored_mq_getattr(mqd_t fd, struct mq_attr *attr)
{
	struct mq_attr found = { 0 };
	int64_t result;
	long values[4];

	kernel_send(NULL, 0);
	result = MODEL_POST(&getattr_call, fd, 0, 0, 0);
	if (result < 0)
		return (int)model_errno(result);
	memcpy(values, model_op()->data, sizeof(values));
	found.mq_flags = values[0];
	found.mq_maxmsg = values[1];
	found.mq_msgsize = values[2];
	found.mq_curmsgs = values[3];
	model_copy(attr, &found, sizeof(found), __builtin_return_address(0));
	return 0;
}
