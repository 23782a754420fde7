/*
 * Who made something that may outlive its maker, so that somebody else can tell
 * later whether the maker still lives. Explored builds take a twin of this file:
 * nothing of theirs outlives anybody.
 */
#ifndef SYNC_MAKER_H
#define SYNC_MAKER_H

#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

struct maker {
	/*
	 * The PID namespace, by its inode: elsewhere the same number is another
	 * process, or none. 0: not known, so nobody can tell.
	 */
	uint64_t space;
	int64_t pid;
};

static inline struct maker maker_self(void)
{
	struct maker self = { .pid = getpid() };
	struct stat space;

	if (stat("/proc/self/ns/pid", &space) == 0)
		self.space = space.st_ino;
	return self;
}

#endif
