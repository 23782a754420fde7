/*
 * What keeps a crash, or an endless loop, of the explored code from taking the
 * explorer along: signals that it raises, and a clock that runs with its
 * processor time, end the worker, and the machine goes back to the search.
 *
 * A worker that runs for a second of processor time without a step will not make
 * one: between two steps there is only private computing.
 */
#ifndef HARNESS_EXPLORE_GUARD_H
#define HARNESS_EXPLORE_GUARD_H

struct machine;

/* Watches over MACHINE's workers in this process. Returns 0 or -errno. */
int guard_set(const struct machine *machine);

/* Starts the clock; guard_set() has done so, but a fork does not inherit it. */
int guard_watch_time(void);

/* The signals' former actions. */
void guard_clear(void);

#endif
