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
	LIMIT_USER,    /* RLIMIT_NPROC; tasks, as of all but the last two */
	LIMIT_CGROUP,  /* pids.max of the cgroup, or one above it */
	LIMIT_PIDS,    /* /proc/sys/kernel/pid_max */
	LIMIT_THREADS, /* /proc/sys/kernel/threads-max */
	LIMIT_FILES,   /* RLIMIT_NOFILE */
	LIMIT_MEMORY,  /* RLIMIT_AS, in KiB as ulimit -v has it */
};

struct limit {
	uint64_t most; /* UINT64_MAX: none, or none that can be known */
	uint64_t used;
};

struct limits {
	struct limit of[LIMIT_MEMORY + 1];
};

/* What is about to be started. */
struct limits_need {
	const char *who;   /* "200 workers", of which it is told */
	const char *fewer; /* what helps beside a higher limit, or NULL */
	uint64_t tasks, files, memory_kb;
};

/*
 * What this process may have and has now; it raises soft limits to the hard ones
 * where TASKS or FILES more would not go else. That on memory stays as it is: it
 * is there to spare the machine. Counting all processes takes time, and is done
 * only where TASKS more might be too many.
 */
void limits_look(struct limits *limits, uint64_t tasks, uint64_t files);

/*
 * Whether there is room for NEED. Returns 0, or -EAGAIN, -EMFILE or -ENOMEM with
 * a complaint that names limit and cure.
 */
int limits_check(const struct limits *limits, const struct limits_need *need,
                 struct complaint *complaint);

/* Both, for that many workers as processes or as threads of one. */
int limits_allow(unsigned workers, bool threads, struct complaint *complaint);

/* Both, for the two processes of a channel and who watches them. */
int limits_allow_pair(struct complaint *complaint);

#endif
