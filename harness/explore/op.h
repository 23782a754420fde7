/*
 * What a worker is about to do: it has stopped before it, and goes on when the
 * search says so. An operation and the private code that follows it, up to the
 * next operation, are one step.
 */
#ifndef HARNESS_EXPLORE_OP_H
#define HARNESS_EXPLORE_OP_H

#include <stdbool.h>
#include <stdint.h>

struct model_call;

enum op_kind {
	OP_NONE, /* it has not begun, or has ended */
	OP_LOAD, /* these three of shared memory */
	OP_STORE,
	OP_RMW,
	OP_FENCE, /* a sequentially consistent one; others make no step */
	OP_CALL,  /* of a primitive that is modelled */
};

enum {
	OP_ARGS = 4,
	OP_DATA = 64, /* bytes that a call can carry in or out */
};

struct op {
	unsigned char kind; /* of enum op_kind */
	bool atomic;        /* atomic accesses do not race with each other */
	bool drains;        /* waits until its worker's store buffer is empty */
	uint32_t size;      /* of the access, in bytes */
	void *address;
	const void *pc; /* the return address in the explored code */

	/* Only of a call. */
	const struct model_call *call;
	uint64_t args[OP_ARGS];
	int64_t result; /* 0 or more, or -errno */
	unsigned char data[OP_DATA];
};

#endif
