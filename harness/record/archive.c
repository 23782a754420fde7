#include "harness/record/archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void archive_free(struct archive *archive)
{
	for (size_t i = 0; i < archive->runs_count; i++)
		json_decref(archive->runs[i].record);
	for (size_t i = 0; i < archive->trials_count; i++)
		free(archive->trials[i].done);
	for (size_t i = 0; i < archive->latencies_count; i++)
		free(archive->latencies[i].bars.bar);
	for (size_t i = 0; i < archive->rollbacks_count; i++)
		free(archive->rollbacks[i].bars.bar);
	free(archive->latencies);
	free(archive->rollbacks);
	free(archive->runs);
	free(archive->trials);
	free(archive->controls);
	free(archive->messages);
	*archive = (struct archive){ 0 };
}

bool archive_same_point(const struct archive_point *a,
                        const struct archive_point *b)
{
	return a->workers == b->workers && a->inside_ns == b->inside_ns &&
	       a->outside_ns == b->outside_ns && strcmp(a->pin, b->pin) == 0 &&
	       strcmp(a->strategy, b->strategy) == 0;
}

const char *archive_text(const struct archive_run *run, const char *part,
                         const char *key)
{
	const char *text = json_string_value(
	        json_object_get(json_object_get(run->record, part), key));

	return text ? text : "";
}

double archive_number(const struct archive_run *run, const char *part,
                      const char *key)
{
	return json_number_value(
	        json_object_get(json_object_get(run->record, part), key));
}

/* What must be equal; ONCE is what it was before there was a choice, or NULL. */
struct key {
	const char *part, *key, *once;
};

static const json_t *value_of(const struct archive_run *run,
                              const struct key *key)
{
	return json_object_get(json_object_get(run->record, key->part),
	                       key->key);
}

static bool same_value(const struct archive_run *a, const struct archive_run *b,
                       const struct key *key)
{
	const json_t *x = value_of(a, key), *y = value_of(b, key);
	const char *only = json_string_value(x ? x : y);

	if (x && y)
		return json_equal(x, y);
	if (!x && !y)
		return true;
	return key->once && only && strcmp(only, key->once) == 0;
}

static bool same(const struct archive_run *a, const struct archive_run *b)
{
	static const struct key keys[] = {
		{ "host", "name", NULL },
		{ "host", "cpu_model", NULL },
		{ "host", "cpus_allowed", NULL },
		{ "host", "cgroup_quota_cpus", NULL },
		{ "host", "kernel", NULL },
		{ "host", "libc", NULL },
		{ "host", "compiler", NULL },
		{ "host", "flags", NULL },
		{ "host", "revision", NULL },
		{ "spec", "time_ms", NULL },
		{ "spec", "count", NULL },
		{ "spec", "pin", NULL },
		{ "spec", "cpus", NULL },
		{ "spec", "as", "processes" },
		{ "spec", "memory", "anon" },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!same_value(a, b, &keys[i]))
			return false;
	}
	return true;
}

const struct archive_run *archive_selected(const struct archive *archive)
{
	for (size_t i = archive->runs_count; i-- > 0;) {
		if (archive->runs[i].selected)
			return &archive->runs[i];
	}
	return NULL;
}

int archive_select(struct archive *archive, const char *uuid)
{
	const struct archive_run *like = NULL;
	int left_out = 0;

	for (size_t i = 0; i < archive->runs_count; i++) {
		if (!uuid || strcmp(archive->runs[i].uuid, uuid) == 0)
			like = &archive->runs[i];
	}
	if (!like)
		return -ENOENT;
	for (size_t i = 0; i < archive->runs_count; i++) {
		struct archive_run *run = &archive->runs[i];

		run->selected = same(run, like);
		left_out += !run->selected;
	}
	return left_out;
}
