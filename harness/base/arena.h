/*
 * Memory that forked children share: the kernel frees it with the last process,
 * whatever family of shared memory it is of, for none keeps a name or a key. All
 * of it is zero and in place at once, so that no page is first touched while a
 * clock runs.
 */
#ifndef HARNESS_BASE_ARENA_H
#define HARNESS_BASE_ARENA_H

#include <stddef.h>

enum arena_family {
	ARENA_ANON,  /* mmap(2) of nothing; never has a name */
	ARENA_SYSV,  /* shmget(2) and shmat(2) */
	ARENA_POSIX, /* shm_open(3) and mmap */
	ARENA_FILE,  /* a file in TMPDIR or /tmp, and mmap */
	ARENA_MEMFD, /* memfd_create(2) and mmap */
};

struct arena {
	void *base; /* page-aligned; NULL before arena_map and after unmap */
	size_t bytes;
	enum arena_family family;
};

/* Maps at least BYTES of anonymous memory. Returns 0 or -errno. */
int arena_map(struct arena *arena, size_t bytes);

/*
 * The same of another family. -ENOSPC, -EDQUOT or -EFBIG mean that there is not
 * enough of it now, and not a SIGBUS later; so does -EINVAL for ARENA_SYSV.
 */
int arena_map_in(struct arena *arena, size_t bytes, enum arena_family family);

/* Gives it back. Copes with an arena that was never mapped. */
void arena_unmap(struct arena *arena);

/*
 * Brings a range of the mapping into the calling process's page table. A child
 * pays for the first touch of each page even if its parent touched it before.
 */
void arena_touch(void *start, size_t bytes);

/* "anon", "sysv", "posix", "file", "memfd". */
const char *arena_family_name(enum arena_family family);

/* Where the files of ARENA_FILE are made. */
const char *arena_folder(void);

#endif
