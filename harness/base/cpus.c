#include "harness/base/cpus.h"

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"

struct cpu_mask {
	cpu_set_t set[CPUS_MAX / CPU_SETSIZE];
};

int cpus_allowed(struct cpus *cpus)
{
	struct cpu_mask mask = { 0 };

	if (sched_getaffinity(0, sizeof(mask), mask.set) < 0)
		return -errno;
	cpus->count = 0;
	for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++) {
		if (CPU_ISSET_S(cpu, sizeof(mask), mask.set))
			cpus->cpu[cpus->count++] = cpu;
	}
	return 0;
}

bool cpus_contain(const struct cpus *cpus, unsigned cpu)
{
	for (unsigned i = 0; i < cpus->count; i++) {
		if (cpus->cpu[i] == cpu)
			return true;
	}
	return false;
}

unsigned cpus_group(const struct cpus *from, const unsigned *core,
                    struct cpus *to)
{
	unsigned fullest = 0;

	to->count = 0;
	for (unsigned i = 0; i < from->count; i++) {
		unsigned members = 0;

		if (cpus_contain(to, from->cpu[i]))
			continue;
		for (unsigned j = i; j < from->count; j++) {
			if (core[j] != core[i])
				continue;
			to->cpu[to->count++] = from->cpu[j];
			members++;
		}
		fullest = members > fullest ? members : fullest;
	}
	return fullest;
}

/* The first of those that share its core: "0-1" or "0,64". */
static unsigned core_of(unsigned cpu)
{
	char path[96], line[32];
	unsigned first;

	(void)snprintf(path, sizeof(path),
	               "/sys/devices/system/cpu/cpu%u/topology/"
	               "thread_siblings_list",
	               cpu);
	if (text_first_line(path, line, sizeof(line)) < 0 ||
	    sscanf(line, "%u", &first) != 1)
		return cpu;
	return first;
}

unsigned cpus_by_core(const struct cpus *from, struct cpus *to)
{
	unsigned core[CPUS_MAX];

	for (unsigned i = 0; i < from->count; i++)
		core[i] = core_of(from->cpu[i]);
	return cpus_group(from, core, to);
}

int cpus_bind(unsigned cpu)
{
	struct cpu_mask mask = { 0 };

	CPU_SET_S(cpu, sizeof(mask), mask.set);
	return sched_setaffinity(0, sizeof(mask), mask.set) < 0 ? -errno : 0;
}

/* "50000 100000" of v2, or "max 100000". 0 where there is no quota. */
static double quota_v2(const char *group)
{
	char path[PATH_MAX], line[64];
	double quota, period;

	(void)snprintf(path, sizeof(path), "/sys/fs/cgroup%s/cpu.max", group);
	if (text_first_line(path, line, sizeof(line)) < 0 ||
	    sscanf(line, "%lf %lf", &quota, &period) != 2 || period <= 0)
		return 0;
	return quota / period;
}

static double quota_v1(const char *group)
{
	static const char *const names[] = { "cpu.cfs_quota_us",
		                             "cpu.cfs_period_us" };
	char path[PATH_MAX], line[64];
	double value[2];

	for (int i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "/sys/fs/cgroup/cpu%s/%s",
		               group, names[i]);
		if (text_first_line(path, line, sizeof(line)) < 0 ||
		    sscanf(line, "%lf", &value[i]) != 1)
			return 0;
	}
	return value[0] > 0 && value[1] > 0 ? value[0] / value[1] : 0;
}

/* The smallest quota of GROUP and the groups above it. Cuts GROUP up. */
static double quota_upwards(char *group, double (*quota_of)(const char *))
{
	double least = 0;

	for (;;) {
		double quota = quota_of(group);
		char *slash = strrchr(group, '/');

		if (quota > 0 && (least <= 0 || quota < least))
			least = quota;
		if (!slash)
			return least;
		*slash = '\0';
	}
}

double cpus_quota(void)
{
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX];
	double least = 0;

	if (!file)
		return 0;
	/* "0::/group" for v2, "4:cpu,cpuacct:/group" for v1 */
	while (fgets(line, sizeof(line), file)) {
		char *group = strstr(line, ":/");
		double quota = 0;

		if (!group)
			continue;
		group[strcspn(group, "\n")] = '\0';
		*group++ = '\0';
		if (strcmp(line, "0:") == 0)
			quota = quota_upwards(group, quota_v2);
		else if (strstr(line, ":cpu,") || strstr(line, ",cpu,") ||
		         strcmp(strchr(line, ':'), ":cpu") == 0)
			quota = quota_upwards(group, quota_v1);
		if (quota > 0 && (least <= 0 || quota < least))
			least = quota;
	}
	(void)fclose(file); /* only read from */
	return least;
}
