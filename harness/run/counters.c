#include "harness/run/counters.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/base/text.h"

const struct counters_event counters_hardware[RUN_COUNTS] = {
	[RUN_COUNT_CYCLES] = { PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES },
	[RUN_COUNT_INSTRUCTIONS] = { PERF_TYPE_HARDWARE,
	                             PERF_COUNT_HW_INSTRUCTIONS },
	[RUN_COUNT_MISSES] = { PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES },
};

/* glibc has no function for it. This thread, wherever it runs; no group. */
int counters_perf_open(struct perf_event_attr *attributes)
{
	long fd = syscall(SYS_perf_event_open, attributes, 0, -1, -1,
	                  PERF_FLAG_FD_CLOEXEC);

	return fd < 0 ? -errno : (int)fd;
}

static int open_one(struct counters *counters,
                    const struct counters_event *event, counters_opener *open)
{
	struct perf_event_attr attributes = {
		.size = sizeof(attributes),
		.type = event->type,
		.config = event->config,
		.disabled = 1,
		.exclude_kernel = counters->user_only,
		.exclude_hv = counters->user_only,
		.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED |
		               PERF_FORMAT_TOTAL_TIME_RUNNING,
	};
	int fd = open(&attributes);

	if ((fd != -EACCES && fd != -EPERM) || counters->user_only)
		return fd;
	attributes.exclude_kernel = attributes.exclude_hv = 1;
	fd = open(&attributes);
	counters->user_only = fd >= 0;
	return fd;
}

void counters_open(struct counters *counters,
                   const struct counters_event *events, counters_opener *open)
{
	*counters = (struct counters){ 0 };
	for (int i = 0; i < RUN_COUNTS; i++) {
		int fd = open_one(counters, &events[i], open);

		counters->fd[i] = fd < 0 ? -1 : fd;
		if (fd < 0 && counters->err == 0)
			counters->err = fd;
	}
}

/* One system call for all; each fails only where the kernel has no events. */
void counters_start(void)
{
	(void)prctl(PR_TASK_PERF_EVENTS_ENABLE, 0, 0, 0, 0);
}

void counters_stop(void)
{
	(void)prctl(PR_TASK_PERF_EVENTS_DISABLE, 0, 0, 0, 0);
}

/* As read_format asks for it. */
struct reading {
	uint64_t value, enabled, running;
};

static uint64_t scaled(const struct reading *reading)
{
	if (reading->running == 0)
		return RUN_COUNT_UNKNOWN;
	if (reading->running == reading->enabled)
		return reading->value;
	return (uint64_t)llround((double)reading->value *
	                         (double)reading->enabled /
	                         (double)reading->running);
}

void counters_read(const struct counters *counters, uint64_t count[RUN_COUNTS])
{
	for (int i = 0; i < RUN_COUNTS; i++) {
		struct reading reading;

		count[i] = RUN_COUNT_UNKNOWN;
		if (counters->fd[i] >= 0 &&
		    read(counters->fd[i], &reading, sizeof(reading)) ==
		            (ssize_t)sizeof(reading))
			count[i] = scaled(&reading);
	}
}

void counters_close(struct counters *counters)
{
	for (int i = 0; i < RUN_COUNTS; i++) {
		if (counters->fd[i] >= 0)
			(void)close(counters->fd[i]); /* only read from */
		counters->fd[i] = -1;
	}
}

static void why_not(char why[COUNTERS_WHY], int err, const char *paranoid)
{
	const char *name = text_errno(err);
	int used = snprintf(why, COUNTERS_WHY, "%s: ", name);
	char *rest = why + used;
	size_t size = (size_t)(COUNTERS_WHY - used);

	if (err == ENOSYS)
		(void)snprintf(rest, size, "no perf_event_open here");
	else if (err == EMFILE || err == ENFILE)
		(void)snprintf(rest, size,
		               "too many open files, see ulimit -n");
	else if (err == EACCES && *paranoid)
		(void)snprintf(rest, size, "perf_event_paranoid is %s",
		               paranoid);
	else if (err == EACCES || err == EPERM) /* EPERM: a filter, seccomp */
		(void)snprintf(rest, size, "perf_event_open is forbidden here");
	else
		(void)snprintf(rest, size, "no hardware counters here");
}

const char *counters_why(char why[COUNTERS_WHY],
                         const struct counters *counters, const char *paranoid)
{
	size_t used;

	why[0] = '\0';
	if (counters->err)
		why_not(why, -counters->err, paranoid);
	used = strlen(why);
	if (counters->user_only)
		(void)snprintf(why + used, COUNTERS_WHY - used,
		               "%suser mode only: perf_event_paranoid is %s",
		               used ? "; " : "",
		               *paranoid ? paranoid : "not known");
	return why;
}

const char *counters_probe(char why[COUNTERS_WHY])
{
	struct counters counters;
	char paranoid[16] = "";

	(void)text_first_line("/proc/sys/kernel/perf_event_paranoid", paranoid,
	                      sizeof(paranoid));
	counters_open(&counters, counters_hardware, counters_perf_open);
	counters_close(&counters);
	return counters_why(why, &counters, paranoid);
}
