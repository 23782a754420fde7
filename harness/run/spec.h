/*
 * What to run. A specification is obtained only from text: either it is
 * complete and valid, or there is a complaint that says why not.
 */
#ifndef HARNESS_RUN_SPEC_H
#define HARNESS_RUN_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/arena.h"
#include "harness/base/complaint.h"
#include "harness/base/cpus.h"
#include "sync/sync.h"

enum {
	RUN_WORKERS_MAX = 4096,
	RUN_TIME_MAX_MS = 600000,
	RUN_TRIALS_MAX = 1000000,
	RUN_COUNTS_MAX = 64, /* different numbers of workers in one run */
	RUN_LOADS_MAX = 32,  /* different critical sections, or think times */
	RUN_LOAD_MAX_NS = 10000000,
};

enum run_pin {
	RUN_PIN_SPREAD, /* worker i on the i-th allowed CPU, round and round */
	RUN_PIN_SAME,   /* all on the first one */
	RUN_PIN_NONE,   /* wherever the scheduler puts them */
	RUN_PIN_SMT,    /* as spread, the threads of a core one after another */
	RUN_PIN_LIST,   /* worker i on the i-th CPU of a list */
};

/* What the workers are. */
enum run_as {
	RUN_AS_PROCESSES, /* a process each */
	RUN_AS_THREADS,   /* threads of one process */
};

enum { RUN_PINS = RUN_PIN_LIST + 1 };

struct run_spec {
	const struct sync_strategy **strategies; /* each once, in order */
	size_t strategies_count;
	unsigned workers[RUN_COUNTS_MAX]; /* each once, upwards */
	size_t workers_count;
	uint64_t time_ns; /* 0: bounded by count instead */
	uint64_t count;   /* increments of each worker; 0: bounded by time */
	/* Of each strategy at each point; 0: no bound, so that who runs them
	   must end it. */
	unsigned trials;
	enum run_pin pins[RUN_PINS]; /* each once, in the order given */
	size_t pins_count;
	/*
	 * Work in the critical section, and between two increments, in ns. Each
	 * once, upwards; { 0 } for the increment and nothing else.
	 */
	unsigned inside_ns[RUN_LOADS_MAX], outside_ns[RUN_LOADS_MAX];
	size_t insides_count, outsides_count;
	enum run_as as;
	enum arena_family memory; /* that holds counter, lock and gate */
	bool latency; /* each trial again, with the time of each increment */
	bool watched; /* each trial again, with a note where the counter fell */
	bool where;   /* the processor counts, too */
	struct cpus cpus;  /* the processors that workers may use */
	struct cpus cores; /* the same, those of a core side by side */
	uint64_t seed;     /* of the order of the trials */
};

/* The same as text, as a user types it; NULL where nothing was said. */
struct run_text {
	/* Names; "all" is every one but the demos. */
	const char *const *strategies;
	size_t strategies_count;
	/* A list, "1,2,4-8": refused where a strategy that was named cannot be
	   run with so many; one that "all" stands for is left out there. */
	const char *workers;
	/* Instead of 2; there the named ones are left out, too. */
	const char *workers_default;
	const char *time_ms, *count;
	const char *trials, *pin, *seed, *as, *memory;
	const char *inside_ns, *outside_ns; /* lists, as of workers */
	bool latency, watched, where;
	bool open_end; /* where nothing is said of trials, they have no bound */
};

/*
 * Fills in SPEC. What TEXT leaves out: 2 workers, 100 ms, 5 trials, spread,
 * processes, anonymous memory, a seed from the kernel. Returns 0, or -errno with
 * a complaint: -EOPNOTSUPP where it makes sense, but not on this machine. On
 * success the caller ends it with run_spec_free.
 */
int run_spec_parse(struct run_spec *spec, const struct run_text *text,
                   struct complaint *complaint);

void run_spec_free(struct run_spec *spec);

/* The strategy of that name, or NULL. */
const struct sync_strategy *run_strategy(const char *name);

/* How many workers STRATEGY can be run with. */
unsigned run_strategy_workers_max(const struct sync_strategy *strategy);

/*
 * Whether STRATEGY can be run so: with as many workers, and with work inside,
 * which takes a lock to be inside of.
 */
bool run_strategy_can(const struct sync_strategy *strategy, unsigned workers,
                      unsigned inside_ns);

/* The CPU of a worker, from 0, or -1 where it is not pinned. */
int run_cpu_of(const struct run_spec *spec, enum run_pin pin, unsigned worker);

/*
 * How many of the workers can run at the same moment: the different CPUs they
 * may use, at most WORKERS.
 */
unsigned run_cpus_used(const struct run_spec *spec, enum run_pin pin,
                       unsigned workers);

/* Which CPUs the workers may use, each once. */
void run_cpus_of(const struct run_spec *spec, enum run_pin pin,
                 unsigned workers, struct cpus *used);

const char *run_pin_name(enum run_pin pin);

/* "processes" or "threads". */
const char *run_as_name(enum run_as as);

#endif
