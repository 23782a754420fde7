/*
 * Tells a trial that will never end from one that is merely slow. It looks at
 * progress, never at the clock: on a loaded machine a worker may not run for
 * seconds, and that is no fault of its own.
 *
 * A trial is stuck when the counter stands still and every worker that is left
 * is either asleep, without having run at all between two looks, or has used
 * 200 ms of its own processor time without an increment.
 */
#ifndef HARNESS_RUN_WATCHDOG_H
#define HARNESS_RUN_WATCHDOG_H

#include <stdint.h>

#include "harness/base/process.h"
#include "harness/run/crew.h"

/* How long to sleep between two looks. */
enum { WATCHDOG_MS = 250 };

struct watchdog_entry {
	pid_t thread; /* 0: one that does not run yet; not used of a process */
	struct process_peek last;
	uint64_t cpu_ns;          /* when progress was last seen */
	unsigned asleep, stopped; /* looks in a row */
	enum fate looks; /* like this, or FATE_FINISHED: alive and well */
};

struct watchdog {
	unsigned workers;
	uint64_t progress; /* any number that changes with every increment */
	struct watchdog_entry *entry;
};

/* Returns 0 or -ENOMEM; watchdog_end copes with both. */
int watchdog_begin(struct watchdog *watchdog, unsigned workers);
void watchdog_end(struct watchdog *watchdog);

/*
 * One look, WATCHDOG_MS or more after the one before, with the entries' threads
 * filled in. Kills a worker that someone has stopped, and all of them when the
 * trial is stuck.
 */
void watchdog_look(struct watchdog *watchdog, struct crew *crew,
                   uint64_t progress);

#endif
