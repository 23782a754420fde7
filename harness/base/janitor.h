/*
 * The janitor: a process that outlives us and removes what the kernel would
 * keep. It sits in a session of its own, out of reach of a signal to our group,
 * and reads from a pipe whose other end we and the workers hold. Its end of
 * file means that all of us are gone, however we went; if a strategy was in use
 * then, the janitor calls its destroy.
 *
 * What even that misses (somebody killed the janitor too) is found by the marks
 * of sync/sysv.h.
 */
#ifndef HARNESS_BASE_JANITOR_H
#define HARNESS_BASE_JANITOR_H

#include <stdint.h>
#include <sys/types.h>

#include "sync/sync.h"

/* In the shared mapping. Zero: nothing to clean up. */
struct janitor_note {
	uint32_t armed;
	/* Inherited by fork: the same addresses in every process of ours. */
	const struct sync_ops *ops;
	void *shared;
};

struct janitor {
	pid_t pid; /* 0: none */
	int pipe;  /* the write end */
	struct janitor_note *note;
};

/*
 * Starts the janitor, which must be before anything is armed. NOTE is zeroed
 * shared memory. Returns 0 or -errno.
 */
int janitor_start(struct janitor *janitor, struct janitor_note *note);

/* From here on, until janitor_disarm, the janitor would call destroy. */
void janitor_arm(struct janitor *janitor, const struct sync_ops *ops,
                 void *shared);
void janitor_disarm(struct janitor *janitor);

/* Ends and reaps it. Copes with a janitor that was never started. */
void janitor_stop(struct janitor *janitor);

#endif
