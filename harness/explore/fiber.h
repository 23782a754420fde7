/*
 * A stack of its own to run a function on, left and taken up again in some
 * nanoseconds. What is live on a fiber that has been left lies between
 * fiber->top and the end of its stack, saved registers included: copying those
 * bytes away and back later takes the fiber back to that moment.
 *
 * The switch is Boost.Context's (N. Kowalke; boost/context/detail/fcontext.hpp),
 * two functions in assembly that C can call.
 */
#ifndef HARNESS_EXPLORE_FIBER_H
#define HARNESS_EXPLORE_FIBER_H

#include <stddef.h>

struct fiber {
	unsigned char *stack; /* its lowest byte; a guard page lies below */
	size_t bytes;
	void *top; /* the lowest live byte, when it was left */
	void (*body)(void);
};

/*
 * Zeroed stacks of at least BYTES each for COUNT fibers, one mapping with guard
 * pages in between. MEMORY and *SPAN are where it is and how long, to be given to
 * fiber_unmap(). Returns 0 or -errno.
 */
int fiber_map(struct fiber *fibers, size_t stride, unsigned count, size_t bytes,
              unsigned char **memory, size_t *span);
void fiber_unmap(unsigned char *memory, size_t span);

/* The next fiber_resume calls BODY, which never returns, on an empty stack. */
void fiber_start(struct fiber *fiber, void (*body)(void));

/* Runs the fiber until it calls fiber_leave(). Not from a fiber. */
void fiber_resume(struct fiber *fiber);

/*
 * Back to who called fiber_resume(). Returns with the next resume. May also be
 * called from a signal handler on a stack of its own, for a fiber that is never
 * to be resumed.
 */
void fiber_leave(void);

static inline size_t fiber_live_bytes(const struct fiber *fiber)
{
	return (size_t)(fiber->stack + fiber->bytes -
	                (unsigned char *)fiber->top);
}

#endif
