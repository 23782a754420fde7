#include "harness/explore/model/rwlock_calls.h"

#include <errno.h>

#include "harness/explore/model/rwlock_state.h"
#include "harness/explore/model/wait.h"

static struct rwlock *object(struct model *model, unsigned worker,
                             const struct op *op)
{
	return model_object(model, MODEL_RWLOCK, worker, op->args[ARG_OBJECT],
	                    sizeof(struct rwlock));
}

static struct rwlock copy(struct model *model, unsigned worker,
                          const struct op *op)
{
	const struct rwlock *lock =
	        model_find(model, MODEL_RWLOCK, worker, op->args[ARG_OBJECT]);

	return lock ? *lock : (struct rwlock){ 0 };
}

static int kind_of(const struct op *op)
{
	return (int)op->args[ARG_KIND];
}

static bool is_shared(const struct op *op)
{
	return kind_of(op) & RWLOCK_SHARED;
}

/* --- reading */

static unsigned read_ways(struct model *model, unsigned worker,
                          const struct op *op)
{
	struct rwlock lock = copy(model, worker, op);

	return wait_ways(
	        !is_shared(op) || !rwlock_gives_way(&lock, kind_of(op)), op);
}

static void read_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	struct rwlock *lock = object(model, worker, op);

	(void)way;
	if (rwlock_is_writer(lock, worker))
		op->result = -EDEADLK;
	else if (rwlock_gives_way(lock, kind_of(op)))
		op->result = wait_or_sleep(op, is_shared(op), RWLOCK_SLEEPS);
	else
		op->result = rwlock_register(lock, worker);
}

static void tryread_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	(void)way;
	op->result =
	        rwlock_tryread(object(model, worker, op), worker, kind_of(op));
}

static unsigned registered_ways(struct model *model, unsigned worker,
                                const struct op *op)
{
	return wait_ways(!is_shared(op) || !copy(model, worker, op).write_phase,
	                 op);
}

static void registered_go(struct model *model, unsigned worker, struct op *op,
                          unsigned way)
{
	struct rwlock *lock = object(model, worker, op);

	(void)way;
	op->result = 0;
	if (lock->write_phase)
		op->result = wait_or_sleep(op, is_shared(op), RWLOCK_SLEEPS);
	if (op->result < 0)
		lock->reads[worker]--;
}

/* It is late now; it may have been handed the lock in its sleep. */
static void registered_asleep_go(struct model *model, unsigned worker,
                                 struct op *op, unsigned way)
{
	struct rwlock *lock = object(model, worker, op);

	(void)way;
	op->result = 0;
	if (!lock->write_phase)
		return;
	lock->reads[worker]--;
	op->result = -ETIMEDOUT;
}

/* --- writing */

static unsigned write_ways(struct model *model, unsigned worker,
                           const struct op *op)
{
	struct rwlock lock = copy(model, worker, op);

	return wait_ways(!is_shared(op) ||
	                         rwlock_prefers_writers(kind_of(op)) ||
	                         !rwlock_has_writer(&lock) ||
	                         rwlock_is_writer(&lock, worker),
	                 op);
}

static void write_go(struct model *model, unsigned worker, struct op *op,
                     unsigned way)
{
	struct rwlock *lock = object(model, worker, op);

	(void)way;
	if (rwlock_is_writer(lock, worker)) {
		op->result = -EDEADLK;
	} else if (!rwlock_has_writer(lock)) {
		op->result = rwlock_become_primary(lock, worker);
	} else if (rwlock_prefers_writers(kind_of(op))) {
		lock->writers++;
		op->result = RWLOCK_QUEUES;
	} else {
		op->result = wait_or_sleep(op, is_shared(op), RWLOCK_SLEEPS);
	}
}

static void trywrite_go(struct model *model, unsigned worker, struct op *op,
                        unsigned way)
{
	struct rwlock *lock = object(model, worker, op);

	(void)way;
	op->result = rwlock_has_writer(lock) || rwlock_readers(lock)
	                     ? -EBUSY
	                     : rwlock_become_primary(lock, worker);
}

/* Whether a writer that waits may become the primary one. */
static bool has_turn(const struct rwlock *lock)
{
	return lock->handover || !lock->primary;
}

static unsigned queued_ways(struct model *model, unsigned worker,
                            const struct op *op)
{
	struct rwlock lock = copy(model, worker, op);

	return wait_ways(!is_shared(op) || has_turn(&lock), op);
}

static void queued_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	struct rwlock *lock = object(model, worker, op);

	(void)way;
	op->result = has_turn(lock)
	                     ? rwlock_become_primary(lock, worker)
	                     : wait_or_sleep(op, is_shared(op), RWLOCK_SLEEPS);
	if (op->result != RWLOCK_SLEEPS)
		lock->writers--;
}

/* The last one that waits must take what is handed over, however late. */
static void queued_asleep_go(struct model *model, unsigned worker,
                             struct op *op, unsigned way)
{
	struct rwlock *lock = object(model, worker, op);

	(void)way;
	op->result = -ETIMEDOUT;
	if (lock->handover && lock->writers == 1)
		op->result = rwlock_become_primary(lock, worker);
	lock->writers--;
}

static unsigned primary_ways(struct model *model, unsigned worker,
                             const struct op *op)
{
	return wait_ways(!is_shared(op) || copy(model, worker, op).write_phase,
	                 op);
}

static void primary_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	struct rwlock *lock = object(model, worker, op);

	(void)way;
	op->result = 0;
	if (!lock->write_phase)
		op->result = wait_or_sleep(op, is_shared(op), RWLOCK_SLEEPS);
	if (op->result < 0)
		rwlock_stop_being_primary(lock, kind_of(op));
}

static void primary_asleep_go(struct model *model, unsigned worker,
                              struct op *op, unsigned way)
{
	struct rwlock *lock = object(model, worker, op);
	bool prefers = rwlock_prefers_writers(kind_of(op));

	(void)way;
	op->result = 0;
	if (lock->write_phase && !(prefers && lock->writers))
		return;
	rwlock_stop_being_primary(lock, kind_of(op));
	op->result = -ETIMEDOUT;
}

/* --- the rest */

static void unlock_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	(void)way;
	op->result =
	        rwlock_unlock(object(model, worker, op), worker, kind_of(op));
}

static void init_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	*object(model, worker, op) = (struct rwlock){ 0 };
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

static uint32_t holders(struct model *model, unsigned worker,
                        const struct op *op)
{
	struct rwlock lock = copy(model, worker, op);

	return rwlock_holders(&lock, worker);
}

static const char *hopeless(struct model *model, unsigned worker,
                            const struct op *op)
{
	return wait_in_vain(model, worker, holders(model, worker, op));
}

static const char *asleep_hopeless(struct model *model, unsigned worker,
                                   const struct op *op)
{
	(void)model;
	(void)worker;
	return wait_asleep(op, "the lock is not process-shared: who sleeps on "
	                       "it is never woken by another process");
}

/* --- the calls */

#define WAITS(function, how)                                            \
	{                                                               \
		.name = (function), .ways = how##_ways, .go = how##_go, \
		.holders = holders, .hopeless = hopeless,               \
	}

#define SLEEPS(function, body)                                              \
	{                                                                   \
		.name = (function), .ways = wait_asleep_ways, .go = (body), \
		.hopeless = asleep_hopeless,                                \
	}

#define NEVER_WAITS(function, body)                                      \
	{                                                                \
		.name = (function), .ways = model_one_way, .go = (body), \
	}

const struct model_call rwlock_read_call = WAITS("pthread_rwlock_rdlock", read);
const struct model_call rwlock_timedread_call =
        WAITS("pthread_rwlock_timedrdlock", read);
const struct model_call rwlock_clockread_call =
        WAITS("pthread_rwlock_clockrdlock", read);
const struct model_call rwlock_registered_call =
        WAITS("pthread_rwlock_rdlock, registered", registered);
const struct model_call rwlock_write_call =
        WAITS("pthread_rwlock_wrlock", write);
const struct model_call rwlock_timedwrite_call =
        WAITS("pthread_rwlock_timedwrlock", write);
const struct model_call rwlock_clockwrite_call =
        WAITS("pthread_rwlock_clockwrlock", write);
const struct model_call rwlock_queued_call =
        WAITS("pthread_rwlock_wrlock, registered", queued);
const struct model_call rwlock_primary_call =
        WAITS("pthread_rwlock_wrlock, first in line", primary);
const struct model_call rwlock_asleep_call =
        SLEEPS("pthread_rwlock, asleep", wait_asleep_go);
const struct model_call rwlock_registered_asleep_call =
        SLEEPS("pthread_rwlock_rdlock, asleep", registered_asleep_go);
const struct model_call rwlock_queued_asleep_call =
        SLEEPS("pthread_rwlock_wrlock, asleep", queued_asleep_go);
const struct model_call rwlock_primary_asleep_call =
        SLEEPS("pthread_rwlock_wrlock, asleep", primary_asleep_go);
const struct model_call rwlock_tryread_call =
        NEVER_WAITS("pthread_rwlock_tryrdlock", tryread_go);
const struct model_call rwlock_trywrite_call =
        NEVER_WAITS("pthread_rwlock_trywrlock", trywrite_go);
const struct model_call rwlock_unlock_call =
        NEVER_WAITS("pthread_rwlock_unlock", unlock_go);
const struct model_call rwlock_init_call =
        NEVER_WAITS("pthread_rwlock_init", init_go);
const struct model_call rwlock_destroy_call =
        NEVER_WAITS("pthread_rwlock_destroy", destroy_go);
