/*
 * sem_*: glibc 2.36, nptl/sem_{init,wait,timedwait,clockwait,post,getvalue}.c and
 * sem_waitcommon.c. Named semaphores: sem_open.c.
 *
 * Who waits for one that is not process-shared takes what is there, or else sleeps
 * for ever, even while others can take what is posted later.
 *
 * Simplified: no signal interrupts a wait.
 */
#include "harness/explore/model/sem.h"

#include <errno.h>
#include <limits.h>

#include "harness/explore/model/wait.h"

/* The result that asks the front for a call that is asleep. */
enum { MUST_SLEEP = 1 };

struct sem *sem_at(struct model *model, unsigned worker, uint64_t address)
{
	if (sem_is_named(address))
		return model_numbered(model, MODEL_SEM, address,
		                      sizeof(struct sem));
	return model_object(model, MODEL_SEM, worker, address,
	                    sizeof(struct sem));
}

static struct sem *object(struct model *model, unsigned worker,
                          const struct op *op)
{
	return sem_at(model, worker, op->args[ARG_OBJECT]);
}

static struct sem copy(struct model *model, unsigned worker,
                       const struct op *op)
{
	uint64_t address = op->args[ARG_OBJECT];
	const struct sem *sem =
	        sem_is_named(address)
	                ? model_find_numbered(model, MODEL_SEM, address)
	                : model_find(model, MODEL_SEM, worker, address);

	return sem ? *sem : (struct sem){ 0 };
}

static unsigned wait_call_ways(struct model *model, unsigned worker,
                               const struct op *op)
{
	struct sem sem = copy(model, worker, op);

	return wait_ways(!sem.shared || sem.value > 0, op);
}

static void wait_call_go(struct model *model, unsigned worker, struct op *op,
                         unsigned way)
{
	struct sem *sem = object(model, worker, op);

	(void)way;
	op->result =
	        sem->value > 0 ? 0 : wait_or_sleep(op, sem->shared, MUST_SLEEP);
	sem->value -= sem->value > 0;
}

static const char *asleep_hopeless(struct model *model, unsigned worker,
                                   const struct op *op)
{
	(void)model;
	(void)worker;
	return wait_asleep(op, "the semaphore is not process-shared: who "
	                       "sleeps on it is never woken by another "
	                       "process");
}

static void trywait_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	struct sem *sem = object(model, worker, op);

	(void)way;
	op->result = sem->value > 0 ? 0 : -EAGAIN;
	sem->value -= sem->value > 0;
}

static void post_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	struct sem *sem = object(model, worker, op);

	(void)way;
	op->result = sem->value < SEM_VALUE_MAX ? 0 : -EOVERFLOW;
	sem->value += sem->value < SEM_VALUE_MAX;
}

static void getvalue_go(struct model *model, unsigned worker, struct op *op,
                        unsigned way)
{
	(void)way;
	op->result = copy(model, worker, op).value;
}

/* The value comes in ARG_KIND, and whether it is process-shared in ARG_MORE. */
static void init_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	*object(model, worker, op) = (struct sem){
		.value = (uint32_t)op->args[ARG_KIND],
		.shared = op->args[ARG_MORE],
	};
	op->result = 0;
}

/* glibc does nothing. */
static void destroy_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	(void)model;
	(void)worker;
	(void)way;
	op->result = 0;
}

#define WAITS(call, function)                   \
	static const struct model_call call = { \
		.name = (function),             \
		.ways = wait_call_ways,         \
		.go = wait_call_go,             \
	}

WAITS(wait_call, "sem_wait");
WAITS(timedwait_call, "sem_timedwait");
WAITS(clockwait_call, "sem_clockwait");
WAIT_NEVER(trywait_call, "sem_trywait", trywait_go);
WAIT_NEVER(post_call, "sem_post", post_go);
WAIT_NEVER(init_call, "sem_init", init_go);
WAIT_NEVER(destroy_call, "sem_destroy", destroy_go);

static const struct model_call asleep_call = {
	.name = "sem_wait, asleep",
	.ways = wait_asleep_ways,
	.go = wait_asleep_go,
	.hopeless = asleep_hopeless,
};

/* A plain load. */
static const struct model_call getvalue_call = {
	.name = "sem_getvalue",
	.ways = model_one_way,
	.go = getvalue_go,
	.unordered = true,
};

WAIT_FRONT(sem_init);
WAIT_FRONT(sem_destroy);
WAIT_FRONT(sem_wait);
WAIT_FRONT(sem_trywait);
WAIT_FRONT(sem_timedwait);
WAIT_FRONT(sem_clockwait);
WAIT_FRONT(sem_post);
WAIT_FRONT(sem_getvalue);

static ON_WORKER int wait_for(const struct model_call *call, sem_t *sem,
                              unsigned timed, const void *pc)
{
	int64_t result = model_post(call, pc, (uintptr_t)sem, 0, timed, 0);

	if (result == MUST_SLEEP)
		result = model_post(&asleep_call, pc, (uintptr_t)sem, 0, timed,
		                    0);
	return (int)model_errno(result);
}

MODEL_FRONT int explored_sem_wait(sem_t *sem)
{
	return wait_for(&wait_call, sem, UNTIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_sem_timedwait(sem_t *sem, const struct timespec *until)
{
	if (wait_until(until) == BADLY_TIMED)
		return (int)model_errno(-EINVAL);
	return wait_for(&timedwait_call, sem, TIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_sem_clockwait(sem_t *sem, clockid_t clock,
                                       const struct timespec *until)
{
	if (wait_until(until) == BADLY_TIMED || !wait_has_clock(clock))
		return (int)model_errno(-EINVAL);
	return wait_for(&clockwait_call, sem, TIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_sem_trywait(sem_t *sem)
{
	return (int)model_errno(MODEL_POST(&trywait_call, sem, 0, UNTIMED, 0));
}

MODEL_FRONT int explored_sem_post(sem_t *sem)
{
	return (int)model_errno(MODEL_POST(&post_call, sem, 0, UNTIMED, 0));
}

MODEL_FRONT int explored_sem_getvalue(sem_t *sem, int *value)
{
	int now = (int)MODEL_POST(&getvalue_call, sem, 0, UNTIMED, 0);

	model_copy(value, &now, sizeof(now), WAIT_CALLER);
	return 0;
}

MODEL_FRONT int explored_sem_init(sem_t *sem, int shared, unsigned value)
{
	if (value > SEM_VALUE_MAX)
		return (int)model_errno(-EINVAL);
	return (int)model_errno(
	        MODEL_POST(&init_call, sem, value, UNTIMED, shared != 0));
}

MODEL_FRONT int explored_sem_destroy(sem_t *sem)
{
	return (int)model_errno(MODEL_POST(&destroy_call, sem, 0, UNTIMED, 0));
}
