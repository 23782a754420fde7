#include "harness/cmd/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/cmd/cmd.h"
#include "harness/cmd/session.h"
#include "harness/fault/gc.h"
#include "harness/view/faults.h"
#include "harness/view/table.h"
#include "harness/view/tails.h"
#include "harness/view/where.h"

int report_put(FILE *out, char *text)
{
	int err = !text || fputs(text, out) == EOF;

	free(text);
	return err ? STATUS_OUTPUT : STATUS_OK;
}

static int put_tables(const struct comparison *comparison, bool where)
{
	bool color = say_in_color(STDOUT_FILENO);
	int status = report_put(stdout, table_of(comparison, color));

	if (where)
		status = status_worse(
		        status,
		        report_put(stdout, where_of(comparison, color)));
	return status_worse(status,
	                    report_put(stdout, tails_of(comparison, color)));
}

static int print(const struct comparison *comparison, bool where,
                 const struct common_options *common)
{
	int status = STATUS_OK;

	if (!common->json)
		status = put_tables(comparison, where);
	(void)fflush(stdout); /* the rest comes after the table */
	(void)report_put(stderr, faults_of(comparison));
	if (!common->quiet)
		(void)report_put(stderr, table_warnings(comparison));
	return status;
}

void report_clean_up(bool quiet)
{
	struct gc_found found;

	if (gc_collect(&found) == 0 && found.removed > 0 && !quiet)
		(void)fprintf(stderr,
		              "note: %u System V object%s of a killed racelab "
		              "removed\n",
		              found.removed, found.removed == 1 ? "" : "s");
}

int report_measure(struct report *report, const struct run_spec *spec,
                   const char *output, const struct common_options *common)
{
	struct session_options options = {
		.output = output,
		.json = common->json,
		.progress = !common->quiet,
	};
	int status;

	report_clean_up(common->quiet);
	status = session_run(spec, &options, &report->archive);
	if (report->archive.runs_count == 0 ||
	    archive_select(&report->archive, NULL) < 0)
		return status;
	if (comparison_of(&report->comparison, &report->archive) < 0)
		return status_worse(status, STATUS_RESOURCE);
	return status;
}

int report_run(struct report *report, const struct run_spec *spec,
               const char *output, const struct common_options *common)
{
	int status = report_measure(report, spec, output, common);

	if (report->comparison.count == 0)
		return status;
	return status_worse(status,
	                    print(&report->comparison, spec->where, common));
}

void report_free(struct report *report)
{
	comparison_free(&report->comparison);
	archive_free(&report->archive);
}
