/*
 * sem_open, sem_close, sem_unlink: glibc 2.36, sysdeps/pthread/sem_{open,close,
 * unlink,routines}.c, posix/shm-directory.c and sem_overview(7).
 *
 * A name stands for a semaphore, and a semaphore lives as long as a name stands for
 * it or somebody has it open. What sem_open() returns is the address of a sem_t
 * here, never read, that stands for the semaphore in all workers; glibc's address
 * is the same only where it was inherited.
 *
 * Simplified: the search begins without any names; modes are not checked; "/a" and
 * "a" are one name, as in glibc, but have one address, too; a semaphore that was
 * closed can still be used, where glibc's use would crash.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>

#include "harness/explore/model/sem.h"
#include "harness/explore/model/wait.h"

enum { NAMED = 64 };

static sem_t named[NAMED];

/* Of the calls on names: the hash of the name is ARG_OBJECT. */
enum { ARG_FLAGS = 1, ARG_VALUE = 3 };

/* Under the hash of the name, for everybody. */
struct name {
	uint32_t slot; /* of the table, + 1; 0: nothing has that name */
};

/* Under the address, for each worker, and inherited by fork. */
struct mapping {
	uint32_t opened; /* so many times */
};

bool sem_is_named(uint64_t address)
{
	return address - (uintptr_t)named < sizeof(named);
}

static struct name *name_at(struct model *model, uint64_t hash)
{
	return model_numbered(model, MODEL_SEM_NAME, hash, sizeof(struct name));
}

static struct mapping *mapping_at(struct model *model, unsigned worker,
                                  uint64_t address)
{
	return model_object(model, MODEL_SEM_NAME, worker, address,
	                    sizeof(struct mapping));
}

/* Those of the table that are in use. */
static void note_used(void *object, uint64_t key, unsigned owner,
                      void *argument)
{
	const struct mapping *mapping = object;
	const struct name *name = object;
	bool *used = argument;

	if (owner > MODEL_PARENT && name->slot)
		used[name->slot - 1] = true;
	else if (owner <= MODEL_PARENT && mapping->opened)
		used[(key - (uintptr_t)named) / sizeof(named[0])] = true;
}

static uint32_t free_slot(struct model *model)
{
	bool used[NAMED] = { false };

	model_each(model, MODEL_SEM_NAME, note_used, used);
	for (uint32_t i = 0; i < NAMED; i++) {
		if (!used[i])
			return i + 1;
	}
	return 0;
}

static int64_t create(struct model *model, unsigned worker, const struct op *op)
{
	uint32_t slot = free_slot(model);

	if (op->args[ARG_VALUE] > SEM_VALUE_MAX)
		return -EINVAL;
	if (!slot) {
		model->full = true;
		return -ENOSPC;
	}
	name_at(model, op->args[ARG_OBJECT])->slot = slot;
	*sem_at(model, worker, (uintptr_t)&named[slot - 1]) = (struct sem){
		.value = (uint32_t)op->args[ARG_VALUE],
		.shared = true,
	};
	return slot;
}

/* Results in the slot. */
static void open_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	uint32_t slot = name_at(model, op->args[ARG_OBJECT])->slot;
	int flags = (int)op->args[ARG_FLAGS];

	(void)way;
	op->result = slot;
	if (flags & O_CREAT && flags & O_EXCL && slot)
		op->result =
		        op->args[ARG_VALUE] > SEM_VALUE_MAX ? -EINVAL : -EEXIST;
	else if (!slot)
		op->result =
		        flags & O_CREAT ? create(model, worker, op) : -ENOENT;
	if (op->result > 0)
		mapping_at(model, worker, (uintptr_t)&named[op->result - 1])
		        ->opened++;
}

static void close_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	struct mapping *mapping;

	(void)way;
	op->result = -EINVAL;
	if (!sem_is_named(op->args[ARG_OBJECT]))
		return;
	mapping = mapping_at(model, worker, op->args[ARG_OBJECT]);
	if (!mapping->opened)
		return;
	mapping->opened--;
	op->result = 0;
}

static void unlink_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	struct name *name = name_at(model, op->args[ARG_OBJECT]);

	(void)worker;
	(void)way;
	op->result = name->slot ? 0 : -ENOENT;
	name->slot = 0;
}

WAIT_NEVER(open_call, "sem_open", open_go);
WAIT_NEVER(close_call, "sem_close", close_go);
WAIT_NEVER(unlink_call, "sem_unlink", unlink_go);

WAIT_FRONT(sem_open);
WAIT_FRONT(sem_close);
WAIT_FRONT(sem_unlink);

/*
 * The hash of NAME (FNV-1a). Sets *ERR, if it cannot be a name: to TOO_BAD where
 * glibc does not even look for it.
 */
static ON_WORKER uint64_t hash_of(const char *name, int too_bad, int *err)
{
	static const size_t name_max = NAME_MAX - (sizeof("sem.") - 1);
	uint64_t hash = 0xcbf29ce484222325;
	size_t length = 0;

	while (*name == '/')
		name++;
	*err = 0;
	for (; name[length]; length++) {
		if (name[length] == '/')
			*err = too_bad;
		hash = (hash ^ (unsigned char)name[length]) * 0x100000001b3;
	}
	if (length == 0 || length > NAME_MAX)
		*err = too_bad;
	else if (!*err && length > name_max)
		*err = ENAMETOOLONG;
	return hash;
}

MODEL_FRONT sem_t *explored_sem_open(const char *name, int flags, ...)
{
	unsigned value = 0;
	int64_t slot;
	va_list list;
	uint64_t hash;
	int err;

	if (flags & O_CREAT) {
		va_start(list, flags);
		(void)va_arg(list, mode_t);
		value = va_arg(list, unsigned);
		va_end(list);
	}
	hash = hash_of(name, EINVAL, &err);
	slot = err ? -err
	           : MODEL_POST(&open_call, hash, (unsigned)flags, UNTIMED,
	                        value);
	return model_errno(slot) < 0 ? SEM_FAILED : &named[slot - 1];
}

MODEL_FRONT int explored_sem_close(sem_t *sem)
{
	return (int)model_errno(MODEL_POST(&close_call, sem, 0, UNTIMED, 0));
}

MODEL_FRONT int explored_sem_unlink(const char *name)
{
	int err;
	uint64_t hash = hash_of(name, ENOENT, &err);

	if (err)
		return (int)model_errno(-err);
	return (int)model_errno(MODEL_POST(&unlink_call, hash, 0, UNTIMED, 0));
}
