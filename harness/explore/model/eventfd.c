/*
 * eventfd(2): a counter, read and written as 8 bytes.
 *
 * A read takes all of it, or 1 with EFD_SEMAPHORE, and waits at 0. A write adds,
 * and waits where the sum would be above 2^64 - 2. A write of more than 8 bytes,
 * which only some kernels take, is refused.
 *
 * Bound: 16 counters at a time.
 */
#include <errno.h>
#include <sys/eventfd.h>

#include "harness/explore/model/fd.h"

enum { COUNTERS = 16 };

struct counter {
	uint64_t value;
	bool used;
	bool semaphore;
	uint8_t padding[6];
};

static struct counter *counter_of(struct model *model,
                                  const struct description *what)
{
	return model_find_numbered(model, MODEL_EVENTFD, what->object);
}

static void eventfd_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	uint64_t flags = op->args[1];
	struct description what = { .kind = FD_EVENTFD,
		                    .mode = FD_READS | FD_WRITES };

	(void)way;
	op->result = NOT_MODELLED;
	if (flags & EFD_NONBLOCK)
		what.mode |= FD_NONBLOCK;
	for (unsigned i = 0; i < COUNTERS; i++) {
		struct counter *counter = model_numbered(model, MODEL_EVENTFD,
		                                         i, sizeof(*counter));

		if (counter->used)
			continue;
		*counter = (struct counter){
			.value = op->args[0],
			.used = true,
			.semaphore = flags & EFD_SEMAPHORE,
		};
		what.object = (uint8_t)i;
		op->result = fd_open(model, worker, &what,
		                     (flags & EFD_CLOEXEC) != 0);
		return;
	}
}

static bool can_read(struct model *model, const struct description *from,
                     const struct op *op)
{
	return op->args[FD_COUNT] < sizeof(uint64_t) ||
	       counter_of(model, from)->value > 0;
}

static int64_t read_counter(struct model *model, struct description *from,
                            struct op *op)
{
	struct counter *counter = counter_of(model, from);
	uint64_t value = counter->semaphore ? 1 : counter->value;

	if (op->args[FD_COUNT] < sizeof(value))
		return -EINVAL;
	counter->value -= value;
	memcpy(op->data, &value, sizeof(value));
	return sizeof(value);
}

static uint64_t addend(const struct op *op)
{
	uint64_t value;

	memcpy(&value, op->data, sizeof(value));
	return value;
}

static bool can_write(struct model *model, const struct description *to,
                      const struct op *op)
{
	return op->args[FD_COUNT] < sizeof(uint64_t) ||
	       addend(op) == UINT64_MAX ||
	       addend(op) < UINT64_MAX - counter_of(model, to)->value;
}

static int64_t write_counter(struct model *model, struct description *to,
                             struct op *op)
{
	if (op->args[FD_COUNT] < sizeof(uint64_t) || addend(op) == UINT64_MAX)
		return -EINVAL;
	if (op->args[FD_COUNT] > sizeof(uint64_t))
		return NOT_MODELLED;
	counter_of(model, to)->value += addend(op);
	return sizeof(uint64_t);
}

static void release(struct model *model, struct description *what,
                    unsigned number)
{
	(void)number;
	*counter_of(model, what) = (struct counter){ 0 };
}

const struct fd_type eventfd_type = {
	.can_read = can_read,
	.read = read_counter,
	.can_write = can_write,
	.write = write_counter,
	.release = release,
};

/* --- fronts */

static const struct model_call eventfd_call = {
	.name = "eventfd",
	.ways = model_one_way,
	.go = eventfd_go,
};

FRONT(eventfd);
FRONT(eventfd_read);
FRONT(eventfd_write);

int explored_eventfd(unsigned initial, int flags)
{
	int64_t result;

	if (flags & ~(EFD_SEMAPHORE | EFD_NONBLOCK | EFD_CLOEXEC))
		return (int)model_errno(-EINVAL);
	result = MODEL_POST(&eventfd_call, initial, flags, 0, 0);
	return (int)kernel_result(result, "eventfd: too many at a time",
	                          __builtin_return_address(0));
}

/* As in glibc: -1 unless all 8 bytes were transferred. */
int explored_eventfd_read(int fd, eventfd_t *value)
{
	return fd_read(fd, value, sizeof(*value),
	               __builtin_return_address(0)) != sizeof(*value)
	               ? -1
	               : 0;
}

int explored_eventfd_write(int fd, eventfd_t value)
{
	return fd_write(fd, &value, sizeof(value),
	                __builtin_return_address(0)) != sizeof(value)
	               ? -1
	               : 0;
}
