/*
 * System V message queues: msgget(2), msgsnd(2), msgrcv(2), msgctl(2).
 *
 * A receiver takes the oldest message (type 0), the oldest of a type (above 0), of
 * any other type (MSG_EXCEPT), or the oldest of the lowest type up to -type (below
 * 0). One that is too long stays, with E2BIG, or is cut off with MSG_NOERROR.
 *
 * Waiters go on in any order, and who waits is not written down: see sysv_sem.c,
 * also for who finds the queue removed.
 *
 * A real queue is full at 16384 bytes (MSGMNB), which no exploration reaches. So
 * msgsnd never waits: 760 bytes fit, 6 of them for each message, and what does not
 * fit leaves the verdict unfinished.
 *
 * Bounds: 16 queues at a time, messages of 56 bytes, types below 2^31. Permissions
 * are not looked at. IPC_STAT tells msg_qnum, __msg_cbytes and msg_qbytes.
 */
#include <errno.h>
#include <limits.h>
#include <sys/msg.h>

#include "harness/explore/model/kernel.h"
#include "harness/explore/model/queue.h"

enum {
	QUEUES = 16,
	BODY = OP_DATA - sizeof(int64_t), /* the type is in front of it */
	BODY_MAX = 8192,                  /* MSGMAX, of linux/msg.h */
	QUEUE_MAX = 16384,                /* MSGMNB */
};

/* A zeroed one, but for times, is free. */
struct messages {
	int32_t key;
	uint16_t times; /* how many queues of this number were removed */
	bool used;
	uint8_t padding;
	uint16_t bytes; /* of bodies */
	struct queue queue;
	uint8_t more_padding[2];
};

static struct messages *find(struct model *model, uint64_t id)
{
	struct messages *messages =
	        model_find_numbered(model, MODEL_SYSV_MSG, id % QUEUES);

	return messages && messages->used && messages->times == id / QUEUES
	               ? messages
	               : NULL;
}

/* In how many ways a call ends that finds no queue: EINVAL; EIDRM if it waited. */
static unsigned ways_without(struct model *model, uint64_t id, bool may_wait)
{
	const struct messages *messages =
	        model_find_numbered(model, MODEL_SYSV_MSG, id % QUEUES);

	return messages && id / QUEUES < messages->times && may_wait ? 2 : 1;
}

/* --- msgget */

static int64_t make(struct model *model, int32_t key)
{
	for (unsigned i = 0; i < QUEUES; i++) {
		struct messages *messages = model_numbered(
		        model, MODEL_SYSV_MSG, i, sizeof(*messages));

		if (!messages->used) {
			messages->used = true;
			messages->key = key;
			return (int64_t)messages->times * QUEUES + i;
		}
	}
	return NOT_MODELLED;
}

static int64_t get(struct model *model, int32_t key, int flags)
{
	for (unsigned i = 0; i < QUEUES && key != IPC_PRIVATE; i++) {
		const struct messages *messages =
		        model_find_numbered(model, MODEL_SYSV_MSG, i);

		if (messages && messages->used && messages->key == key)
			return (flags & IPC_CREAT) && (flags & IPC_EXCL)
			               ? -EEXIST
			               : (int64_t)messages->times * QUEUES + i;
	}
	return key == IPC_PRIVATE || (flags & IPC_CREAT) ? make(model, key)
	                                                 : -ENOENT;
}

static void msgget_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	(void)worker, (void)way;
	op->result = get(model, (int32_t)op->args[0], (int)op->args[1]);
}

/* --- msgctl: id, command */

static void msgctl_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	struct messages *messages = find(model, op->args[0]);

	(void)worker, (void)way;
	op->result = messages ? 0 : -EINVAL;
	if (messages && op->args[1] == IPC_RMID)
		*messages = (struct messages){
			.times = (uint16_t)(messages->times + 1),
		};
	else if (messages)
		op->result = messages->queue.count | messages->bytes << 16;
}

/* --- msgsnd: id, type, size; the body in data */

static void msgsnd_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	struct messages *messages = find(model, op->args[0]);
	size_t size = op->args[2];

	(void)worker, (void)way;
	op->result = messages ? 0 : -EINVAL;
	if (!messages)
		return;
	if (!queue_put(&messages->queue, (uint32_t)op->args[1], op->data, size))
		model->full = true;
	else
		messages->bytes = (uint16_t)(messages->bytes + size);
}

/* --- msgrcv: id, size, type, flags; type and body in data */

/* How much rather this one is taken than others; 0: not at all. */
static uint64_t preference(uint32_t tag, int64_t type, int flags)
{
	if (type < 0)
		return tag <= (uint64_t)-type ? (uint64_t)INT_MAX + 1 - tag : 0;
	if (type == 0)
		return 1;
	return flags & MSG_EXCEPT ? tag != (uint64_t)type
	                          : tag == (uint64_t)type;
}

/* Whether there is one to be received, where it begins, and its head. */
static bool choose(const struct messages *messages, const struct op *op,
                   size_t *place, struct queue_head *chosen)
{
	struct queue_head head;
	uint64_t best = 0;
	size_t at = 0;

	for (size_t begin = 0; queue_next(&messages->queue, &at, &head);
	     begin = at) {
		uint64_t score = preference(head.tag, (int64_t)op->args[2],
		                            (int)op->args[3]);

		if (score > best) {
			best = score;
			*place = begin;
			*chosen = head;
		}
	}
	return best > 0;
}

static unsigned msgrcv_ways(struct model *model, unsigned worker,
                            const struct op *op)
{
	const struct messages *messages = find(model, op->args[0]);
	bool may_wait = !(op->args[3] & IPC_NOWAIT);
	struct queue_head head;
	size_t place;

	(void)worker;
	if (!messages)
		return ways_without(model, op->args[0], may_wait);
	return !may_wait || choose(messages, op, &place, &head);
}

static int64_t receive(struct messages *messages, struct op *op)
{
	struct queue_head head;
	size_t size = op->args[1];
	size_t place;
	int64_t type;

	if (!choose(messages, op, &place, &head))
		return -ENOMSG;
	if (head.size > size && !(op->args[3] & MSG_NOERROR))
		return -E2BIG;
	if (size > head.size)
		size = head.size;
	type = head.tag;
	memcpy(op->data, &type, sizeof(type));
	queue_take(&messages->queue, place, op->data + sizeof(type), size);
	messages->bytes = (uint16_t)(messages->bytes - head.size);
	return (int64_t)size;
}

static void msgrcv_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	struct messages *messages = find(model, op->args[0]);

	(void)worker;
	op->result = way == 0 ? -EINVAL : -EIDRM;
	if (messages)
		op->result = receive(messages, op);
}

/* --- fronts */

static const struct model_call msgget_call = {
	.name = "msgget",
	.ways = model_one_way,
	.go = msgget_go,
};

static const struct model_call msgctl_call = {
	.name = "msgctl",
	.ways = model_one_way,
	.go = msgctl_go,
};

static const struct model_call msgsnd_call = {
	.name = "msgsnd",
	.ways = model_one_way,
	.go = msgsnd_go,
};

static const struct model_call msgrcv_call = {
	.name = "msgrcv",
	.ways = msgrcv_ways,
	.go = msgrcv_go,
};

FRONT(msgget);
FRONT(msgctl);
FRONT(msgsnd);
FRONT(msgrcv);

int explored_msgget(key_t key, int flags)
{
	int64_t result = MODEL_POST(&msgget_call, key,
	                            flags & (IPC_CREAT | IPC_EXCL), 0, 0);

	return (int)kernel_result(result, "msgget: too many at a time",
	                          __builtin_return_address(0));
}

int explored_msgctl(int id, int command, struct msqid_ds *buffer)
{
	const void *pc = __builtin_return_address(0);
	struct msqid_ds stat = { .msg_qbytes = QUEUE_MAX };
	int64_t result;

	if (command != IPC_RMID && command != IPC_STAT)
		model_refuse("msgctl with that command", pc);
	result = MODEL_POST(&msgctl_call, id, command, 0, 0);
	if (result < 0 || command == IPC_RMID)
		return (int)model_errno(result);
	stat.msg_qnum = (msgqnum_t)(result & 0xffff);
	stat.__msg_cbytes = (unsigned long)(result >> 16);
	model_copy(buffer, &stat, sizeof(stat), pc);
	return 0;
}

int explored_msgsnd(int id, const void *message, size_t size, int flags)
{
	const void *pc = __builtin_return_address(0);
	unsigned char body[BODY];
	long type;

	(void)flags; /* it never waits */
	model_copy(&type, message, sizeof(type), pc);
	if (size > BODY_MAX || id < 0 || type < 1)
		return (int)model_errno(-EINVAL);
	if (size > BODY || type > INT_MAX)
		model_refuse("msgsnd of more than 56 bytes", pc);
	model_copy(body, (const char *)message + sizeof(type), size, pc);
	kernel_send(body, size);
	return (int)model_errno(MODEL_POST(&msgsnd_call, id, type, size, 0));
}

ssize_t explored_msgrcv(int id, void *message, size_t size, long type,
                        int flags)
{
	const void *pc = __builtin_return_address(0);
	unsigned char found[OP_DATA];
	int64_t result;

	if (flags & MSG_COPY)
		model_refuse("msgrcv with MSG_COPY", pc);
	if (id < 0 || size > LONG_MAX)
		return model_errno(-EINVAL);
	if (type == LONG_MIN)
		type++; /* as the kernel: it cannot be negated */
	kernel_send(NULL, 0);
	result = MODEL_POST(&msgrcv_call, id, size, type,
	                    flags & (IPC_NOWAIT | MSG_NOERROR | MSG_EXCEPT));
	if (result < 0)
		return model_errno(result);
	memcpy(found, model_op()->data, sizeof(found));
	model_copy(message, found, sizeof(long) + (size_t)result, pc);
	return result;
}
