/*
 * Records that were read, or have just been made: both come through here, so
 * that a table printed after a run and a plot drawn a year later derive from
 * the same data.
 *
 * Records of different machines, builds or specifications are never pooled:
 * archive_select keeps what agrees with one run.
 */
#ifndef HARNESS_RECORD_ARCHIVE_H
#define HARNESS_RECORD_ARCHIVE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/complaint.h"
#include "harness/record/message.h"
#include "harness/run/result.h"

enum { ARCHIVE_NAME = 65, ARCHIVE_PIN = 16 };

struct archive_run {
	char uuid[ARCHIVE_NAME];
	json_t *record; /* the whole "run" record */
	bool repeated;  /* the run record came again: so may its trials */
	bool selected;
};

/* What was run: trials with the same are trials of the same. */
struct archive_point {
	char strategy[ARCHIVE_NAME];
	unsigned workers;
	char pin[ARCHIVE_PIN];
	unsigned inside_ns, outside_ns;
};

struct archive_trial {
	size_t run; /* index into runs */
	unsigned trial, block, cpus;
	struct archive_point point;
	uint64_t observed, counter; /* they differ where the counter lags */
	struct run_measures measures;
	uint64_t *done;           /* of each worker */
	double setup_ns, reap_ns; /* NAN: not known, or an older record */
	/* All workers together; NAN where the record is too old to tell. */
	double user_ns, system_ns, voluntary, involuntary;
	double count[RUN_COUNTS]; /* or where the processor did not count */
	bool noisy;               /* the machine did something else, too */
	char why[RUN_WHY];        /* "" where it is not noisy */
	char fate[FATE_TEXT];     /* the first that is not "finished", or "" */
	unsigned fate_worker;     /* whose, from 1 */
};

/* A histogram, upwards: COUNT times a value of about LOW, or a little more. */
struct archive_bars {
	struct archive_bar {
		double low;
		uint64_t count;
	} * bar;
	size_t count;
};

/* A trial in which each increment was timed. */
struct archive_latency {
	size_t run;
	unsigned trial, block, cpus;
	struct archive_point point;
	bool valid, noisy;
	uint64_t expected;
	double ns_per_increment, fairness;
	double p50_ns, p90_ns, p99_ns, p999_ns, max_ns;
	double handovers; /* NAN: there is nothing to hand over */
	double ticks_ns;  /* what an increment that takes no time would show */
	struct archive_bars bars; /* in ns */
};

/* A trial in which workers looked whether the counter fell; bars: by how much. */
struct archive_rollback {
	size_t run;
	unsigned trial;
	struct archive_point point;
	bool valid;
	uint64_t expected, lost;
	struct archive_bars bars;
};

struct archive_control {
	size_t run;
	unsigned block, workers;
	double empty_ns, timer_ns;
};

struct archive_message {
	size_t run;
	struct message message;
};

struct archive {
	struct archive_run *runs;
	struct archive_trial *trials;
	struct archive_latency *latencies;
	struct archive_rollback *rollbacks;
	struct archive_control *controls;
	size_t runs_count, trials_count, latencies_count, rollbacks_count,
	        controls_count;
	struct archive_message *messages;
	size_t messages_count;
	size_t torn; /* half lines that were skipped */
};

/* Starts from a zeroed struct archive. Frees what it holds. */
void archive_free(struct archive *archive);

/*
 * Adds one record, of which it keeps a reference where it needs one. What it
 * has already, as when a file is given twice, and a type that it does not know
 * are passed over. Returns 0; -EINVAL with a complaint whose "why"
 * says what is wrong; -ENOMEM.
 */
int archive_add(struct archive *archive, json_t *record,
                struct complaint *complaint);

bool archive_same_point(const struct archive_point *a,
                        const struct archive_point *b);

/*
 * Reads a file of records. The complaint names file:line:column. Returns 0 or
 * -errno. Half a line, as a full disk or a crash leaves it, is skipped and
 * counted.
 */
int archive_read(struct archive *archive, const char *path,
                 struct complaint *complaint);

/*
 * Selects the run UUID, or the last one where UUID is NULL, and every run that
 * was made on the same machine by the same build to the same specification.
 * Returns how many runs were left out, or -ENOENT.
 */
int archive_select(struct archive *archive, const char *uuid);

/* The run that was last selected by name, or added last; NULL if none. */
const struct archive_run *archive_selected(const struct archive *archive);

/* A text of the run's record, "host" or "spec" KEY; "" where there is none. */
const char *archive_text(const struct archive_run *run, const char *part,
                         const char *key);

/* The same for a number; 0 where there is none. */
double archive_number(const struct archive_run *run, const char *part,
                      const char *key);

#endif
