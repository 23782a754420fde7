/*
 * Judges a strategy's claims by its machine code, without luck.
 *
 * Up to three actors, real processes on a real mapping, are driven by ptrace(2)
 * through lock, section and unlock. One is stopped after its first instruction,
 * its second, and so on; at each place the others go as far as they can. What
 * counts is who is inside the section with whom, never how long anything took.
 * Every schedule with one preemption of the first actor is tried; more than one
 * is the explorer's work. Where a counter may lag behind, each actor first adds
 * as much as it may hold back, so that the increment which is judged is the one
 * that gets to the counter.
 *
 * Each function returns NULL, or what is wrong, in static storage. It must be
 * called from a process with no other children.
 */
#ifndef TESTS_UNIT_JUDGE_H
#define TESTS_UNIT_JUDGE_H

#include <stdbool.h>

#include "sync/sync.h"

/* Whether ptrace may be used here at all. */
bool judge_possible(void);

/* No two inside at once, nobody shut out for good, no update lost. */
const char *judge_excludes(const struct sync_strategy *strategy);

/* Who waits, sleeps. */
const char *judge_sleeps(const struct sync_strategy *strategy);

/* After the first actor is killed at any place, another still gets in. */
const char *judge_recovers(const struct sync_strategy *strategy);

/* Who came first gets in first. */
const char *judge_fifo(const struct sync_strategy *strategy);

#endif
