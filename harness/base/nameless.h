/*
 * Shared memory of the kinds that the kernel keeps by a name or a number until
 * someone removes it, but without one: the name is gone before the memory is
 * used. A child in a session of its own, out of reach of a signal to us, makes
 * the thing, takes its name away, and hands it on; were we to do so ourselves,
 * being killed in between would leave it behind.
 */
#ifndef HARNESS_BASE_NAMELESS_H
#define HARNESS_BASE_NAMELESS_H

#include <stddef.h>

/*
 * An empty POSIX shared memory object, as of shm_open(3), and an empty file in
 * FOLDER. Each returns a descriptor, to be closed by the caller and closed on
 * exec, or -errno.
 */
int nameless_posix(void);
int nameless_file(const char *folder);

/*
 * Attaches BYTES of System V shared memory, zeroed, which go when the last
 * process detaches them with shmdt(2). Stores where in *base. Returns 0 or
 * -errno.
 */
int nameless_sysv(size_t bytes, void **base);

#endif
