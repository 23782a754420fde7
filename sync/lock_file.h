/*
 * A file to lock that has no name, and that each worker opens for itself.
 *
 * The locks of flock(2) and of F_OFD_SETLK belong to an open file description,
 * the thing that open(2) makes. A descriptor that came by fork(2), dup(2) or from
 * another thread leads to the same description: its holder has the lock as soon
 * as any of them has. So init makes the file and nobody ever locks what init
 * opened; attach opens it again, through the one path that a file without a name
 * has.
 *
 * A memfd: no folder that must be there, be writable, or lie on a file system that
 * has locks of another kind, as NFS does; and nothing is left of it.
 */
#ifndef SYNC_LOCK_FILE_H
#define SYNC_LOCK_FILE_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* In zeroed shared memory. The flag is there because 0 is a descriptor, too. */
struct lock_file {
	int fd; /* the same number in every child: fork keeps it */
	bool made;
};

/* Returns a descriptor of the caller's own, to be closed by it, or -errno. */
static inline int lock_file_open(const struct lock_file *file)
{
	char path[32];
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file->fd);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/*
 * Makes the file; NAME is for those who look into /proc. Returns 0 or -errno,
 * also where it could not be opened again: ENOENT without /proc.
 */
static inline int lock_file_make(struct lock_file *file, const char *name)
{
	int again;

	file->fd = memfd_create(name, MFD_CLOEXEC);
	if (file->fd < 0)
		return -errno;
	file->made = true;
	again = lock_file_open(file);
	if (again < 0)
		return again;
	(void)close(again);
	return 0;
}

/* Fails where a helper process calls it, which has other descriptors. */
static inline void lock_file_drop(struct lock_file *file)
{
	if (file->made)
		(void)close(file->fd);
	file->made = false;
}

#endif
