/*
 * pthread_mutex_*: glibc 2.36, nptl/pthread_mutex_{lock,trylock,timedlock,unlock,
 * init,destroy,consistent}.c, and pthread_mutex_lock(3p).
 *
 * The type is what libc wrote into the mutex itself, __kind; the model knows who
 * has it. A normal mutex checks nothing: whoever unlocks it, it is free.
 *
 * A mutex that is not process-shared is not even a lock between processes. As
 * pthread_mutex_lock() of a process with one thread believes itself alone, it
 * looks whether the mutex is free, and then takes it with a plain store
 * (lll_mutex_lock_optimized). That is two steps here, and two workers can come to
 * have it. Who finds it taken sleeps for ever: unlocking is a plain store of 0.
 *
 * A mutex that inherits priority (PTHREAD_PRIO_INHERIT) checks who unlocks it. The
 * kernel hands it to one that waits, and nobody can come in between; here somebody
 * can, as if the one that waits had come a moment later.
 *
 * Simplified: glibc asserts in between that no owner is noted, and so sometimes
 * aborts where here both go on; those plain stores are not buffered under TSO; a
 * priority ceiling is ignored; no count of locks overflows. When the owner of a
 * mutex has ended that inherits priority and is not robust, all who want it wait for
 * ever: glibc aborts those who are asleep by then. And all who wait for a mutex that
 * becomes not recoverable are told so, as POSIX has it: glibc wakes one, which
 * forgets to wake the next, as __lll_unlock() takes FUTEX_WAITERS for a sign.
 *
 * Where glibc crashes, or spoils the mutex, the model refuses: unlocking what
 * pthread_mutex_trylock() found not to be recoverable; or one that inherits priority
 * and somebody else has, after pthread_mutex_consistent() made it seem ours.
 */
#include "harness/explore/model/mutex.h"

#include <errno.h>

#include "harness/explore/model/mutex_state.h"
#include "harness/explore/model/wait.h"

/* Results that ask the front for one call more. */
enum { MUST_TAKE = 1, MUST_SLEEP };

/* Whether the lock looks first: ARG_MORE. */
enum { AT_ONCE, LOOKS };

static int kind_of(const struct op *op)
{
	return (int)op->args[ARG_KIND];
}

static struct mutex_state *object(struct model *model, unsigned worker,
                                  const struct op *op)
{
	return mutex_at(model, worker, op->args[ARG_OBJECT]);
}

/* In memory of this worker alone, nobody can come in between. */
static bool looks_first(const struct op *op)
{
	int kind = kind_of(op);

	return op->args[ARG_MORE] == LOOKS &&
	       !(kind & (KIND_SHARED | KIND_ROBUST | KIND_PRIORITY)) &&
	       !mutex_has_type(kind, PTHREAD_MUTEX_ADAPTIVE_NP) &&
	       wait_is_visible(op);
}

static unsigned lock_ways(struct model *model, unsigned worker,
                          const struct op *op)
{
	struct mutex_state mutex =
	        mutex_copy(model, worker, op->args[ARG_OBJECT]);
	int kind = kind_of(op);

	return wait_ways(!(kind & KIND_SHARED) ||
	                         mutex_lock(&mutex, worker, kind) != EBUSY,
	                 op);
}

/* The kernel looks at the deadline first, and glibc asks it for what died, too. */
static bool is_refused(const struct mutex_state *mutex, const struct op *op)
{
	return mutex->died && kind_of(op) & KIND_INHERITS &&
	       op->args[ARG_TIMED] == BADLY_TIMED;
}

static void lock_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	struct mutex_state *mutex = object(model, worker, op);
	struct mutex_state before = *mutex;
	int kind = kind_of(op), err = mutex_lock(mutex, worker, kind);

	(void)way;
	op->result = -err;
	if (is_refused(&before, op)) {
		*mutex = before;
		op->result = -EINVAL;
	} else if (err == 0 && before.word == 0 && looks_first(op)) {
		*mutex = before;
		op->result = MUST_TAKE;
	} else if (err == EBUSY) {
		op->result = wait_or_sleep(op, kind & KIND_SHARED, MUST_SLEEP);
	}
}

static void again_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	struct mutex_state *mutex = object(model, worker, op);
	int32_t users = mutex->users;

	lock_go(model, worker, op, way);
	mutex->users = users;
}

/* It was free a step ago. */
static void take_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	op->result =
	        -mutex_take(object(model, worker, op), worker, kind_of(op));
}

static void trylock_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	(void)way;
	op->result =
	        -mutex_trylock(object(model, worker, op), worker, kind_of(op));
}

static void unlock_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	(void)way;
	op->result =
	        -mutex_unlock(object(model, worker, op), worker, kind_of(op));
}

static void init_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	*object(model, worker, op) = (struct mutex_state){ 0 };
	op->result = 0;
}

static void destroy_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	(void)way;
	op->result = -mutex_destroy(object(model, worker, op), kind_of(op));
}

static void consistent_go(struct model *model, unsigned worker, struct op *op,
                          unsigned way)
{
	(void)way;
	op->result = -mutex_consistent(object(model, worker, op), worker,
	                               kind_of(op));
}

static uint32_t lock_holders(struct model *model, unsigned worker,
                             const struct op *op)
{
	struct mutex_state mutex =
	        mutex_copy(model, worker, op->args[ARG_OBJECT]);

	return mutex.word ? wait_bit(mutex.word - 1u) : 0;
}

static const char *lock_hopeless(struct model *model, unsigned worker,
                                 const struct op *op)
{
	return wait_in_vain(model, worker, lock_holders(model, worker, op));
}

static const char *asleep_hopeless(struct model *model, unsigned worker,
                                   const struct op *op)
{
	(void)model;
	(void)worker;
	return wait_asleep(op, "the mutex is not process-shared: who sleeps on "
	                       "it is never woken by another process");
}

/* --- the calls */

#define LOCKS(call, function, body)             \
	static const struct model_call call = { \
		.name = (function),             \
		.ways = lock_ways,              \
		.go = (body),                   \
		.holders = lock_holders,        \
		.hopeless = lock_hopeless,      \
	}

LOCKS(lock_call, "pthread_mutex_lock", lock_go);
LOCKS(timedlock_call, "pthread_mutex_timedlock", lock_go);
LOCKS(clocklock_call, "pthread_mutex_clocklock", lock_go);
LOCKS(again_call, "pthread_cond_wait, locking again", again_go);

static const struct model_call asleep_call = {
	.name = "pthread_mutex_lock, asleep",
	.ways = wait_asleep_ways,
	.go = wait_asleep_go,
	.hopeless = asleep_hopeless,
};

WAIT_NEVER(take_call, "pthread_mutex_lock, not atomic", take_go);
WAIT_NEVER(trylock_call, "pthread_mutex_trylock", trylock_go);
WAIT_NEVER(unlock_call, "pthread_mutex_unlock", unlock_go);
WAIT_NEVER(init_call, "pthread_mutex_init", init_go);
WAIT_NEVER(destroy_call, "pthread_mutex_destroy", destroy_go);
WAIT_NEVER(consistent_call, "pthread_mutex_consistent", consistent_go);

/* --- the fronts */

WAIT_FRONT(pthread_mutex_init);
WAIT_FRONT(pthread_mutex_destroy);
WAIT_FRONT(pthread_mutex_lock);
WAIT_FRONT(pthread_mutex_trylock);
WAIT_FRONT(pthread_mutex_timedlock);
WAIT_FRONT(pthread_mutex_clocklock);
WAIT_FRONT(pthread_mutex_unlock);
WAIT_FRONT(pthread_mutex_consistent);

/* libc reads it with a plain load, before anything else. */
static ON_WORKER int64_t post(const struct model_call *call,
                              const pthread_mutex_t *mutex, unsigned timed,
                              unsigned more, const void *pc)
{
	return model_post(call, pc, (uintptr_t)mutex,
	                  (uint64_t)mutex->__data.__kind, timed, more);
}

static ON_WORKER int lock(const struct model_call *call, pthread_mutex_t *mutex,
                          unsigned timed, unsigned more, const void *pc)
{
	int64_t result = post(call, mutex, timed, more, pc);

	if (result == MUST_TAKE)
		result = post(&take_call, mutex, timed, more, pc);
	if (result == MUST_SLEEP)
		result = post(&asleep_call, mutex, timed, more, pc);
	return (int)-result;
}

ON_WORKER int mutex_lock_again(pthread_mutex_t *mutex, const void *pc)
{
	return lock(&again_call, mutex, UNTIMED, AT_ONCE, pc);
}

MODEL_FRONT int explored_pthread_mutex_lock(pthread_mutex_t *mutex)
{
	return lock(&lock_call, mutex, UNTIMED, LOOKS, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_mutex_timedlock(pthread_mutex_t *mutex,
                                                 const struct timespec *until)
{
	return lock(&timedlock_call, mutex, wait_until(until), AT_ONCE,
	            WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_mutex_clocklock(pthread_mutex_t *mutex,
                                                 clockid_t clock,
                                                 const struct timespec *until)
{
	if (!wait_has_clock(clock))
		return EINVAL;
	return lock(&clocklock_call, mutex, wait_until(until), AT_ONCE,
	            WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_mutex_trylock(pthread_mutex_t *mutex)
{
	return (int)-post(&trylock_call, mutex, UNTIMED, AT_ONCE, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
	int64_t result =
	        post(&unlock_call, mutex, UNTIMED, AT_ONCE, WAIT_CALLER);

	if (result == -EFAULT)
		model_refuse("pthread_mutex_unlock of a mutex that glibc would "
		             "spoil",
		             WAIT_CALLER);
	return (int)-result;
}

MODEL_FRONT int explored_pthread_mutex_consistent(pthread_mutex_t *mutex)
{
	return (int)-post(&consistent_call, mutex, UNTIMED, AT_ONCE,
	                  WAIT_CALLER);
}

/* libc itself says what becomes of the attributes. Before the call, which waits
 * until what is stored is seen by all. */
MODEL_FRONT int explored_pthread_mutex_init(
        pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
	pthread_mutex_t fresh;
	int err = pthread_mutex_init(&fresh, attributes);

	if (err)
		return err;
	model_copy(&mutex->__data.__kind, &fresh.__data.__kind,
	           sizeof(fresh.__data.__kind), WAIT_CALLER);
	return (int)-post(&init_call, mutex, UNTIMED, AT_ONCE, WAIT_CALLER);
}

MODEL_FRONT int explored_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
	int destroyed = KIND_DESTROYED;
	int64_t result =
	        post(&destroy_call, mutex, UNTIMED, AT_ONCE, WAIT_CALLER);

	if (result == 0)
		model_copy(&mutex->__data.__kind, &destroyed, sizeof(destroyed),
		           WAIT_CALLER);
	return (int)-result;
}
