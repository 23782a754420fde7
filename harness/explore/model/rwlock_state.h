/*
 * What glibc 2.36 keeps in a read-write lock, nptl/pthread_rwlock_common.c, and what
 * becomes of it. rwlock.c tells the story.
 *
 * KIND is libc's __flags, and RWLOCK_SHARED where it is process-shared. What returns
 * an int64_t returns 0, -errno, or RWLOCK_WAITS: it has registered, and waits now
 * for the other phase.
 */
#ifndef HARNESS_EXPLORE_MODEL_RWLOCK_STATE_H
#define HARNESS_EXPLORE_MODEL_RWLOCK_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/explore/model/model.h"

enum { RWLOCK_SHARED = 0x100 };

enum { RWLOCK_WAITS = 1 };

struct rwlock {
	unsigned char reads[MODEL_PARENT + 1]; /* how often each registered */
	unsigned char primary; /* the primary writer + 1, or 0 */
	unsigned char writers; /* of a kind that prefers them: who wait */
	bool handover;    /* one of those, and nobody else, becomes primary */
	bool write_phase; /* not while nobody has it or is primary */
};

/* Whether writers hand the lock over to writers. */
static inline bool rwlock_prefers_writers(int kind)
{
	return (kind & ~RWLOCK_SHARED) != PTHREAD_RWLOCK_PREFER_READER_NP;
}

/* Somebody is the primary writer, or is about to be. */
static inline bool rwlock_has_writer(const struct rwlock *lock)
{
	return lock->primary || lock->handover;
}

static inline bool rwlock_is_writer(const struct rwlock *lock, unsigned worker)
{
	return lock->primary == worker + 1;
}

/* The set of those who are registered. */
uint32_t rwlock_readers(const struct rwlock *lock);

/* The set of those whom WORKER would have to wait for. */
uint32_t rwlock_holders(const struct rwlock *lock, unsigned worker);

/* Whether a reader does not even register yet. */
bool rwlock_gives_way(const struct rwlock *lock, int kind);

int64_t rwlock_register(struct rwlock *lock, unsigned worker);
int64_t rwlock_tryread(struct rwlock *lock, unsigned worker, int kind);
int64_t rwlock_become_primary(struct rwlock *lock, unsigned worker);
void rwlock_stop_being_primary(struct rwlock *lock, int kind);

/* -EPERM: nobody has it, or nobody knows that he has; glibc's would be corrupted. */
int64_t rwlock_unlock(struct rwlock *lock, unsigned worker, int kind);

#endif
