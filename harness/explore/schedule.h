/*
 * A schedule as a short text. Worker A, B ... by letter:
 *
 *	A      A makes a step
 *	A4     four
 *	A*     as many as it can until its end
 *	A/2    a step of which there are several ways: the one numbered 2
 *	A~     it wakes up for no reason
 *	a      the oldest store in A's buffer gets to memory; a3: three of them
 *
 * A3BA* is: A three steps, B one, A to its end.
 */
#ifndef HARNESS_EXPLORE_SCHEDULE_H
#define HARNESS_EXPLORE_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/explore/machine.h"

/* One item of the text. */
struct stretch {
	struct move move;
	unsigned times; /* SCHEDULE_TO_END: until the worker has ended */
};

enum { SCHEDULE_TO_END = 0 };

/*
 * Reads the next item of *TEXT and moves on behind it. Returns 0; -ENODATA at
 * the end of the text or before a ':'; -EINVAL where there is no item.
 */
int schedule_next(const char **text, struct stretch *stretch);

/*
 * Writes one item to TEXT of SIZE bytes at *USED. Returns false, having written
 * nothing, where it does not fit.
 */
bool schedule_put(char *text, size_t size, size_t *used,
                  const struct stretch *stretch);

#endif
