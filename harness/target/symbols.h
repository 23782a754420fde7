/* What an object asks others for. */
#ifndef HARNESS_TARGET_SYMBOLS_H
#define HARNESS_TARGET_SYMBOLS_H

#include <stddef.h>
#include <stdio.h>

#include "harness/base/complaint.h"

/*
 * Judges each undefined symbol of the object file OBJECT, and writes "NAME
 * explored_NAME" to RENAMES for each that this program has a version of, as
 * objcopy --redefine-syms reads it. LISTING of SIZE bytes is what OBJECT was
 * assembled from, for the places.
 *
 * Returns how many were written; -ENOTSUP with a complaint where the explorer
 * knows nothing of a function or variable, or where OBJECT itself defines a hook
 * or a version of ours; or another -errno.
 */
int symbols_judge(const char *object, const char *listing, size_t size,
                  FILE *renames, struct complaint *complaint);

#endif
