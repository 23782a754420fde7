/* How a C compiler is asked for code whose accesses to memory call hooks. */
#ifndef HARNESS_TARGET_COMPILER_H
#define HARNESS_TARGET_COMPILER_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/target/command.h"

struct compiler {
	char *text; /* the words of what it was called with */
	struct command words;
	size_t program; /* how many of the words come before its options */
	bool clang;     /* as it says when it is asked; gcc otherwise */
};

/*
 * Takes a compiler's name and options, separated by blanks, and finds out which
 * one it is, with the help of a file PROBE that is written. Returns 0 or -errno
 * with a complaint; compiler_end() is due in any case.
 */
int compiler_begin(struct compiler *compiler, const char *cc, const char *probe,
                   struct complaint *complaint);

void compiler_end(struct compiler *compiler);

/* The listing of a source; FOLDERS of headers, NULL-terminated, in order. */
int compiler_list(const struct compiler *compiler, const char *source,
                  const char *const *folders, const char *listing,
                  struct complaint *complaint);

int compiler_assemble(const struct compiler *compiler, const char *listing,
                      const char *object, struct complaint *complaint);

/* A shared object, without the compiler's start files and its own hooks. */
int compiler_link(const struct compiler *compiler, const char *object,
                  const char *output, struct complaint *complaint);

#endif
