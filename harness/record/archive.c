#include "harness/record/archive.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/record/origin.h"

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

static bool same(const struct archive_run *a, const struct archive_run *b)
{
	for (enum origin_kind kind = 0; kind <= ORIGIN_SPEC; kind++) {
		if (origin_difference(a, b, kind, NULL))
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
