/*
 * pthread_barrier_*: glibc 2.36, nptl/pthread_barrier_{wait,init,destroy}.c.
 *
 * Who completes a round is the one that gets PTHREAD_BARRIER_SERIAL_THREAD: POSIX
 * leaves open which one it is. It lets all go that wait for this round, at whatever
 * later step each of them goes; those who come meanwhile belong to the next round.
 * Destroying waits until all have gone.
 *
 * If it is not process-shared, who sleeps before the round is complete never goes.
 */
#include <errno.h>
#include <pthread.h>

#include "harness/explore/model/model.h"
#include "harness/explore/model/wait.h"

/* Results that tell the front more. */
enum { MUST_WAIT = 1, MUST_SLEEP, IS_SERIAL };

struct barrier {
	uint32_t count; /* a round is complete with so many; 0: never made */
	uint32_t here;  /* sets of workers: who wait for the round ... */
	uint32_t freed; /* ... and who need not any more, but have not gone */
	bool shared;
};

static struct barrier *object(struct model *model, unsigned worker,
                              const struct op *op)
{
	return model_object(model, MODEL_BARRIER, worker, op->args[ARG_OBJECT],
	                    sizeof(struct barrier));
}

static struct barrier copy(struct model *model, unsigned worker,
                           const struct op *op)
{
	const struct barrier *barrier =
	        model_find(model, MODEL_BARRIER, worker, op->args[ARG_OBJECT]);

	return barrier ? *barrier : (struct barrier){ 0 };
}

static void arrive_go(struct model *model, unsigned worker, struct op *op,
                      unsigned way)
{
	struct barrier *barrier = object(model, worker, op);

	(void)way;
	if (barrier->count == 0) {
		op->result = -EINVAL;
	} else if ((unsigned)__builtin_popcount(barrier->here) + 1 <
	           barrier->count) {
		barrier->here |= wait_bit(worker);
		op->result = MUST_WAIT;
	} else {
		barrier->freed |= barrier->here;
		barrier->here = 0;
		op->result = IS_SERIAL;
	}
}

static unsigned wait_call_ways(struct model *model, unsigned worker,
                               const struct op *op)
{
	struct barrier barrier = copy(model, worker, op);

	return wait_ways(!barrier.shared || barrier.freed & wait_bit(worker),
	                 op);
}

static void wait_call_go(struct model *model, unsigned worker, struct op *op,
                         unsigned way)
{
	struct barrier *barrier = object(model, worker, op);

	(void)way;
	op->result = barrier->freed & wait_bit(worker) ? 0 : MUST_SLEEP;
	barrier->freed &= ~wait_bit(worker);
}

/* Who wait for the round: those who have not come are unknown. */
static const char *hopeless(struct model *model, unsigned worker,
                            const struct op *op)
{
	(void)model;
	(void)worker;
	return wait_asleep(op, "the barrier is not process-shared: who sleeps "
	                       "on it is never woken by another process");
}

/* COUNT comes in ARG_KIND, and whether it is process-shared in ARG_MORE. */
static void init_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way)
{
	(void)way;
	*object(model, worker, op) = (struct barrier){
		.count = (uint32_t)op->args[ARG_KIND],
		.shared = op->args[ARG_MORE],
	};
	op->result = 0;
}

static unsigned destroy_ways(struct model *model, unsigned worker,
                             const struct op *op)
{
	struct barrier barrier = copy(model, worker, op);

	return wait_ways(!barrier.shared || !(barrier.here | barrier.freed),
	                 op);
}

static void destroy_go(struct model *model, unsigned worker, struct op *op,
                       unsigned way)
{
	struct barrier barrier = copy(model, worker, op);

	(void)way;
	op->result = barrier.here | barrier.freed ? MUST_SLEEP : 0;
}

WAIT_NEVER(arrive_call, "pthread_barrier_wait, arriving", arrive_go);
WAIT_NEVER(init_call, "pthread_barrier_init", init_go);

static const struct model_call wait_call = {
	.name = "pthread_barrier_wait",
	.ways = wait_call_ways,
	.go = wait_call_go,
};

static const struct model_call destroy_call = {
	.name = "pthread_barrier_destroy",
	.ways = destroy_ways,
	.go = destroy_go,
};

static const struct model_call asleep_call = {
	.name = "pthread_barrier_wait, asleep",
	.ways = wait_asleep_ways,
	.go = wait_asleep_go,
	.hopeless = hopeless,
};

static const struct model_call destroy_asleep_call = {
	.name = "pthread_barrier_destroy, asleep",
	.ways = wait_asleep_ways,
	.go = wait_asleep_go,
	.hopeless = hopeless,
};

WAIT_FRONT(pthread_barrier_init);
WAIT_FRONT(pthread_barrier_destroy);
WAIT_FRONT(pthread_barrier_wait);

/* libc itself says what is wrong with COUNT. */
MODEL_FRONT int explored_pthread_barrier_init(
        pthread_barrier_t *barrier, const pthread_barrierattr_t *attributes,
        unsigned count)
{
	pthread_barrier_t fresh;
	int err = pthread_barrier_init(&fresh, attributes, count);
	int shared = PTHREAD_PROCESS_PRIVATE;

	if (err)
		return err;
	if (attributes)
		(void)pthread_barrierattr_getpshared(attributes, &shared);
	return (int)-MODEL_POST(&init_call, barrier, count, UNTIMED,
	                        shared == PTHREAD_PROCESS_SHARED);
}

MODEL_FRONT int explored_pthread_barrier_wait(pthread_barrier_t *barrier)
{
	int64_t result = MODEL_POST(&arrive_call, barrier, 0, UNTIMED, 0);

	if (result == -EINVAL)
		model_refuse("pthread_barrier_wait of a barrier that was never "
		             "initialized",
		             WAIT_CALLER);
	if (result == IS_SERIAL)
		return PTHREAD_BARRIER_SERIAL_THREAD;
	result = MODEL_POST(&wait_call, barrier, 0, UNTIMED, 0);
	if (result == MUST_SLEEP)
		result = MODEL_POST(&asleep_call, barrier, 0, UNTIMED, 0);
	return (int)-result;
}

MODEL_FRONT int explored_pthread_barrier_destroy(pthread_barrier_t *barrier)
{
	int64_t result = MODEL_POST(&destroy_call, barrier, 0, UNTIMED, 0);

	if (result == MUST_SLEEP)
		result = MODEL_POST(&destroy_asleep_call, barrier, 0, UNTIMED,
		                    0);
	return (int)-result;
}
