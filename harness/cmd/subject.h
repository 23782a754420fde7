/* The target of `racelab explore` and `replay`: found or compiled, and loaded in
 * nobody's process but the search's. */
#ifndef HARNESS_CMD_SUBJECT_H
#define HARNESS_CMD_SUBJECT_H

#include <limits.h>
#include <stdbool.h>

#include "harness/base/complaint.h"
#include "harness/explore/machine.h"
#include "harness/target/adaptor.h"
#include "harness/target/lines.h"

struct subject {
	char object[PATH_MAX]; /* the shared object */
	char folder[PATH_MAX]; /* made for it; empty: it stands elsewhere */
	struct lines *lines;
	struct adaptor_shape shape; /* filled in by who has loaded it */
};

/*
 * NAME is a strategy, or a C file; CC a compiler, or NULL. Returns a status of
 * cmd.h: 0, or another with a complaint. STATUS_UNDECIDED: it does something
 * that cannot be seen. subject_close() copes with what is there then.
 */
int subject_open(struct subject *subject, const char *name, const char *cc,
                 struct complaint *complaint);
void subject_close(struct subject *subject);

/* Whether this machine's code can be explored under that memory model: tso is
 * x86-64's. */
bool subject_has_memory(enum memory_model memory, struct complaint *complaint);

/* "counter.c:12" and "shared+8", for views; CONTEXT is the subject. */
const char *subject_line(void *context, size_t pc, char *text, size_t size);
const char *subject_cell(void *context, size_t offset, char *text, size_t size);

#endif
