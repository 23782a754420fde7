#include "harness/record/field.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/text.h"

/* More workers or trials than any run has. */
static const uint64_t index_max = INT32_MAX;

void field_refuse(struct field *in, const char *key, const char *why)
{
	if (!in->bad)
		complain(in->complaint, "record", "\"%s\" %s", key, why);
	in->bad = true;
}

uint64_t field_count(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);

	if (!json_is_integer(value) || json_integer_value(value) < 0) {
		field_refuse(in, key, "must be a whole number of at least 0");
		return 0;
	}
	return (uint64_t)json_integer_value(value);
}

unsigned field_index(struct field *in, const char *key)
{
	uint64_t value = field_count(in, key);

	if (value < 1 || value > index_max) {
		field_refuse(in, key, "must be a whole number of at least 1");
		return 1;
	}
	return (unsigned)value;
}

unsigned field_small(struct field *in, const char *key)
{
	uint64_t value = field_count(in, key);

	if (value > index_max) {
		field_refuse(in, key, "is too large");
		return 0;
	}
	return (unsigned)value;
}

/* NAN for null: not known. */
double field_real(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);

	if (json_is_null(value))
		return NAN;
	if (!json_is_number(value) || json_number_value(value) < 0) {
		field_refuse(in, key,
		             "must be a number of at least 0, or null");
		return 0;
	}
	return json_number_value(value);
}

double field_share(struct field *in, const char *key)
{
	double value = field_real(in, key);

	if (!(value >= 0 && value <= 1.000001)) {
		field_refuse(in, key, "must be a number from 0 to 1");
		return 0;
	}
	return value;
}

void field_label(struct field *in, const char *key, char *label, size_t size)
{
	const char *text = json_string_value(json_object_get(in->object, key));

	if (!text || !text_is_label(text))
		field_refuse(
		        in, key,
		        "must be a name of letters, digits and ._-, at most 64");
	else
		(void)snprintf(label, size, "%s", text);
}

/* NULL where there is none. */
const char *field_text(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);

	if (value && !json_is_string(value))
		field_refuse(in, key, "must be a text");
	return json_string_value(value);
}

bool field_boolean(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);

	if (!json_is_boolean(value))
		field_refuse(in, key, "must be true or false");
	return json_is_true(value);
}

enum evidence field_evidence(struct field *in, const char *key)
{
	const json_t *value = json_object_get(in->object, key);
	const char *text = json_string_value(value);

	if (json_is_null(value))
		return EVIDENCE_NONE;
	for (enum evidence each = EVIDENCE_EXACT;
	     text && each <= EVIDENCE_INSUFFICIENT; each++) {
		if (strcmp(text, evidence_name(each)) == 0)
			return each;
	}
	field_refuse(in, key, "must be exact, lost, insufficient or null");
	return EVIDENCE_NONE;
}

/* NAN where it is missing: a record of before it was kept. */
double field_if_there(struct field *in, const char *key)
{
	return json_object_get(in->object, key) ? (double)field_count(in, key)
	                                        : NAN;
}

/* The same, and where it is null: not known. */
double field_if_known(struct field *in, const char *key)
{
	return json_is_null(json_object_get(in->object, key))
	               ? NAN
	               : field_if_there(in, key);
}

unsigned field_index_or(struct field *in, const char *key, unsigned otherwise)
{
	return json_object_get(in->object, key) ? field_index(in, key)
	                                        : otherwise;
}

/* NAN, too, where the record is too old to have it. */
double field_real_or_nan(struct field *in, const char *key)
{
	return json_object_get(in->object, key) ? field_real(in, key) : NAN;
}
