#include "harness/view/summary_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "harness/record/jsonl.h"
#include "harness/record/record.h"

static json_t *real(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *summary_interval_json(const struct summary *summary)
{
	if (summary->count == 0)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "median", real(summary->median),
	                 "low", real(summary->interval ? summary->low : NAN),
	                 "high", real(summary->interval ? summary->high : NAN));
}

static json_t *cell_json(const struct comparison *comparison,
                         const struct comparison_cell *cell)
{
	const char *evidence = evidence_name(comparison_evidence(cell));
	bool unseen = cell->lost == 0 && cell->exact > 0;

	return json_pack(
	        "{s:s, s:i, s:s, s:s, s:i, s:i, s:i, s:i, s:o, s:o, s:o,"
	        " s:o, s:o, s:o, s:o, s:s?, s:o}",
	        "type", "summary", "schema", RECORD_SCHEMA, "run",
	        archive_selected(comparison->archive)->uuid, "strategy",
	        cell->point.strategy, "workers", (int)cell->point.workers,
	        "trials", (int)cell->trials, "invalid", (int)cell->invalid,
	        "noisy", (int)cell->noisy, "ns_per_increment",
	        summary_interval_json(&cell->ns), "ratio_to_atomic",
	        summary_interval_json(&cell->to_atomic), "ratio_to_none",
	        summary_interval_json(&cell->to_none), "lost_share",
	        summary_interval_json(&cell->lost_share), "overlap",
	        summary_interval_json(&cell->overlap), "fairness",
	        real(cell->fairness), "empty_ns_per_increment",
	        real(comparison_empty_ns(comparison, cell->point.workers)),
	        "evidence", evidence, "lost_rate_below",
	        unseen ? json_real(summary_rate_unseen(cell->exact))
	               : json_null());
}

char *summary_json(const struct comparison *comparison)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < comparison->count; i++) {
		json_t *json = cell_json(comparison, &comparison->cells[i]);
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
