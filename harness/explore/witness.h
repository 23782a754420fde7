/*
 * A witness: everything that is needed to see one execution again, as one word.
 *
 *	TARGET:wN:kK:MEMORY[:bB][:sS][:cc=COMPILER]:SCHEDULE:DIGEST
 *
 * TARGET is a strategy or a file; b the entries of a store buffer, s how many
 * spurious wake-ups, where they are not the usual number; the compiler's words
 * are joined by commas. The schedule is schedule.h's, and the digest, of eight
 * hexadecimal digits, is of the steps that it led through: where they do not
 * come out the same, source or compiler have changed.
 */
#ifndef HARNESS_EXPLORE_WITNESS_H
#define HARNESS_EXPLORE_WITNESS_H

#include <stddef.h>
#include <stdint.h>

#include "harness/base/complaint.h"
#include "harness/explore/machine.h"

enum {
	WITNESS_TARGET = 512,
	WITNESS_CC = 128,
	/* What is meant where a witness does not say. */
	WITNESS_BUFFER = 4,
	WITNESS_SPURIOUS = 1,
};

struct witness {
	char target[WITNESS_TARGET];
	char cc[WITNESS_CC]; /* empty: whatever is usual */
	struct machine_spec machine;
	const char
	        *schedule; /* the text's own; it ends at a ':' or at its end */
	uint32_t digest;
};

/* Writes the witness to TEXT. Returns 0, or -E2BIG where it does not fit. */
int witness_write(const struct witness *witness, char *text, size_t size);

/*
 * Reads one; TEXT must outlive it. Returns 0, or -EINVAL and a complaint. The
 * schedule is of the right form; whether it can be followed, only a replay tells.
 */
int witness_read(struct witness *witness, const char *text,
                 struct complaint *complaint);

#endif
