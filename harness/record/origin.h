/*
 * What two runs differ in: whether numbers of theirs can be compared, and what
 * is compared then.
 */
#ifndef HARNESS_RECORD_ORIGIN_H
#define HARNESS_RECORD_ORIGIN_H

#include "harness/record/archive.h"

enum origin_kind {
	ORIGIN_MACHINE,  /* other hardware, or less of it */
	ORIGIN_SOFTWARE, /* kernel, libc, compiler, flags, revision */
	ORIGIN_SPEC,     /* another bound of a trial, other CPUs, threads ... */
};

struct origin_key {
	const char *part, *key; /* of the "run" record: "host" "cpu_model" */
	const char *words;      /* "the processor" */
	enum origin_kind kind;
	const char *once; /* what it was before there was a choice, or NULL */
};

/*
 * The next key of KIND after AFTER, or the first one where that is NULL, in
 * which the two differ; NULL where there is none left.
 */
const struct origin_key *origin_difference(const struct archive_run *a,
                                           const struct archive_run *b,
                                           enum origin_kind kind,
                                           const struct origin_key *after);

/* Room for any origin_text(). */
enum { ORIGIN_TEXT = 48 };

/*
 * What RUN has there: printable, and cut to fit. "none" for null and nothing.
 * Returns TEXT.
 */
const char *origin_text(const struct archive_run *run,
                        const struct origin_key *key, char text[ORIGIN_TEXT]);

#endif
