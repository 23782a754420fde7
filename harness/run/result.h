/* What a trial gave: what was counted, and what follows from it. */
#ifndef HARNESS_RUN_RESULT_H
#define HARNESS_RUN_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sync/sync.h"

enum fate {
	FATE_FINISHED,
	FATE_FAILED, /* an operation returned an error: detail is the errno */
	FATE_EXITED, /* it left by itself: detail is its exit status */
	FATE_KILLED, /* by a signal not ours: detail is the signal */
	FATE_KILLED_ALL, /* with all other threads, by whosever fault */
	FATE_STOPPED,    /* by a signal, as SIGSTOP, and not continued */
	FATE_ASLEEP,     /* stuck in a wait that nobody would end */
	FATE_SPINNING,   /* stuck: used processor time without an increment */
	FATE_ABANDONED,  /* ended by us, because of another's fate */
};

/* What the processor counted of a worker, where it was asked to. */
enum run_count {
	RUN_COUNT_CYCLES,
	RUN_COUNT_INSTRUCTIONS,
	RUN_COUNT_MISSES, /* of the last level of caches */
};

enum { RUN_COUNTS = RUN_COUNT_MISSES + 1 };

#define RUN_COUNT_UNKNOWN UINT64_MAX

struct worker_result {
	uint64_t begun, done;            /* increments */
	uint64_t start_ns, stop_ns;      /* CLOCK_MONOTONIC; 0 where unknown */
	uint64_t user_ns, system_ns;     /* processor time, the same time */
	uint64_t voluntary, involuntary; /* context switches, the same time */
	uint64_t preempted;  /* involuntary ones while two or more worked */
	int cpu;             /* the CPU it ended on; -1 where unknown */
	uint64_t longest_ns; /* increment; 0 where it was not timed */
	uint64_t count[RUN_COUNTS];
	enum fate fate;
	int detail;
};

/* Where a trial stands on the axes. */
struct run_point {
	const char *pin; /* static: "spread" ... */
	unsigned inside_ns, outside_ns;
};

/* What a probe noted down, all workers together; see sync/probe.h. */
struct run_notes {
	bool timed, watched;
	double ns_per_tick;
	uint64_t latency[SYNC_BUCKETS];  /* in ticks */
	uint64_t rollback[SYNC_BUCKETS]; /* in increments */
	uint64_t handovers;
};

enum { RUN_WHY = 128 };

/* What else the machine did; harness/run/noise.h says what is too much. */
struct run_noise {
	uint64_t looked_ns; /* from before the forks to after the last end */
	double pressure;    /* share of it that some task waited for a CPU */
	double steal;       /* share of the CPUs' time, another machine's */
	double steal_ticks; /* the same; all NAN where it is not known */
	uint64_t clock_jump_ns; /* that the clocks disagree by */
	bool noisy;
	char why[RUN_WHY]; /* "" where it is not noisy */
};

struct run_result {
	const struct sync_strategy *strategy;
	unsigned workers;
	struct run_point point;
	struct run_notes notes;
	struct run_noise noise;
	bool counted;      /* the processor was asked to count */
	unsigned cpus;     /* how many of them could run at once */
	uint64_t observed; /* the counter in the end, or what its parts give */
	uint64_t counter;  /* the counter itself, which may lag: see sync_ops */
	/*
	 * By the parent's clock: from before the first fork until the gate
	 * opened, and from the last stop until the last was reaped. 0 where not
	 * all came so far.
	 */
	uint64_t setup_ns, reap_ns;
	struct worker_result worker[];
};

enum evidence {
	EVIDENCE_NONE, /* the trial is invalid */
	EVIDENCE_EXACT,
	EVIDENCE_LOST,
	EVIDENCE_INSUFFICIENT, /* nothing lost, and nothing to lose it by */
};

struct run_measures {
	bool valid; /* every worker finished, and none did what it did not say */
	enum evidence evidence;
	uint64_t expected;       /* sum of done */
	uint64_t lost;           /* expected - observed, at least 0 */
	uint64_t surplus;        /* observed beyond the sum of begun */
	double lost_share;       /* lost / expected */
	uint64_t elapsed_ns;     /* from the first start to the last stop */
	double ns_per_increment; /* elapsed / expected; NAN where none is done */
	double window;           /* share of elapsed with two or more at work */
	/*
	 * What is certain of truly parallel time: (sum of CPU time - elapsed) /
	 * ((min(workers, cpus) - 1) elapsed), from 0 to 1.
	 */
	double overlap;
	uint64_t preempted; /* involuntary switches inside the window */
	uint64_t skew_ns;   /* from the first start to the last */
	double fairness;    /* Jain's index of done: 1/workers to 1 (Jain, Chiu
			       and Hawe 1984) */
};

/* User and system time, but not more than passed. */
uint64_t run_cpu_ns(const struct worker_result *worker);

/*
 * The latency in ns below which the share Q of all increments were, from the
 * notes of a trial that was timed; NAN where there are none.
 */
double run_quantile(const struct run_notes *notes, double q);

/* A zeroed result for WORKERS workers, to be freed with free(); or NULL. */
struct run_result *run_result_new(const struct sync_strategy *strategy,
                                  unsigned workers, unsigned cpus);

/* Derives the measures. A pure function. */
struct run_measures run_measure(const struct run_result *result);

/* "cycles", "instructions", "cache_misses": as in records. */
const char *run_count_name(enum run_count count);

/* "exact", "lost", "insufficient"; NULL for EVIDENCE_NONE. */
const char *evidence_name(enum evidence evidence);

/* Room for any fate_text(). */
enum { FATE_TEXT = 48 };

/* "finished", "killed by SIGKILL", "failed: EIDRM", "exited 9" ... */
const char *fate_text(char text[FATE_TEXT], const struct worker_result *worker);

#endif
