/* The model's side of the differential tests: see mirror.h. */
#ifndef TESTS_UNIT_MIRROR_MODEL_H
#define TESTS_UNIT_MIRROR_MODEL_H

#include "harness/explore/fiber.h"
#include "tests/unit/mirror.h"

enum { MIRROR_NOBODY = MIRROR_WORKERS };

struct mirror_fiber {
	void *top; /* the lowest live byte of its stack, while it is left */
	const struct mirror_op *job;
	struct op op;   /* that it has posted */
	uint64_t trace; /* of the results so far: what it may know of them */
	enum mirror_end end;
	long value;
	bool refused; /* it asked for what is not modelled */
};

/* All that the model consists of, but for the stacks. */
struct mirror_side {
	unsigned dying; /* the worker that ends at any step now, or NOBODY */
	struct model model;
	unsigned char objects[MIRROR_BYTES];
	struct mirror_fiber fibers[MIRROR_WORKERS];
};

/* The present one. */
extern struct mirror_side mirror_side;
extern struct fiber mirror_stacks[MIRROR_WORKERS];

/* Runs OP's body until it posts a call; changes the present state only. */
void mirror_fiber_start(const struct mirror_op *op, unsigned worker);

/* Makes the present state the only one that the model may be in. */
void mirror_states_begin(void);
void mirror_states_end(void);

#endif
