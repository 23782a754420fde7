#include "harness/base/cpus.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

Test(cpus, allowed_are_those_of_the_affinity_mask_upwards)
{
	static struct cpus cpus;
	cpu_set_t *set = CPU_ALLOC(CPUS_MAX);
	size_t size = CPU_ALLOC_SIZE(CPUS_MAX);
	unsigned next = 0;

	cr_assert_geq(sched_getaffinity(0, size, set), 0, "no mask");
	cr_assert_eq(cpus_allowed(&cpus), 0, "refused");
	cr_expect_eq((int)cpus.count, CPU_COUNT_S(size, set), "%u of them",
	             cpus.count);
	for (unsigned cpu = 0; cpu < CPUS_MAX; cpu++) {
		bool allowed = CPU_ISSET_S(cpu, size, set);

		cr_expect_eq(cpus_contain(&cpus, cpu), allowed, "CPU %u", cpu);
		if (allowed)
			cr_expect_eq(cpus.cpu[next++], cpu, "their order");
	}
	CPU_FREE(set);
}

Test(cpus, contain_those_that_are_listed_and_no_others)
{
	static const struct cpus cpus = { .count = 2, .cpu = { 3, 7, 5 } };

	for (unsigned cpu = 0; cpu < 10; cpu++)
		cr_expect_eq(cpus_contain(&cpus, cpu), cpu == 3 || cpu == 7,
		             "CPU %u", cpu);
}

Test(cpus, of_a_core_stand_side_by_side)
{
	static const struct cpus cpus = { .count = 5,
		                          .cpu = { 0, 1, 2, 4, 7 } };
	static const unsigned core[] = { 9, 8, 9, 8, 5 };
	static struct cpus grouped;

	cr_expect_eq(cpus_group(&cpus, core, &grouped), 2, "two at most");
	cr_assert_eq(grouped.count, 5, "%u", grouped.count);
	for (unsigned i = 0; i < 5; i++)
		cr_expect_eq(grouped.cpu[i], ((unsigned[]){ 0, 2, 1, 4, 7 })[i],
		             "place %u: CPU %u", i, grouped.cpu[i]);
}

Test(cpus, of_this_machine_are_the_same_by_core)
{
	static struct cpus cpus, grouped;

	cr_assert_eq(cpus_allowed(&cpus), 0, "refused");
	cr_expect_geq(cpus_by_core(&cpus, &grouped), 1, "no core at all");
	cr_expect_eq(grouped.count, cpus.count, "%u", grouped.count);
	for (unsigned i = 0; i < cpus.count; i++)
		cr_expect(cpus_contain(&grouped, cpus.cpu[i]), "CPU %u",
		          cpus.cpu[i]);
}

Test(cpus, a_bound_process_has_one)
{
	static struct cpus cpus, bound;
	unsigned last;

	cr_assert_eq(cpus_allowed(&cpus), 0, "refused");
	last = cpus.cpu[cpus.count - 1];
	cr_assert_eq(cpus_bind(last), 0, "not bound");
	cr_assert_eq(cpus_allowed(&bound), 0, "refused");
	cr_expect(bound.count == 1 && bound.cpu[0] == last, "not to CPU %u",
	          last);
	cr_expect_eq(sched_getcpu(), (int)last, "and does not run there");
}

Test(cpus, nobody_is_bound_to_one_that_is_not_there)
{
	static struct cpus cpus, after;

	cr_assert_eq(cpus_allowed(&cpus), 0, "refused");
	if (cpus_contain(&cpus, CPUS_MAX - 1))
		cr_skip_test("there are as many as can be");
	cr_expect_eq(cpus_bind(CPUS_MAX - 1), -EINVAL, "it was");
	cr_assert_eq(cpus_allowed(&after), 0, "refused");
	cr_expect_eq(after.count, cpus.count, "and is bound now");
}

/* A machine with cgroups of our own making, in a mount namespace. */
struct machine {
	const char *group; /* /proc/self/cgroup */
	struct {
		const char *path, *text; /* in /sys/fs/cgroup */
	} file[4];
	double quota;
};

static const struct machine machines[] = {
	{ "0::/\n", { { 0 } }, 0 },
	{ "0::/\n", { { "cpu.max", "max 100000\n" } }, 0 },
	{ "0::/a\n", { { "a/cpu.max", "50000 100000\n" } }, 0.5 },
	{ "0::/a\n", { { "a/cpu.max", "50000 20000\n" } }, 2.5 },
	{ "0::/a\n", { { "a/cpu.max", "50000 0\n" } }, 0 },
	/* A group above may grant less, or nothing may be said here. */
	{ "0::/a/b\n",
	  { { "a/b/cpu.max", "max 100000\n" },
	    { "a/cpu.max", "150000 100000\n" } },
	  1.5 },
	{ "0::/a/b\n",
	  { { "a/b/cpu.max", "300000 100000\n" },
	    { "a/cpu.max", "200000 100000\n" },
	    { "cpu.max", "250000 100000\n" } },
	  2 },
	/* Another group's quota is none of ours. */
	{ "0::/a\n", { { "b/cpu.max", "50000 100000\n" } }, 0 },
	/* Version 1: a hierarchy for each controller. */
	{ "3:memory:/m\n2:cpu,cpuacct:/a/b\n1:cpuset:/s\n",
	  { { "cpu/a/cpu.cfs_quota_us", "25000\n" },
	    { "cpu/a/cpu.cfs_period_us", "100000\n" },
	    { "cpu/a/b/cpu.cfs_quota_us", "-1\n" },
	    { "cpu/a/b/cpu.cfs_period_us", "100000\n" } },
	  0.25 },
	{ "2:cpuset:/a\n",
	  { { "cpu/a/cpu.cfs_quota_us", "25000\n" },
	    { "cpu/a/cpu.cfs_period_us", "100000\n" } },
	  0 },
	{ "2:cpu:/\n0::/\n",
	  { { "cpu/cpu.cfs_quota_us", "70000\n" },
	    { "cpu/cpu.cfs_period_us", "100000\n" } },
	  0.7 },
};

static bool put(const char *path, const char *text)
{
	char part[256];
	int fd;
	bool done;

	(void)snprintf(part, sizeof(part), "%s", path);
	for (char *slash = strchr(part + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(part, 0755);
		*slash = '/';
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	done = fd >= 0 &&
	       write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	(void)close(fd);
	return done;
}

/* An ordinary user may mount only as the root of a namespace. */
static bool become_root(void)
{
	char users[32], groups[32];

	if (geteuid() == 0)
		return true;
	(void)snprintf(users, sizeof(users), "0 %u 1", geteuid());
	(void)snprintf(groups, sizeof(groups), "0 %u 1", getegid());
	return unshare(CLONE_NEWUSER) == 0 &&
	       put("/proc/self/setgroups", "deny") &&
	       put("/proc/self/gid_map", groups) &&
	       put("/proc/self/uid_map", users);
}

static bool build(const struct machine *machine)
{
	static const char root[] = "/sys/fs/cgroup", group[] = "/tmp/group";
	char path[256];

	/* Nothing of all this is seen outside, or outlives the process. */
	if (!become_root() || unshare(CLONE_NEWNS) < 0 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", root, "tmpfs", 0, NULL) < 0 ||
	    mount("none", "/tmp", "tmpfs", 0, NULL) < 0 ||
	    !put(group, machine->group) ||
	    mount(group, "/proc/self/cgroup", NULL, MS_BIND, NULL) < 0)
		return false;
	for (int i = 0; i < 4 && machine->file[i].path; i++) {
		(void)snprintf(path, sizeof(path), "%s/%s", root,
		               machine->file[i].path);
		if (!put(path, machine->file[i].text))
			return false;
	}
	return true;
}

/* In a child, which alone lives there; NAN where it cannot be built. */
static double quota_of(const struct machine *machine)
{
	double quota = NAN;
	int ends[2];
	pid_t pid;

	cr_assert_eq(pipe(ends), 0, "no pipe");
	pid = fork();
	cr_assert_geq(pid, 0, "no child");
	if (pid == 0) {
		if (build(machine))
			quota = cpus_quota();
		(void)!write(ends[1], &quota, sizeof(quota));
		_exit(0);
	}
	(void)close(ends[1]);
	cr_assert_eq(waitpid(pid, NULL, 0), pid, "it is gone");
	cr_assert_eq(read(ends[0], &quota, sizeof(quota)),
	             (ssize_t)sizeof(quota), "it said nothing");
	(void)close(ends[0]);
	return quota;
}

Test(cpus, quota_is_the_smallest_from_this_group_upwards)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		double quota = quota_of(&machines[i]);

		if (isnan(quota))
			cr_skip_test("no mount namespaces here");
		cr_expect_float_eq(quota, machines[i].quota, 1e-9,
		                   "machine %zu grants %g, not %g", i,
		                   machines[i].quota, quota);
	}
}
