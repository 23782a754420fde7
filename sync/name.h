/*
 * Names for what POSIX keeps under one: /racelab-PID-RANDOM. The name is there
 * from the making to the unlinking, a moment before the first fork; the workers
 * hold what it stands for by inheritance. O_EXCL refuses a name that somebody
 * else has put there, and another one is tried.
 *
 * Whoever is killed between making and noting it leaves it behind. So a child in a
 * session of its own, out of reach of a signal to us, does both and is gone.
 */
#ifndef SYNC_NAME_H
#define SYNC_NAME_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "sync/child.h"

enum { NAME_TRIES = 16 };

/* In zeroed shared memory: the child writes it, we read it. */
struct name {
	bool made; /* it exists and is ours, until somebody unlinks it */
	int err;   /* of the child */
	char text[48];
	/* Makes something of that name with O_EXCL, and keeps nothing open.
	   Returns 0 or -errno. */
	int (*make)(const char *text);
};

/* In the child; the name says who its parent is. */
static inline int name_draw(struct name *name)
{
	uint64_t random;

	/* At most 256 bytes are never interrupted: getrandom(2). */
	if (getrandom(&random, sizeof(random), 0) < 0)
		return -errno;
	(void)snprintf(name->text, sizeof(name->text), "/racelab-%ld-%016llx",
	               (long)getppid(), (unsigned long long)random);
	return 0;
}

static inline void name_child(void *argument)
{
	struct name *name = argument;

	for (int try = 0; try < NAME_TRIES; try++) {
		name->err = name_draw(name);
		if (!name->err)
			name->err = name->make(name->text);
		name->made = name->err == 0;
		if (name->err != -EEXIST)
			return;
	}
}

/* Has MAKE make something under a new name. Returns 0 or -errno. */
static inline int name_make(struct name *name, int (*make)(const char *text))
{
	int err;

	name->make = make;
	err = child_run(name_child, name);
	if (err)
		return err;
	if (name->err)
		return name->err;
	return name->made ? 0 : -ECHILD; /* it was killed */
}

#endif
