/*
 * Reading the members of a record, strictly: each function gives the member KEY,
 * or, where it is not what it must be, says so once in the complaint, marks the
 * record as bad and gives something harmless.
 */
#ifndef HARNESS_RECORD_FIELD_H
#define HARNESS_RECORD_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "harness/base/complaint.h"
#include "harness/run/result.h"

struct field {
	const json_t *object;
	struct complaint *complaint;
	bool bad; /* something was wrong: said so once */
};

/* Says that KEY is wrong, and WHY. */
void field_refuse(struct field *in, const char *key, const char *why);

/* A whole number of at least 0; one that fits 31 bits; one of at least 1. */
uint64_t field_count(struct field *in, const char *key);
unsigned field_small(struct field *in, const char *key);
unsigned field_index(struct field *in, const char *key);

/* A number of at least 0, NAN for null; one from 0 to 1. */
double field_real(struct field *in, const char *key);
double field_share(struct field *in, const char *key);

/* A name fit for files and plots, into SIZE bytes. */
void field_label(struct field *in, const char *key, char *label, size_t size);

/* A text, NULL where there is none. */
const char *field_text(struct field *in, const char *key);

bool field_boolean(struct field *in, const char *key);
enum evidence field_evidence(struct field *in, const char *key);

/*
 * The same for what older records lack: OTHERWISE or NAN where it is missing.
 * The last takes null for NAN, too.
 */
unsigned field_index_or(struct field *in, const char *key, unsigned otherwise);
double field_if_there(struct field *in, const char *key);
double field_real_or_nan(struct field *in, const char *key);
double field_if_known(struct field *in, const char *key);

#endif
