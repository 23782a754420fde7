/* Finding a race that shows on this machine. */
#ifndef HARNESS_CMD_TUNE_H
#define HARNESS_CMD_TUNE_H

#include <stdbool.h>

#include "harness/run/spec.h"

/*
 * Looks for the first window of SPEC (its work inside), and a count of
 * increments, with which each of a few trials of its first strategy loses at
 * least the share WANTED of its updates, and prints the command that shows it, or
 * with JSON an object that has it.
 * Returns a status: STATUS_UNDECIDED where no window does, with the reason.
 */
int tune(const struct run_spec *spec, double wanted, bool json);

#endif
