/*
 * The start gate. The last worker to arrive sets a deadline a moment ahead; all
 * poll for it and then spin up to it, which starts them within a microsecond of
 * each other where each has a processor. Where they outnumber the processors,
 * polling would keep the others from arriving: there they sleep first.
 *
 * Afterwards it counts who is working, so that each worker can tell when at
 * least two are.
 *
 * The gate starts zeroed in shared memory. Every worker calls each function
 * once, in the order given; any number at the same time.
 */
#ifndef HARNESS_RUN_GATE_H
#define HARNESS_RUN_GATE_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/run/layout.h"

struct gate {
	uint32_t arrived; /* workers that are ready */
	uint32_t open;    /* 1 once deadline_ns is set; a futex */
	uint64_t deadline_ns;
	/* Written while others work: away from what they poll. */
	_Alignas(LAYOUT_APART) uint32_t started;
	uint32_t stopped;
};

/*
 * Waits for all WORKERS, of which CPUS can run at once. Returns the deadline,
 * the same to all, as CLOCK_MONOTONIC ns; it has just passed.
 */
uint64_t gate_pass(struct gate *gate, unsigned workers, unsigned cpus);

/* This worker begins, or ends, its work. The parent starts for the dead. */
void gate_start(struct gate *gate);
void gate_stop(struct gate *gate);

/* Whether all have begun. */
bool gate_all_started(const struct gate *gate, unsigned workers);

/*
 * Of the time in which at least two worked: whether it has begun, and whether
 * it has ended.
 */
bool gate_window_open(const struct gate *gate);
bool gate_window_over(const struct gate *gate, unsigned workers);

#endif
