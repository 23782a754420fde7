#include "harness/run/limits.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "harness/base/text.h"
#include "harness/run/carrier.h"

enum {
	/* Beside the workers: the janitor, and the threads' carrier. */
	TASKS_BESIDE = 2,
	/* The janitor's pipe, a signalfd, an epoll; a record's file is open. */
	FILES_BESIDE = 4,
	/* Of a pair: both and the janitor; the janitor's pipe, a signalfd, and
	   a pidfd of each. Most channels open two files each way, too. */
	PAIR_TASKS = 3,
	PAIR_FILES = 4,
	CHANNEL_FILES = 4,
	KIB = 1024,
};

/* --- looking -------------------------------------------------------------- */

static uint64_t number_in(const char *path)
{
	char line[64];
	uint64_t value;

	/* "max" in a cgroup is none, too. */
	if (text_first_line(path, line, sizeof(line)) < 0 ||
	    text_number(line, 0, UINT64_MAX, &value) < 0)
		return UINT64_MAX;
	return value;
}

/* All tasks that the kernel has, whoever sees them: "0.1 0.2 0.3 2/345 678". */
static uint64_t all_tasks(void)
{
	char line[128];
	unsigned long long tasks;

	if (text_first_line("/proc/loadavg", line, sizeof(line)) < 0 ||
	    sscanf(line, "%*f %*f %*f %*u/%llu", &tasks) != 1)
		return 0;
	return tasks;
}

/* The tasks of one process, and whose it is. */
static void count_process(const char *pid, uint64_t *mine, uint64_t *seen)
{
	char path[PATH_MAX], line[256];
	unsigned long uid = 0, tasks = 0;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%s/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		(void)sscanf(line, "Uid: %lu", &uid);
		(void)sscanf(line, "Threads: %lu", &tasks);
	}
	if (file)
		(void)fclose(file); /* only read from */
	*seen += tasks;
	*mine += uid == getuid() ? tasks : 0;
}

static void count_tasks(uint64_t *mine, uint64_t *seen)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;

	*mine = *seen = 0;
	while (directory && (entry = readdir(directory))) {
		if (strspn(entry->d_name, "0123456789") > 0)
			count_process(entry->d_name, mine, seen);
	}
	if (directory)
		(void)closedir(directory);
}

static uint64_t open_files(void)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;
	uint64_t count = 0;

	if (!directory)
		return 3; /* there may be no room to look */
	while ((entry = readdir(directory)))
		count += entry->d_name[0] != '.';
	(void)closedir(directory);
	return count - 1; /* one was the directory's */
}

/* What RLIMIT_AS counts, in KiB: proc_pid_statm(5). */
static uint64_t mapped_kb(void)
{
	char line[128];
	unsigned long long pages;

	if (text_first_line("/proc/self/statm", line, sizeof(line)) < 0 ||
	    sscanf(line, "%llu", &pages) != 1)
		return 0;
	return pages * ((uint64_t)sysconf(_SC_PAGESIZE) / KIB);
}

static uint64_t memory_limit_kb(void)
{
	struct rlimit limit;

	return getrlimit(RLIMIT_AS, &limit) < 0 ||
	                       limit.rlim_cur == RLIM_INFINITY
	               ? UINT64_MAX
	               : limit.rlim_cur / KIB;
}

/* Raises the soft limit where ENOUGH would be above it. */
static uint64_t soft_limit(__rlimit_resource_t which, uint64_t enough)
{
	struct rlimit limit;

	if (getrlimit(which, &limit) < 0)
		return UINT64_MAX;
	if (limit.rlim_cur < enough && limit.rlim_cur < limit.rlim_max) {
		struct rlimit raised = { limit.rlim_max, limit.rlim_max };

		if (setrlimit(which, &raised) == 0)
			limit = raised;
	}
	return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

/* Root, and who has one of two capabilities, may go beyond: getrlimit(2). */
static bool is_exempt(void)
{
	static const unsigned long long sys_admin = 1u << 21;
	static const unsigned long long sys_resource = 1u << 24;
	unsigned long long capable = 0;
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		(void)sscanf(line, "CapEff: %llx", &capable);
	if (file)
		(void)fclose(file); /* only read from */
	return getuid() == 0 || (capable & (sys_admin | sys_resource));
}

/* The least room of GROUP, below ROOT, and the groups above. Cuts GROUP up. */
static void look_upwards(const char *root, char *group, struct limit *least)
{
	for (;;) {
		char path[2 * PATH_MAX], *slash = strrchr(group, '/');
		struct limit here;

		(void)snprintf(path, sizeof(path), "%s%s/pids.max", root,
		               group);
		here.most = number_in(path);
		(void)snprintf(path, sizeof(path), "%s%s/pids.current", root,
		               group);
		here.used = number_in(path);
		if (here.most != UINT64_MAX && here.used != UINT64_MAX &&
		    (least->most == UINT64_MAX ||
		     here.most - here.used < least->most - least->used))
			*least = here;
		if (!slash)
			return;
		*slash = '\0';
	}
}

/* "0::/group" for cgroup v2, "8:pids:/group" for v1. */
static struct limit cgroup_limit(void)
{
	struct limit least = { UINT64_MAX, 0 };
	FILE *file = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX];

	while (file && fgets(line, sizeof(line), file)) {
		char *group = strstr(line, ":/");

		if (!group)
			continue;
		group[strcspn(group, "\n")] = '\0';
		*group++ = '\0';
		if (strcmp(line, "0:") == 0)
			look_upwards("/sys/fs/cgroup", group, &least);
		else if (strstr(line, ":pids"))
			look_upwards("/sys/fs/cgroup/pids", group, &least);
	}
	if (file)
		(void)fclose(file); /* only read from */
	return least;
}

void limits_look(struct limits *limits, uint64_t tasks, uint64_t files)
{
	struct limit *of = limits->of;
	uint64_t all = all_tasks(), mine = 0, seen = 0;
	uint64_t opened = open_files();

	of[LIMIT_FILES].most = soft_limit(RLIMIT_NOFILE, opened + files);
	of[LIMIT_FILES].used = opened;
	of[LIMIT_MEMORY].most = memory_limit_kb();
	of[LIMIT_MEMORY].used = mapped_kb();
	of[LIMIT_CGROUP] = cgroup_limit();
	of[LIMIT_USER].most = is_exempt()
	                              ? UINT64_MAX
	                              : soft_limit(RLIMIT_NPROC, all + tasks);
	of[LIMIT_PIDS].most = number_in("/proc/sys/kernel/pid_max");
	of[LIMIT_THREADS].most = number_in("/proc/sys/kernel/threads-max");
	/* All that the kernel has are at least those that we see. */
	if (all == 0 || of[LIMIT_USER].most < all + tasks ||
	    of[LIMIT_PIDS].most < all + tasks)
		count_tasks(&mine, &seen);
	of[LIMIT_USER].used = mine;
	of[LIMIT_PIDS].used = seen;
	of[LIMIT_THREADS].used = all;
}

/* --- deciding ------------------------------------------------------------- */

static const struct {
	const char *what, *cure;
} said[] = {
	[LIMIT_USER] = { "processes and threads of this user", "ulimit -u" },
	[LIMIT_CGROUP] = { "processes and threads in this cgroup",
	                   "its pids.max" },
	[LIMIT_PIDS] = { "processes and threads", "/proc/sys/kernel/pid_max" },
	[LIMIT_THREADS] = { "processes and threads",
	                    "/proc/sys/kernel/threads-max" },
	[LIMIT_FILES] = { "open files", "ulimit -n" },
	[LIMIT_MEMORY] = { "KiB of address space for their stacks",
	                   "ulimit -v" },
};

static uint64_t needed(enum limit_name name, const struct limits_need *need)
{
	return name == LIMIT_FILES    ? need->files
	       : name == LIMIT_MEMORY ? need->memory_kb
	                              : need->tasks;
}

static int error_of(enum limit_name name)
{
	return name == LIMIT_FILES    ? -EMFILE
	       : name == LIMIT_MEMORY ? -ENOMEM
	                              : -EAGAIN;
}

int limits_check(const struct limits *limits, const struct limits_need *need,
                 struct complaint *complaint)
{
	for (enum limit_name i = LIMIT_USER; i <= LIMIT_MEMORY; i++) {
		const struct limit *limit = &limits->of[i];
		uint64_t more = needed(i, need);

		if (more == 0 || limit->used + more <= limit->most)
			continue;
		complain(complaint, need->who,
		         "they take %llu %s, and %llu of at most %llu are "
		         "there",
		         (unsigned long long)more, said[i].what,
		         (unsigned long long)limit->used,
		         (unsigned long long)limit->most);
		complain_cure(complaint, "raise %s%s%s", said[i].cure,
		              need->fewer ? ", or " : "",
		              need->fewer ? need->fewer : "");
		return error_of(i);
	}
	return 0;
}

int limits_allow(unsigned workers, bool threads, struct complaint *complaint)
{
	char who[32];
	/* Of threads it is the carrier that opens what attach opens: as many,
	   or more, but that is not known, so it is only made possible. */
	uint64_t wished = (uint64_t)workers + FILES_BESIDE;
	struct limits_need need = {
		.who = who,
		.fewer = threads ? "run fewer threads: -w"
		                 : "run fewer workers: -w",
		.tasks = (uint64_t)workers + TASKS_BESIDE,
		.files = threads ? 1 + FILES_BESIDE : wished,
		.memory_kb = threads ? (uint64_t)workers * CARRIER_STACK_KB : 0,
	};
	struct limits limits = { 0 };

	(void)snprintf(who, sizeof(who), "%u %s%s", workers,
	               threads ? "thread" : "worker", workers == 1 ? "" : "s");
	limits_look(&limits, need.tasks, wished);
	return limits_check(&limits, &need, complaint);
}

int limits_allow_pair(struct complaint *complaint)
{
	static const struct limits_need need = {
		.who = "two processes and a janitor",
		.tasks = PAIR_TASKS,
		.files = PAIR_FILES,
	};
	struct limits limits = { 0 };

	limits_look(&limits, need.tasks, need.files + CHANNEL_FILES);
	return limits_check(&limits, &need, complaint);
}
