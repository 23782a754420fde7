/*
 * semop(2) and semtimedop(2), and what a worker's end undoes: see sysv_sem.c.
 */
#include "harness/explore/model/sysv_sem.h"

#include <errno.h>
#include <time.h>

enum {
	OPERATIONS = OP_DATA / sizeof(struct sembuf),
	OPERATIONS_MAX = 500, /* SEMOPM of include/uapi/linux/sem.h */
	WAITS = 1,            /* a result of attempt() */
};

/* 0, WAITS or -errno; as perform_atomic_semop() in ipc/sem.c. */
static int64_t change(struct set *set, struct undo *undo,
                      const struct sembuf *step)
{
	int before = set->values[step->sem_num];
	int after = before + step->sem_op;
	int back = undo->changes[step->sem_num] - step->sem_op;

	if (after < 0 || (step->sem_op == 0 && before != 0))
		return step->sem_flg & IPC_NOWAIT ? -EAGAIN : WAITS;
	if (after > SEMAPHORE_MAX)
		return -ERANGE;
	if (step->sem_flg & SEM_UNDO) {
		if (back < -SEMAPHORE_MAX - 1 || back > SEMAPHORE_MAX)
			return -ERANGE;
		undo->changes[step->sem_num] = (int16_t)back;
	}
	set->values[step->sem_num] = (uint16_t)after;
	return 0;
}

/* In the order of the array: each sees what those before it did. */
static int64_t attempt(struct set *set, struct undo *undo, const struct op *op)
{
	struct sembuf steps[OPERATIONS];
	int64_t result = 0;

	memcpy(steps, op->data, sizeof(steps));
	for (unsigned i = 0; i < op->args[1]; i++) {
		if (steps[i].sem_num >= set->count)
			return -EFBIG;
	}
	for (unsigned i = 0; i < op->args[1] && result == 0; i++)
		result = change(set, undo, &steps[i]);
	return result;
}

/* Whether it is of those that can wait at all. */
static bool may_wait(const struct op *op)
{
	struct sembuf steps[OPERATIONS];

	memcpy(steps, op->data, sizeof(steps));
	for (unsigned i = 0; i < op->args[1]; i++) {
		if (steps[i].sem_op <= 0 && !(steps[i].sem_flg & IPC_NOWAIT))
			return true;
	}
	return false;
}

static bool leaves_undo(const struct op *op)
{
	struct sembuf steps[OPERATIONS];
	int flags = 0;

	memcpy(steps, op->data, sizeof(steps));
	for (unsigned i = 0; i < op->args[1]; i++)
		flags |= steps[i].sem_flg;
	return flags & SEM_UNDO;
}

/* On copies: nothing of it happens. */
static int64_t rehearse(struct model *model, unsigned worker,
                        const struct op *op)
{
	const struct undo *undo = sysv_find_undo(model, op->args[0], worker);
	struct undo undo_copy = undo ? *undo : (struct undo){ 0 };
	struct set set_copy = *sysv_find_set(model, op->args[0]);

	return attempt(&set_copy, &undo_copy, op);
}

static unsigned semop_ways(struct model *model, unsigned worker,
                           const struct op *op)
{
	bool timed = op->args[2];

	if (!sysv_find_set(model, op->args[0]))
		return sysv_was_removed(model, op->args[0]) && may_wait(op) ? 2
		                                                            : 1;
	return timed || rehearse(model, worker, op) != WAITS;
}

/* It can: it was rehearsed. */
static void perform(struct model *model, unsigned worker, const struct op *op)
{
	uint64_t id = op->args[0];
	struct undo none = { 0 };
	struct undo *undo = &none;
	struct set *set;

	if (leaves_undo(op))
		undo = sysv_make_undo(model, id, worker);
	set = sysv_find_set(model, id); /* after it: it may have moved */
	(void)attempt(set, undo, op);
	set->operated = true;
}

static void semop_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	if (!sysv_find_set(model, op->args[0])) {
		op->result = way == 0 ? -EINVAL : -EIDRM;
		return;
	}
	op->result = rehearse(model, worker, op);
	if (op->result == WAITS)
		op->result = -EAGAIN; /* the time is over */
	if (op->result == 0)
		perform(model, worker, op);
}

/* As exit_sem() in ipc/sem.c: what goes beyond the bounds stops there. */
static void apply_undo(struct set *set, struct undo *undo)
{
	for (unsigned i = 0; i < set->count; i++) {
		int value = set->values[i] + undo->changes[i];

		if (value < 0)
			value = 0;
		if (value > SEMAPHORE_MAX)
			value = SEMAPHORE_MAX;
		set->values[i] = (uint16_t)value;
	}
	*undo = (struct undo){ 0 };
}

void sysv_end_worker(struct model *model, unsigned worker)
{
	for (unsigned i = 0; i < SETS; i++) {
		struct undo *undo = sysv_find_undo(model, i, worker);
		struct set *set = model_find_numbered(model, MODEL_SYSV_SEM, i);

		if (undo && set)
			apply_undo(set, undo);
	}
}

/* --- fronts */

static const struct model_call semop_call = {
	.name = "semop",
	.ways = semop_ways,
	.go = semop_go,
};

FRONT(semop);
FRONT(semtimedop);

static ON_FIBER int64_t operate(int id, const struct sembuf *steps,
                                size_t count, bool timed, const void *pc)
{
	struct sembuf copy[OPERATIONS];

	if (count == 0 || id < 0)
		return -EINVAL;
	if (count > OPERATIONS_MAX)
		return -E2BIG;
	if (count > OPERATIONS)
		model_refuse("semop of more than 10 operations", pc);
	model_copy(copy, steps, count * sizeof(copy[0]), pc);
	kernel_send(copy, count * sizeof(copy[0]));
	return model_post(&semop_call, pc, (uint64_t)id, count, timed, 0);
}

int explored_semop(int id, struct sembuf *steps, size_t count)
{
	return (int)model_errno(
	        operate(id, steps, count, false, __builtin_return_address(0)));
}

/* How long does not matter: the time can be over at any moment. */
int explored_semtimedop(int id, struct sembuf *steps, size_t count,
                        const struct timespec *timeout)
{
	return (int)model_errno(operate(id, steps, count, timeout != NULL,
	                                __builtin_return_address(0)));
}
