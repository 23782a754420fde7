/*
 * What is in a file: lseek(2), ftruncate(2), and what reading and writing does.
 */
#include "harness/explore/model/file.h"

#include <errno.h>
#include <unistd.h>

struct inode *file_inode(struct model *model, const struct description *what)
{
	return what && what->kind == FD_FILE
	               ? model_find_numbered(model, MODEL_INODE, what->object)
	               : NULL;
}

void file_set_size(struct inode *inode, uint32_t size)
{
	if (size < inode->size)
		memset(inode->content + size, 0, inode->size - size);
	inode->size = size;
}

struct search {
	unsigned inode;
	bool found;
};

static void is_of(struct description *what, unsigned number, void *argument)
{
	struct search *search = argument;

	(void)number;
	if (what->kind == FD_FILE && what->object == search->inode)
		search->found = true;
}

void file_forget(struct model *model, unsigned number)
{
	struct inode *inode = model_find_numbered(model, MODEL_INODE, number);
	struct search search = { .inode = number };

	fd_each(model, is_of, &search);
	if (!search.found && inode->path[0] == 0)
		*inode = (struct inode){ 0 };
}

static int64_t read_file(struct model *model, struct description *from,
                         struct op *op)
{
	const struct inode *inode = file_inode(model, from);
	bool sequential = op->args[FD_OFFSET] == UINT64_MAX;
	uint64_t at = sequential ? from->offset : op->args[FD_OFFSET];
	uint64_t count = op->args[FD_COUNT];

	if (at >= inode->size)
		return 0;
	if (count > inode->size - at)
		count = inode->size - at;
	if (count > OP_DATA)
		return NOT_MODELLED;
	memcpy(op->data, inode->content + at, count);
	if (sequential)
		from->offset += (uint32_t)count;
	return (int64_t)count;
}

/* With O_APPEND pwrite appends, too (pwrite(2), BUGS). */
static int64_t write_file(struct model *model, struct description *to,
                          struct op *op)
{
	struct inode *inode = file_inode(model, to);
	bool sequential = op->args[FD_OFFSET] == UINT64_MAX;
	uint64_t at = sequential ? to->offset : op->args[FD_OFFSET];
	uint64_t count = op->args[FD_COUNT];

	if (!inode || count == 0)
		return 0;
	if (to->mode & FD_APPEND)
		at = inode->size;
	if (at > FILE_BYTES || count > FILE_BYTES - at)
		return NOT_MODELLED;
	/* NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): see above */
	memcpy(inode->content + at, op->data, count);
	if (at + count > inode->size)
		inode->size = (uint32_t)(at + count);
	if (sequential)
		to->offset = (uint32_t)(at + count);
	return (int64_t)count;
}

static void closed(struct model *model, unsigned worker,
                   const struct description *what)
{
	record_drop(file_inode(model, what), RECORD_WORKER + worker);
}

static void release(struct model *model, struct description *what,
                    unsigned number)
{
	unsigned inode = what->object;

	record_drop(file_inode(model, what), RECORD_DESCRIPTION + number);
	*what = (struct description){ 0 };
	file_forget(model, inode);
}

const struct fd_type file_type = {
	.read = read_file,
	.write = write_file,
	.closed = closed,
	.release = release,
};

/* Arguments: descriptor, offset, whence. */
static void lseek_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	struct description *what = fd_get(model, worker, op->args[0]);
	const struct inode *inode = file_inode(model, what);
	int64_t to = (int64_t)op->args[1];

	(void)way;
	op->result = what ? -ESPIPE : -EBADF;
	if (what && what->kind != FD_PIPE && !inode)
		op->result = NOT_MODELLED;
	if (!inode)
		return;
	if (op->args[2] == SEEK_CUR)
		to += what->offset;
	else if (op->args[2] == SEEK_END)
		to += inode->size;
	else if (op->args[2] != SEEK_SET)
		to = -1;
	op->result = to < 0 ? -EINVAL : to > UINT32_MAX ? NOT_MODELLED : to;
	if (op->result >= 0)
		what->offset = (uint32_t)to;
}

/* Arguments: descriptor, size. */
static void ftruncate_go(struct model *model, unsigned worker, struct op *op,
                         unsigned way)
{
	struct description *what = fd_get(model, worker, op->args[0]);
	struct inode *inode = file_inode(model, what);

	(void)way;
	op->result = what ? -EINVAL : -EBADF;
	if (!inode || !(what->mode & FD_WRITES))
		return;
	op->result = op->args[1] > FILE_BYTES ? NOT_MODELLED : 0;
	if (op->result == 0)
		file_set_size(inode, (uint32_t)op->args[1]);
}

/* --- fronts */

static const struct model_call lseek_call = {
	.name = "lseek",
	.ways = model_one_way,
	.go = lseek_go,
};

static const struct model_call ftruncate_call = {
	.name = "ftruncate",
	.ways = model_one_way,
	.go = ftruncate_go,
};

FRONT(lseek);
FRONT(lseek64);
FRONT(ftruncate);
FRONT(ftruncate64);

static ON_FIBER off_t seek(int fd, off_t offset, int whence, const void *pc)
{
	int64_t result;

	if (fd >= 0 && fd < FD_FIRST)
		return model_errno(-ESPIPE);
	if (whence == SEEK_DATA || whence == SEEK_HOLE)
		model_refuse("lseek with SEEK_DATA or SEEK_HOLE", pc);
	result = model_post(&lseek_call, pc, (uint64_t)fd, (uint64_t)offset,
	                    (uint64_t)whence, 0);
	return kernel_result(result, "lseek there", pc);
}

off_t explored_lseek(int fd, off_t offset, int whence)
{
	return seek(fd, offset, whence, __builtin_return_address(0));
}

off64_t explored_lseek64(int fd, off64_t offset, int whence)
{
	return seek(fd, offset, whence, __builtin_return_address(0));
}

static ON_FIBER int truncate_file(int fd, off_t size, const void *pc)
{
	int64_t result;

	if (size < 0)
		return (int)model_errno(-EINVAL);
	result = model_post(&ftruncate_call, pc, (uint64_t)fd, (uint64_t)size,
	                    0, 0);
	return (int)kernel_result(result, "ftruncate to that many bytes", pc);
}

int explored_ftruncate(int fd, off_t size)
{
	return truncate_file(fd, size, __builtin_return_address(0));
}

int explored_ftruncate64(int fd, off64_t size)
{
	return truncate_file(fd, size, __builtin_return_address(0));
}
