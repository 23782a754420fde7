/*
 * A child in which a target may do what it likes: with limits, without a
 * terminal, and gone with its parent.
 */
#ifndef HARNESS_EXPLORE_SANDBOX_H
#define HARNESS_EXPLORE_SANDBOX_H

/*
 * Runs BODY(ARGUMENT) in such a child, for about as long as SECONDS say, and
 * reaps it. What comes back comes through shared memory; *status is waitpid's.
 * Returns 0 or -errno.
 */
int sandbox_run(void (*body)(void *argument), void *argument, double seconds,
                int *status);

#endif
