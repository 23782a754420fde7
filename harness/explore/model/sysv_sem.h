/*
 * What the two files of System V semaphores share: the sets, and what is undone
 * when a worker ends.
 */
#ifndef HARNESS_EXPLORE_MODEL_SYSV_SEM_H
#define HARNESS_EXPLORE_MODEL_SYSV_SEM_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/sem.h>

#include "harness/explore/model/kernel.h"

enum {
	SETS = 32,
	SEMAPHORES = OP_DATA / sizeof(unsigned short),
	SEMAPHORE_MAX = 32767, /* SEMVMX of include/uapi/linux/sem.h */
};

/* Number 0 to SETS - 1. A zeroed one, but for times, is free. */
struct set {
	int32_t key;
	uint16_t times; /* how many sets of this number were removed */
	uint8_t count;
	bool operated; /* by semop */
	uint16_t values[SEMAPHORES];
};

/* What is added when a worker ends; semadj in the kernel. */
struct undo {
	int16_t changes[SEMAPHORES];
};

/*
 * NULL where ID names no set now; was_removed: where it did once. find_undo takes
 * any id of that number.
 */
struct set *sysv_find_set(struct model *model, uint64_t id);
bool sysv_was_removed(struct model *model, uint64_t id);
struct undo *sysv_find_undo(struct model *model, uint64_t id, unsigned worker);
/* Makes it where there is none. Sets found before may have moved. */
struct undo *sysv_make_undo(struct model *model, uint64_t id, unsigned worker);

#endif
