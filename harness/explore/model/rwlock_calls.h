/* What the fronts of read-write locks post: see rwlock.c. */
#ifndef HARNESS_EXPLORE_MODEL_RWLOCK_CALLS_H
#define HARNESS_EXPLORE_MODEL_RWLOCK_CALLS_H

#include "harness/explore/model/model.h"
#include "harness/explore/model/rwlock_state.h"

/* Results that ask the front for one call more, as RWLOCK_WAITS does. */
enum { RWLOCK_QUEUES = RWLOCK_WAITS + 1, RWLOCK_SLEEPS };

/* To read: first one of these, then the second if it WAITS. */
extern const struct model_call rwlock_read_call, rwlock_timedread_call,
        rwlock_clockread_call;
extern const struct model_call rwlock_registered_call;

/* To write: first one of these, then the second if it QUEUES, then the third if it
 * WAITS. */
extern const struct model_call rwlock_write_call, rwlock_timedwrite_call,
        rwlock_clockwrite_call;
extern const struct model_call rwlock_queued_call;
extern const struct model_call rwlock_primary_call;

/* After each of these, if it SLEEPS; the first is for both ways to begin. */
extern const struct model_call rwlock_asleep_call;
extern const struct model_call rwlock_registered_asleep_call;
extern const struct model_call rwlock_queued_asleep_call;
extern const struct model_call rwlock_primary_asleep_call;

/* These do not wait. */
extern const struct model_call rwlock_tryread_call, rwlock_trywrite_call,
        rwlock_unlock_call, rwlock_init_call, rwlock_destroy_call;

#endif
