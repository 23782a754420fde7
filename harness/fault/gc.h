/*
 * Removing what even the janitor missed: System V sets of ours whose maker is
 * dead, because the harness and its janitor were killed together.
 */
#ifndef HARNESS_FAULT_GC_H
#define HARNESS_FAULT_GC_H

struct gc_found {
	unsigned removed;
	unsigned alive; /* in use by a racelab that runs now */
};

/*
 * Looks at every semaphore set of this user in this IPC namespace and removes
 * those that bear the mark of sync/sysv.h and whose maker no longer exists. Any
 * number of processes may do so at once. Returns 0 or -errno.
 */
int gc_collect(struct gc_found *found);

#endif
