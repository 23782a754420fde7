/*
 * One step of a replay in words, and what it has to do with the steps before:
 * for the table and for JSON.
 */
#ifndef HARNESS_VIEW_STEP_H
#define HARNESS_VIEW_STEP_H

#include "harness/explore/replay.h"
#include "harness/view/names.h"

enum {
	STEP_VALUE = 36, /* "0x" and 16 bytes */
	STEP_TEXT = 1600,
	STEP_NONE = -1,
};

/*
 * A value of SIZE bytes: of 1, 2, 4 or 8 in decimal, but of 4 and 8 a negative
 * one down to -65536 as such, and more than 10^12 in hexadecimal, as pointers
 * are; of other sizes in hexadecimal. Returns TEXT.
 */
const char *step_value(const unsigned char *bytes, uint32_t size,
                       char text[STEP_VALUE]);

/* What the steps so far left behind of each worker. Zeroed at first. */
struct past {
	struct {
		unsigned stores;           /* in its buffer */
		size_t issued[BUFFER_MAX]; /* by which steps, from 1 */
		size_t loaded[BUFFER_MAX]; /* as of struct step_past */
		size_t previous; /* its last step, from 1; flushes are none */
	} worker[MODEL_WORKERS];
};

/* The same, of one step. */
struct step_past {
	bool defers;   /* into the buffer: a store, or a call that is one */
	size_t issued; /* of a flush: by which step, from 1; 0: not known */
	size_t loaded; /* of a store: its worker loaded the cell just before, in
	                  this step, from 1; else 0 */
	/* The stores of others that came between, and are overwritten. */
	size_t lost, first_lost, last_lost;
};

/* Adds the next step, the one numbered INDEX from 0. */
struct step_past past_add(struct past *past, const struct replay *replay,
                          size_t index);

enum step_arrow { ARROW_NONE, ARROW_LOAD, ARROW_STORE, ARROW_BOTH };

struct step_words {
	char worker[STEP_TEXT]; /* "store 1" */
	char memory[STEP_TEXT]; /* "counter = 1 (was 0)"; empty: no arrow */
	enum step_arrow arrow;
};

/* BRIEF leaves out what is not needed, for narrow columns. */
void step_say(const struct replay *replay, const struct verdict_names *names,
              const struct past *past, size_t index,
              const struct step_past *with, bool brief,
              struct step_words *words);

/* "load", "store", "exchange", "fence", "flush", "call" */
const char *step_name(const struct replay_step *step);

/* Whether the step got to memory, and so to the others. */
bool step_writes(const struct replay_step *step);

#endif
