/* Running a program for what it says, within limits. */
#ifndef HARNESS_BASE_CAPTURE_H
#define HARNESS_BASE_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

struct capture_limits {
	unsigned seconds; /* how long it may take */
	uint64_t bytes;   /* of memory that each of its processes may map */
};

/*
 * Runs a program found by PATH and stores the beginning of what it says, on
 * standard output and standard error, in TEXT, as a string of less than SIZE
 * bytes. Its standard input is /dev/null, its locale C. ARGUMENTS is its
 * NULL-terminated argv.
 *
 * Returns its exit status, 128 + n if signal n ended it, or -errno: -ENOENT
 * where there is no such program, -ETIMEDOUT where it took too long, and -EINTR
 * when SIGINT, SIGTERM or SIGHUP came. Whoever must clean up blocks these
 * three meanwhile, and gets them afterwards: they are left pending. In any case
 * neither the program nor a child of it in its process group lives on.
 */
int capture_run(const char *const *arguments,
                const struct capture_limits *limits, char *text, size_t size);

#endif
