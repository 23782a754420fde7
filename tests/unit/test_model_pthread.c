/*
 * The models of libc's mutexes and condition variables against libc's own,
 * between real processes: see mirror.h. Among the operations is much that no
 * program should do: the models are to do what libc does, not what it ought to.
 */
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/explore/model/mutex_state.h"
#include "tests/unit/primitives.h"

/* --- mutexes -------------------------------------------------------------- */

static ON_FIBER long make_mutex(const void *table, void *objects,
                                unsigned worker)
{
	const struct primitives *f = table;
	struct objects *o = objects;
	pthread_mutexattr_t attributes;

	(void)worker;
	/* PTHREAD_MUTEX_INITIALIZER is all zeros. */
	if (like.number)
		return 0;
	(void)pthread_mutexattr_init(&attributes);
	(void)pthread_mutexattr_settype(&attributes, like.type);
	(void)pthread_mutexattr_setrobust(&attributes, like.robust);
	(void)pthread_mutexattr_setprotocol(&attributes, like.protocol);
	(void)pthread_mutexattr_setpshared(&attributes, like.shared);
	return f->pthread_mutex_init(&o->mutex, &attributes);
}

BODY(lock, f->pthread_mutex_lock(&o->mutex))
BODY(trylock, f->pthread_mutex_trylock(&o->mutex))
BODY(lock_late, f->pthread_mutex_timedlock(&o->mutex, &past))
BODY(lock_badly, f->pthread_mutex_timedlock(&o->mutex, &bad))
BODY(lock_soon, f->pthread_mutex_timedlock(&o->mutex, soon(CLOCK_REALTIME)))
BODY(lock_monotonic, f->pthread_mutex_clocklock(&o->mutex, CLOCK_MONOTONIC,
                                                soon(CLOCK_MONOTONIC)))
BODY(lock_no_clock,
     f->pthread_mutex_clocklock(&o->mutex, CLOCK_PROCESS_CPUTIME_ID, &past))
BODY(unlock, f->pthread_mutex_unlock(&o->mutex))
BODY(consistent, f->pthread_mutex_consistent(&o->mutex))
BODY(destroy_mutex, f->pthread_mutex_destroy(&o->mutex))

/* Where glibc itself crashes, there is nothing to compare. */
static bool can_unlock(struct model *model, unsigned worker, void *objects)
{
	struct objects *o = objects;
	struct mutex_state mutex =
	        mutex_copy(model, worker, (uintptr_t)&o->mutex);

	return mutex_unlock(&mutex, worker, o->mutex.__data.__kind) != EFAULT;
}

static const struct mirror_op mutex_ops[] = {
	OP(lock),
	OP(lock),
	OP(lock),
	OP(trylock),
	OP(trylock),
	OP(lock_late),
	OP(lock_badly),
	OP(lock_soon),
	OP(lock_monotonic),
	OP(lock_no_clock),
	OP_IF(unlock, can_unlock),
	OP_IF(unlock, can_unlock),
	OP_IF(unlock, can_unlock),
	OP_IF(unlock, can_unlock),
	OP_IF(unlock, can_unlock),
	OP(consistent),
	OP(destroy_mutex),
};

static const int mutex_types[] = {
	PTHREAD_MUTEX_NORMAL,
	PTHREAD_MUTEX_ERRORCHECK,
	PTHREAD_MUTEX_RECURSIVE,
	PTHREAD_MUTEX_ADAPTIVE_NP,
};

/* Bits 0 and 1 say which type; bit 2 process-shared; bit 3 robust; bit 4: it is
 * not made at all. */
ParameterizedTestParameters(model_pthread, mutex)
{
	return numbers(17);
}

ParameterizedTest(int *kind, model_pthread, mutex)
{
	struct mirror_test test = TEST_OF(mutex_ops, make_mutex);

	test.deaths = true;
	like.number = *kind & 16;
	like.type = mutex_types[*kind & 3];
	like.shared =
	        *kind & 4 ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	like.robust = *kind & 8 ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED;
	expect_alike(&test, *kind, 15);
}

/* FUTEX_LOCK_PI2, by which clocks can be chosen, came with Linux 5.14. */
static bool kernel_inherits(void)
{
	unsigned mine = (unsigned)gettid();

	return syscall(SYS_futex, &mine, FUTEX_LOCK_PI2, 0, NULL) < 0 &&
	       errno == EDEADLK;
}

/* One that is not robust makes glibc abort those who sleep when its owner dies.
 * Bits 0 and 1 say which type; bit 2 robust. */
ParameterizedTestParameters(model_pthread, inheriting_mutex)
{
	return numbers(8);
}

ParameterizedTest(int *kind, model_pthread, inheriting_mutex)
{
	struct mirror_test test = TEST_OF(mutex_ops, make_mutex);

	if (!kernel_inherits())
		cr_skip_test("the kernel cannot lend priority by all clocks");
	like.type = mutex_types[*kind & 3];
	like.protocol = PTHREAD_PRIO_INHERIT;
	like.shared = PTHREAD_PROCESS_SHARED;
	like.robust = *kind & 4 ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED;
	test.deaths = *kind & 4;
	expect_alike(&test, *kind, 30);
}

/* --- condition variables -------------------------------------------------- */

static ON_FIBER long make_cond(const void *table, void *objects,
                               unsigned worker)
{
	const struct primitives *f = table;
	struct objects *o = objects;
	pthread_condattr_t attributes;
	long err = make_mutex(table, objects, worker);

	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setpshared(&attributes, like.shared);
	return err ? err : f->pthread_cond_init(&o->cond, &attributes);
}

BODY(wait, f->pthread_cond_wait(&o->cond, &o->mutex))
BODY(wait_late, f->pthread_cond_timedwait(&o->cond, &o->mutex, &past))
BODY(wait_badly, f->pthread_cond_timedwait(&o->cond, &o->mutex, &bad))
BODY(wait_soon,
     f->pthread_cond_timedwait(&o->cond, &o->mutex, soon(CLOCK_REALTIME)))
BODY(wait_monotonic,
     f->pthread_cond_clockwait(&o->cond, &o->mutex, CLOCK_MONOTONIC,
                               soon(CLOCK_MONOTONIC)))
BODY(signal_one, f->pthread_cond_signal(&o->cond))
BODY(signal_all, f->pthread_cond_broadcast(&o->cond))
BODY(destroy_cond, f->pthread_cond_destroy(&o->cond))

/* As a program would: under the mutex. */
#define LOCKED(body)                                                         \
	static ON_FIBER long locked_##body(const void *table, void *objects, \
	                                   unsigned worker)                  \
	{                                                                    \
		long err = lock(table, objects, worker);                     \
		long result = body(table, objects, worker);                  \
                                                                             \
		return err * 1000000 + result * 1000 +                       \
		       unlock(table, objects, worker);                       \
	}

LOCKED(wait)
LOCKED(wait_soon)
LOCKED(wait_monotonic)
LOCKED(signal_one)
LOCKED(signal_all)

static const struct mirror_op cond_ops[] = {
	OP(locked_wait),
	OP(locked_wait),
	OP(locked_wait),
	OP(locked_wait_soon),
	OP(locked_wait_soon),
	OP(locked_wait_monotonic),
	OP(locked_signal_one),
	OP(locked_signal_one),
	OP(signal_one),
	OP(signal_one),
	OP(locked_signal_all),
	OP(signal_all),
	OP(lock),
	OP(unlock),
	OP(unlock),
	OP(wait),
	OP(wait_late),
	OP(wait_badly),
	OP(destroy_cond),
	{ .name = "destroy_mutex", .body = destroy_mutex, .last = true },
};

/* Bit 0: the mutex is recursive; bit 1: process-shared; bit 2: the mutex is
 * robust. */
ParameterizedTestParameters(model_pthread, cond)
{
	return numbers(8);
}

ParameterizedTest(int *kind, model_pthread, cond)
{
	struct mirror_test test = TEST_OF(cond_ops, make_cond);

	test.deaths = true;
	like.robust = *kind & 4 ? PTHREAD_MUTEX_ROBUST : PTHREAD_MUTEX_STALLED;
	like.type = *kind & 1 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL;
	like.shared =
	        *kind & 2 ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	expect_alike(&test, *kind, *kind & 4 ? 40 : 15);
}

/* Few operations, so that the groups of waiters are gone through. */
static const struct mirror_op group_ops[] = {
	OP(locked_wait), OP(locked_wait), OP(locked_wait), OP(locked_wait_soon),
	OP(signal_one),  OP(signal_one),  OP(signal_one),  OP(signal_all),
};

/* Not process-shared, and then again process-shared. */
ParameterizedTestParameters(model_pthread, cond_groups)
{
	return numbers(2);
}

ParameterizedTest(int *kind, model_pthread, cond_groups)
{
	struct mirror_test test = TEST_OF(group_ops, make_cond);

	like.shared = *kind ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	test.deadline_ms = SOON_MS;
	test.workers = 4;
	expect_alike(&test, *kind, *kind ? 10 : 100);
}
