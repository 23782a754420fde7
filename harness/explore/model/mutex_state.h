/*
 * What libc notes in a mutex, and what locking and unlocking make of it.
 *
 * All of these return an errno, and none of them waits. KIND is what libc wrote
 * into the mutex when it was made, its __kind.
 */
#ifndef HARNESS_EXPLORE_MODEL_MUTEX_STATE_H
#define HARNESS_EXPLORE_MODEL_MUTEX_STATE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/explore/model/model.h"

/* In __kind, besides the type: glibc, nptl/pthreadP.h. */
enum {
	KIND_TYPE = 3,
	KIND_ROBUST = 16,
	KIND_INHERITS = 32,
	KIND_PRIORITY = KIND_INHERITS | 64,
	KIND_SHARED = 128,
	KIND_DESTROYED = -1,
};

/* Noted in place of the owner of a robust mutex. */
enum {
	MUTEX_INCONSISTENT = 0xfe,
	MUTEX_LOST = 0xff, /* not recoverable */
};

struct mutex_state {
	unsigned char word;  /* who has it, a worker + 1, or 0 */
	unsigned char owner; /* who is noted, or what is the matter with it */
	bool robust;         /* while somebody has it */
	bool died;           /* it is free because who had it has ended */
	int32_t users;       /* who has it or waits for a condition with it */
	uint32_t count;      /* of a recursive one: how often it was locked */
};

/* The mutex at ADDRESS, to be changed; and a copy, to look at. */
struct mutex_state *mutex_at(struct model *model, unsigned worker,
                             uint64_t address);
struct mutex_state mutex_copy(struct model *model, unsigned worker,
                              uint64_t address);

static inline bool mutex_has_type(int kind, int type)
{
	return (kind & KIND_TYPE) == type;
}

/* EBUSY: somebody has it, and it would wait. */
int mutex_lock(struct mutex_state *mutex, unsigned worker, int kind);
int mutex_trylock(struct mutex_state *mutex, unsigned worker, int kind);

/* EFAULT: here, glibc crashes, or spoils it. */
int mutex_unlock(struct mutex_state *mutex, unsigned worker, int kind);

/* Takes it, whoever has it. */
int mutex_take(struct mutex_state *mutex, unsigned worker, int kind);

/* Whether it may be destroyed; that it was is in its kind. */
int mutex_destroy(const struct mutex_state *mutex, int kind);

int mutex_consistent(struct mutex_state *mutex, unsigned worker, int kind);

/* The same on behalf of a wait for a condition. */
int mutex_unlock_to_wait(struct model *model, unsigned worker, uint64_t address,
                         int kind);

/* As the kernel does when a process ends: set_robust_list(2). */
void mutex_end_worker(struct model *model, unsigned worker);

#endif
