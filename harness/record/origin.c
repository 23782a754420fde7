#include "harness/record/origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All that archive_select() looks at, in the order of telling it. */
static const struct origin_key keys[] = {
	{ "host", "name", "the machine's name", ORIGIN_MACHINE },
	{ "host", "cpu_model", "the processor", ORIGIN_MACHINE },
	{ "host", "cpus_allowed", "the CPUs allowed", ORIGIN_MACHINE },
	{ "host", "cgroup_quota_cpus", "the CPU quota", ORIGIN_MACHINE },
	{ "host", "kernel", "the kernel", ORIGIN_SOFTWARE },
	{ "host", "libc", "libc", ORIGIN_SOFTWARE },
	{ "host", "compiler", "the compiler", ORIGIN_SOFTWARE },
	{ "host", "flags", "the flags", ORIGIN_SOFTWARE },
	{ "host", "revision", "the revision", ORIGIN_SOFTWARE },
	{ "spec", "time_ms", "-t, the milliseconds of a trial", ORIGIN_SPEC },
	{ "spec", "count", "-n, the increments of a worker", ORIGIN_SPEC },
	{ "spec", "pin", "--pin", ORIGIN_SPEC },
	{ "spec", "cpus", "the CPUs to use", ORIGIN_SPEC },
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static json_t *value_of(const struct archive_run *run,
                        const struct origin_key *key)
{
	return json_object_get(json_object_get(run->record, key->part),
	                       key->key);
}

const struct origin_key *origin_difference(const struct archive_run *a,
                                           const struct archive_run *b,
                                           enum origin_kind kind,
                                           const struct origin_key *after)
{
	const struct origin_key *key = after ? after + 1 : keys;

	for (; key < keys + KEYS; key++) {
		json_t *x = value_of(a, key), *y = value_of(b, key);

		if (key->kind == kind && x != y && !json_equal(x, y))
			return key;
	}
	return NULL;
}

const char *origin_text(const struct archive_run *run,
                        const struct origin_key *key, char text[ORIGIN_TEXT])
{
	const json_t *value = value_of(run, key);
	char *written = NULL;
	const char *said = json_string_value(value);

	if (!said && value && !json_is_null(value))
		said = written =
		        json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT |
		                                  JSON_ENSURE_ASCII);
	(void)snprintf(text, ORIGIN_TEXT, "%s",
	               said && said[0] ? said : "none");
	/* A text of somebody else's file goes to a terminal. */
	for (char *c = text; *c; c++) {
		if (*c < ' ' || *c > '~')
			*c = '?';
	}
	free(written);
	return text;
}
