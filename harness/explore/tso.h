/*
 * Store buffers as on x86 (Owens, Sarkar, Sewell: A Better x86 Memory Model:
 * x86-TSO, 2009): a store waits in its worker's buffer, first in, first out,
 * until it gets to memory at some moment; its own worker already sees it.
 *
 * The compiled code stores to memory itself. So what it stored is taken out of
 * memory again right after the step, before anybody else moves, and what it is
 * to load from its own buffer is put into memory for just that step.
 */
#ifndef HARNESS_EXPLORE_TSO_H
#define HARNESS_EXPLORE_TSO_H

#include <stdbool.h>

#include "harness/explore/model/model.h"
#include "harness/explore/worker.h"

/* Whether the buffer, of LIMIT entries, lets the worker's next operation go. */
bool tso_allows(const struct worker_now *now, unsigned limit);

/* What was in memory before a step, and the operation that this step is. */
struct tso_step {
	struct op op;
	bool loads, stores; /* from, and into the buffer */
	unsigned char bytes[16];
};

/* Around the worker's next operation. */
void tso_before(const struct worker_now *now, struct tso_step *step);
void tso_after(struct worker_now *now, const struct tso_step *step);

/* Puts a call that is a plain store into the buffer. */
void tso_defer(struct worker_now *now);

/* Takes the oldest entry out, and lets it take effect. */
void tso_flush(struct worker_now *now, struct model *model, unsigned worker);

#endif
