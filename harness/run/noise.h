/*
 * What else the machine did during a trial. What the kernel tells is looked at
 * before the workers are forked and after they are reaped; nothing of it is
 * read while they work.
 *
 * A trial is called noisy only for what its own workers cannot have done:
 * where two of them share a CPU they press on each other, and switches and
 * pressure say nothing.
 */
#ifndef HARNESS_RUN_NOISE_H
#define HARNESS_RUN_NOISE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/base/cpus.h"
#include "harness/run/result.h"

/* All clocks at about the same moment. */
struct noise_clocks {
	uint64_t ns;       /* CLOCK_MONOTONIC */
	uint64_t raw_ns;   /* CLOCK_MONOTONIC_RAW: nobody corrects it */
	uint64_t boot_ns;  /* CLOCK_BOOTTIME: goes on while suspended */
	uint64_t ticks;    /* cpu_ticks */
	uint64_t width_ns; /* that reading them took: how sure they are */
};

/* One look. NAN: the kernel does not tell. */
struct noise_look {
	struct noise_clocks clocks;
	double pressure_us; /* that some task waited for a CPU, since boot */
	double steal_ticks; /* of the CPUs, since boot; _SC_CLK_TCK a second */
};

/* Reads the clocks, a few times over, and keeps the reading that was fastest. */
struct noise_clocks noise_clocks_now(void);

/* CPUS: those whose steal is counted. */
struct noise_look noise_look(const struct cpus *cpus);

/* The total of the line "some ..." of /proc/pressure/cpu, in us, or NAN. */
double noise_parse_pressure(const char *line);

/*
 * The steal of CPUS in ticks, from a file as /proc/stat; NAN where a line of
 * one of them is missing or has no such column.
 */
double noise_parse_steal(FILE *stat, const struct cpus *cpus);

/*
 * By how much the clocks disagree on the time from BEFORE to AFTER, beyond what
 * reading them can explain. How long a tick is is known from the time between
 * FIRST and BEFORE; where that was shorter, ticks are not looked at.
 */
uint64_t noise_disagreement_ns(const struct noise_clocks *first,
                               const struct noise_clocks *before,
                               const struct noise_clocks *after);

/*
 * What happened between two looks at COUNT CPUs; FIRST as above. Whether it is
 * too much is not said yet.
 */
struct run_noise noise_between(const struct noise_clocks *first,
                               const struct noise_look *before,
                               const struct noise_look *after, unsigned count);

/*
 * Decides whether result->noise is too much, from it and from the workers'
 * times and switches. ALONE: each worker has a CPU of its own.
 */
void noise_judge(struct run_result *result, bool alone);

#endif
