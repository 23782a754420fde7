/* Functions of libraries that explored code may call as they are. */
#ifndef HARNESS_TARGET_PURE_H
#define HARNESS_TARGET_PURE_H

#include <stdbool.h>

/*
 * Whether the function NAME has no effect that another worker could see and
 * reads nothing that another worker could write: it computes from its arguments,
 * or looks after an attribute object or a signal set, which is private.
 */
bool pure_is(const char *name);

#endif
