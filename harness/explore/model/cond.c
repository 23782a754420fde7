/*
 * pthread_cond_*: glibc 2.36, nptl/pthread_cond_{wait,signal,broadcast,destroy,
 * init}.c, and pthread_cond_wait(3p).
 *
 * A wait is three steps: it joins the waiters and unlocks the mutex; it waits to
 * be signalled; it locks the mutex again. A signal wakes any one of those who
 * wait, as POSIX allows (glibc's choice is narrower: the older group first), and
 * is forgotten where nobody waits. A wait may also end for no reason.
 *
 * Whether it is process-shared stands where libc wrote it, in __wrefs. If it is
 * not, cond_groups.h says what becomes of it.
 *
 * Simplified: a worker that is killed while it waits still counts as a waiter,
 * and may be the one that is signalled; glibc's signallers then wait for it.
 */
#include <errno.h>
#include <pthread.h>

#include "harness/explore/model/cond_groups.h"
#include "harness/explore/model/model.h"
#include "harness/explore/model/mutex.h"
#include "harness/explore/model/mutex_state.h"
#include "harness/explore/model/wait.h"

/* The result that asks the front for a call that is asleep. */
enum { MUST_SLEEP = 1 };

/* Of the call that joins: where the mutex is and what is its kind. */
enum { ARG_MUTEX = 2, ARG_MUTEX_KIND };

struct cond {
	/* If it is process-shared: sets of workers. */
	uint32_t waiting;
	uint32_t signalled;
	/* If it is not. */
	struct cond_groups groups;
};

static struct cond *object(struct model *model, unsigned worker,
                           const struct op *op)
{
	return model_object(model, MODEL_COND, worker, op->args[ARG_OBJECT],
	                    sizeof(struct cond));
}

static struct cond copy(struct model *model, unsigned worker,
                        const struct op *op)
{
	const struct cond *cond =
	        model_find(model, MODEL_COND, worker, op->args[ARG_OBJECT]);

	return cond ? *cond : (struct cond){ 0 };
}

static bool is_shared(const struct op *op)
{
	return op->args[ARG_KIND];
}

/* --- waiting */

static void join_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	int err = mutex_unlock_to_wait(model, worker, op->args[ARG_MUTEX],
	                               (int)op->args[ARG_MUTEX_KIND]);
	struct cond *cond = object(model, worker, op);

	(void)way;
	op->result = -err;
	/* glibc joins first, and needs the lock inside to leave again. */
	if (err && cond->groups.stuck)
		op->result = MUST_SLEEP;
	if (err)
		return;
	if (is_shared(op))
		cond->waiting |= wait_bit(worker);
	else
		cond_groups_join(&cond->groups, worker);
}

static unsigned wait_call_ways(struct model *model, unsigned worker,
                               const struct op *op)
{
	struct cond cond = copy(model, worker, op);

	return wait_ways(!is_shared(op) || cond.signalled & wait_bit(worker),
	                 op);
}

static void wait_call_go(struct model *model, unsigned worker, struct op *op,
                         unsigned way)
{
	struct cond *cond = object(model, worker, op);
	uint32_t self = wait_bit(worker);

	op->result = 0;
	if (!is_shared(op)) {
		if (!cond_groups_try_leave(&cond->groups, worker))
			op->result = MUST_SLEEP;
		return;
	}
	if (way != MODEL_SPURIOUS && !(cond->signalled & self))
		op->result = -ETIMEDOUT;
	cond->waiting &= ~self;
	cond->signalled &= ~self;
}

static bool may_wake(struct model *model, unsigned worker, const struct op *op)
{
	struct cond cond = copy(model, worker, op);

	return cond.waiting & wait_bit(worker);
}

static void asleep_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	struct cond *cond = object(model, worker, op);

	(void)way;
	op->result = cond_groups_time_out(&cond->groups, worker) ? -ETIMEDOUT
	                                                         : MUST_SLEEP;
}

static const char *asleep_hopeless(struct model *model, unsigned worker,
                                   const struct op *op)
{
	(void)model;
	(void)worker;
	return wait_asleep(op, "the condition variable is not process-shared: "
	                       "who sleeps on it is never woken by another "
	                       "process");
}

/* --- waking */

static unsigned signal_ways(struct model *model, unsigned worker,
                            const struct op *op)
{
	struct cond cond = copy(model, worker, op);

	return is_shared(op) && cond.waiting
	               ? (unsigned)__builtin_popcount(cond.waiting)
	               : 1;
}

static void signal_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	struct cond *cond = object(model, worker, op);
	uint32_t woken = cond->waiting;

	op->result = 0;
	if (!is_shared(op)) {
		if (!cond_groups_signal(&cond->groups))
			op->result = MUST_SLEEP;
		return;
	}
	while (way--)
		woken &= woken - 1;
	woken &= -woken;
	cond->waiting &= ~woken;
	cond->signalled |= woken;
}

static void broadcast_go(struct model *model, unsigned worker, struct op *op,
                         unsigned way)
{
	struct cond *cond = object(model, worker, op);

	(void)way;
	op->result = 0;
	if (!is_shared(op) && !cond_groups_broadcast(&cond->groups))
		op->result = MUST_SLEEP;
	cond->signalled |= cond->waiting;
	cond->waiting = 0;
}

/* --- making and destroying */

static void init_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	*object(model, worker, op) = (struct cond){ 0 };
	op->result = 0;
}

static bool is_in_use(struct model *model, unsigned worker, const struct op *op)
{
	struct cond cond = copy(model, worker, op);

	return cond.waiting || cond.signalled || cond_groups_all(&cond.groups);
}

/* Until all have woken up, though not until they have the mutex. */
static unsigned destroy_ways(struct model *model, unsigned worker,
                             const struct op *op)
{
	return wait_ways(!is_shared(op) || !is_in_use(model, worker, op), op);
}

static void destroy_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	(void)way;
	op->result = is_in_use(model, worker, op) ? MUST_SLEEP : 0;
}

/* --- the calls */

#define WAITS(call, function)                   \
	static const struct model_call call = { \
		.name = (function),             \
		.ways = wait_call_ways,         \
		.go = wait_call_go,             \
		.may_wake = may_wake,           \
	}

#define SLEEPS(call, function, body)            \
	static const struct model_call call = { \
		.name = (function),             \
		.ways = wait_asleep_ways,       \
		.go = (body),                   \
		.hopeless = asleep_hopeless,    \
	}

WAIT_NEVER(join_call, "pthread_cond_wait, unlocking", join_go);
WAITS(wait_call, "pthread_cond_wait");
WAITS(timedwait_call, "pthread_cond_timedwait");
WAITS(clockwait_call, "pthread_cond_clockwait");
SLEEPS(asleep_call, "pthread_cond_wait, asleep", asleep_go);
/* Inside a signal, say: it has no deadline. */
SLEEPS(stuck_call, "pthread_cond_signal, asleep", wait_asleep_go);
WAIT_NEVER(broadcast_call, "pthread_cond_broadcast", broadcast_go);
WAIT_NEVER(init_call, "pthread_cond_init", init_go);

static const struct model_call signal_call = {
	.name = "pthread_cond_signal",
	.ways = signal_ways,
	.go = signal_go,
};

static const struct model_call destroy_call = {
	.name = "pthread_cond_destroy",
	.ways = destroy_ways,
	.go = destroy_go,
};

/* --- the fronts */

WAIT_FRONT(pthread_cond_init);
WAIT_FRONT(pthread_cond_destroy);
WAIT_FRONT(pthread_cond_wait);
WAIT_FRONT(pthread_cond_timedwait);
WAIT_FRONT(pthread_cond_clockwait);
WAIT_FRONT(pthread_cond_signal);
WAIT_FRONT(pthread_cond_broadcast);

static ON_WORKER bool shared_bit(const pthread_cond_t *cond)
{
	return cond->__data.__wrefs & 1;
}

static ON_WORKER int64_t post(const struct model_call *call,
                              const pthread_cond_t *cond, unsigned timed,
                              const void *pc)
{
	return model_post(call, pc, (uintptr_t)cond, shared_bit(cond), timed,
	                  0);
}

/* Posts a call that may come to sleep for ever. */
static ON_WORKER int wake(const struct model_call *call,
                          const pthread_cond_t *cond, const void *pc)
{
	int64_t result = post(call, cond, UNTIMED, pc);

	if (result == MUST_SLEEP)
		result = post(&stuck_call, cond, UNTIMED, pc);
	return (int)-result;
}

static ON_WORKER int wait_for(const struct model_call *call,
                              pthread_cond_t *cond, pthread_mutex_t *mutex,
                              unsigned timed, const void *pc)
{
	int64_t result =
	        model_post(&join_call, pc, (uintptr_t)cond, shared_bit(cond),
	                   (uintptr_t)mutex, (uint64_t)mutex->__data.__kind);
	int err;

	if (result == MUST_SLEEP)
		result = post(&stuck_call, cond, UNTIMED, pc);
	if (result)
		return (int)-result;
	result = post(call, cond, timed, pc);
	if (result == MUST_SLEEP)
		result = post(&asleep_call, cond, timed, pc);
	if (result == MUST_SLEEP)
		result = post(&stuck_call, cond, UNTIMED, pc);
	err = mutex_lock_again(mutex, pc);
	return err ? err : (int)-result;
}

MODEL_FRONT int explored_pthread_cond_wait(pthread_cond_t *cond,
                                           pthread_mutex_t *mutex)
{
	return wait_for(&wait_call, cond, mutex, UNTIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_cond_timedwait(pthread_cond_t *cond,
                                                pthread_mutex_t *mutex,
                                                const struct timespec *until)
{
	if (wait_until(until) == BADLY_TIMED)
		return EINVAL;
	return wait_for(&timedwait_call, cond, mutex, TIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_cond_clockwait(pthread_cond_t *cond,
                                                pthread_mutex_t *mutex,
                                                clockid_t clock,
                                                const struct timespec *until)
{
	if (wait_until(until) == BADLY_TIMED || !wait_has_clock(clock))
		return EINVAL;
	return wait_for(&clockwait_call, cond, mutex, TIMED, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_cond_signal(pthread_cond_t *cond)
{
	return wake(&signal_call, cond, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_cond_broadcast(pthread_cond_t *cond)
{
	return wake(&broadcast_call, cond, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_cond_destroy(pthread_cond_t *cond)
{
	return wake(&destroy_call, cond, WAIT_CALLER);
}

/* As for a mutex. */
MODEL_FRONT int explored_pthread_cond_init(pthread_cond_t *cond,
                                           const pthread_condattr_t *attributes)
{
	pthread_cond_t fresh;
	int err = pthread_cond_init(&fresh, attributes);

	if (err)
		return err;
	model_copy(&cond->__data.__wrefs, &fresh.__data.__wrefs,
	           sizeof(fresh.__data.__wrefs), WAIT_CALLER);
	return wake(&init_call, cond, WAIT_CALLER);
}
