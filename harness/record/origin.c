#include "harness/record/origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All that makes runs be pooled or not, in the order of telling it. */
static const struct origin_key keys[] = {
	{ "host", "name", "the machine's name", ORIGIN_MACHINE, NULL },
	{ "host", "cpu_model", "the processor", ORIGIN_MACHINE, NULL },
	{ "host", "cpus_allowed", "the CPUs allowed", ORIGIN_MACHINE, NULL },
	{ "host", "cgroup_quota_cpus", "the CPU quota", ORIGIN_MACHINE, NULL },
	{ "host", "kernel", "the kernel", ORIGIN_SOFTWARE, NULL },
	{ "host", "libc", "libc", ORIGIN_SOFTWARE, NULL },
	{ "host", "compiler", "the compiler", ORIGIN_SOFTWARE, NULL },
	{ "host", "flags", "the flags", ORIGIN_SOFTWARE, NULL },
	{ "host", "revision", "the revision", ORIGIN_SOFTWARE, NULL },
	{ "spec", "time_ms", "-t, the milliseconds of a trial", ORIGIN_SPEC,
	  NULL },
	{ "spec", "count", "-n, the increments of a worker", ORIGIN_SPEC,
	  NULL },
	{ "spec", "pin", "--pin", ORIGIN_SPEC, NULL },
	{ "spec", "cpus", "the CPUs to use", ORIGIN_SPEC, NULL },
	{ "spec", "as", "--as", ORIGIN_SPEC, "processes" },
	{ "spec", "memory", "--in", ORIGIN_SPEC, "anon" },
};

enum { KEYS = sizeof(keys) / sizeof(keys[0]) };

static json_t *value_of(const struct archive_run *run,
                        const struct origin_key *key)
{
	return json_object_get(json_object_get(run->record, key->part),
	                       key->key);
}

static bool is_same(const json_t *x, const json_t *y, const char *once)
{
	const char *only = json_string_value(x ? x : y);

	if (x && y)
		return json_equal(x, y);
	if (!x && !y)
		return true;
	return once && only && strcmp(only, once) == 0;
}

const struct origin_key *origin_difference(const struct archive_run *a,
                                           const struct archive_run *b,
                                           enum origin_kind kind,
                                           const struct origin_key *after)
{
	const struct origin_key *key = after ? after + 1 : keys;

	for (; key < keys + KEYS; key++) {
		if (key->kind == kind &&
		    !is_same(value_of(a, key), value_of(b, key), key->once))
			return key;
	}
	return NULL;
}

const char *origin_text(const struct archive_run *run,
                        const struct origin_key *key, char text[ORIGIN_TEXT])
{
	const json_t *value = value_of(run, key);
	char *written = NULL;
	const char *said = value ? json_string_value(value) : key->once;

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
