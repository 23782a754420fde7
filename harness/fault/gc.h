/*
 * Removing what even the janitor missed: System V sets and queues of ours whose
 * maker is dead, because the harness and its janitor were killed together.
 */
#ifndef HARNESS_FAULT_GC_H
#define HARNESS_FAULT_GC_H

/* Sets and queues together. */
struct gc_found {
	unsigned removed;
	unsigned alive; /* in use by a racelab that runs now */
};

/*
 * Looks at every semaphore set and message queue of this user in this IPC
 * namespace and removes those that bear the mark of sync/sysv.h and whose maker
 * no longer exists. A queue is left alone where the kernel does not show a message
 * without receiving it (MSG_COPY), or where its maker was in another PID
 * namespace. Any number of processes may do so at once. Returns 0 or -errno.
 */
int gc_collect(struct gc_found *found);

#endif
