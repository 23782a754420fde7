/*
 * System V semaphore sets: semget(2), semctl(2), semop(2), semtimedop(2).
 *
 * The operations of one semop happen all at once, or none and the caller waits.
 *
 * The kernel keeps who waits in a queue and serves it in order, though somebody
 * who comes later and can go at once does. Nothing promises that, neither POSIX
 * nor the man page, so here any waiter who can go may be the next. A program
 * that is right only because of the order is shown wrong.
 *
 * Who waits is not written down: a worker that waits inside semop and one that
 * is just about to call it are the same state. So whoever finds the set removed
 * gets EIDRM, as a waiter does, or EINVAL, as one who came too late. And so
 * GETNCNT and GETZCNT are refused. GETPID is, too: who was the last to change a
 * semaphore would make different states of what no program tells apart.
 *
 * A set's id holds how often its number was used, as in the kernel: an old id
 * does not name the next set.
 *
 * Bounds: 32 sets at a time, 32 semaphores in a set, 10 operations at once. A
 * limit of the kernel (SEMMNI, SEMMNS) is never met. Permissions are not looked
 * at. IPC_STAT tells sem_nsems, and of sem_otime whether it is still 0.
 */
#include "harness/explore/model/sysv_sem.h"

#include <errno.h>
#include <stdarg.h>

#include "sync/sysv.h"

/* SEMMSL of include/uapi/linux/sem.h */
enum { SEMAPHORES_MAX = 32000 };

static uint64_t undo_number(uint64_t id, unsigned worker)
{
	return SETS + id % SETS * 32 + worker;
}

struct undo *sysv_find_undo(struct model *model, uint64_t id, unsigned worker)
{
	return model_find_numbered(model, MODEL_SYSV_SEM,
	                           undo_number(id, worker));
}

struct set *sysv_find_set(struct model *model, uint64_t id)
{
	struct set *set = model_find_numbered(model, MODEL_SYSV_SEM, id % SETS);

	return set && set->count > 0 && set->times == id / SETS ? set : NULL;
}

bool sysv_was_removed(struct model *model, uint64_t id)
{
	const struct set *set =
	        model_find_numbered(model, MODEL_SYSV_SEM, id % SETS);

	return set && id / SETS < set->times;
}

struct undo *sysv_make_undo(struct model *model, uint64_t id, unsigned worker)
{
	return model_numbered(model, MODEL_SYSV_SEM, undo_number(id, worker),
	                      sizeof(struct undo));
}

/* --- semget */

static bool find_key(struct model *model, int32_t key, uint64_t *id)
{
	for (unsigned i = 0; i < SETS; i++) {
		const struct set *set =
		        model_find_numbered(model, MODEL_SYSV_SEM, i);

		if (set && set->count > 0 && set->key == key) {
			*id = (uint64_t)set->times * SETS + i;
			return true;
		}
	}
	return false;
}

static int64_t make_set(struct model *model, int32_t key, int count)
{
	if (count == 0)
		return -EINVAL;
	if (count > SEMAPHORES)
		return NOT_MODELLED;
	for (unsigned i = 0; i < SETS; i++) {
		struct set *set =
		        model_numbered(model, MODEL_SYSV_SEM, i, sizeof(*set));

		if (set->count == 0) {
			set->key = key;
			set->count = (uint8_t)count;
			return (int64_t)set->times * SETS + i;
		}
	}
	return NOT_MODELLED;
}

static int64_t get_set(struct model *model, int32_t key, int count, int flags)
{
	uint64_t id;

	if (count < 0 || count > SEMAPHORES_MAX)
		return -EINVAL;
	if (key == IPC_PRIVATE)
		return make_set(model, key, count);
	if (!find_key(model, key, &id))
		return flags & IPC_CREAT ? make_set(model, key, count)
		                         : -ENOENT;
	if ((flags & IPC_CREAT) && (flags & IPC_EXCL))
		return -EEXIST;
	return count > sysv_find_set(model, id)->count ? -EINVAL : (int64_t)id;
}

static void semget_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	(void)worker, (void)way;
	op->result = get_set(model, (int32_t)op->args[0], (int)op->args[1],
	                     (int)op->args[2]);
}

/* --- semctl */

static void forget_undo(struct model *model, uint64_t id, unsigned semaphore)
{
	for (unsigned worker = 0; worker <= MODEL_PARENT; worker++) {
		struct undo *undo = sysv_find_undo(model, id, worker);

		if (undo)
			undo->changes[semaphore] = 0;
	}
}

static int64_t remove_set(struct model *model, uint64_t id, struct set *set)
{
	uint16_t times = set->times;

	for (unsigned i = 0; i < SEMAPHORES; i++)
		forget_undo(model, id, i);
	*set = (struct set){ .times = (uint16_t)(times + 1) };
	return 0;
}

static int64_t set_all(struct model *model, uint64_t id, struct set *set,
                       const void *values)
{
	size_t bytes = set->count * sizeof(set->values[0]);
	uint16_t wanted[SEMAPHORES];

	memcpy(wanted, values, bytes);
	for (unsigned i = 0; i < set->count; i++) {
		if (wanted[i] > SEMAPHORE_MAX)
			return -ERANGE;
	}
	memcpy(set->values, wanted, bytes);
	for (unsigned i = 0; i < set->count; i++)
		forget_undo(model, id, i);
	return 0;
}

static int64_t set_one(struct model *model, uint64_t id, struct set *set,
                       unsigned semaphore, int value)
{
	set->values[semaphore] = (uint16_t)value;
	forget_undo(model, id, semaphore);
	return 0;
}

static int64_t control(struct model *model, struct op *op)
{
	uint64_t id = op->args[0];
	uint64_t semaphore = op->args[1];
	int value = (int)op->args[3];
	struct set *set = sysv_find_set(model, id);

	if (op->args[2] == SETVAL && (value < 0 || value > SEMAPHORE_MAX))
		return -ERANGE;
	if (!set)
		return -EINVAL;
	switch (op->args[2]) {
	case IPC_RMID:
		return remove_set(model, id, set);
	case IPC_STAT:
		return set->count | (set->operated ? 256 : 0);
	case SETALL:
		return set_all(model, id, set, op->data);
	case GETALL:
		memcpy(op->data, set->values, sizeof(op->data));
		return set->count;
	default:
		break;
	}
	if (semaphore >= set->count)
		return -EINVAL;
	if (op->args[2] == SETVAL)
		return set_one(model, id, set, (unsigned)semaphore, value);
	return set->values[semaphore]; /* GETVAL */
}

static void semctl_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	(void)worker, (void)way;
	op->result = control(model, op);
}

/* --- fronts */

static const struct model_call semget_call = {
	.name = "semget",
	.ways = model_one_way,
	.go = semget_go,
};

static const struct model_call semctl_call = {
	.name = "semctl",
	.ways = model_one_way,
	.go = semctl_go,
};

FRONT(semget);
FRONT(semctl);

int explored_semget(key_t key, int count, int flags)
{
	int64_t result = MODEL_POST(&semget_call, key, count,
	                            flags & (IPC_CREAT | IPC_EXCL), 0);

	return (int)kernel_result(result, "semget of that many",
	                          __builtin_return_address(0));
}

static ON_FIBER int64_t post_control(int id, int semaphore, int command,
                                     int value, const void *pc)
{
	return model_post(&semctl_call, pc, (uint64_t)id, (uint64_t)semaphore,
	                  (uint64_t)command, (uint64_t)value);
}

static ON_FIBER int64_t stat_set(int id, struct semid_ds *buffer,
                                 const void *pc)
{
	int64_t result = post_control(id, 0, IPC_STAT, 0, pc);
	struct semid_ds stat = {
		.sem_nsems = (unsigned long)(result & 255),
		.sem_otime = result >= 256,
	};

	if (result < 0)
		return result;
	model_copy(buffer, &stat, sizeof(stat), pc);
	return 0;
}

static ON_FIBER int64_t get_values(int id, unsigned short *array,
                                   const void *pc)
{
	unsigned short values[SEMAPHORES];
	int64_t count;

	kernel_send(NULL, 0);
	count = post_control(id, 0, GETALL, 0, pc);
	if (count < 0)
		return count;
	memcpy(values, model_op()->data, sizeof(values));
	model_copy(array, values, (size_t)count * sizeof(values[0]), pc);
	return 0;
}

/* Two steps: how many there are to be copied, only the set knows. */
static ON_FIBER int64_t set_values(int id, const unsigned short *array,
                                   const void *pc)
{
	unsigned short values[SEMAPHORES];
	int64_t count = post_control(id, 0, IPC_STAT, 0, pc);
	size_t bytes = (size_t)(count & 255) * sizeof(values[0]);

	if (count < 0)
		return count;
	model_copy(values, array, bytes, pc);
	kernel_send(values, bytes);
	return post_control(id, 0, SETALL, 0, pc);
}

int explored_semctl(int id, int semaphore, int command, ...)
{
	const void *pc = __builtin_return_address(0);
	union sysv_semun arg = { 0 };
	va_list rest;

	va_start(rest, command);
	if (command != IPC_RMID && command != GETVAL)
		arg = va_arg(rest, union sysv_semun);
	va_end(rest);
	switch (command) {
	case IPC_STAT:
		return (int)model_errno(stat_set(id, arg.buf, pc));
	case GETALL:
		return (int)model_errno(get_values(id, arg.array, pc));
	case SETALL:
		return (int)model_errno(set_values(id, arg.array, pc));
	case SETVAL:
		return (int)model_errno(
		        post_control(id, semaphore, command, arg.val, pc));
	case IPC_RMID:
	case GETVAL:
		return (int)model_errno(
		        post_control(id, semaphore, command, 0, pc));
	default:
		model_refuse("semctl with that command", pc);
	}
}
