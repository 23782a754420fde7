#include "harness/cmd/versus.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/text.h"
#include "harness/cmd/cmd.h"
#include "harness/cmd/report.h"
#include "harness/cmd/session.h"
#include "harness/stats/looks.h"
#include "harness/view/difference.h"
#include "harness/view/table.h"

struct versus {
	const struct run_spec *spec;
	double within; /* a share of the ratio */
	uint64_t max_seconds, started_ns;
	size_t next_look; /* in blocks */
	bool interrupted;
};

/* --- when to stop --------------------------------------------------------- */

/* The records so far, or at the end, as a difference. */
struct result {
	struct comparison comparison;
	struct difference difference;
};

static int result_of(struct result *result, const struct versus *versus,
                     const struct archive *archive)
{
	const struct run_spec *spec = versus->spec;
	int err = comparison_of(&result->comparison, archive);

	return err ? err
	           : difference_of_strategies(&result->difference,
	                                      &result->comparison,
	                                      spec->strategies[0]->name,
	                                      spec->strategies[1]->name);
}

static void result_free(struct result *result)
{
	difference_free(&result->difference);
	comparison_free(&result->comparison);
}

/* What cannot be compared at all is not waited for either. */
static bool is_decided(const struct versus *versus, struct archive *archive)
{
	struct result result = { 0 };
	bool decided = true;

	if (archive_select(archive, NULL) >= 0 &&
	    result_of(&result, versus, archive) == 0 &&
	    result.difference.count > 0)
		decided =
		        difference_width(&result.difference) <= versus->within;
	result_free(&result);
	return decided;
}

static bool go_on(void *context, struct archive *archive, unsigned blocks)
{
	struct versus *versus = context;
	uint64_t spent_ns = clock_now_ns() - versus->started_ns;

	if (spent_ns >= versus->max_seconds * NS_PER_SEC)
		return false;
	/* One block shows whether there is anything to compare. */
	if (blocks > 1 && blocks < versus->next_look)
		return true;
	if (blocks > 1)
		versus->next_look = looks_next(blocks);
	return !is_decided(versus, archive);
}

/* --- what is told --------------------------------------------------------- */

static int put(FILE *out, char *text)
{
	int err = !text || fputs(text, out) == EOF;

	free(text);
	return err ? STATUS_OUTPUT : STATUS_OK;
}

/* How it ended, below the table. */
static void tell_end(const struct versus *versus, const struct result *result)
{
	double width = 100 * difference_width(&result->difference);
	double seconds = (double)(clock_now_ns() - versus->started_ns) /
	                 (double)NS_PER_SEC;
	size_t pairs = difference_pairs(&result->difference);
	bool decided = width <= 100 * versus->within;
	char wide[TEXT_SHORT], want[TEXT_SHORT];

	(void)printf("%s after %zu block%s, %.1f s: ",
	             decided ? "Decided" : "Undecided", pairs,
	             pairs == 1 ? "" : "s", seconds);
	if (isinf(width))
		(void)printf("too few for an interval.\n");
	else
		(void)printf("%s interval is %s %% wide%s%s.\n",
		             decided ? "the widest" : "an",
		             text_short(wide, width), decided ? "" : ", not ",
		             decided ? ""
		                     : text_short(want, 100 * versus->within));
	if (!decided && !versus->interrupted)
		(void)printf("  --max-seconds gives it more time, --within "
		             "asks for less\n");
}

static int tell(const struct versus *versus, const struct result *result,
                const struct common_options *common)
{
	int status;

	if (common->json)
		return put(stdout, difference_json(&result->difference));
	status = put(stdout, difference_table(&result->difference,
	                                      say_in_color(STDOUT_FILENO)));
	tell_end(versus, result);
	(void)fflush(stdout); /* what follows comes after the table */
	if (!common->quiet) {
		(void)put(stderr, difference_notes(&result->difference));
		(void)put(stderr, table_warnings(&result->comparison));
	}
	return status;
}

/* --- the run -------------------------------------------------------------- */

static int run(struct versus *versus, const char *output,
               const struct common_options *common)
{
	struct session_options options = {
		.output = output,
		.json = common->json,
		.progress = !common->quiet,
		.go_on = go_on,
		.context = versus,
	};
	struct archive archive = { 0 };
	struct result result = { 0 };
	int status;

	report_clean_up(common->quiet);
	status = session_run(versus->spec, &options, &archive);
	versus->interrupted = status >= 128;
	if (archive.runs_count > 0 && archive_select(&archive, NULL) >= 0) {
		if (result_of(&result, versus, &archive) < 0)
			status = status_worse(status, STATUS_RESOURCE);
		else if (result.difference.count > 0)
			status = status_worse(status,
			                      tell(versus, &result, common));
	}
	result_free(&result);
	archive_free(&archive);
	return status;
}

/* With more workers than one of them takes there is nothing to compare. */
static void drop_workers(struct run_spec *spec)
{
	for (size_t i = 0; i < spec->strategies_count; i++) {
		while (spec->workers_count > 1 &&
		       spec->workers[spec->workers_count - 1] >
		               run_strategy_workers_max(spec->strategies[i]))
			spec->workers_count--;
	}
}

static int refuse_strategies(void)
{
	struct complaint complaint = { 0 };

	complain(&complaint, "--vs", "two different strategies are compared");
	complain_cure(&complaint, "racelab compare --vs atomic mutex");
	return say_complaint(&complaint, STATUS_USAGE);
}

static void parse_seconds(const char *text, uint64_t *seconds)
{
	*seconds = 60;
	if (text && text_number(text, 1, 1000000, seconds) != 0)
		options_refuse("--max-seconds", text,
		               "a number of seconds from 1 to 1000000");
}

int versus_run(const struct run_text *text,
               const struct versus_options *options, const char *output,
               const struct common_options *common)
{
	struct versus versus = {
		.within = options_percent(
		        "--within", options->within ? options->within : "2"),
		.started_ns = clock_now_ns(),
		.next_look = looks_next(0),
	};
	struct run_text open = *text;
	struct complaint complaint = { 0 };
	struct run_spec spec;
	int err, status;

	parse_seconds(options->max_seconds, &versus.max_seconds);
	open.open_end = true;
	err = run_spec_parse(&spec, &open, &complaint);
	if (err)
		return say_refused(&complaint, err);
	versus.spec = &spec;
	drop_workers(&spec);
	if (text->strategies_count != 2 || spec.strategies_count != 2)
		status = refuse_strategies();
	else
		status = run(&versus, output, common);
	run_spec_free(&spec);
	return status;
}
