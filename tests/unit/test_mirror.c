/*
 * The differential tests find out a model that is wrong, see mirror.h.
 */
#include "tests/unit/mirror.h"

#include "tests/unit/primitives.h"

BODY(lock, f->pthread_mutex_lock(&o->mutex))
BODY(unlock, f->pthread_mutex_unlock(&o->mutex))
BODY(wait, f->pthread_cond_wait(&o->cond, &o->mutex))
BODY(signal_one, f->pthread_cond_signal(&o->cond))
BODY(read_lock, f->pthread_rwlock_rdlock(&o->rwlock))
BODY(unlock_rwlock, f->pthread_rwlock_unlock(&o->rwlock))
BODY(write_lock, f->pthread_rwlock_wrlock(&o->rwlock))
BODY(arrive, f->pthread_barrier_wait(&o->barrier))
BODY(down, errno_of(f->sem_wait(&o->sem)))
BODY(up, errno_of(f->sem_post(&o->sem)))

/* NOLINTBEGIN(bugprone-macro-parentheses): names and types take none */

/* Defines NAME, which does nothing to an object. */
#define IDLE(name, object)                       \
	static ON_FIBER int name(object *unused) \
	{                                        \
		(void)unused;                    \
		return 0;                        \
	}

IDLE(idle_mutex, pthread_mutex_t)
IDLE(idle_cond, pthread_cond_t)
IDLE(idle_rwlock, pthread_rwlock_t)
IDLE(idle_barrier, pthread_barrier_t)
IDLE(idle_sem, sem_t)

/* NOLINTEND(bugprone-macro-parentheses) */

static const struct mirror_op all_ops[] = {
	OP(lock),       OP(lock),
	OP(unlock),     OP(wait),
	OP(signal_one), OP(write_lock),
	OP(read_lock),  OP_IF(unlock_rwlock, can_unlock_rwlock),
	OP(down),       OP(up),
	OP(arrive),
};

static bool is_found_out(const struct primitives *wrong)
{
	struct mirror_test test = TEST_OF(all_ops, make_shared);

	test.model = wrong;
	for (uint64_t seed = 0; seed < 100; seed++) {
		if (mirror_differ(&test, seed, 20))
			return true;
	}
	return false;
}

#define EXPECT_FOUND_OUT(member, function)                           \
	do {                                                         \
		struct primitives wrong = primitives_model;          \
                                                                     \
		wrong.member = (function);                           \
		cr_expect(is_found_out(&wrong), "%s as %s", #member, \
		          #function);                                \
	} while (0)

Test(mirror, find_out_a_model_that_is_wrong)
{
	const struct primitives *m = &primitives_model;

	like.shared = PTHREAD_PROCESS_SHARED;
	EXPECT_FOUND_OUT(pthread_mutex_lock, idle_mutex);
	EXPECT_FOUND_OUT(pthread_mutex_lock, m->pthread_mutex_trylock);
	EXPECT_FOUND_OUT(pthread_mutex_unlock, idle_mutex);
	EXPECT_FOUND_OUT(pthread_cond_signal, idle_cond);
	EXPECT_FOUND_OUT(pthread_rwlock_rdlock, m->pthread_rwlock_wrlock);
	EXPECT_FOUND_OUT(pthread_rwlock_wrlock, m->pthread_rwlock_rdlock);
	EXPECT_FOUND_OUT(pthread_rwlock_unlock, idle_rwlock);
	EXPECT_FOUND_OUT(pthread_barrier_wait, idle_barrier);
	EXPECT_FOUND_OUT(sem_wait, m->sem_trywait);
	EXPECT_FOUND_OUT(sem_post, idle_sem);
}

Test(mirror, find_nothing_out_where_it_is_right)
{
	like.shared = PTHREAD_PROCESS_SHARED;
	cr_expect_not(is_found_out(&primitives_model));
}
