/*
 * Tables of descriptors: close(2), dup(2), dup2(2), dup3(2), the commands of
 * fcntl(2) that concern descriptors, and what the end of a process closes.
 *
 * 0, 1 and 2 are in no table: to close them does nothing, to copy them or to put
 * something else in their place is refused.
 *
 * Bounds: 29 descriptors a worker, 64 descriptions at a time.
 */
#include "harness/explore/model/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

enum { TABLE = 1 }; /* the address that stands for a worker's table */

struct entry {
	uint8_t description; /* its number + 1; 0: closed */
	uint8_t flags;       /* FD_CLOEXEC */
};

struct fd_table {
	struct entry entries[FDS];
};

const struct fd_type *fd_type_of(const struct description *what)
{
	static const struct fd_type *const types[] = {
		[FD_NULL] = &null_type,       [FD_FILE] = &file_type,
		[FD_PIPE] = &pipe_type,       [FD_MQ] = &mq_type,
		[FD_EVENTFD] = &eventfd_type,
	};

	return types[what->kind];
}

/* The parent's, as long as the worker has not used its own. */
static const struct fd_table *look_up(struct model *model, unsigned worker)
{
	const struct fd_table *table =
	        model_find(model, MODEL_FD, worker, TABLE);

	return table ? table : model_find(model, MODEL_FD, MODEL_PARENT, TABLE);
}

static struct fd_table *own_table(struct model *model, unsigned worker)
{
	return model_object(model, MODEL_FD, worker, TABLE,
	                    sizeof(struct fd_table));
}

int fd_find(struct model *model, unsigned worker, uint64_t fd)
{
	const struct fd_table *table = look_up(model, worker);

	return table && fd < FDS ? table->entries[fd].description - 1 : -1;
}

struct description *fd_description(struct model *model, unsigned number)
{
	struct description *what =
	        model_find_numbered(model, MODEL_FILE, number);

	return what && what->kind != FD_FREE ? what : NULL;
}

struct description *fd_get(struct model *model, unsigned worker, uint64_t fd)
{
	int number = fd_find(model, worker, fd);

	return number < 0 ? NULL : fd_description(model, (unsigned)number);
}

void fd_each(struct model *model,
             void (*body)(struct description *what, unsigned number,
                          void *argument),
             void *argument)
{
	for (unsigned i = 0; i < DESCRIPTIONS; i++) {
		struct description *what = fd_description(model, i);

		if (what)
			body(what, i, argument);
	}
}

static bool has(const struct fd_table *table, unsigned number)
{
	for (unsigned fd = 0; table && fd < FDS; fd++) {
		if (table->entries[fd].description == number + 1)
			return true;
	}
	return false;
}

uint32_t fd_holders(struct model *model, unsigned number)
{
	uint32_t holders = 0;

	for (unsigned worker = 0; worker < model_workers(); worker++) {
		if (!(model->dead >> worker & 1) &&
		    has(look_up(model, worker), number))
			holders |= 1u << worker;
	}
	return holders;
}

/* Who has no table yet has what the parent has, which is looked at, too. */
static bool is_open(struct model *model, unsigned number)
{
	for (unsigned worker = 0; worker <= MODEL_PARENT; worker++) {
		if (has(model_find(model, MODEL_FD, worker, TABLE), number))
			return true;
	}
	return false;
}

/* --- opening and closing */

/* The lowest free descriptor from FROM up, or NOT_MODELLED. */
static int64_t attach(struct model *model, unsigned worker, unsigned number,
                      unsigned from, int flags)
{
	struct fd_table *table = own_table(model, worker);

	for (unsigned fd = from < FD_FIRST ? FD_FIRST : from; fd < FDS; fd++) {
		if (table->entries[fd].description == 0) {
			table->entries[fd] = (struct entry){
				.description = (uint8_t)(number + 1),
				.flags = (uint8_t)flags,
			};
			return fd;
		}
	}
	return NOT_MODELLED;
}

int64_t fd_open(struct model *model, unsigned worker,
                const struct description *what, int flags)
{
	for (unsigned i = 0; i < DESCRIPTIONS; i++) {
		struct description *made;

		if (fd_description(model, i))
			continue;
		made = model_numbered(model, MODEL_FILE, i, sizeof(*made));
		*made = *what;
		return attach(model, worker, i, FD_FIRST, flags);
	}
	return NOT_MODELLED;
}

static int64_t close_one(struct model *model, unsigned worker, uint64_t fd)
{
	int number = fd_find(model, worker, fd);
	struct description *what = fd_get(model, worker, fd);

	if (!what)
		return -EBADF;
	own_table(model, worker)->entries[fd] = (struct entry){ 0 };
	what = fd_description(model, (unsigned)number); /* it may have moved */
	if (fd_type_of(what)->closed)
		fd_type_of(what)->closed(model, worker, what);
	if (is_open(model, (unsigned)number))
		return 0;
	if (fd_type_of(what)->release)
		fd_type_of(what)->release(model, what, (unsigned)number);
	*what = (struct description){ 0 };
	return 0;
}

static void close_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	(void)way;
	op->result = close_one(model, worker, op->args[FD_NUMBER]);
}

void fd_end_worker(struct model *model, unsigned worker)
{
	for (unsigned fd = 0; fd < FDS; fd++)
		(void)close_one(model, worker, fd);
}

/* Arguments: old, lowest or exact new, flags, exact. */
static void dup_go(struct model *model, unsigned worker, struct op *op,
                   unsigned way)
{
	int number = fd_find(model, worker, op->args[0]);
	bool exact = op->args[3];

	(void)way;
	if (number < 0) {
		op->result = -EBADF;
	} else if (exact && op->args[0] == op->args[1]) {
		op->result = (int64_t)op->args[1];
	} else {
		if (exact)
			(void)close_one(model, worker, op->args[1]);
		op->result = attach(model, worker, (unsigned)number,
		                    (unsigned)op->args[1], (int)op->args[2]);
	}
}

/* --- fcntl */

static int64_t set_flags(struct description *what, uint64_t flags)
{
	what->mode &= FD_READS | FD_WRITES;
	if (flags & O_NONBLOCK)
		what->mode |= FD_NONBLOCK;
	if (flags & O_APPEND)
		what->mode |= FD_APPEND;
	return 0;
}

static int64_t get_flags(const struct description *what)
{
	static const int access[] = { 0, O_RDONLY, O_WRONLY, O_RDWR };

	return access[what->mode & (FD_READS | FD_WRITES)] |
	       (what->mode & FD_NONBLOCK ? O_NONBLOCK : 0) |
	       (what->mode & FD_APPEND ? O_APPEND : 0);
}

/* Arguments: descriptor, command, value. */
static void fcntl_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	uint64_t fd = op->args[0];
	struct description *what = fd_get(model, worker, fd);
	struct entry *entry;

	(void)way;
	op->result = 0;
	if (!what) {
		op->result = -EBADF;
		return;
	}
	if (op->args[1] == F_GETFL)
		op->result = get_flags(what);
	if (op->args[1] == F_SETFL)
		op->result = set_flags(what, op->args[2]);
	entry = &own_table(model, worker)->entries[fd];
	if (op->args[1] == F_GETFD)
		op->result = entry->flags;
	if (op->args[1] == F_SETFD)
		entry->flags = op->args[2] & FD_CLOEXEC;
}

/* --- fronts */

static const struct model_call close_call = {
	.name = "close",
	.ways = model_one_way,
	.go = close_go,
};

static const struct model_call dup_call = {
	.name = "dup",
	.ways = model_one_way,
	.go = dup_go,
};

static const struct model_call fcntl_call = {
	.name = "fcntl",
	.ways = model_one_way,
	.go = fcntl_go,
};

FRONT(close);
FRONT(dup);
FRONT(dup2);
FRONT(dup3);
FRONT(fcntl);
FRONT(fcntl64);

ON_FIBER int fd_close(int fd, const void *pc)
{
	if (fd >= 0 && fd < FD_FIRST)
		return 0;
	return (int)model_errno(
	        model_post(&close_call, pc, (uint64_t)fd, 0, 0, 0));
}

int explored_close(int fd)
{
	return fd_close(fd, __builtin_return_address(0));
}

static ON_FIBER int copy(int from, int to, int flags, bool exact,
                         const void *pc)
{
	int64_t result;

	if (from >= 0 && from < FD_FIRST)
		model_refuse("dup of a standard stream", pc);
	if (exact && to >= 0 && to < FD_FIRST)
		model_refuse("dup2 onto a standard stream", pc);
	if (to >= FDS)
		model_refuse("dup2 to a high number", pc);
	if (to < 0)
		return (int)model_errno(-EBADF);
	result = model_post(&dup_call, pc, (uint64_t)from, (uint64_t)to,
	                    (uint64_t)flags, exact);
	return (int)kernel_result(result, "dup: too many descriptors", pc);
}

int explored_dup(int from)
{
	return copy(from, 0, 0, false, __builtin_return_address(0));
}

int explored_dup2(int from, int to)
{
	return copy(from, to, 0, true, __builtin_return_address(0));
}

int explored_dup3(int from, int to, int flags)
{
	if (from == to || (flags & ~O_CLOEXEC))
		return (int)model_errno(-EINVAL);
	return copy(from, to, flags ? FD_CLOEXEC : 0, true,
	            __builtin_return_address(0));
}

static ON_FIBER int control(int fd, int command, void *value, const void *pc)
{
	int number = (int)(intptr_t)value;

	switch (command) {
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return (int)kernel_result(
		        fd_record_lock(fd, command, value, pc),
		        "fcntl: that many record locks", pc);
	case F_DUPFD:
		return copy(fd, number < 0 ? FDS : number, 0, false, pc);
	case F_DUPFD_CLOEXEC:
		return copy(fd, number < 0 ? FDS : number, FD_CLOEXEC, false,
		            pc);
	case F_GETFD:
	case F_SETFD:
	case F_GETFL:
	case F_SETFL:
		break;
	default:
		model_refuse("fcntl with that command", pc);
	}
	if (fd >= 0 && fd < FD_FIRST)
		model_refuse("fcntl of a standard stream", pc);
	return (int)model_errno(model_post(&fcntl_call, pc, (uint64_t)fd,
	                                   (uint64_t)command, (uint64_t)number,
	                                   0));
}

int explored_fcntl(int fd, int command, ...)
{
	va_list rest;
	void *value;

	va_start(rest, command);
	value = va_arg(rest, void *);
	va_end(rest);
	return control(fd, command, value, __builtin_return_address(0));
}

int explored_fcntl64(int fd, int command, ...)
{
	va_list rest;
	void *value;

	va_start(rest, command);
	value = va_arg(rest, void *);
	va_end(rest);
	return control(fd, command, value, __builtin_return_address(0));
}
