/*
 * One worker of the explored machine: what it is about to do, and all that is
 * its own.
 */
#ifndef HARNESS_EXPLORE_WORKER_H
#define HARNESS_EXPLORE_WORKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/explore/fiber.h"
#include "harness/explore/op.h"

/* Why a worker did not come to its end. */
enum stop_kind {
	STOP_NOT,
	STOP_CRASH,  /* by a signal, abort() included: number is the signal */
	STOP_ASSERT, /* a failed assertion, or exit() with a status */
	STOP_FAILED, /* an operation of a strategy failed: number is the errno */
	STOP_HANG,   /* it runs on without a step */
	STOP_REFUSED,      /* it asks for something that is not modelled */
	STOP_PARENT_WAITS, /* init or check waits, and nobody is there */
};

struct stop {
	enum stop_kind kind;
	int number;
	unsigned worker;
	const void *pc; /* in the explored code; NULL if it is not known */
	char text[160];
};

enum { BUFFER_MAX = 8 };

/*
 * A store on its way to memory; or a call that is one plain store, which takes
 * effect when it gets there.
 */
struct buffered {
	unsigned char *address;
	uint32_t size; /* at most 16; 0 of a call */
	unsigned char bytes[16];
	const struct model_call *call; /* NULL of a store */
	uint64_t args[OP_ARGS];
};

enum worker_state {
	WORKER_READY, /* before op */
	WORKER_ENDED,
	WORKER_STOPPED, /* see the machine's stop */
};

/*
 * What a step of a worker can change of it, but for its stack and its private
 * memory. Saved and restored as bytes, up to the last buffered store.
 */
struct worker_now {
	struct op op;
	void *top;          /* of the fiber */
	uint32_t heap_used; /* of its private memory, in bytes */
	int err;            /* its errno */
	unsigned char state;
	uint32_t stores; /* in the buffer, the oldest first */
	struct buffered buffer[BUFFER_MAX];
};

struct worker {
	unsigned index;
	struct worker_now now;
	struct fiber fiber;
	unsigned char *private; /* a copy of globals and heap, while it waits */
	uint64_t hash[2];       /* of all of the above, unless */
	bool stale;             /* it has moved since */
	uint32_t turn;          /* for real: a futex; 1: it is the worker's */
	int pid;
};

#endif
