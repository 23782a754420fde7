/* The processors that this process may run on. */
#ifndef HARNESS_BASE_CPUS_H
#define HARNESS_BASE_CPUS_H

#include <stdbool.h>

enum { CPUS_MAX = 8192 }; /* Linux's own limit on x86-64 */

struct cpus {
	unsigned count;
	unsigned cpu[CPUS_MAX]; /* their numbers, upwards */
};

/* Fills in what sched_getaffinity(2) allows. Returns 0 or -errno. */
int cpus_allowed(struct cpus *cpus);

bool cpus_contain(const struct cpus *cpus, unsigned cpu);

/* Binds the calling process to one processor. Returns 0 or -errno. */
int cpus_bind(unsigned cpu);

/*
 * How many processors' worth of time the cgroup quota grants: cpu.max of
 * cgroup v2 or cpu.cfs_quota_us of v1, the smallest from this process's group
 * upwards. 0 where there is no quota.
 */
double cpus_quota(void);

#endif
