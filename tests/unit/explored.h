/* Exploring from a unit test: whatever cannot be done fails the test. */
#ifndef TESTS_UNIT_EXPLORED_H
#define TESTS_UNIT_EXPLORED_H

#include "harness/explore/explore.h"
#include "harness/explore/replay.h"

/* What `racelab explore` does without options, with so many workers. */
struct explore_spec explored_spec(unsigned workers, uint64_t increments,
                                  enum memory_model memory);

/* The path of a strategy's object; static storage. */
const char *explored_object(const char *strategy);

/* Explores a strategy; the receiver releases the verdict. */
struct verdict *explored(const char *strategy, const struct explore_spec *spec);

/* Explores OBJECT. */
struct verdict *explored_in(const char *object,
                            const struct explore_spec *spec);

/* How many interleavings end with that total, in decimal; static storage. "-":
 * none ends so. */
const char *explored_count(const struct verdict *verdict, uint64_t total);

/* Compiles C text into an object of that name in the test's folder and gives its
 * path; static storage. CC may be NULL. */
const char *explored_compile(const char *name, const char *text,
                             const char *cc);

/* The same from a strategy's source. */
const char *explored_with(const char *strategy, const char *cc);

/* The same from a C file. */
const char *explored_source(const char *path);

/* Whether there is a compiler of that name. */
bool explored_has(const char *cc);

#endif
