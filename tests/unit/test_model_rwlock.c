/*
 * The models of libc's read-write locks, spinlocks and barriers against libc's
 * own, between real processes: see mirror.h. Among the operations is much that
 * no program should do: the models are to do what libc does, not what it ought
 * to.
 */
#include "tests/unit/primitives.h"

/* --- read-write locks ----------------------------------------------------- */

static ON_FIBER long make_rwlock(const void *table, void *objects,
                                 unsigned worker)
{
	const struct primitives *f = table;
	struct objects *o = objects;
	pthread_rwlockattr_t attributes;

	(void)worker;
	(void)pthread_rwlockattr_init(&attributes);
	(void)pthread_rwlockattr_setkind_np(&attributes, like.type);
	(void)pthread_rwlockattr_setpshared(&attributes, like.shared);
	return f->pthread_rwlock_init(&o->rwlock, &attributes);
}

BODY(read_lock, f->pthread_rwlock_rdlock(&o->rwlock))
BODY(tryread, f->pthread_rwlock_tryrdlock(&o->rwlock))
BODY(read_late, f->pthread_rwlock_timedrdlock(&o->rwlock, &past))
BODY(read_badly, f->pthread_rwlock_timedrdlock(&o->rwlock, &bad))
BODY(read_soon, f->pthread_rwlock_timedrdlock(&o->rwlock, soon(CLOCK_REALTIME)))
BODY(read_monotonic, f->pthread_rwlock_clockrdlock(&o->rwlock, CLOCK_MONOTONIC,
                                                   soon(CLOCK_MONOTONIC)))
BODY(write_lock, f->pthread_rwlock_wrlock(&o->rwlock))
BODY(trywrite, f->pthread_rwlock_trywrlock(&o->rwlock))
BODY(write_late, f->pthread_rwlock_timedwrlock(&o->rwlock, &past))
BODY(write_badly, f->pthread_rwlock_timedwrlock(&o->rwlock, &bad))
BODY(write_soon,
     f->pthread_rwlock_timedwrlock(&o->rwlock, soon(CLOCK_REALTIME)))
BODY(write_monotonic, f->pthread_rwlock_clockwrlock(&o->rwlock, CLOCK_MONOTONIC,
                                                    soon(CLOCK_MONOTONIC)))
BODY(unlock_rwlock, f->pthread_rwlock_unlock(&o->rwlock))
BODY(destroy_rwlock, f->pthread_rwlock_destroy(&o->rwlock))

static const struct mirror_op rwlock_ops[] = {
	OP(read_lock),
	OP(read_lock),
	OP(tryread),
	OP(read_late),
	OP(read_badly),
	OP(read_soon),
	OP(read_monotonic),
	OP(write_lock),
	OP(write_lock),
	OP(trywrite),
	OP(write_late),
	OP(write_badly),
	OP(write_soon),
	OP(write_monotonic),
	OP_IF(unlock_rwlock, can_unlock_rwlock),
	OP_IF(unlock_rwlock, can_unlock_rwlock),
	OP_IF(unlock_rwlock, can_unlock_rwlock),
	OP_IF(unlock_rwlock, can_unlock_rwlock),
	OP_IF(unlock_rwlock, can_unlock_rwlock),
	OP_IF(unlock_rwlock, can_unlock_rwlock),
	OP_IF(unlock_rwlock, can_unlock_rwlock),
	OP(destroy_rwlock),
};

static const int rwlock_kinds[] = {
	PTHREAD_RWLOCK_PREFER_READER_NP,
	PTHREAD_RWLOCK_PREFER_WRITER_NP,
	PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP,
};

/* Thrice the kinds, and then once more process-shared. */
ParameterizedTestParameters(model_rwlock, rwlock)
{
	return numbers(6);
}

ParameterizedTest(int *kind, model_rwlock, rwlock)
{
	struct mirror_test test = TEST_OF(rwlock_ops, make_rwlock);

	test.deaths = true;
	test.deadline_ms = SOON_MS;
	like.type = rwlock_kinds[*kind % 3];
	like.shared =
	        *kind / 3 ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	expect_alike(&test, *kind, 30);
}

/* Few operations, so that writers queue up for one that sleeps. */
static const struct mirror_op queue_ops[] = {
	OP(read_lock),
	OP(write_soon),
	OP(write_soon),
	OP(write_lock),
	OP(read_soon),
	OP_IF(unlock_rwlock, can_unlock_rwlock),
	OP_IF(unlock_rwlock, can_unlock_rwlock),
};

/* Not process-shared, and then again process-shared. */
ParameterizedTestParameters(model_rwlock, queue)
{
	return numbers(2);
}

ParameterizedTest(int *kind, model_rwlock, queue)
{
	struct mirror_test test = TEST_OF(queue_ops, make_rwlock);

	test.deadline_ms = SOON_MS;
	test.workers = 4;
	like.type = PTHREAD_RWLOCK_PREFER_WRITER_NP;
	like.shared = *kind ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	expect_alike(&test, *kind, 80);
}

/* --- spinlocks ------------------------------------------------------------ */

static ON_FIBER long make_spin(const void *table, void *objects,
                               unsigned worker)
{
	const struct primitives *f = table;
	struct objects *o = objects;

	(void)worker;
	/* Memory that was only zeroed is a lock that nobody can take. */
	return like.number ? f->pthread_spin_init(&o->spin, like.shared) : 0;
}

BODY(spin, f->pthread_spin_lock(&o->spin))
BODY(tryspin, f->pthread_spin_trylock(&o->spin))
BODY(unspin, f->pthread_spin_unlock(&o->spin))
BODY(destroy_spin, f->pthread_spin_destroy(&o->spin))

static const struct mirror_op spin_ops[] = {
	OP(spin),   OP(spin),   OP(tryspin), OP(tryspin),
	OP(unspin), OP(unspin), OP(unspin),  OP(destroy_spin),
};

ParameterizedTestParameters(model_rwlock, spin)
{
	return numbers(2);
}

ParameterizedTest(int *kind, model_rwlock, spin)
{
	struct mirror_test test = TEST_OF(spin_ops, make_spin);

	test.deaths = true;
	test.spins = true;
	like.number = (unsigned)*kind;
	expect_alike(&test, *kind, 12);
}

/* --- barriers ------------------------------------------------------------- */

static ON_FIBER long make_barrier(const void *table, void *objects,
                                  unsigned worker)
{
	const struct primitives *f = table;
	struct objects *o = objects;
	pthread_barrierattr_t attributes;

	(void)worker;
	(void)pthread_barrierattr_init(&attributes);
	(void)pthread_barrierattr_setpshared(&attributes, like.shared);
	if (f->pthread_barrier_init(&o->barrier, &attributes, 0) != EINVAL)
		return -1;
	return f->pthread_barrier_init(&o->barrier, &attributes, like.number);
}

BODY(arrive, f->pthread_barrier_wait(&o->barrier))
BODY(destroy_barrier, f->pthread_barrier_destroy(&o->barrier))

static const struct mirror_op barrier_ops[] = {
	OP(arrive),
	OP(arrive),
	OP(arrive),
	OP(arrive),
	OP(arrive),
	OP(arrive),
	OP(arrive),
	OP(arrive),
	OP(arrive),
	OP(arrive),
	{ .name = "destroy", .body = destroy_barrier, .last = true },
};

/* For one to four workers, and then again process-shared. */
ParameterizedTestParameters(model_rwlock, barrier)
{
	return numbers(8);
}

ParameterizedTest(int *kind, model_rwlock, barrier)
{
	const struct mirror_test test = TEST_OF(barrier_ops, make_barrier);

	like.number = (unsigned)*kind % 4 + 1;
	like.shared =
	        *kind / 4 ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	expect_alike(&test, *kind, 25);
}
