/* A full fence in explored code, and the registers that a hook leaves behind. */
#ifndef HARNESS_EXPLORE_SEEN_MFENCE_H
#define HARNESS_EXPLORE_SEEN_MFENCE_H

#include <stdint.h>

/*
 * Stands in explored code where the source says mfence. The compiler knows
 * nothing of it, so it changes no register and no flag. Calls
 * explored_fence_hook() with the address of the instruction after it.
 */
void explored_mfence(void);

/* A step of its own: the hook of a sequentially consistent fence. */
void explored_fence_hook(const void *pc);

/*
 * What a hook that has let others run ends with: `return seen_scrub(value)`.
 * Zeroes all registers that a call may change, but for that of the value. What
 * the search left in them would get into a worker's state where the next fence
 * saves them all, and no state would ever come again.
 */
uint64_t seen_scrub(uint64_t value);

#endif
