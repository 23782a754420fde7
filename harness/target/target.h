/*
 * A target: a strategy, or a C file with a strategy or a program, compiled so
 * that each access to memory calls a hook first, and loaded.
 *
 * source.c --cc -S, -fsanitize=thread--> .s --scan--> .o --rename--> .so --dlopen--> struct target
 */
#ifndef HARNESS_TARGET_TARGET_H
#define HARNESS_TARGET_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/base/complaint.h"
#include "harness/target/racelab.h"

/* The prefix of our own version of a library function. */
#define TARGET_PREFIX "explored_"

/*
 * Compiles SOURCE into the shared object OUTPUT, with the compiler CC (its name
 * and perhaps options, separated by blanks: "clang -O1"; NULL: "cc").
 *
 * A function or variable that the file uses and does not define must be a
 * __tsan_ hook of the running program, or have a version of ours there, named
 * TARGET_PREFIX and its name (it is renamed to that), or be known to be pure
 * (see pure.h). A full fence by hand becomes a call of TARGET_PREFIX "mfence",
 * which changes no register; without a hook for it, loading fails.
 *
 * Returns 0; -EINVAL where it does not compile, and the complaint is the
 * compiler's first error; -ENOTSUP where it does something that hooks cannot see
 * (an unknown function, inline assembly, a thread-local variable, an instruction
 * that locks memory), which the complaint names with file and line; -ENOENT
 * where there is no such file, compiler or objcopy; -ETIMEDOUT after a minute;
 * -EINTR when a signal came, which acts on return; or another -errno. Nothing is
 * left in TMPDIR.
 *
 * Not for threads: signals are blocked meanwhile.
 */
int target_compile(const char *source, const char *cc, const char *output,
                   struct complaint *complaint);

/*
 * The path of a strategy's prebuilt shared object (SOURCE false) or of its
 * source file, or of the folder of headers (NAME NULL, SOURCE true): beside the
 * running program as it was built, or as it was installed. Returns 0, or
 * -ENOENT: also for an object that could not be built. Compiling the source
 * says why.
 */
int target_find(const char *name, bool source, char *path, size_t size);

struct target {
	void *handle; /* of dlopen */
	char name[64];
	/* One of the two is there. They live in the shared object. */
	const struct program *program;
	const struct sync_strategy *strategy;
	/*
	 * The object's globals that can be written, gaps between them included;
	 * NULL where it has none. Constants that hold addresses are not here.
	 */
	void *data;
	size_t data_bytes;
	/*
	 * Its text: what a program counter is relative to, and its length. With
	 * the linkage table and what came along from libgcc.
	 */
	const unsigned char *text;
	size_t text_bytes;
};

/*
 * Loads a shared object that target_compile made. Returns 0; -EINVAL where it
 * has no strategy and no program, or more than one of both together, or one
 * that cannot run (no worker, no check, a lock without an unlock ...); or
 * another -errno. The caller runs constructors of strangers: it is a child with
 * limits. What is loaded twice is there once, globals included.
 */
int target_load(struct target *target, const char *object,
                struct complaint *complaint);

void target_unload(struct target *target);

#endif
