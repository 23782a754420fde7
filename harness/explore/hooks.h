/*
 * The hooks that a compiler sets before each access to memory when it is told
 * -fsanitize=thread, with a meaning of our own: an access to shared memory stops
 * the worker until the search lets it go on. Private memory makes no step.
 *
 * The names and arguments of the __tsan_ functions are the compilers'; see
 * gcc's sanitizer.def and LLVM's tsan_interface.h.
 */
#ifndef HARNESS_EXPLORE_HOOKS_H
#define HARNESS_EXPLORE_HOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/explore/worker.h"

/* Runs on stacks that sanitizers know nothing of. */
#define HOOK __attribute__((no_sanitize("address", "undefined")))

struct hooks {
	/* Who runs now; NULL: nobody explored does, and no hook does anything. */
	struct worker *self;
	/* Accesses in here are steps; no byte of it while the parent runs. */
	uintptr_t base;
	size_t bytes;
	/* Stops the running worker until it is resumed. */
	void (*leave)(void);
	size_t shared_bytes; /* of the memory at base that workers share */
	unsigned workers;
	bool fences;         /* whether a fence is a step */
	struct stop *stop;   /* filled in by hooks_stop() */
	unsigned char *heap; /* of whoever runs */
	uintptr_t stacks;    /* of all workers */
	size_t stacks_bytes;
};

extern struct hooks hooks;

/* Ends the running worker for good, for that reason. */
void hooks_stop(enum stop_kind kind, int number, const void *pc,
                const char *format, ...)
        __attribute__((noreturn, format(printf, 4, 5)));

#endif
