/*
 * The records of a run, as docs/records.md describes them: run, control,
 * trial, end. Each function gives a new reference, or NULL where memory ran
 * out.
 */
#ifndef HARNESS_RECORD_RECORD_H
#define HARNESS_RECORD_RECORD_H

#include <jansson.h>
#include <stdbool.h>

#include "harness/base/random.h"
#include "harness/record/host.h"
#include "harness/run/result.h"

enum { RECORD_SCHEMA = 1 };

/* What a run was asked to do, in the terms of its command line. */
struct record_spec {
	const char *const *strategies;
	size_t strategies_count;
	const unsigned *workers;
	size_t workers_count;
	uint64_t time_ns, count; /* one of them is 0 */
	unsigned trials;         /* 0: until who runs them ended it */
	const char *pin;
	const char *memory; /* "anon", "sysv", "posix", "file" or "memfd" */
	const char *as;     /* "processes" or "threads" */
	const unsigned *inside_ns, *outside_ns; /* work, each at least { 0 } */
	size_t insides_count, outsides_count;
	const unsigned *cpus; /* that workers may use, in the order of use */
	size_t cpus_count;
	uint64_t seed;
	/* What the processor does not count, and why; "": it counts all that
	   was asked for; NULL: nothing was. */
	const char *perf;
};

/* STARTED is the wall clock's time in seconds, for people only. */
json_t *record_run(const char *uuid, int64_t started, const struct host *host,
                   const struct record_spec *spec);

/* The same with a "spec" of another kind, of which it takes the reference. */
json_t *record_run_with(const char *uuid, int64_t started,
                        const struct host *host, json_t *spec);

/* The empty loop of one block, with one number of workers. */
json_t *record_control(const char *uuid, unsigned block, unsigned workers,
                       double empty_ns, double timer_ns);

/* Which trial of which run a record is of, both from 1. */
struct record_place {
	const char *uuid;
	unsigned trial, block;
};

json_t *record_trial(const struct record_place *place,
                     const struct run_result *result,
                     const struct run_measures *measures);

/*
 * Of a trial that was timed: its latencies. TICKS_NS is what a probe finds of
 * an increment that takes no time.
 */
json_t *record_latency(const struct record_place *place,
                       const struct run_result *result,
                       const struct run_measures *measures, double ticks_ns);

/* Of a trial that was watched: how often the counter fell, and how far. */
json_t *record_rollback(const struct record_place *place,
                        const struct run_result *result,
                        const struct run_measures *measures);

/* SIGNAL is what interrupted the run, or 0. */
json_t *record_end(const char *uuid, int64_t ended, int status, unsigned trials,
                   int signal);

#endif
