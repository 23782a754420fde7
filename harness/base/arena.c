#include "harness/base/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>

#include "harness/base/nameless.h"

const char *arena_family_name(enum arena_family family)
{
	static const char *const names[] = { "anon", "sysv", "posix", "file",
		                             "memfd" };

	return names[family];
}

const char *arena_folder(void)
{
	const char *folder = getenv("TMPDIR");

	return folder && folder[0] ? folder : "/tmp";
}

/* A descriptor of something to map, still empty, or -errno. */
static int open_family(enum arena_family family)
{
	int fd;

	if (family == ARENA_POSIX)
		return nameless_posix();
	if (family == ARENA_FILE)
		return nameless_file(arena_folder());
	fd = memfd_create("racelab", MFD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int map(int fd, size_t bytes, int flags, void **base)
{
	*base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	             MAP_SHARED | MAP_POPULATE | flags, fd, 0);
	return *base == MAP_FAILED ? -errno : 0;
}

static int map_file(enum arena_family family, size_t bytes, void **base)
{
	int fd = open_family(family), err;

	if (fd < 0)
		return fd;
	/* Not ftruncate: where there is no room, it is to be said now. */
	do
		err = -posix_fallocate(fd, 0, (off_t)bytes);
	while (err == -EINTR);
	if (!err)
		err = map(fd, bytes, 0, base);
	(void)close(fd); /* the mapping keeps what it needs */
	return err;
}

int arena_map_in(struct arena *arena, size_t bytes, enum arena_family family)
{
	void *base;
	int err;

	if (family == ARENA_ANON)
		err = map(-1, bytes, MAP_ANONYMOUS, &base);
	else if (family == ARENA_SYSV)
		err = nameless_sysv(bytes, &base);
	else
		err = map_file(family, bytes, &base);
	if (err)
		return err;
	if (family == ARENA_SYSV)
		arena_touch(base, bytes); /* shmat cannot populate */
	arena->base = base;
	arena->bytes = bytes;
	arena->family = family;
	return 0;
}

int arena_map(struct arena *arena, size_t bytes)
{
	return arena_map_in(arena, bytes, ARENA_ANON);
}

void arena_unmap(struct arena *arena)
{
	/* It was mapped, so neither can fail. */
	if (arena->base && arena->family == ARENA_SYSV)
		(void)shmdt(arena->base);
	else if (arena->base)
		(void)munmap(arena->base, arena->bytes);
	arena->base = NULL;
	arena->bytes = 0;
}

void arena_touch(void *start, size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	unsigned char *byte = start;
	/* To the next page's start from the first byte, then page by page. */
	size_t step = page - (uintptr_t)start % page;

	/* Adding nothing writes without disturbing whoever else writes there. */
	for (size_t at = 0; at < bytes; at += step, step = page)
		(void)__atomic_fetch_add(&byte[at], 0, __ATOMIC_RELAXED);
}
