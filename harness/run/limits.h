/*
 * What the system allows, looked at before a run: better told then, with the
 * name of the limit, than half-way, with some of the workers started.
 */
#ifndef HARNESS_RUN_LIMITS_H
#define HARNESS_RUN_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/base/complaint.h"

enum limit_name {
	LIMIT_USER,    /* RLIMIT_NPROC; tasks, as of all but LIMIT_FILES */
	LIMIT_CGROUP,  /* pids.max of the cgroup, or one above it */
	LIMIT_PIDS,    /* /proc/sys/kernel/pid_max */
	LIMIT_THREADS, /* /proc/sys/kernel/threads-max */
	LIMIT_FILES,   /* RLIMIT_NOFILE */
};

struct limit {
	uint64_t most; /* UINT64_MAX: none, or none that can be known */
	uint64_t used;
};

struct limits {
	struct limit of[LIMIT_FILES + 1];
};

/*
 * What this process may have and has now; it raises soft limits to the hard ones
 * where TASKS or FILES more would not go else. Counting all processes takes
 * time, and is done only where TASKS more might be too many.
 */
void limits_look(struct limits *limits, uint64_t tasks, uint64_t files);

/*
 * Whether there is room for as many more. WORKERS is for the complaint. Returns
 * 0, or -EAGAIN or -EMFILE with a complaint that names limit and cure.
 */
int limits_check(const struct limits *limits, unsigned workers, uint64_t tasks,
                 uint64_t files, struct complaint *complaint);

/* Both, for that many workers as processes or as threads of one. */
int limits_allow(unsigned workers, bool threads, struct complaint *complaint);

#endif
