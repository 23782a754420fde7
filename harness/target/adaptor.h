/*
 * A strategy seen as a program: each worker increments one counter a number of
 * times, and the total is to be workers x increments. A program is itself.
 * Nothing here makes a step but the target's own code.
 */
#ifndef HARNESS_TARGET_ADAPTOR_H
#define HARNESS_TARGET_ADAPTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/target/target.h"

struct adaptor {
	const struct target *target;
	unsigned workers;
	uint64_t increments; /* of each worker; a program knows none */
	unsigned char *base; /* zeroed memory that all workers see, on a page */
};

/* How many bytes of it are needed. */
size_t adaptor_bytes(const struct target *target, unsigned workers);

/* Where the shared memory of the strategy or program itself begins. */
void *adaptor_shared(const struct adaptor *adaptor);

/* What parent and workers do; 0, or the -errno of the operation that failed. */
int adaptor_init(const struct adaptor *adaptor);
int adaptor_work(const struct adaptor *adaptor, unsigned self);

/* After the last worker's end: the total of a strategy's counter. */
uint64_t adaptor_total(const struct adaptor *adaptor);

/* After the last worker's end: what a program's check says. */
const char *adaptor_check(const struct adaptor *adaptor);

/* What a target's shared memory consists of, for those who have not loaded it. */
struct adaptor_shape {
	char name[64]; /* of the strategy or program */
	bool strategy;
	size_t shared_size, mine_size;
};

void adaptor_shape_of(const struct target *target, struct adaptor_shape *shape);

/* Names the byte at OFFSET as "counter", "shared+8" or "mine[B]+4". */
const char *adaptor_name(const struct adaptor_shape *shape, size_t offset,
                         char *text, size_t size);

#endif
