/*
 * What the processor counts of one worker from start to stop, by
 * perf_event_open(2). Many virtual machines have no such counters, and many
 * machines forbid them: then a count is not known, and counters_why says why.
 *
 * Everything here is of the calling thread only.
 */
#ifndef HARNESS_RUN_COUNTERS_H
#define HARNESS_RUN_COUNTERS_H

#include <linux/perf_event.h>
#include <stdbool.h>
#include <stdint.h>

#include "harness/run/result.h"

/* What to count: type and config of perf_event_open(2), for each RUN_COUNT_. */
struct counters_event {
	uint32_t type;
	uint64_t config;
};

/* Cycles, instructions, cache misses, as the processor counts them. */
extern const struct counters_event counters_hardware[RUN_COUNTS];

/* Opens an event of the calling thread: a descriptor, or -errno. */
typedef int counters_opener(struct perf_event_attr *attributes);

/* The real one. */
counters_opener counters_perf_open;

struct counters {
	int fd[RUN_COUNTS]; /* -1: could not be opened */
	int err;            /* the first error, as -errno, or 0 */
	bool user_only;     /* what the kernel does is not counted */
};

/*
 * Opens EVENTS, stopped. Where that is forbidden with the kernel's part it is
 * tried without. What cannot be opened is not counted; no error is returned.
 * End with counters_close.
 */
void counters_open(struct counters *counters,
                   const struct counters_event *events, counters_opener *open);

/* All of the thread's start, or stop, at once. */
void counters_start(void);
void counters_stop(void);

/*
 * What was counted. Where events had to take turns on the processor, that is
 * the count extrapolated to all of the time. RUN_COUNT_UNKNOWN where nothing
 * was.
 */
void counters_read(const struct counters *counters, uint64_t count[RUN_COUNTS]);

void counters_close(struct counters *counters);

enum { COUNTERS_WHY = 96 };

/*
 * What is missing and why: "ENOENT: no hardware counters here", "user mode
 * only: perf_event_paranoid is 2". "" where nothing is. PARANOID is the text of
 * /proc/sys/kernel/perf_event_paranoid, "" where there is none.
 */
const char *counters_why(char why[COUNTERS_WHY],
                         const struct counters *counters, const char *paranoid);

/* The same, for this thread and the hardware's events. */
const char *counters_probe(char why[COUNTERS_WHY]);

#endif
