/*
 * mq_send(3), mq_receive(3) and their timed forms: see mq.c.
 */
#include "harness/explore/model/mq.h"

#include <errno.h>
#include <mqueue.h>
#include <time.h>

enum {
	PRIORITIES = 32768,  /* MQ_PRIO_MAX */
	TIMED = 1 << 16,     /* in the argument that holds the priority */
	PRIORITY_SHIFT = 16, /* in results of receive */
};

/* Arguments: descriptor, size, priority | TIMED. */
/* Whether it goes on at once although there is nothing to be had. */
static bool hurries(struct model *model, unsigned worker, const struct op *op)
{
	return (op->args[2] & TIMED) ||
	       (fd_get(model, worker, op->args[0])->mode & FD_NONBLOCK);
}

static int64_t too_late(struct model *model, unsigned worker,
                        const struct op *op)
{
	bool nonblock = fd_get(model, worker, op->args[0])->mode & FD_NONBLOCK;

	return nonblock ? -EAGAIN : -ETIMEDOUT;
}

static unsigned send_ways(struct model *model, unsigned worker,
                          const struct op *op)
{
	const struct mq *mq = mq_of(model, worker, op, FD_WRITES);

	return !mq || op->args[1] > mq->bytes_max ||
	       mq->queue.count < mq->messages_max || hurries(model, worker, op);
}

static void send_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	struct mq *mq = mq_of(model, worker, op, FD_WRITES);
	uint32_t priority = (uint32_t)op->args[2] % TIMED;

	(void)way;
	op->result = 0;
	if (!mq)
		op->result = -EBADF;
	else if (op->args[1] > mq->bytes_max)
		op->result = -EMSGSIZE;
	else if (mq->queue.count >= mq->messages_max)
		op->result = too_late(model, worker, op);
	else if (op->args[1] > OP_DATA)
		op->result = NOT_MODELLED;
	else if (!queue_put(&mq->queue, priority, op->data, op->args[1]))
		model->full = true;
}

static unsigned receive_ways(struct model *model, unsigned worker,
                             const struct op *op)
{
	const struct mq *mq = mq_of(model, worker, op, FD_READS);

	return !mq || op->args[1] < mq->bytes_max || mq->queue.count > 0 ||
	       hurries(model, worker, op);
}

static int64_t take_first(struct queue *queue, unsigned char *bytes)
{
	struct queue_head head;
	struct queue_head best = { 0 };
	size_t best_begin = 0;
	size_t at = 0;
	size_t begin = 0;

	for (; queue_next(queue, &at, &head); begin = at) {
		if (begin == 0 || head.tag > best.tag) {
			best = head;
			best_begin = begin;
		}
	}
	queue_take(queue, best_begin, bytes, best.size);
	return best.size | (int64_t)best.tag << PRIORITY_SHIFT;
}

static void receive_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	struct mq *mq = mq_of(model, worker, op, FD_READS);

	(void)way;
	if (!mq)
		op->result = -EBADF;
	else if (op->args[1] < mq->bytes_max)
		op->result = -EMSGSIZE;
	else if (mq->queue.count == 0)
		op->result = too_late(model, worker, op);
	else
		op->result = take_first(&mq->queue, op->data);
}

/* --- fronts */

static const struct model_call send_call = {
	.name = "mq_send",
	.ways = send_ways,
	.go = send_go,
};

static const struct model_call receive_call = {
	.name = "mq_receive",
	.ways = receive_ways,
	.go = receive_go,
};

FRONT(mq_send);
FRONT(mq_timedsend);
FRONT(mq_receive);
FRONT(mq_timedreceive);

/* How long does not matter: the time can be over at any moment. */
static ON_FIBER bool is_time(const struct timespec *limit, const void *pc)
{
	struct timespec time = { 0 };

	if (limit)
		model_copy(&time, limit, sizeof(time), pc);
	return time.tv_sec >= 0 && time.tv_nsec >= 0 &&
	       time.tv_nsec <= 999999999;
}

static ON_FIBER int give(mqd_t fd, const char *message, size_t size,
                         unsigned priority, const struct timespec *limit,
                         const void *pc)
{
	size_t copied = size < OP_DATA ? size : OP_DATA;
	unsigned char bytes[OP_DATA];
	int64_t result;

	if (priority >= PRIORITIES || !is_time(limit, pc))
		return (int)model_errno(-EINVAL);
	model_copy(bytes, message, copied, pc);
	kernel_send(bytes, copied);
	result = model_post(&send_call, pc, (uint64_t)fd, size,
	                    priority | (limit ? TIMED : 0), 0);
	return (int)kernel_result(result, "mq_send of more than 64 bytes", pc);
}

static ON_FIBER int64_t take(mqd_t fd, char *message, size_t size,
                             unsigned *priority, const struct timespec *limit,
                             const void *pc)
{
	unsigned char bytes[OP_DATA];
	unsigned found;
	int64_t result;

	if (!is_time(limit, pc))
		return model_errno(-EINVAL);
	kernel_send(NULL, 0);
	result = model_post(&receive_call, pc, (uint64_t)fd, size,
	                    limit ? TIMED : 0, 0);
	if (result < 0)
		return model_errno(result);
	found = (unsigned)(result >> PRIORITY_SHIFT);
	result &= (1 << PRIORITY_SHIFT) - 1;
	memcpy(bytes, model_op()->data, sizeof(bytes));
	model_copy(message, bytes, (size_t)result, pc);
	if (priority)
		model_copy(priority, &found, sizeof(found), pc);
	return result;
}

int explored_mq_send(mqd_t fd, const char *message, size_t size,
                     unsigned priority)
{
	return give(fd, message, size, priority, NULL,
	            __builtin_return_address(0));
}

int explored_mq_timedsend(mqd_t fd, const char *message, size_t size,
                          unsigned priority, const struct timespec *limit)
{
	return give(fd, message, size, priority, limit,
	            __builtin_return_address(0));
}

ssize_t explored_mq_receive(mqd_t fd, char *message, size_t size,
                            unsigned *priority)
{
	return take(fd, message, size, priority, NULL,
	            __builtin_return_address(0));
}

ssize_t explored_mq_timedreceive(mqd_t fd, char *message, size_t size,
                                 unsigned *priority,
                                 const struct timespec *limit)
{
	return take(fd, message, size, priority, limit,
	            __builtin_return_address(0));
}
