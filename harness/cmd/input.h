/* Files of records as the input of a command. */
#ifndef HARNESS_CMD_INPUT_H
#define HARNESS_CMD_INPUT_H

#include <stdbool.h>

#include "harness/record/archive.h"

/*
 * Reads COUNT files into ARCHIVE, which starts zeroed. Prints what went wrong,
 * and a warning where half lines were skipped. Returns a status.
 */
int input_read(struct archive *archive, char *const *files, int count);

/*
 * Selects the runs that go with UUID, or with the last run where it is NULL.
 * Prints what went wrong, and, unless QUIET, that others were left out, with
 * CURE as the line below. Returns a status.
 */
int input_select(struct archive *archive, const char *uuid, const char *cure,
                 bool quiet);

#endif
