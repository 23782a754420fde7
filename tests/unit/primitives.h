/*
 * What the differential tests of libc's primitives have in common: all functions,
 * as libc's and as the models' fronts; the objects; and how an operation is
 * written down.
 */
#ifndef TESTS_UNIT_PRIMITIVES_H
#define TESTS_UNIT_PRIMITIVES_H

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

#include "tests/unit/mirror.h"

#define PRIMITIVES(X)                 \
	X(pthread_mutex_init)         \
	X(pthread_mutex_destroy)      \
	X(pthread_mutex_lock)         \
	X(pthread_mutex_trylock)      \
	X(pthread_mutex_timedlock)    \
	X(pthread_mutex_clocklock)    \
	X(pthread_mutex_unlock)       \
	X(pthread_mutex_consistent)   \
	X(pthread_cond_init)          \
	X(pthread_cond_destroy)       \
	X(pthread_cond_wait)          \
	X(pthread_cond_timedwait)     \
	X(pthread_cond_clockwait)     \
	X(pthread_cond_signal)        \
	X(pthread_cond_broadcast)     \
	X(pthread_rwlock_init)        \
	X(pthread_rwlock_destroy)     \
	X(pthread_rwlock_rdlock)      \
	X(pthread_rwlock_tryrdlock)   \
	X(pthread_rwlock_timedrdlock) \
	X(pthread_rwlock_clockrdlock) \
	X(pthread_rwlock_wrlock)      \
	X(pthread_rwlock_trywrlock)   \
	X(pthread_rwlock_timedwrlock) \
	X(pthread_rwlock_clockwrlock) \
	X(pthread_rwlock_unlock)      \
	X(pthread_spin_init)          \
	X(pthread_spin_destroy)       \
	X(pthread_spin_lock)          \
	X(pthread_spin_trylock)       \
	X(pthread_spin_unlock)        \
	X(pthread_barrier_init)       \
	X(pthread_barrier_destroy)    \
	X(pthread_barrier_wait)       \
	X(sem_init)                   \
	X(sem_destroy)                \
	X(sem_wait)                   \
	X(sem_trywait)                \
	X(sem_timedwait)              \
	X(sem_clockwait)              \
	X(sem_post)                   \
	X(sem_getvalue)               \
	X(sem_open)                   \
	X(sem_close)                  \
	X(sem_unlink)

/* NOLINTBEGIN(bugprone-macro-parentheses): names and types take none */
#define PRIMITIVES_MEMBER(function) __typeof__(function) *function;

struct primitives {
	PRIMITIVES(PRIMITIVES_MEMBER)
};

extern const struct primitives primitives_libc;
extern const struct primitives primitives_model;

struct objects {
	pthread_mutex_t mutex;
	pthread_cond_t cond;
	pthread_rwlock_t rwlock;
	pthread_barrier_t barrier;
	pthread_spinlock_t spin;
	sem_t sem;
	sem_t *open[MIRROR_WORKERS]; /* by each worker */
};

_Static_assert(sizeof(struct objects) <= MIRROR_BYTES, "no room");

/* What is made next is made like this. */
struct like {
	int type, robust, shared, protocol;
	unsigned number;
};

enum { SOON_MS = 2 };

extern struct like like;

/* Long past, so that nothing is waited for; no time at all; or soon over. */
extern const struct timespec past, bad;
const struct timespec *soon(clockid_t clock);

/* RESULT, or -errno if it is below 0. */
long errno_of(long result);

/* A body that is one expression: with F, of O, by WORKER. */
#define BODY(name, expression)                                      \
	static ON_FIBER long name(const void *table, void *objects, \
	                          unsigned worker)                  \
	{                                                           \
		const struct primitives *f = table;                 \
		struct objects *o = objects;                        \
                                                                    \
		(void)worker;                                       \
		(void)o;                                            \
		return expression;                                  \
	}

#define OP(function)                                \
	{                                           \
		.name = #function, .body = function \
	}

#define OP_IF(function, guard)                                        \
	{                                                             \
		.name = #function, .body = function, .allowed = guard \
	}

/* NOLINTEND(bugprone-macro-parentheses) */

/* Where glibc's read-write lock would be corrupted, there is nothing to compare. */
bool can_unlock_rwlock(struct model *model, unsigned worker, void *objects);

/* Makes all objects but the barrier process-shared. */
mirror_body make_shared;

/* A test of the operations in LIST. */
#define TEST_OF(list, making)                                             \
	{                                                                 \
		.ops = (list), .count = sizeof(list) / sizeof((list)[0]), \
		.make = (making), .libc = &primitives_libc,               \
		.model = &primitives_model, .workers = 3,                 \
	}

/* Fails unless so many sequences agree; there are others for each KIND. */
void expect_alike(const struct mirror_test *test, int kind, unsigned sequences);

/* The parameters 0 to COUNT - 1. */
struct criterion_test_params numbers(size_t count);

#endif
