/*
 * read(2), write(2), pread(2), pwrite(2), of whatever the descriptor stands for.
 *
 * What is read from 0 to 2 ends at once, what is written to them is swallowed, and
 * neither is a step.
 *
 * A read or write is one step, of 64 bytes at most. The kernel promises that for
 * pipes and queues. Two writes to a file do not mix either, but a read may see a
 * part of a write (read(2), BUGS), which is not tried here. Who waits when
 * somebody else sets O_NONBLOCK goes on, which the kernel leaves asleep.
 */
#include "harness/explore/model/fd.h"

#include <errno.h>
#include <unistd.h>

static int64_t read_nothing(struct model *model, struct description *from,
                            struct op *op)
{
	(void)model, (void)from, (void)op;
	return 0;
}

static int64_t write_nothing(struct model *model, struct description *to,
                             struct op *op)
{
	(void)model, (void)to;
	return (int64_t)op->args[FD_COUNT];
}

const struct fd_type null_type = {
	.read = read_nothing,
	.write = write_nothing,
};

static bool can_go(struct model *model, const struct description *what,
                   const struct op *op, bool writes)
{
	const struct fd_type *type = fd_type_of(what);
	bool (*can)(struct model *, const struct description *,
	            const struct op *) =
	        writes ? type->can_write : type->can_read;

	return !can || can(model, what, op);
}

/* Why it fails at once, whatever is there to be read: 0 or -errno. */
static int64_t objection(const struct description *what, const struct op *op,
                         bool writes)
{
	if (!what)
		return -EBADF;
	if (what->kind == FD_PIPE && op->args[FD_OFFSET] != UINT64_MAX)
		return -ESPIPE;
	if (what->kind != FD_FILE && op->args[FD_OFFSET] != UINT64_MAX)
		return NOT_MODELLED;
	return what->mode & (writes ? FD_WRITES : FD_READS) ? 0 : -EBADF;
}

static unsigned transfer_ways(struct model *model, unsigned worker,
                              const struct op *op, bool writes)
{
	const struct description *what =
	        fd_get(model, worker, op->args[FD_NUMBER]);

	return objection(what, op, writes) || (what->mode & FD_NONBLOCK) ||
	       can_go(model, what, op, writes);
}

static void transfer(struct model *model, unsigned worker, struct op *op,
                     bool writes)
{
	struct description *what = fd_get(model, worker, op->args[FD_NUMBER]);

	op->result = objection(what, op, writes);
	if (op->result != 0)
		return;
	if (!can_go(model, what, op, writes))
		op->result = -EAGAIN;
	else if (writes)
		op->result = fd_type_of(what)->write(model, what, op);
	else
		op->result = fd_type_of(what)->read(model, what, op);
}

static const char *why_hopeless(struct model *model, unsigned worker,
                                const struct op *op, bool writes)
{
	const struct description *what =
	        fd_get(model, worker, op->args[FD_NUMBER]);

	return what && fd_type_of(what)->hopeless
	               ? fd_type_of(what)->hopeless(model, worker, what, writes)
	               : NULL;
}

static unsigned read_ways(struct model *model, unsigned worker,
                          const struct op *op)
{
	return transfer_ways(model, worker, op, false);
}

static void read_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	transfer(model, worker, op, false);
}

static const char *read_hopeless(struct model *model, unsigned worker,
                                 const struct op *op)
{
	return why_hopeless(model, worker, op, false);
}

static unsigned write_ways(struct model *model, unsigned worker,
                           const struct op *op)
{
	return transfer_ways(model, worker, op, true);
}

static void write_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	(void)way;
	transfer(model, worker, op, true);
}

static const char *write_hopeless(struct model *model, unsigned worker,
                                  const struct op *op)
{
	return why_hopeless(model, worker, op, true);
}

/* --- fronts */

#define TRANSFER(call, direction)                      \
	static const struct model_call call##_call = { \
		.name = #call,                         \
		.ways = direction##_ways,              \
		.go = direction##_go,                  \
		.hopeless = direction##_hopeless,      \
	}

TRANSFER(read, read);
TRANSFER(pread, read);
TRANSFER(write, write);
TRANSFER(pwrite, write);

static ON_FIBER int64_t take(const struct model_call *call, int fd,
                             void *buffer, size_t count, off_t offset,
                             const void *pc)
{
	unsigned char bytes[OP_DATA];
	int64_t result;

	if (fd >= 0 && fd < FD_FIRST)
		return 0;
	kernel_send(NULL, 0);
	result = model_post(call, pc, (uint64_t)fd, count, (uint64_t)offset, 0);
	if (result <= 0)
		return kernel_result(result, "read of that many bytes", pc);
	memcpy(bytes, model_op()->data, (size_t)result);
	model_copy(buffer, bytes, (size_t)result, pc);
	return result;
}

static ON_FIBER int64_t give(const struct model_call *call, int fd,
                             const void *buffer, size_t count, off_t offset,
                             const void *pc)
{
	unsigned char bytes[OP_DATA];
	int64_t result;

	if (fd >= 0 && fd < FD_FIRST)
		return (int64_t)count;
	if (count > OP_DATA)
		model_refuse("write of more than 64 bytes", pc);
	model_copy(bytes, buffer, count, pc);
	kernel_send(bytes, count);
	result = model_post(call, pc, (uint64_t)fd, count, (uint64_t)offset, 0);
	return kernel_result(result, "write of that many bytes", pc);
}

ON_FIBER int64_t fd_read(int fd, void *buffer, size_t count, const void *pc)
{
	return take(&read_call, fd, buffer, count, -1, pc);
}

ON_FIBER int64_t fd_write(int fd, const void *buffer, size_t count,
                          const void *pc)
{
	return give(&write_call, fd, buffer, count, -1, pc);
}

FRONT(read);
FRONT(write);
FRONT(pread);
FRONT(pwrite);
FRONT(pread64);
FRONT(pwrite64);

ssize_t explored_read(int fd, void *buffer, size_t count)
{
	return fd_read(fd, buffer, count, __builtin_return_address(0));
}

ssize_t explored_write(int fd, const void *buffer, size_t count)
{
	return fd_write(fd, buffer, count, __builtin_return_address(0));
}

ssize_t explored_pread(int fd, void *buffer, size_t count, off_t offset)
{
	if (offset < 0)
		return model_errno(-EINVAL);
	return take(&pread_call, fd, buffer, count, offset,
	            __builtin_return_address(0));
}

ssize_t explored_pread64(int fd, void *buffer, size_t count, off64_t offset)
{
	if (offset < 0)
		return model_errno(-EINVAL);
	return take(&pread_call, fd, buffer, count, offset,
	            __builtin_return_address(0));
}

ssize_t explored_pwrite(int fd, const void *buffer, size_t count, off_t offset)
{
	if (offset < 0)
		return model_errno(-EINVAL);
	return give(&pwrite_call, fd, buffer, count, offset,
	            __builtin_return_address(0));
}

ssize_t explored_pwrite64(int fd, const void *buffer, size_t count,
                          off64_t offset)
{
	if (offset < 0)
		return model_errno(-EINVAL);
	return give(&pwrite_call, fd, buffer, count, offset,
	            __builtin_return_address(0));
}
