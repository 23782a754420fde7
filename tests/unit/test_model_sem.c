/*
 * The models of libc's semaphores against libc's own, between real processes:
 * see mirror.h. Among the operations is much that no program should do: the
 * models are to do what libc does, not what it ought to.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/primitives.h"

/* --- semaphores ----------------------------------------------------------- */

static ON_FIBER long make_sem(const void *table, void *objects, unsigned worker)
{
	const struct primitives *f = table;
	struct objects *o = objects;
	bool shared = like.shared == PTHREAD_PROCESS_SHARED;

	(void)worker;
	if (f->sem_init(&o->sem, shared, (unsigned)SEM_VALUE_MAX + 1) == 0 ||
	    mirror_errno() != EINVAL)
		return -1;
	/* Memory that was only zeroed will do. */
	return like.number || shared ? f->sem_init(&o->sem, shared, like.number)
	                             : 0;
}

static ON_FIBER long value_of(const struct primitives *f, sem_t *sem)
{
	int value = -1;
	int err = f->sem_getvalue(sem, &value);

	return err ? -mirror_errno() : value;
}

BODY(down, errno_of(f->sem_wait(&o->sem)))
BODY(trydown, errno_of(f->sem_trywait(&o->sem)))
BODY(down_late, errno_of(f->sem_timedwait(&o->sem, &past)))
BODY(down_badly, errno_of(f->sem_timedwait(&o->sem, &bad)))
BODY(down_soon, errno_of(f->sem_timedwait(&o->sem, soon(CLOCK_REALTIME))))
BODY(down_monotonic, errno_of(f->sem_clockwait(&o->sem, CLOCK_MONOTONIC,
                                               soon(CLOCK_MONOTONIC))))
BODY(down_no_clock,
     errno_of(f->sem_clockwait(&o->sem, CLOCK_PROCESS_CPUTIME_ID, &past)))
BODY(up, errno_of(f->sem_post(&o->sem)))
BODY(look, value_of(f, &o->sem))
BODY(destroy_sem, errno_of(f->sem_destroy(&o->sem)))

static const struct mirror_op sem_ops[] = {
	OP(down),
	OP(down),
	OP(down),
	OP(trydown),
	OP(down_late),
	OP(down_badly),
	OP(down_soon),
	OP(down_monotonic),
	OP(down_no_clock),
	OP(up),
	OP(up),
	OP(up),
	OP(up),
	OP(look),
	OP(destroy_sem),
};

static const unsigned sem_values[] = { 0, 2, SEM_VALUE_MAX - 1 };

ParameterizedTestParameters(model_sem, sem)
{
	return numbers(6);
}

ParameterizedTest(int *kind, model_sem, sem)
{
	struct mirror_test test = TEST_OF(sem_ops, make_sem);

	test.deaths = true;
	like.number = sem_values[*kind % 3];
	like.shared =
	        *kind / 3 ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE;
	expect_alike(&test, *kind, 30);
}

/* --- named semaphores ----------------------------------------------------- */

/* Of this test process: real semaphores have these names. */
static char names[2][64];

static void name_them(void)
{
	for (int i = 0; i < 2; i++)
		(void)snprintf(names[i], sizeof(names[i]),
		               "/racelab-mirror-%d-%d", (int)getpid(), i);
}

/* The parent opens one for all. */
static ON_FIBER long make_named(const void *table, void *objects,
                                unsigned worker)
{
	const struct primitives *f = table;
	struct objects *o = objects;
	sem_t *sem;

	(void)worker;
	for (int i = 0; i < 2; i++)
		(void)f->sem_unlink(names[i]);
	sem = f->sem_open(names[1], O_CREAT | O_EXCL, 0600, 1);
	for (int i = 0; i < MIRROR_WORKERS; i++)
		o->open[i] = sem;
	return sem == SEM_FAILED;
}

enum { NOT_NOW = 1000 };

/* Each has one open at a time. */
static ON_FIBER long open_named(const struct primitives *f, sem_t **sem,
                                const char *name, int flags, unsigned value)
{
	if (*sem)
		return NOT_NOW;
	*sem = f->sem_open(name, flags, 0600, value);
	return *sem == SEM_FAILED ? -mirror_errno() : 0;
}

/* Whether NAME is what it has open already. */
static ON_FIBER long open_again(const struct primitives *f, const sem_t *sem,
                                const char *name)
{
	sem_t *again = f->sem_open(name, 0);

	if (again == SEM_FAILED)
		return -mirror_errno();
	return f->sem_close(again) == 0 && again == sem;
}

static ON_FIBER long close_named(const struct primitives *f, sem_t **sem)
{
	long result = *sem ? f->sem_close(*sem) : NOT_NOW;

	*sem = NULL;
	return errno_of(result);
}

static ON_FIBER long close_twice(const struct primitives *f, sem_t **sem)
{
	sem_t *closed = *sem;
	long result = close_named(f, sem);

	return closed ? result * NOT_NOW + errno_of(f->sem_close(closed))
	              : result;
}

static ON_FIBER long use(int (*function)(sem_t *sem), sem_t *sem)
{
	return sem ? errno_of(function(sem)) : NOT_NOW;
}

#define OPEN_NAMED(name, flags, value) \
	open_named(f, &o->open[worker], (name), (flags), (value))

BODY(create, OPEN_NAMED(names[0], O_CREAT, 2))
BODY(create_new, OPEN_NAMED(names[0], O_CREAT | O_EXCL, 0))
BODY(create_other, OPEN_NAMED(names[1], O_CREAT, 3))
BODY(create_badly, OPEN_NAMED(names[0], O_CREAT | O_EXCL, SEM_VALUE_MAX + 1u))
BODY(open_it, OPEN_NAMED(names[0], 0, 0))
BODY(open_other, OPEN_NAMED(names[1], O_EXCL, 0))
BODY(again, open_again(f, o->open[worker], names[0]))
BODY(again_other, open_again(f, o->open[worker], names[1]))
BODY(close_it, close_named(f, &o->open[worker]))
BODY(close_it_twice, close_twice(f, &o->open[worker]))
BODY(close_badly, errno_of(f->sem_close(&o->sem)))
BODY(unlink_it, errno_of(f->sem_unlink(names[0])))
BODY(unlink_other, errno_of(f->sem_unlink(names[1])))
BODY(named_down, use(f->sem_wait, o->open[worker]))
BODY(named_trydown, use(f->sem_trywait, o->open[worker]))
BODY(named_up, use(f->sem_post, o->open[worker]))
BODY(named_look, o->open[worker] ? value_of(f, o->open[worker]) : (long)NOT_NOW)

static const struct mirror_op named_ops[] = {
	OP(create),    OP(create_new),   OP(create_other),   OP(create_badly),
	OP(open_it),   OP(open_other),   OP(again),          OP(again_other),
	OP(close_it),  OP(close_it),     OP(close_it_twice), OP(close_badly),
	OP(unlink_it), OP(unlink_other), OP(named_down),     OP(named_trydown),
	OP(named_up),  OP(named_look),
};

static void unlink_all(void)
{
	for (int i = 0; i < 2; i++)
		(void)sem_unlink(names[i]);
}

Test(model_sem, named, .fini = unlink_all)
{
	const struct mirror_test test = TEST_OF(named_ops, make_named);

	name_them();
	expect_alike(&test, 0, 120);
}

/* Names that libc does not accept, as often as it does not. */
static ON_FIBER long misname(const struct primitives *f, const char *name)
{
	sem_t *sem = f->sem_open(name, O_CREAT, 0600, 0);
	long opened = sem == SEM_FAILED ? mirror_errno() : 0;

	return opened * NOT_NOW + (f->sem_unlink(name) ? mirror_errno() : 0);
}

static char long_name[2 * NAME_MAX];

BODY(no_name, misname(f, ""))
BODY(only_slash, misname(f, "//"))
BODY(slash_within, misname(f, "/a/b"))
BODY(too_long, misname(f, long_name))

Test(model_sem, bad_names_are_refused_alike)
{
	static mirror_body *const bodies[] = { no_name, only_slash,
		                               slash_within };
	static const size_t lengths[] = { 252, 255, 256, 300 };

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		cr_expect_eq(mirror_model_alone(bodies[i], &primitives_model),
		             bodies[i](&primitives_libc, NULL, 0), "name %zu",
		             i);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		memset(long_name, 'x', sizeof(long_name));
		long_name[lengths[i]] = '\0';
		cr_expect_eq(mirror_model_alone(too_long, &primitives_model),
		             too_long(&primitives_libc, NULL, 0), "length %zu",
		             lengths[i]);
	}
}
