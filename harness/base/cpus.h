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

/*
 * Puts FROM into TO in another order: core by core, those of one next to each
 * other, each core where the first of it stands in FROM. CORE[i] is that of the
 * i-th CPU, any number. Returns how many of the fullest core there are.
 */
unsigned cpus_group(const struct cpus *from, const unsigned *core,
                    struct cpus *to);

/*
 * The same, by the cores of this machine; a CPU of which the kernel tells
 * nothing is a core of its own. Returns 1 where nothing is shared.
 */
unsigned cpus_by_core(const struct cpus *from, struct cpus *to);

/* Binds the calling process to one processor. Returns 0 or -errno. */
int cpus_bind(unsigned cpu);

/*
 * How many processors' worth of time the cgroup quota grants: cpu.max of
 * cgroup v2 or cpu.cfs_quota_us of v1, the smallest from this process's group
 * upwards. 0 where there is no quota.
 */
double cpus_quota(void);

#endif
