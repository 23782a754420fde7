/* The files that targets are made with. */
#ifndef HARNESS_TARGET_FIND_H
#define HARNESS_TARGET_FIND_H

#include <stddef.h>

/*
 * The path of a folder of lib/racelab, which stands beside the running program
 * as it was built, or as it was installed. Returns 0, or -ENOENT.
 *
 *	include   racelab.h and sync/
 *	seen      twins of headers, to be found before those
 *	sync      the sources of the strategies
 *	explored  the strategies, compiled
 */
int find_folder(const char *name, char *path, size_t size);

#endif
