/*
 * pthread_spin_*: glibc 2.36 on x86-64, sysdeps/x86_64/nptl/pthread_spin_*.S.
 *
 * A word that is 1 while the lock is free, so that memory that was only zeroed is
 * a lock that somebody seems to have. No sleeping, so that it does not matter
 * whether it is process-shared; spinning is waiting here.
 *
 * Unlocking is a plain store: x86 need not wait for the store buffer before it,
 * and no other worker sees it before it leaves the buffer in its turn. `unordered`
 * says the first half; the second half is the search's affair, which holds the
 * effect of spin_unlock_call back behind the stores that are in the buffer. Locking
 * and trying to are locked instructions.
 */
#include "harness/explore/model/spin.h"

#include <errno.h>
#include <pthread.h>

#include "harness/explore/model/wait.h"

/* Held by a worker: its number is added to HELD. */
enum { NEVER_MADE, FREE, HELD };

struct spin {
	unsigned char state;
};

static struct spin *object(struct model *model, unsigned worker,
                           const struct op *op)
{
	return model_object(model, MODEL_SPIN, worker, op->args[ARG_OBJECT],
	                    sizeof(struct spin));
}

static unsigned state_of(struct model *model, unsigned worker,
                         const struct op *op)
{
	const struct spin *spin =
	        model_find(model, MODEL_SPIN, worker, op->args[ARG_OBJECT]);

	return spin ? spin->state : NEVER_MADE;
}

static unsigned lock_ways(struct model *model, unsigned worker,
                          const struct op *op)
{
	return state_of(model, worker, op) == FREE;
}

/* Locks it if it can: a lock is posted on, a try is not. */
static void lock_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	struct spin *spin = object(model, worker, op);

	(void)way;
	op->result = spin->state == FREE ? 0 : -EBUSY;
	if (spin->state == FREE)
		spin->state = (unsigned char)(HELD + worker);
}

static void free_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	object(model, worker, op)->state = FREE;
	op->result = 0;
}

static void destroy_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	(void)model;
	(void)worker;
	(void)way;
	op->result = 0;
}

static uint32_t holders(struct model *model, unsigned worker,
                        const struct op *op)
{
	unsigned state = state_of(model, worker, op);

	return state >= HELD ? wait_bit(state - HELD) : 0;
}

static const char *hopeless(struct model *model, unsigned worker,
                            const struct op *op)
{
	if (state_of(model, worker, op) == NEVER_MADE)
		return "the spinlock was never initialized: zero means locked";
	return wait_in_vain(model, worker, holders(model, worker, op));
}

static const struct model_call lock_call = {
	.name = "pthread_spin_lock",
	.ways = lock_ways,
	.go = lock_go,
	.holders = holders,
	.hopeless = hopeless,
};

const struct model_call spin_unlock_call = {
	.name = "pthread_spin_unlock",
	.ways = model_one_way,
	.go = free_go,
	.unordered = true,
	.is_store = true,
};

WAIT_NEVER(trylock_call, "pthread_spin_trylock", lock_go);
WAIT_NEVER(init_call, "pthread_spin_init", free_go);
WAIT_NEVER(destroy_call, "pthread_spin_destroy", destroy_go);

WAIT_FRONT(pthread_spin_init);
WAIT_FRONT(pthread_spin_destroy);
WAIT_FRONT(pthread_spin_lock);
WAIT_FRONT(pthread_spin_trylock);
WAIT_FRONT(pthread_spin_unlock);

MODEL_FRONT int explored_pthread_spin_init(pthread_spinlock_t *lock, int shared)
{
	(void)shared;
	return (int)-MODEL_POST(&init_call, lock, 0, UNTIMED, 0);
}

MODEL_FRONT int explored_pthread_spin_destroy(pthread_spinlock_t *lock)
{
	return (int)-MODEL_POST(&destroy_call, lock, 0, UNTIMED, 0);
}

MODEL_FRONT int explored_pthread_spin_lock(pthread_spinlock_t *lock)
{
	return (int)-MODEL_POST(&lock_call, lock, 0, UNTIMED, 0);
}

MODEL_FRONT int explored_pthread_spin_trylock(pthread_spinlock_t *lock)
{
	return (int)-MODEL_POST(&trylock_call, lock, 0, UNTIMED, 0);
}

MODEL_FRONT int explored_pthread_spin_unlock(pthread_spinlock_t *lock)
{
	return (int)-MODEL_POST(&spin_unlock_call, lock, 0, UNTIMED, 0);
}
