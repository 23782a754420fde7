/*
 * One schedule again, step by step, and what each step did.
 *
 *	schedule text -> replay_run -> struct replay: steps, outcome, digest
 *
 * On fibers in a child, as the search ran it; or for real: forked processes over
 * the same shared memory, to which the moment to go on is handed with a futex.
 * There nothing is simulated but what cannot be commanded: store buffers, and
 * the blocking primitives.
 */
#ifndef HARNESS_EXPLORE_REPLAY_H
#define HARNESS_EXPLORE_REPLAY_H

#include "harness/explore/explore.h"
#include "harness/explore/schedule.h"

enum {
	REPLAY_STEPS = 1 << 16,
	REPLAY_NAME = 48,
};

/* A value of up to 16 bytes, as it lies in memory. */
struct cell {
	size_t offset; /* in the shared memory */
	uint32_t size;
	unsigned char bytes[16];
};

struct replay_step {
	struct move move;
	unsigned char kind; /* of enum op_kind; of a flush it says nothing */
	bool atomic;
	char call[REPLAY_NAME]; /* of OP_CALL: what was called */
	int64_t result;         /* and what it gave; 0 or more, or -errno */
	bool touches;           /* one cell of shared memory: */
	struct cell cell;       /* loaded, stored, or exchanged: afterwards */
	unsigned char
	        before[16]; /* of an exchange and a store: what was there */
	/* A store that went into the buffer, a load that was served from it. */
	bool buffered;
	unsigned stores; /* in the worker's buffer afterwards, oldest first: */
	struct cell buffer[BUFFER_MAX];
	size_t pc;  /* from the text's start; 0: not known */
	bool ended; /* it was the worker's last */
};

struct replay {
	struct adaptor_shape shape; /* of the target */
	bool fits;    /* the schedule could be followed to its end */
	size_t unfit; /* the step that could not, from 0 */
	struct outcome outcome;
	bool at_end; /* nobody could go on; or else it goes round for ever */
	uint32_t digest;
	size_t count;
	struct replay_step step[REPLAY_STEPS];
};

/*
 * Follows SCHEDULE on the target in OBJECT. Released with replay_free(). NULL
 * and a complaint, and -errno in *err, where it cannot be run.
 */
struct replay *replay_run(const char *object, const struct machine_spec *spec,
                          const char *schedule, bool real, int *err,
                          struct complaint *complaint);

void replay_free(struct replay *replay);

#endif
