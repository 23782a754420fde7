#include "tests/unit/primitives.h"

#include "harness/explore/model/rwlock_state.h"

enum { STEPS = 20 };

/* NOLINTNEXTLINE(bugprone-macro-parentheses): a name takes none */
#define DECLARE(function) __typeof__(function) explored_##function;
#define LIBC(function) .function = (function),
#define MODEL(function) .function = explored_##function,

PRIMITIVES(DECLARE)

const struct primitives primitives_libc = { PRIMITIVES(LIBC) };
const struct primitives primitives_model = { PRIMITIVES(MODEL) };

struct like like;

const struct timespec past;
const struct timespec bad = { .tv_nsec = 1000000000 };

ON_FIBER const struct timespec *soon(clockid_t clock)
{
	static struct timespec time;

	(void)clock_gettime(clock, &time);
	time.tv_nsec += SOON_MS * 1000000L;
	if (time.tv_nsec >= 1000000000) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000;
	}
	return &time;
}

ON_FIBER long errno_of(long result)
{
	return result < 0 ? -mirror_errno() : result;
}

bool can_unlock_rwlock(struct model *model, unsigned worker, void *objects)
{
	struct objects *o = objects;
	const struct rwlock *rwlock =
	        model_find(model, MODEL_RWLOCK, worker, (uintptr_t)&o->rwlock);
	int kind = like.shared == PTHREAD_PROCESS_SHARED ? RWLOCK_SHARED : 0;
	struct rwlock changed;

	if (!rwlock)
		return false;
	changed = *rwlock;
	return rwlock_unlock(&changed, worker, kind) == 0;
}

void expect_alike(const struct mirror_test *test, int kind, unsigned sequences)
{
	for (unsigned i = 0; i < sequences; i++) {
		const char *differs =
		        mirror_differ(test, (uint64_t)kind << 32 | i, STEPS);

		cr_assert_null(differs,
		               "type %d, shared %d, robust %d, number %u, %s",
		               like.type, like.shared, like.robust, like.number,
		               differs);
	}
}

ON_FIBER long make_shared(const void *table, void *objects, unsigned worker)
{
	const struct primitives *f = table;
	struct objects *o = objects;
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;
	pthread_rwlockattr_t rwlock;

	(void)worker;
	(void)pthread_mutexattr_init(&mutex);
	(void)pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	(void)pthread_condattr_init(&cond);
	(void)pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	(void)pthread_rwlockattr_init(&rwlock);
	(void)pthread_rwlockattr_setpshared(&rwlock, PTHREAD_PROCESS_SHARED);
	return f->pthread_mutex_init(&o->mutex, &mutex) ||
	       f->pthread_cond_init(&o->cond, &cond) ||
	       f->pthread_rwlock_init(&o->rwlock, &rwlock) ||
	       f->pthread_spin_init(&o->spin, 1) ||
	       f->pthread_barrier_init(&o->barrier, NULL, 2) ||
	       f->sem_init(&o->sem, 1, 0);
}

static void free_params(struct criterion_test_params *params)
{
	cr_free(params->params);
}

struct criterion_test_params numbers(size_t count)
{
	int *number = cr_malloc(count * sizeof(*number));

	for (size_t i = 0; i < count; i++)
		number[i] = (int)i;
	return cr_make_param_array(int, number, count, free_params);
}
