/*
 * What the models of libc's primitives have in common: how they wait.
 *
 * libc keeps the state of a primitive in its memory, and sleeps and wakes with
 * futex(2). Whether that is a private futex is said when the primitive is made;
 * the default is private, and memory that was only zeroed is private, too. A
 * private futex is found by the address space as well as by the address, so that
 * a wake-up by another process finds nobody: futex(2), FUTEX_PRIVATE_FLAG.
 * Workers stand for processes of one thread, so who sleeps on what is not
 * process-shared, sleeps for ever, or until its deadline.
 *
 * So a call that cannot go on waits where the primitive is process-shared. Where
 * it is not, the call does go on, with a result above 0 that tells the front to
 * post another: one that is asleep.
 *
 * A deadline passes whenever the search wants, but only while there is something
 * to wait for: what can be had at once is had, however late it is (POSIX:
 * "under no circumstance shall the function fail with a timeout if the mutex can
 * be locked immediately"), and who is woken and late at once could have been late
 * a step earlier.
 */
#ifndef HARNESS_EXPLORE_MODEL_WAIT_H
#define HARNESS_EXPLORE_MODEL_WAIT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "harness/explore/model/model.h"

/* The arguments of every call that waits. */
enum {
	ARG_OBJECT, /* its address */
	ARG_KIND,   /* what was said when it was made */
	ARG_TIMED,  /* of enum wait_timed */
	ARG_MORE,
};

enum wait_timed {
	UNTIMED,
	TIMED,
	BADLY_TIMED, /* a deadline that is none: EINVAL where it would wait */
};

/* Helpers of fronts run where the fronts do. */
#define ON_WORKER __attribute__((no_sanitize("address", "undefined")))

/* Declares a front with the very type that libc gives the function. */
#define WAIT_FRONT(name) __typeof__(name) explored_##name

/* In a front: where it was called. */
#define WAIT_CALLER __builtin_return_address(0)

/* Defines a call that never waits. */
#define WAIT_NEVER(call, function, body)        \
	static const struct model_call call = { \
		.name = (function),             \
		.ways = model_one_way,          \
		.go = (body),                   \
	}

static inline uint32_t wait_bit(unsigned worker)
{
	return UINT32_C(1) << worker;
}

/* In how many ways a call goes on that is READY, or else waits. */
unsigned wait_ways(bool ready, const struct op *op);

/*
 * What a call results in that was not ready, and yet goes on: -ETIMEDOUT or
 * -EINVAL; or SLEEP, if the primitive is not process-shared.
 */
int64_t wait_or_sleep(const struct op *op, bool shared, int64_t sleep);

/* ways and go of a call that is asleep, until its deadline if it has one. */
unsigned wait_asleep_ways(struct model *model, unsigned worker,
                          const struct op *op);
void wait_asleep_go(struct model *model, unsigned worker, struct op *op,
                    unsigned way);

/* Whether OP's object lies in memory that the workers share. */
bool wait_is_visible(const struct op *op);

/*
 * For hopeless: why who is asleep on OP's object stays so. WHAT says it of an
 * object in shared memory.
 */
const char *wait_asleep(const struct op *op, const char *what);

/* For hopeless: why WORKER waits for HOLDERS in vain, or NULL. */
const char *wait_in_vain(const struct model *model, unsigned worker,
                         uint32_t holders);

/* For fronts: what a deadline, and a clock, is. */
enum wait_timed wait_until(const struct timespec *deadline);
bool wait_has_clock(clockid_t clock);

#endif
