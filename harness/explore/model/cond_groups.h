/*
 * A condition variable that is not process-shared, and yet lies in memory that
 * processes share: what is left of glibc's algorithm when nobody is ever woken.
 *
 * glibc keeps two groups of waiters (nptl/pthread_cond_wait.c, "The condvar
 * implementation"). Who comes joins the second. Signals go to the first; once
 * all of it have been signalled, the next signal closes it and the second becomes
 * the first. Who takes a signal before it has gone to sleep goes on; who sleeps
 * does not hear of it. And a group can only be closed when nobody sleeps in it
 * any more: a signaller that finds one asleep sleeps, too, for ever, and holds a
 * lock inside that all later ones sleep on.
 */
#ifndef HARNESS_EXPLORE_MODEL_COND_GROUPS_H
#define HARNESS_EXPLORE_MODEL_COND_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

/* Sets of workers. */
struct cond_groups {
	uint32_t second;
	uint32_t first;
	uint32_t closed; /* of neither group any more, and free to go */
	uint32_t asleep;
	unsigned char unsignalled; /* so many of the first group */
	unsigned char signals;     /* not yet taken, in the first group */
	bool stuck;                /* somebody sleeps with the lock inside */
};

void cond_groups_join(struct cond_groups *groups, unsigned worker);

/* Whether it may go on, and has left; or else it sleeps now. */
bool cond_groups_try_leave(struct cond_groups *groups, unsigned worker);

/* These three return false where the caller comes to sleep for ever. */
bool cond_groups_signal(struct cond_groups *groups);
bool cond_groups_broadcast(struct cond_groups *groups);
bool cond_groups_time_out(struct cond_groups *groups, unsigned worker);

static inline uint32_t cond_groups_all(const struct cond_groups *groups)
{
	return groups->first | groups->second | groups->closed;
}

#endif
