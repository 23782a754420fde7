/* Whether a listing does anything in memory that no hook announces. */
#ifndef HARNESS_TARGET_SCAN_H
#define HARNESS_TARGET_SCAN_H

#include <stddef.h>
#include <stdio.h>

#include "harness/base/complaint.h"

/*
 * Copies a listing of SIZE bytes to OUT, with each full fence turned into a call
 * of TARGET_PREFIX "mfence", which changes no register. Returns 0 or -ENOMEM;
 * -ENOTSUP where something is done that hooks cannot see, which the complaint
 * names by its line: assembly by hand, but for hints to the processor and for
 * fences; instructions that lock memory, order accesses, enter the kernel or
 * give what nobody can foresee; thread-local variables. Whether OUT could be
 * written is for the caller to see.
 */
int scan_listing(const char *text, size_t size, FILE *out,
                 struct complaint *complaint);

#endif
