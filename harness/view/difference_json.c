#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/record/jsonl.h"
#include "harness/record/record.h"
#include "harness/view/difference.h"
#include "harness/view/summary_json.h"

static json_t *real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *side_json(const struct comparison *comparison,
                         const struct comparison_cell *cell)
{
	return json_pack("{s:s, s:s, s:i, s:i, s:o}", "run",
	                 archive_selected(comparison->archive)->uuid,
	                 "strategy", cell->point.strategy, "trials",
	                 (int)cell->trials, "invalid", (int)cell->invalid,
	                 "ns_per_increment", summary_interval_json(&cell->ns));
}

static const char *test_name(const struct difference *difference,
                             const struct difference_row *row)
{
	static const char *const names[] = { NULL, "ranks", "ranks-ties",
		                             "ranks-normal" };

	return difference->paired ? "signs" : names[row->method];
}

static const char *verdict_name(enum difference_verdict verdict)
{
	static const char *const names[] = { "too-few", "no-ratio", "not-shown",
		                             "faster", "slower" };

	return names[verdict];
}

static json_t *row_json(const struct difference *difference,
                        const struct difference_row *row)
{
	const struct archive_point *place = &row->before->point;

	return json_pack(
	        "{s:s, s:i, s:i, s:s, s:i, s:i, s:o, s:o, s:b, s:o, s:s?, s:o,"
	        " s:o, s:s, s:o}",
	        "type", "difference", "schema", RECORD_SCHEMA, "workers",
	        (int)place->workers, "pin", place->pin, "inside_ns",
	        (int)place->inside_ns, "outside_ns", (int)place->outside_ns,
	        "before", side_json(difference->before, row->before), "after",
	        side_json(difference->after, row->after), "paired",
	        difference->paired, "ratio", summary_interval_json(&row->ratio),
	        "test", test_name(difference, row), "p", real(row->p), "p_holm",
	        real(row->p_holm), "verdict", verdict_name(row->verdict),
	        "trials_needed",
	        row->needed ? json_integer((json_int_t)row->needed)
	                    : json_null());
}

char *difference_json(const struct difference *difference)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < difference->count; i++) {
		json_t *json = row_json(difference, &difference->rows[i]);
		char *line = json ? jsonl_line(json) : NULL;

		if (line)
			(void)fputs(line, out);
		free(line);
		json_decref(json);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
