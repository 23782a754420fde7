/* Small C files, written into a folder of their own, compiled and loaded. */
#ifndef TESTS_UNIT_MAKING_H
#define TESTS_UNIT_MAKING_H

#include <limits.h>
#include <stdbool.h>

#include "harness/target/target.h"

/* What a file ends with that is to be loaded and does nothing. */
#define MAKING_PROGRAM                                            \
	"static void work(struct sync_ctx *ctx) { (void)ctx; }\n" \
	"static const char *look(const void *s, unsigned n)\n"    \
	"{ (void)s; (void)n; return NULL; }\n"                    \
	"PROGRAM(small) = { .worker = work, .check = look };\n"

enum { MAKING_COMPILERS = 2 };

extern const char *const making_compilers[MAKING_COMPILERS];

/* The folder, the shared object in it, and what was last complained of. */
extern char making_folder[PATH_MAX];
extern char making_object[PATH_MAX + 16];
extern struct complaint making_complaint;

/* Before and after each test of a suite. */
void making_begin(void);
void making_end(void);

bool making_has(const char *compiler);

/* Of a file in the folder; until the next call. */
const char *making_path(const char *name);

void making_write(const char *path, const char *text);

/* target_compile() of a file of that name with that text. */
int making_compile(const char *name, const char *cc, const char *text);

/* How many temporary folders are left in the folder. */
int making_left(void);

/* Of the object, which must be fine. */
struct target making_load(void);

#endif
