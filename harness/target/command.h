/* Running the compiler and its like, and what they complain of. */
#ifndef HARNESS_TARGET_COMMAND_H
#define HARNESS_TARGET_COMMAND_H

#include <stddef.h>

#include "harness/base/complaint.h"

enum { COMMAND_WORDS_MAX = 128 };

/* An argv that grows; the words stay the caller's. */
struct command {
	const char *words[COMMAND_WORDS_MAX];
	size_t count;
};

/* What does not fit makes command_run() fail with -E2BIG. */
void command_add(struct command *command, const char *word);
void command_add_all(struct command *command, const char *const *words);

/*
 * Runs it, for at most a minute and with bounded memory, and stores the
 * beginning of what it says in SAID, unless that is NULL. Returns 0; -EINVAL
 * where it fails, and the complaint is its first error, without the names of
 * folders; -ENOENT where there is no such program; or another -errno. All with a
 * complaint.
 */
int command_run(const struct command *command, char *said, size_t size,
                struct complaint *complaint);

#endif
