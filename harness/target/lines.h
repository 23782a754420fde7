/* From an address in a shared object to a line of its source, by libdw. */
#ifndef HARNESS_TARGET_LINES_H
#define HARNESS_TARGET_LINES_H

#include <stddef.h>

struct lines; /* a shared object's debug information */

/* Opens OBJECT. Returns NULL where it cannot be read: no line is known then. */
struct lines *lines_open(const char *object);

void lines_close(struct lines *lines);

/*
 * Writes "counter.c:12" for the instruction before the return address OFFSET,
 * counted from the start of the object's text as in struct target, the
 * innermost inlined function's line; "?" where it is not known or LINES is
 * NULL. Returns TEXT.
 */
const char *lines_of(struct lines *lines, size_t offset, char *text,
                     size_t size);

#endif
